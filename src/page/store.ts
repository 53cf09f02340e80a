import { gainWords } from '../review/access-answers.ts';
import { longLists, type PageData, type PageHead, type PagePart } from '../review/page-data.ts';
import type { Review, ReviewGrant, ReviewPrincipal, ReviewVault } from '../review/review.ts';
import { type ReviewNames, reviewNames, whereOf } from '../review/review-names.ts';

type Lists = PageData['lists'];

/** The review as the page holds it, with what is found again often. */
export interface Store {
  readonly head: PageHead;
  readonly review: Review;
  readonly extras: Lists['extras'];
  /** Places of entries in vaults, by principal. */
  readonly entries: readonly (readonly EntryPlace[])[];
  /** Places of vaults, by finding and by gain. */
  readonly withFinding: readonly (readonly number[])[];
  readonly withGain: readonly (readonly number[])[];
  /** Places of the vaults in which a principal gains something. */
  gaining(principal: number): readonly number[];
  vaultNamed(name: string): number | undefined;
  readonly names: ReviewNames;
  readonly person: (at: number) => ReviewPrincipal;
  role(at: number | undefined): string;
}

export interface EntryPlace {
  readonly vault: number;
  readonly entry: number;
}

/** Takes part after part, and gives the whole when all are there. */
export function storeOf(head: PageHead, parts: readonly PagePart[]): Store {
  const lists = Object.fromEntries(longLists.map((list) => [list, [] as unknown[]]));
  for (const { list, rows } of parts) for (const row of rows) lists[list]?.push(row);
  const { extras, ...long } = lists as unknown as Lists;
  for (const list of longLists) if (lists[list]?.length !== head.lengths[list]) throw new Error(`the page is not whole: ${list}`);
  const review: Review = { ...head.review, ...long };
  const { vaults } = review;
  const gaining = gathered(review.principals.length, vaults, (one, vault) =>
    once(
      one.gains.map(({ principal }) => principal),
      vault,
    ),
  );
  const names = new Map(vaults.map(({ name }, at) => [name.toLowerCase(), at]));
  return {
    head,
    review,
    extras,
    entries: gathered(review.principals.length, vaults, ({ entries }, vault) =>
      entries.map(({ principal }, entry) => [principal, { vault, entry }]),
    ),
    withFinding: gathered(review.findings.length, vaults, (one, vault) =>
      once(
        one.findings.map(({ finding }) => finding),
        vault,
      ),
    ),
    withGain: gathered(review.gains.length, vaults, (one, vault) =>
      once(
        one.gains.map(({ gain }) => gain),
        vault,
      ),
    ),
    gaining: (principal) => gaining[principal] ?? [],
    vaultNamed: (name) => names.get(name.toLowerCase()),
    names: reviewNames(review),
    person: (at) => review.principals[at] ?? nobody,
    role: (at) => (at === undefined ? 'a role' : (review.roles[at]?.name ?? 'a role')),
  };
}

const nobody: ReviewPrincipal = { id: '', kind: 'unresolved', name: '', standing: 'unknown', vaults: 0 };

function once(places: readonly number[], vault: number): readonly (readonly [number, number])[] {
  return [...new Set(places)].map((place) => [place, vault]);
}

function gathered<T>(
  length: number,
  vaults: readonly ReviewVault[],
  of: (vault: ReviewVault, at: number) => readonly (readonly [number, T])[],
): readonly T[][] {
  const all = Array.from({ length }, (): T[] => []);
  for (const [at, vault] of vaults.entries()) for (const [place, one] of of(vault, at)) all[place]?.push(one);
  return all;
}

export function personName({ name, id }: Pick<ReviewPrincipal, 'name' | 'id'>): string {
  return name === '' ? id : name;
}

export function grantsOf(store: Store, { held = [] }: ReviewVault['entries'][number]): readonly ReviewGrant[] {
  return held.flatMap((at) => store.review.grants[at] ?? []);
}

/** What somebody gains, as a sentence. @param vault where, when the sentence is about one vault. */
export function gainLine({ review, names }: Store, at: number, principal: number, vault = ''): string {
  const gain = review.gains[at];
  return gain === undefined ? '' : `${names.principal(principal)} ${gainWords(gain, names, whereOf(gain.scope, vault))}`;
}

/** The id that an assignment of the plan will have. */
export function assignmentId(vault: Pick<ReviewVault, 'id'>, { on, name }: ReviewVault['assign'][number]): string {
  return `${vault.id}${on === undefined ? '' : `/${on}`}/providers/Microsoft.Authorization/roleAssignments/${name}`;
}

/** Resource group and subscription of a resource id. */
export function placeOf(id: string): { readonly group: string; readonly subscription: string } {
  const parts = id.split('/');
  return { subscription: parts[2] ?? '', group: parts[4] ?? '' };
}
