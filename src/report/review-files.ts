import type { Review, ReviewVault } from '../review/review.ts';
import { mostCharacters, reviewMarkdown, vaultsMarkdown } from './review-markdown.ts';
import type { ShownReview } from './review-text.ts';
import { markdownText } from './text/markdown-table.ts';
import { lengthOf, someLines } from './text/within.ts';

export interface ReviewFile {
  readonly name: string;
  readonly lines: readonly string[];
}

/**
 * A review as several Markdown files, each within what GitHub takes: the first one with headline and table and a list of the others.
 * @param split one file a vault, or one for at most so many. @param nameOf the name of a part; the first has none.
 */
export function reviewFiles(shown: ShownReview, split: 'vaults' | number, nameOf: (part: string) => string): readonly ReviewFile[] {
  const { review } = shown;
  const nameFile = namesOf(nameOf);
  const parts = split === 'vaults' ? review.vaults.map((vault) => [vault]) : chunks(review.vaults, split);
  const files = parts.flatMap((vaults, at) => {
    const name = nameFile(split === 'vaults' ? (vaults[0]?.name ?? '') : String(at + 1));
    return { name, vaults, lines: vaultsMarkdown(vaults, review, shown.files) };
  });
  const list = files.map(({ name, vaults }) => `- ${markdownText(name)}: ${vaultNames(vaults)}`);
  const room = mostCharacters / 4;
  const listed = ['', '## Files', '', ...someLines(list, room, (left) => `- and ${left} more files`)];
  const first = reviewMarkdown(shown, mostCharacters - lengthOf(listed));
  return [{ name: nameOf(''), lines: [...first, ...listed] }, ...files.map(({ name, lines }) => ({ name, lines }))];
}

const mostNamed = 10;

function vaultNames(vaults: readonly ReviewVault[]): string {
  const named = vaults.slice(0, mostNamed).map(({ name }) => markdownText(name));
  return `${named.join(', ')}${vaults.length > mostNamed ? ` and ${vaults.length - mostNamed} more` : ''}`;
}

function chunks(vaults: Review['vaults'], size: number): readonly (readonly ReviewVault[])[] {
  return Array.from({ length: Math.ceil(vaults.length / size) }, (_, at) => vaults.slice(at * size, (at + 1) * size));
}

/** What a file name should not hold is left out, and no two parts share a name. */
function namesOf(nameOf: (part: string) => string): (part: string) => string {
  const taken = new Set<string>();
  return (part) => {
    const word = part.replace(/[^A-Za-z0-9_-]+/g, '-').slice(0, 60);
    let name = word;
    for (let number = 2; taken.has(name.toLowerCase()); number++) name = `${word}-${number}`;
    taken.add(name.toLowerCase());
    return nameOf(name);
  };
}
