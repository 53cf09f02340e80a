import { shortAction } from '../model/data-action.ts';
import type { ReviewEntry } from '../review/review.ts';
import type { EntryPlace, Store } from './store.ts';

/** What becomes of one data action of one principal. */
export type Fate = 'kept' | 'gained' | 'maybe' | 'lost' | 'open';

export interface Matrix {
  /** Data actions by their short names, sorted. */
  readonly columns: readonly string[];
  readonly rows: readonly MatrixRow[];
}

interface MatrixRow {
  readonly principal: number;
  /** In how many vaults a fate meets the data action. */
  readonly cells: ReadonlyMap<string, Readonly<Record<Fate, number>>>;
}

const none: Readonly<Record<Fate, number>> = { kept: 0, gained: 0, maybe: 0, lost: 0, open: 0 };

/** Before and after, for these principals, in these vaults or in all. */
export function matrixOf(store: Store, principals: readonly number[], vault?: number): Matrix {
  const rows = principals.map((principal) => ({ principal, cells: cellsOf(store, principal, vault) }));
  const columns = new Set(rows.flatMap(({ cells }) => [...cells.keys()]));
  return { columns: [...columns].sort(inOrder), rows };
}

/** What opens most stands first. */
const types = ['secrets', 'keys', 'certificates'];

function inOrder(a: string, b: string): number {
  const [one, other] = [a, b].map((action) => types.indexOf(action.split('/')[0] ?? '')).map((at) => (at < 0 ? types.length : at));
  return (one ?? 0) - (other ?? 0) || (a < b ? -1 : a > b ? 1 : 0);
}

function cellsOf(store: Store, principal: number, only: number | undefined): MatrixRow['cells'] {
  const cells = new Map<string, Record<Fate, number>>();
  const count = (fates: ReadonlyMap<string, Fate>): void => {
    for (const [action, fate] of fates) {
      const cell = cells.get(action) ?? { ...none };
      cell[fate] += 1;
      cells.set(action, cell);
    }
  };
  for (const [vault, places] of byVault(store, principal, only)) count(fatesAt(store, principal, vault, places));
  return cells;
}

function byVault(store: Store, principal: number, only: number | undefined): ReadonlyMap<number, readonly EntryPlace[]> {
  const found = new Map<number, EntryPlace[]>();
  const at = (vault: number): EntryPlace[] => {
    const list = found.get(vault) ?? [];
    found.set(vault, list);
    return list;
  };
  for (const place of store.entries[principal] ?? []) if (only === undefined || place.vault === only) at(place.vault).push(place);
  for (const vault of only === undefined ? store.gaining(principal) : [only]) at(vault);
  return found;
}

/** What the principal can do in one vault: an action that one of its entries keeps is kept. */
function fatesAt(store: Store, principal: number, vault: number, places: readonly EntryPlace[]): ReadonlyMap<string, Fate> {
  const fates = new Map<string, Fate>();
  for (const { action, certain } of gainsAt(store, principal, vault)) fates.set(action, certain ? 'gained' : 'maybe');
  const row = store.review.vaults[vault];
  for (const { entry } of places)
    for (const [action, fate] of entryFates(store, row?.entries[entry])) if (fates.get(action) !== 'kept') fates.set(action, fate);
  return fates;
}

function gainsAt(store: Store, principal: number, vault: number): readonly { readonly action: string; readonly certain: boolean }[] {
  const own = (store.review.vaults[vault]?.gains ?? []).filter((one) => one.principal === principal);
  return own.flatMap(({ gain }) => {
    const { dataActions = [], certain = true } = store.review.gains[gain] ?? {};
    return dataActions.map(({ dataAction }) => ({ action: shortAction(dataAction), certain }));
  });
}

function entryFates(store: Store, entry: ReviewEntry | undefined): ReadonlyMap<string, Fate> {
  const change = store.review.changes[entry?.change ?? -1];
  if (change === undefined || change.outcome === 'inert') return new Map();
  const fates = new Map<string, Fate>(change.required.map((action) => [shortAction(action), 'kept']));
  for (const action of change.open) fates.set(shortAction(action), 'open');
  for (const action of change.lost) fates.set(shortAction(action), 'lost');
  return fates;
}
