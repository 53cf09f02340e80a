import type { Gain, PairVerdict } from '../access/judgement.ts';
import type { Gap } from '../model/gap.ts';
import type { Reason } from '../model/reason.ts';

/** What Azure says of a vault's required pairs, in sentences: one a principal and kind. */
export interface SecondOpinion {
  /** What keeps the vault from being covered: a refusal of what is covered, no answer, less than was asked. */
  readonly against: readonly string[];
  /** What changes nothing: what Azure allows and nothing lasting covers, and whom it was not asked about. */
  readonly remarks: readonly string[];
}

/** What `covered` stands on: pairs and gains as they are now, and what keeps the state from being covered. */
export interface VerifyVerdict {
  readonly state: 'covered' | 'gap' | 'undetermined';
  readonly pairs: readonly PairVerdict[];
  readonly gains: readonly Gain[];
  /** Gains that the plan does not list. Without a plan: all of them; they do not change the state then. */
  readonly unlisted: readonly Gain[];
  /** What could not be read. */
  readonly doubts: readonly Reason[];
  /** What keeps the state from being covered, apart from what Azure has against it. */
  readonly gaps: readonly Gap[];
  /** What Azure said when it was asked for its own judgement. */
  readonly secondOpinion?: SecondOpinion;
}
