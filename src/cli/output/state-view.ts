import { holderWords } from '../../base/held-error.ts';
import type { HeldPlace } from '../../migrate/state-ports.ts';
import type { Look } from '../../report/look.ts';
import { plainText } from '../../report/plain-text.ts';
import { wrapLine } from '../../report/wrap-line.ts';

export interface StateContents {
  readonly name: string;
  readonly journals: number;
  readonly bundles: number;
  readonly proofs: number;
  readonly held: readonly HeldPlace[];
}

export interface StateCopy {
  readonly from: string;
  readonly to: string;
  readonly written: number;
  readonly same: number;
  readonly other: number;
  /** Paths of which the target has another document. */
  readonly left: readonly string[];
}

export function heldWords({ kind, name, holder, live }: HeldPlace): string {
  const gone = live ? '' : '; it is gone, and the next run takes its place';
  return `${kind === 'journal' ? 'the journal of plan' : 'vault'} ${name}, held by ${holderWords(holder)}${gone}`;
}

export function stateText({ name, journals, bundles, proofs, held }: StateContents, look: Look): readonly string[] {
  const count = (number: number, what: string) => `${number} ${what}${number === 1 ? '' : 's'}`;
  return [
    `${plainText(name)}: ${count(journals, 'journal')}, ${count(bundles, 'rollback bundle')}, ${count(proofs, 'proof')}`,
    ...(held.length === 0 ? ['nothing is held'] : held.flatMap((one) => wrapLine(plainText(heldWords(one)), look.columns, '  '))),
  ];
}

export function stateDocument(contents: StateContents): unknown {
  return { format: 'keyturn-state', formatVersion: 1, ...contents };
}

export function stateCopyText({ from, to, written, same, left }: StateCopy, look: Look): readonly string[] {
  return [
    ...wrapLine(
      `copied from ${plainText(from)} to ${plainText(to)}: ${written} written, ${same} there already, ${left.length} left`,
      look.columns,
      '  ',
    ),
    ...left.slice(0, 20).map((path) => `left, since another is there: ${plainText(path)}`),
    ...(left.length > 20 ? [`and ${left.length - 20} more`] : []),
  ];
}

export function stateCopyDocument(copy: StateCopy): unknown {
  return { format: 'keyturn-state-copy', formatVersion: 1, ...copy };
}
