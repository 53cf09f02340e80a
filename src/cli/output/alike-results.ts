import { type Holder, holderWords } from '../../base/held-error.ts';
import type { VaultResult } from '../../migrate/vault-result.ts';

/** Vaults that ended the same way for the same reason, told as one; a group of one is told by itself. */
export interface AlikeResults {
  readonly results: readonly [VaultResult, ...VaultResult[]];
  /** The reason in words about all of them. */
  readonly because: string;
}

/** So many vaults that a run did not begin are told one by one. */
const oneByOne = 3;

/** In the given order, where the first of each group stands. */
export function alikeResults(results: readonly VaultResult[]): readonly AlikeResults[] {
  const groups = new Map<string | VaultResult, [VaultResult, ...VaultResult[]]>();
  for (const result of results) {
    const key = keyOf(result) ?? result;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [result]);
    else group.push(result);
  }
  return [...groups.values()].flatMap((group) => {
    const [first] = group;
    if (group.length === 1) return [{ results: group, because: first.because }];
    if (first.holder !== undefined) return [{ results: group, because: heldWords(group) }];
    if (group.length > oneByOne) return [{ results: group, because: first.because }];
    return group.map((one): AlikeResults => ({ results: [one], because: one.because }));
  });
}

/** Only what says nothing of the single vault: that another run has it, or why it was not begun. */
function keyOf({ outcome, because, holder, lines, code }: VaultResult): string | undefined {
  if (holder !== undefined) return `held ${outcome} ${holder.pid} ${holder.host}`;
  return outcome === 'skipped' && lines.length === 0 && code === undefined ? `skipped ${because}` : undefined;
}

function heldWords(group: readonly VaultResult[]): string {
  const holders = group.flatMap(({ holder }) => holder ?? []);
  const [since] = holders.flatMap((holder: Holder) => holder.since ?? []).sort();
  const [first] = holders;
  return `they are held by ${holderWords({ ...first, ...(since !== undefined && { since }) })}`;
}
