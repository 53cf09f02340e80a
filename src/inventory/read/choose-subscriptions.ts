import { compareText } from '../../base/compare-text.ts';
import { parseGuid } from '../../base/guid.ts';
import { KnownError } from '../../base/known-error.ts';
import { nearNames } from '../../base/near-names.ts';
import type { Reading } from '../../base/reading.ts';
import type { SubscriptionRow } from '../ports.ts';
import type { Selection } from '../selection.ts';

export interface ChosenSubscriptions {
  /** Sorted by id. */
  readonly rows: readonly SubscriptionRow[];
  readonly unreadable: readonly { readonly subject: string; readonly because: string }[];
}

/**
 * The subscriptions to look at: those the selection names, or those its vault ids lie in, or all in reach.
 * @throws KnownError for a subscription nobody knows, and when the list is needed and cannot be read.
 */
export function chooseSubscriptions(selection: Selection, reachable: Reading<readonly SubscriptionRow[]>): ChosenSubscriptions {
  const chosen = reachable.state === 'read' ? named(selection, reachable.value) : withoutList(selection, reachable);
  const wanted = new Set(selection.ids.map((id) => id.subscriptionId));
  const known = new Set(chosen.map((row) => row.subscriptionId));
  const idsOnly = selection.names.length === 0 && selection.ids.length > 0;
  return sorted(
    idsOnly ? chosen.filter((row) => wanted.has(row.subscriptionId)) : chosen,
    selection.ids
      .filter((id) => !known.has(id.subscriptionId))
      .map((id) => ({ subject: id.id, because: 'its subscription is not among those in reach' })),
  );
}

function sorted(rows: readonly SubscriptionRow[], unreadable: ChosenSubscriptions['unreadable']): ChosenSubscriptions {
  const byId = new Map(rows.map((row) => [row.subscriptionId, row]));
  return { rows: [...byId].sort(([a], [b]) => compareText(a, b)).map(([, row]) => row), unreadable };
}

function named({ subscriptions }: Selection, rows: readonly SubscriptionRow[]): readonly SubscriptionRow[] {
  if (subscriptions.length === 0) return rows;
  return subscriptions.flatMap((word) => {
    const found = rows.filter((row) => row.subscriptionId === word || row.displayName.toLowerCase() === word.toLowerCase());
    if (found.length > 0) return found;
    const near = nearNames(
      word,
      rows.map((row) => row.displayName),
    );
    throw new KnownError(
      'usage',
      'SUBSCRIPTION_UNKNOWN',
      `no subscription \`${word}\` is in reach`,
      near.length > 0
        ? `did you mean ${near.map((name) => `\`${name}\``).join(' or ')}?`
        : 'check the name or id, and who you are signed in as',
    );
  });
}

const getTheRight = 'get the right to read subscriptions, or name vaults by resource id';

/** Ids say enough to go on without the list; names and the tenant of the subscription stay empty. */
function withoutList(
  selection: Selection,
  { because, remedy = getTheRight }: { readonly because: string; readonly remedy?: string },
): readonly SubscriptionRow[] {
  const ids = selection.subscriptions.length > 0 ? selection.subscriptions.map(parseGuid) : selection.ids.map((id) => id.subscriptionId);
  const usable = ids.filter((id) => id !== undefined);
  if (usable.length === 0 || usable.length < ids.length || (selection.names.length > 0 && selection.subscriptions.length === 0)) {
    throw new KnownError('undetermined', 'SUBSCRIPTIONS_UNREAD', `the list of subscriptions could not be read: ${because}`, remedy);
  }
  return usable.map((subscriptionId) => ({ subscriptionId, displayName: '', tenantId: '' }));
}
