import { compareText } from '../base/compare-text.ts';
import type { Guid } from '../base/guid.ts';
import { type Reason, sortedReasons } from '../model/reason.ts';
import type { AccessFacts } from './access-facts.ts';
import type { Asker } from './access-request.ts';
import { goneBecause } from './decide-rbac.ts';
import type { Access } from './judgement.ts';
import { type LegacyEntry, legacyEntries, type PolicyVault } from './legacy-entries.ts';
import { membershipIn } from './membership.ts';

/** A question under access policies. Every permission is the vault's, so no object is named (LP-1). */
export interface LegacyRequest extends Asker {
  readonly dataAction: string;
  /** Set when this application calls on behalf of the principal (LP-3). */
  readonly applicationId?: string;
}

/**
 * Whether the vault's access policies give the data action, now or once the vault is flipped back (LP-1..8). An entry for
 * an id that no token can carry gives nothing to anybody (EA-28, EA-32).
 */
export function decideLegacy(request: LegacyRequest, vault: PolicyVault, facts: AccessFacts): Access {
  const gone = goneBecause(request, facts);
  if (gone?.state === 'unknown') return gone;
  if (gone?.state === 'notGranted') return { state: 'notGranted', because: gone.because };
  const wanted = request.dataAction.trim().toLowerCase();
  const matching = matchingEntries(request, vault, facts);
  const giving = matching.filter(({ entry }) => entry.actions.some((name) => name.toLowerCase() === wanted));
  const sure = giving.filter((match) => match.doubt === undefined);
  if (sure.length > 0) return { state: 'granted', by: [], entries: sure.map(({ entry }) => entry.key).sort(compareText) };
  const doubts = [
    ...giving.flatMap(({ doubt }) => doubt ?? []),
    ...matching.flatMap(({ entry }) => entry.oddities.map((oddity): Reason => ({ kind: 'policyOdd', oddity }))),
  ];
  if (doubts.length > 0) return { state: 'unknown', because: sortedReasons(doubts) };
  return { state: 'notGranted', because: { kind: 'policyNone' } };
}

/** An entry that speaks of the principal: its own, or one of a group that it is in, or with `doubt` may be in. */
export interface Match {
  readonly entry: LegacyEntry;
  readonly doubt?: Reason;
}

/** An entry with an application id counts only for calls through it; one of a group for its members (LP-3, LP-4). */
export function matchingEntries(request: Omit<LegacyRequest, 'dataAction'>, vault: PolicyVault, facts: AccessFacts): readonly Match[] {
  return legacyEntries(vault, facts.catalogue).flatMap((entry): readonly Match[] => {
    if (entry.applicationId !== undefined && entry.applicationId !== request.applicationId) return [];
    const membership = membershipIn(entry.objectId, '', request, facts);
    if (membership.state === 'notMember') return [];
    return membership.state === 'unknown' ? [{ entry, doubt: membership.because }] : [{ entry }];
  });
}

/** What a principal can do by access policies today: surely, and perhaps, where a group's members are not known. */
export interface HeldByPolicy {
  readonly surely: ReadonlySet<string>;
  /** With why it is no more than that. */
  readonly perhaps: ReadonlyMap<string, readonly Reason[]>;
}

export function heldByPolicy(principalId: Guid, vault: PolicyVault, facts: AccessFacts): HeldByPolicy {
  const matches = matchingEntries({ principalId }, vault, facts);
  const [first] = matches;
  if (matches.length === 1 && first?.doubt === undefined && first !== undefined) return heldByEntry(first.entry);
  const surely = new Set<string>();
  const perhaps = new Map<string, readonly Reason[]>();
  for (const { entry, doubt } of matches) {
    for (const action of entry.actions) {
      if (doubt === undefined) surely.add(action);
      else perhaps.set(action, [...(perhaps.get(action) ?? []), { kind: 'policyOfGroupMayGive', doubt }]);
    }
  }
  return { surely, perhaps };
}

const heldByActions = new WeakMap<readonly string[], HeldByPolicy>();

/** Nearly everybody has one entry, and entries with the same permissions share their actions. */
function heldByEntry({ actions }: LegacyEntry): HeldByPolicy {
  const known = heldByActions.get(actions) ?? { surely: new Set(actions), perhaps: new Map<string, readonly Reason[]>() };
  heldByActions.set(actions, known);
  return known;
}
