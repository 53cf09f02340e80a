import { plainText } from '../plain-text.ts';

/** Untrusted text as it is to be read in Markdown: no markup, no HTML, no link, no mention comes to life. */
export function markdownText(untrusted: string): string {
  return inert(untrusted).replaceAll(/[()]/g, entity);
}

/** Round brackets mean something only behind square ones. */
function inert(untrusted: string): string {
  return plainText(untrusted)
    .replaceAll(/[\\`*_{}[\]<>#+!|~@&]/g, entity)
    .replaceAll(/\b(https?|ftp|mailto):/gi, '$1&#58;')
    .replaceAll(/\bwww\./gi, 'www&#46;');
}

function entity(written: string): string {
  const character = written.trimStart();
  return `&#${character.codePointAt(0) ?? 0};`;
}

/** What a code span may hold without being looked at twice: no markup of its own, no address, no mention. */
const plainCode = /^[\w ./:=,()…-]*[\w)…]$/;
const address = /:\/\/|www\./i;

/** A sentence of keyturn's with names and commands between backticks: those that are plain stand as code, all else as text. */
export function markdownSentence(sentence: string): string {
  return plainText(sentence)
    .split(/(`[^`]+`)/)
    .map((part) => {
      const code = part.slice(1, -1);
      const isCode = part.length > 2 && part.startsWith('`') && part.endsWith('`') && plainCode.test(code) && !address.test(code);
      return isCode ? part : inert(part);
    })
    .join('')
    .replace(/^\s*[-=]|(?<=^\s*\d+)\./, entity);
}

/** Lines of a Markdown table; cells are untrusted. */
export function markdownTable(titles: readonly string[], rows: readonly (readonly string[])[]): readonly string[] {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [line(titles), line(titles.map(() => '---')), ...rows.map((row) => line(row.map(markdownText)))];
}
