import { parseGuid } from '../base/guid.ts';
import { KnownError } from '../base/known-error.ts';
import { nearNames } from '../base/near-names.ts';
import type { DecisionRow, Decisions } from '../formats/decisions.ts';
import type { Decision, EntryPlan } from '../formats/plan.ts';
import type { RuleRow } from '../formats/rule-row.ts';
import { entriesOf } from '../mapping/entry.ts';
import type { Catalogue } from '../model/catalogue.ts';
import type { Estate } from '../model/estate.ts';
import type { Vault } from '../model/vault.ts';
import { namesVault } from './acceptances.ts';
import { ruledDecision } from './entry/rules.ts';
import { waveOf } from './in-wave.ts';

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
  catalogue: Catalogue,
  waveBy?: string,
): DecisionsByEntry {
  const bound = new Map<string, Decision>();
  for (const one of decisions) {
    const vault = estate.vaults.find(({ vault }) => namesVault(one.vault, vault))?.vault;
    if (vault === undefined) continue; // One file serves all waves; `rowsElsewhere` tells of it.
    const entry = entryOf(one, vault);
    if (entry === undefined) continue;
    const key = decisionKey(vault, entry);
    if (bound.has(key)) {
      const message = `two decisions speak of \`${one.principal}\` in vault \`${vault.name}\``;
      throw new KnownError('usage', 'DECISION_TWICE', message, 'leave one of them in the decisions file');
    }
    const { choice, reason, keep, objects } = one;
    bound.set(key, { choice, reason, ...(keep !== undefined && { keep }), ...(objects !== undefined && { objects }) });
  }
  for (const [key, decision] of ruled(rules, estate, catalogue, waveBy)) if (!bound.has(key)) bound.set(key, decision);
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
  catalogue: Catalogue,
  waveBy: string | undefined,
): readonly (readonly [string, Decision])[] {
  if (rules.length === 0) return [];
  return estate.vaults.flatMap(({ vault }) =>
    entriesOf(vault, { principals: estate.principals, catalogue }).flatMap((entry) => {
      const decision = ruledDecision(rules, entry, { vault, wave: waveOf(vault, waveBy) });
      return decision === undefined ? [] : [[decisionKey(vault, entry.policy), decision] as const];
    }),
  );
}

/** @returns undefined where the entry went with the flip: once a vault is on Azure RBAC, people remove its policies. */
function entryOf(row: DecisionRow, vault: Vault): Vault['accessPolicies'][number] | undefined {
  const objectId = parseGuid(row.principal);
  const applicationId = row.applicationId === undefined ? undefined : parseGuid(row.applicationId);
  const policy = vault.accessPolicies.find((entry) => entry.objectId === objectId && entry.applicationId === applicationId);
  if (policy === undefined && vault.permissionModel === 'accessPolicy') throw unmatched(row, vault);
  return policy;
}

function unmatched({ principal, applicationId }: DecisionRow, vault: Vault): KnownError {
  const who = applicationId === undefined ? `\`${principal}\`` : `\`${principal}\` with application \`${applicationId}\``;
  const message = `a decision matches nothing: vault \`${vault.name}\` has no access policy for ${who}`;
  const remedy = `${meantBy(principal, vault)}correct the decisions file, or take the row out if the policy is gone`;
  return new KnownError('usage', 'DECISION_UNMATCHED', message, remedy);
}

function meantBy(principal: string, { accessPolicies }: Vault): string {
  const same = accessPolicies.filter((entry) => entry.objectId === parseGuid(principal));
  if (same.length > 0) {
    const forms = same.map((entry) =>
      entry.applicationId === undefined ? 'without `applicationId`' : `with \`applicationId\` \`${entry.applicationId}\``,
    );
    return `its policies for that principal are ${forms.join(' and ')}; `;
  }
  const near = nearNames(
    principal,
    accessPolicies.map((entry) => entry.objectId),
  ).map((one) => `\`${one}\``);
  return near.length === 0 ? '' : `did you mean ${near.join(' or ')}? `;
}
