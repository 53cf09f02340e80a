import type { ReviewVault } from '../review/review.ts';
import { mostCharacters, reviewMarkdown, vaultMarkdown, vaultsTitle } from './review-markdown.ts';
import type { ShownReview } from './review-text.ts';
import { markdownText } from './text/markdown-table.ts';
import { lengthOf, someLines } from './text/within.ts';

export interface ReviewFile {
  readonly name: string;
  readonly lines: readonly string[];
}

/**
 * A review as several Markdown files, each within what GitHub takes: the first one with headline and table and a list of the others.
 * @param split one file a vault, or one for at most so many, fewer where they do not fit. @param nameOf the name of a part; the first has none.
 */
export function reviewFiles(shown: ShownReview, split: 'vaults' | number, nameOf: (part: string) => string): readonly ReviewFile[] {
  const nameFile = namesOf(nameOf);
  const parts = partsOf(shown, split === 'vaults' ? 1 : split);
  const files = parts.map(({ vaults, lines }, at) => {
    const name = nameFile(split === 'vaults' ? (vaults[0]?.name ?? '') : String(at + 1));
    return { name, vaults, lines };
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

interface Part {
  readonly vaults: readonly ReviewVault[];
  readonly lines: readonly string[];
}

/** So many vaults a part, or as many of them as fit in full; only a vault that is too long for a file of its own is cut. */
function partsOf({ review, files }: ShownReview, size: number): readonly Part[] {
  const title = vaultsTitle(review);
  const parts: { vaults: ReviewVault[]; lines: string[]; length: number }[] = [];
  for (const vault of review.vaults) {
    const lines = vaultMarkdown(vault, review, files, mostCharacters - lengthOf(title));
    const last = parts.at(-1);
    if (last !== undefined && last.vaults.length < size && last.length + lengthOf(lines) <= mostCharacters) {
      last.vaults.push(vault);
      last.lines.push(...lines);
      last.length += lengthOf(lines);
    } else parts.push({ vaults: [vault], lines: [...title, ...lines], length: lengthOf([...title, ...lines]) });
  }
  return parts;
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
