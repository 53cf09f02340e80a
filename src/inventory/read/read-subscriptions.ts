import type { SubscriptionFacts } from '../../model/estate.ts';
import type { Scope } from '../../model/scope.ts';
import type { ResourceReader, SubscriptionRow } from '../ports.ts';
import type { Selection } from '../selection.ts';
import { type FoundVaults, findVaults } from './find-vaults.ts';
import { readSubscription } from './read-parts.ts';

export interface ReadSubscription extends FoundVaults {
  readonly facts?: SubscriptionFacts;
  /** Those above it, as far as its lists were read to find out. */
  readonly managementGroups: readonly Scope[];
}

/** How many subscriptions are read ahead. */
const ahead = 4;

/** In the order of the rows, a few of them read ahead. */
export async function* readSubscriptions(
  { selection, now }: { readonly selection: Selection; readonly now: string },
  rows: readonly SubscriptionRow[],
  resources: ResourceReader,
  onProgress: (progress: { readonly done: number; readonly total: number; readonly vaults: number }) => void,
): AsyncGenerator<ReadSubscription> {
  let vaults = 0;
  let done = 0;
  onProgress({ done, total: rows.length, vaults });
  const start = async (row: SubscriptionRow): Promise<ReadSubscription> => {
    const found = await readOne(selection, row, now, resources);
    done += 1;
    vaults += found.selected.length;
    onProgress({ done, total: rows.length, vaults });
    return found;
  };
  const left = [...rows];
  const reading: Promise<ReadSubscription>[] = [];
  const fill = (): number => {
    for (const row of left.splice(0, ahead - reading.length)) {
      const one = start(row);
      // Whoever waits for it hears of a failure; until then it is not unheard.
      one.catch(() => undefined);
      reading.push(one);
    }
    return reading.length;
  };
  while (fill() > 0) {
    const next = await reading.shift();
    if (next !== undefined) yield next;
  }
}

/** Lists are read only where a vault is meant, except that a management group is known only from them. */
async function readOne(selection: Selection, row: SubscriptionRow, now: string, resources: ResourceReader): Promise<ReadSubscription> {
  if (selection.managementGroups.length === 0) {
    const found = await findVaults(selection, row, resources);
    return { ...found, managementGroups: [], ...(found.selected.length > 0 && { facts: await readSubscription(row, now, resources) }) };
  }
  const facts = await readSubscription(row, now, resources);
  const { managementGroups, roleAssignments } = facts;
  if (selection.managementGroups.some((group) => managementGroups.includes(group))) {
    const found = await findVaults(selection, row, resources);
    return { ...found, managementGroups, ...(found.selected.length > 0 && { facts }) };
  }
  const unreadable =
    roleAssignments.state === 'read' ? [] : [{ subject: facts.displayName || row.subscriptionId, because: roleAssignments.because }];
  return { selected: [], seen: [], missing: [], listUnread: false, managementGroups, unreadable };
}
