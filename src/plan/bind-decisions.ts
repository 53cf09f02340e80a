import { uniteEntries } from '../mapping/unite-entries.ts';
import type { Catalogue } from '../model/catalogue.ts';
import type { Estate } from '../model/estate.ts';
import { parseGuid } from '../model/guid.ts';
import { KnownError } from '../model/known-error.ts';
import type { Vault } from '../model/vault.ts';
import { namesVault } from './acceptances.ts';
import type { DecisionRow, Decisions } from './decisions.ts';
import type { Decision, EntryPlan } from './plan.ts';
import { type RuleRow, ruledDecision } from './rules.ts';

/** The decision for an entry: by the vault's scope and the policy's object and application id. */
export type DecisionsByEntry = ReadonlyMap<string, Decision>;

export function decisionKey(vault: Pick<Vault, 'scope'>, entry: Pick<EntryPlan, 'objectId' | 'applicationId'>): string {
  return [vault.scope, entry.objectId, entry.applicationId ?? ''].join('|').toLowerCase();
}

/** Whether a decision names objects of the vault, so that their names have to be looked up. */
export function namesObjects({ decisions }: Pick<Decisions, 'decisions'>): (vault: Pick<Vault, 'name' | 'scope'>) => boolean {
  const rows = decisions.filter((row) => row.objects !== undefined);
  return (vault) => rows.some((row) => namesVault(row.vault, vault));
}

/**
 * Binds each single decision to the access policy it speaks of, and gives the entries that none speaks of to the rules.
 * Rows about vaults that are not in view bind nothing.
 * @throws KnownError (usage) DECISION_UNMATCHED when a policy is not there, DECISION_TWICE when two speak of one.
 */
export function bindDecisions(
  { decisions, rules }: Pick<Decisions, 'decisions' | 'rules'>,
  estate: Estate,
  catalogue: Pick<Catalogue, 'permissions'>,
): DecisionsByEntry {
  const bound = new Map<string, Decision>();
  for (const one of decisions) {
    const vault = estate.vaults.find(({ vault }) => namesVault(one.vault, vault))?.vault;
    if (vault === undefined) continue; // One file serves all waves; `rowsElsewhere` tells of it.
    const key = decisionKey(vault, entryOf(one, vault));
    if (bound.has(key)) {
      const message = `two decisions speak of \`${one.principal}\` in vault \`${vault.name}\``;
      throw new KnownError('usage', 'DECISION_TWICE', message, 'leave one of them in the decisions file');
    }
    const { choice, reason, keep, objects } = one;
    bound.set(key, { choice, reason, ...(keep !== undefined && { keep }), ...(objects !== undefined && { objects }) });
  }
  for (const [key, decision] of ruled(rules, estate, catalogue)) if (!bound.has(key)) bound.set(key, decision);
  return bound;
}

/** The decisions that a vault's plan records: with them the same facts give the same plan, without any file. */
export function recordedDecisions(scope: Vault['scope'], entries: readonly EntryPlan[]): DecisionsByEntry {
  return new Map(
    entries.flatMap((entry) => (entry.decision === undefined ? [] : [[decisionKey({ scope }, entry), entry.decision] as const])),
  );
}

function ruled(
  rules: readonly RuleRow[],
  estate: Estate,
  catalogue: Pick<Catalogue, 'permissions'>,
): readonly (readonly [string, Decision])[] {
  if (rules.length === 0) return [];
  return estate.vaults.flatMap(({ vault }) =>
    uniteEntries(vault.accessPolicies).flatMap((policy) => {
      const id = parseGuid(policy.objectId);
      const principal = id === undefined ? undefined : estate.principals.get(id);
      const decision = ruledDecision(rules, policy, { vaultId: vault.id, vaultTenantId: vault.tenantId, principal, catalogue });
      return decision === undefined ? [] : [[decisionKey(vault, policy), decision] as const];
    }),
  );
}

function entryOf({ principal, applicationId: application }: DecisionRow, vault: Vault): Vault['accessPolicies'][number] {
  const objectId = parseGuid(principal);
  const applicationId = application === undefined ? undefined : parseGuid(application);
  const policy = vault.accessPolicies.find((entry) => entry.objectId === objectId && entry.applicationId === applicationId);
  if (policy !== undefined) return policy;
  const who = applicationId === undefined ? `\`${principal}\`` : `\`${principal}\` with application \`${applicationId}\``;
  throw unmatched(`vault \`${vault.name}\` has no access policy for ${who}`);
}

function unmatched(what: string): KnownError {
  return new KnownError('usage', 'DECISION_UNMATCHED', `a decision matches nothing: ${what}`, 'correct the decisions file');
}
