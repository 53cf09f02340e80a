import type { Requirement } from '../access/vault-question.ts';
import { countsGroups } from '../formats/decisions.ts';
import type { EntryPlan } from '../formats/plan.ts';
import { entriesOf } from '../mapping/entry.ts';
import { policyKey } from '../model/access-policy.ts';
import type { Catalogue } from '../model/catalogue.ts';
import type { Estate } from '../model/estate.ts';
import type { OpenQuestion } from '../model/gap.ts';
import type { Vault } from '../model/vault.ts';
import { namedObject } from './named-object.ts';

export interface VaultNeeds {
  readonly needs: readonly Requirement[];
  /** Entries that no reading of role assignments can settle. */
  readonly open: readonly OpenQuestion[];
}

/**
 * What the vault's own policies ask for now, less what a decision of the plan gives up. Without a plan nothing is given up,
 * and an entry that needs a person's word stays open.
 */
export function vaultNeeds(
  vault: Vault,
  { principals }: Pick<Estate, 'principals'>,
  catalogue: Catalogue,
  planned: readonly EntryPlan[] = [],
): VaultNeeds {
  const byKey = new Map(planned.map((entry) => [policyKey(entry), entry]));
  const needs: Requirement[] = [];
  const open: OpenQuestion[] = [];
  for (const { policy, key, principal, principalId, standing, required } of entriesOf(vault, { principals, catalogue })) {
    const entry = byKey.get(key);
    const decided = entry !== undefined && entry.outcome !== 'undecided';
    if (standing.outcome === 'inert' || (principal?.kind === 'deleted' && !decided)) continue;
    const given = new Set(decided ? givenUp(entry) : []);
    const dataActions = required.filter((action) => !given.has(action));
    const wordOnly = standing.findings.filter((finding) => finding.severity === 'blocker' && finding.code !== 'MAP-STORAGE');
    if (!decided) {
      for (const finding of wordOnly)
        open.push({ kind: 'entry', state: finding.code === 'PRN-COMPOUND' ? 'gap' : 'undetermined', finding });
    }
    // A compound identity is never covered by what the plain principal holds: that would widen the principal (LP-3).
    if (principalId === undefined || policy.applicationId !== undefined) continue;
    const byGroups = decided && countsGroups(entry.decision) ? { alsoByGroups: true as const } : {};
    if (dataActions.length > 0) needs.push({ principalId, dataActions, ...byGroups });
    for (const share of decided ? (entry.objects ?? []) : []) {
      const onObject = share.dataActions.filter((action) => required.includes(action));
      needs.push({ principalId, dataActions: onObject, object: namedObject(share.object) });
    }
  }
  return { needs, open };
}

/** What an entry gives up: nothing without a person's word, whatever a file says. */
export function givenUp({ decision, dropped }: Pick<EntryPlan, 'decision' | 'dropped'>): readonly string[] {
  return decision === undefined ? [] : dropped;
}
