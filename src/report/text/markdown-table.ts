import { plainText } from '../plain-text.ts';

/** Untrusted text as it is to be read in Markdown: no markup, no HTML, no link, no mention comes to life. */
export function markdownText(untrusted: string): string {
  return plainText(untrusted)
    .replaceAll(/[\\`*_{}[\]<>()#+!|~@]/g, (character) => `&#${character.codePointAt(0) ?? 0};`)
    .replaceAll(/\b(https?|ftp|mailto):/gi, '$1&#58;')
    .replaceAll(/\bwww\./gi, 'www&#46;');
}

/** Lines of a Markdown table; cells are untrusted. */
export function markdownTable(titles: readonly string[], rows: readonly (readonly string[])[]): readonly string[] {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [line(titles), line(titles.map(() => '---')), ...rows.map((row) => line(row.map(markdownText)))];
}
