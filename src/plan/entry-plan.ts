import { requiredDataActions } from '../access/required-data-actions.ts';
import { chooseRoles } from '../mapping/choose-roles.ts';
import { type MappingContext, mapEntry } from '../mapping/map-entry.ts';
import type { RoleChoice } from '../mapping/role-choice.ts';
import type { AccessPolicy, ObjectType } from '../model/access-policy.ts';
import { entryStanding } from '../model/entry-standing.ts';
import type { Finding } from '../model/finding.ts';
import { KnownError } from '../model/known-error.ts';
import type { Decision, EntryPlan } from './plan.ts';

export interface PlannedEntry {
  readonly entry: EntryPlan;
  readonly findings: readonly Finding[];
}

/**
 * What becomes of one entry, with the decision that speaks of it. A decision can give up access or accept a wide role; it
 * cannot make a compound identity, an unknown principal or an unknown permission into something that a role covers.
 * @throws KnownError DECISION_WRONG (usage) when `keep` names what the entry does not have.
 */
export function planEntry(policy: AccessPolicy, decision: Decision | undefined, context: MappingContext): PlannedEntry {
  const mapping = mapEntry(policy, context);
  const base = {
    tenantId: policy.tenantId,
    objectId: policy.objectId,
    ...(policy.applicationId !== undefined && { applicationId: policy.applicationId }),
    principal: principalWords(context),
    permissions: mutable(policy.permissions),
    required: [...mapping.required],
    ...(decision !== undefined && { decision }),
  };
  const settled = decision === undefined ? undefined : settle(policy, decision, mapping.required, context);
  if (mapping.outcome === 'inert') return { entry: { ...base, outcome: 'inert', dropped: [] }, findings: mapping.findings };
  if (settled !== undefined && decision !== undefined) {
    return { entry: { ...base, ...settled }, findings: mapping.findings.map((finding) => decidedFinding(finding, decision)) };
  }
  const choice = mapping.choice === undefined ? {} : { choice: choiceValue(mapping.choice) };
  const outcome = mapping.outcome === 'needsDecision' ? 'undecided' : reproduced(mapping.choice);
  return { entry: { ...base, outcome, dropped: [], ...choice }, findings: mapping.findings };
}

type Settled = Pick<EntryPlan, 'outcome' | 'dropped' | 'choice'>;

/** @returns undefined when the decision does not settle the entry: it stays undecided, with its blockers. */
function settle(policy: AccessPolicy, decision: Decision, required: readonly string[], context: MappingContext): Settled | undefined {
  switch (decision.choice) {
    case 'drop':
      return { outcome: 'drop', dropped: [...required] };
    case 'keepExisting': {
      const held = policy.applicationId === undefined ? context.held : [];
      const dropped = required.filter((action) => !held.includes(action));
      return { outcome: dropped.length === 0 ? 'alreadyCovered' : 'drop', dropped };
    }
    case 'narrow':
      return reproduce(keptOnly(policy, decision.keep ?? []), required, context);
    case 'reproduce':
      return reproduce(policy, required, context);
  }
}

/** Storage permissions count here: a person has said that the widest role is wanted for them. */
function reproduce(policy: AccessPolicy, required: readonly string[], context: MappingContext): Settled | undefined {
  const blockers = entryStanding(policy, context).findings.filter((finding) => finding.severity === 'blocker');
  if (blockers.some((finding) => finding.code !== 'MAP-STORAGE')) return undefined;
  const wanted = requiredDataActions(policy, context.catalogue).required;
  const choice = chooseRoles({ required: wanted, held: context.held, candidates: context.candidates });
  if (choice.uncovered.length > 0) return undefined;
  const dropped = required.filter((action) => !wanted.includes(action));
  return { outcome: reproduced(choice), dropped, choice: choiceValue(choice) };
}

function keptOnly(policy: AccessPolicy, keep: readonly string[]): AccessPolicy {
  const wanted = new Set(keep.map((word) => word.toLowerCase()));
  const kept = new Set<string>();
  const only = (type: ObjectType): readonly string[] => {
    const words = policy.permissions[type].filter((word) => wanted.has(`${type}/${word}`.toLowerCase()));
    for (const word of words) kept.add(`${type}/${word}`.toLowerCase());
    return words;
  };
  const permissions = { keys: only('keys'), secrets: only('secrets'), certificates: only('certificates'), storage: only('storage') };
  const missing = [...wanted].find((word) => !kept.has(word));
  if (missing === undefined) return { ...policy, permissions };
  const message = `a decision keeps \`${missing}\`, which the access policy of \`${policy.objectId}\` does not have`;
  throw new KnownError('usage', 'DECISION_WRONG', message, 'correct `keep` in the decisions file');
}

/** What a decision has settled is still told, and no longer stops anybody. */
function decidedFinding(finding: Finding, decision: Decision): Finding {
  if (finding.severity !== 'blocker') return finding;
  return { ...finding, severity: 'note', remedy: `decided: ${decision.choice} (${decision.reason})` };
}

function reproduced(choice: RoleChoice | undefined): 'reproduce' | 'alreadyCovered' {
  return choice === undefined || choice.roles.length === 0 ? 'alreadyCovered' : 'reproduce';
}

function principalWords({ principal }: MappingContext): EntryPlan['principal'] {
  if (principal === undefined) return { kind: 'unresolved', displayName: '' };
  return { kind: principal.kind, displayName: principal.kind === 'unresolved' ? '' : principal.displayName };
}

function choiceValue(choice: RoleChoice): NonNullable<EntryPlan['choice']> {
  return {
    roles: choice.roles.map(({ id, name }) => ({ id, name })),
    covered: [...choice.covered],
    uncovered: [...choice.uncovered],
    excess: choice.excess.map(({ dataAction, tier }) => ({ dataAction, tier })),
    price: choice.price,
    controlPlane: [...choice.controlPlane],
    because: choice.because,
  };
}

function mutable(permissions: AccessPolicy['permissions']): EntryPlan['permissions'] {
  const { keys, secrets, certificates, storage } = permissions;
  return { keys: [...keys], secrets: [...secrets], certificates: [...certificates], storage: [...storage] };
}
