import type { Decision } from '../formats/plan.ts';
import type { Review } from './review.ts';

/** What may be long in a large plan: it stands packed in the page, and is read after the first paint. */
export const longLists = ['principals', 'customRoles', 'grants', 'changes', 'gains', 'findings', 'vaults', 'extras'] as const;
type LongList = (typeof longLists)[number];

/** What the page needs of a vault and the review does not hold. */
export interface VaultExtras {
  /** SHA-256 of its line in the plan: what an approval binds to. */
  readonly digest: string;
  /** For each entry the choices that can settle it, as the place of the set in `PageHead.choices`. */
  readonly choices: readonly number[];
}

/** What the page reads at once. */
export interface PageHead {
  readonly review: Omit<Review, Exclude<LongList, 'extras'>>;
  readonly lengths: Readonly<Record<LongList, number>>;
  /** Sets of choices, the recommended ones first. */
  readonly choices: readonly (readonly Decision['choice'][])[];
  /** Codes of findings that a person may let pass. */
  readonly acceptable: readonly string[];
  /** How the plan was called, for the commands that the page shows. */
  readonly planFile: string;
}

export interface PageData {
  readonly head: PageHead;
  readonly lists: { readonly [List in LongList]: List extends keyof Review ? Review[List] : readonly VaultExtras[] };
}

/** One packed part: rows that follow those of the parts before. */
export interface PagePart {
  readonly list: LongList;
  readonly rows: readonly unknown[];
}
