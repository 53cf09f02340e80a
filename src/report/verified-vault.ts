import type { Gain, PairVerdict } from '../access/judgement.ts';
import type { WhoCanGrant } from '../access/who-can-grant.ts';
import type { PermissionModel } from '../model/vault.ts';
import type { PeopleReport } from './people-rows.ts';
import type { NamedPrincipal } from './principal-name.ts';
import type { VerifyAnswers } from './verify-answers.ts';

export interface VerifiedVault {
  readonly vaultId: string;
  readonly name: string;
  readonly permissionModel: PermissionModel;
  readonly state: 'covered' | 'gap' | 'undetermined';
  readonly pairs: readonly PairVerdict[];
  readonly gains: readonly Gain[];
  readonly doubts: readonly string[];
  /** What keeps the vault from being covered, in words. */
  readonly lines: readonly string[];
  /** Those of the lines that are keyturn's own, each with what to do. */
  readonly gaps?: readonly { readonly line: string; readonly next: string }[];
  /** What a flip changes besides loss; absent when the vault could not be judged. */
  readonly answers?: VerifyAnswers;
  readonly granting?: WhoCanGrant;
  /** Azure's own judgement, where it was asked: what it has against the vault's being covered, and what changes nothing. */
  readonly secondOpinion?: { readonly against: readonly string[]; readonly remarks: readonly string[] };
  readonly proofDigest?: string;
  /** On request: what the flip means for each person, and for whoever is in a group that could not be opened. */
  readonly people?: PeopleReport['people'];
  readonly membersUnknown?: PeopleReport['membersUnknown'];
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
