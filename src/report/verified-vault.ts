import type { Gain, PairVerdict, VaultJudgement } from '../access/judgement.ts';
import type { WhoCanGrant } from '../access/who-can-grant.ts';
import type { Reason } from '../model/reason.ts';
import type { PermissionModel } from '../model/vault.ts';
import { reasonLines } from '../words/reason-words.ts';
import { type ToldReasons, toldReasons } from '../words/told-reasons.ts';
import type { PeopleReport } from './people-rows.ts';
import type { NamedPrincipal } from './principal-name.ts';
import type { VerifyAnswers } from './verify-answers.ts';

type ToldPair = Omit<PairVerdict, 'because'> & ToldReasons;
type ToldGain = Omit<Gain, 'doubts'> & { readonly doubts?: readonly string[]; readonly reasons?: readonly Reason[] };
type ToldGranting = Omit<WhoCanGrant, 'unread'> & { readonly unread: readonly string[] };

export interface VerifiedVault {
  readonly vaultId: string;
  readonly name: string;
  readonly permissionModel: PermissionModel;
  readonly state: 'covered' | 'gap' | 'undetermined';
  readonly pairs: readonly ToldPair[];
  readonly gains: readonly ToldGain[];
  readonly doubts: readonly string[];
  /** What keeps the vault from being covered, in words. */
  readonly lines: readonly string[];
  /** Those of the lines that are keyturn's own, each with what to do. */
  readonly gaps?: readonly { readonly line: string; readonly next: string }[];
  /** What a flip changes besides loss; absent when the vault could not be judged. */
  readonly answers?: VerifyAnswers;
  readonly granting?: ToldGranting;
  /** Azure's own judgement, where it was asked: what it has against the vault's being covered, and what changes nothing. */
  readonly secondOpinion?: { readonly against: readonly string[]; readonly remarks: readonly string[] };
  readonly proofDigest?: string;
  /** On request: what the flip means for each person, and for whoever is in a group that could not be opened. */
  readonly people?: PeopleReport['people'];
  readonly membersUnknown?: PeopleReport['membersUnknown'];
}

/** The judgement of a vault with its reasons in words; those of pairs and gains also as data. */
export function toldJudgement(
  { pairs, gains, doubts }: VaultJudgement,
  granting: WhoCanGrant,
): Pick<VerifiedVault, 'pairs' | 'gains' | 'doubts' | 'granting'> {
  return {
    pairs: pairs.map((pair) => ({ ...pair, ...toldReasons(pair.because) })),
    gains: gains.map(({ doubts: reasons, ...gain }) => (reasons === undefined ? gain : { ...gain, doubts: reasonLines(reasons), reasons })),
    doubts: reasonLines(doubts),
    granting: { ...granting, unread: reasonLines(granting.unread) },
  };
}

/** What `verify` prints, version 1: each access that the policies give, and what covers it. */
export interface VerifyReport {
  readonly format: 'keyturn-verify';
  readonly formatVersion: 1;
  readonly at: string;
  readonly planDigest: string | null;
  readonly vaults: readonly VerifiedVault[];
  /** What the object ids and role ids of `pairs`, `gains` and `granting` are called. */
  readonly names?: NamesUsed;
  readonly unreadable: readonly { readonly subject: string; readonly because: string }[];
  /** Vaults whose people are not told, since there are more than one run tells of. */
  readonly peopleLeftOut?: number;
}

/** What ids in a report are called, for whoever reads it without the directory. */
export interface NamesUsed {
  readonly principals: Readonly<Record<string, NamedPrincipal>>;
  readonly roles: Readonly<Record<string, string>>;
}
