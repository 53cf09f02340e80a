import { requiredDataActions } from '../access/required-data-actions.ts';
import { remarksOnChoice } from '../mapping/choice-remarks.ts';
import { chooseRoles } from '../mapping/choose-roles.ts';
import { type MappingContext, mapEntry } from '../mapping/map-entry.ts';
import type { RoleChoice } from '../mapping/role-choice.ts';
import { remarksOnService } from '../mapping/service-remarks.ts';
import type { AccessPolicy } from '../model/access-policy.ts';
import { entryStanding, entrySubject } from '../model/entry-standing.ts';
import { type Finding, sortFindings } from '../model/finding.ts';
import { shownKind } from '../model/principal.ts';
import { keptOnly } from './kept-permissions.ts';
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
  const { required } = requiredDataActions(policy, context.catalogue);
  const asked = decision?.choice === 'narrow' ? keptOnly(policy, decision.keep ?? [], context.catalogue) : policy;
  const base = {
    tenantId: policy.tenantId,
    objectId: policy.objectId,
    ...(policy.applicationId !== undefined && { applicationId: policy.applicationId }),
    principal: principalWords(context),
    permissions: mutable(policy.permissions),
    required: [...required],
    ...(decision !== undefined && { decision }),
  };
  const standing = entryStanding(policy, context);
  if (standing.outcome === 'inert') return { entry: { ...base, outcome: 'inert', dropped: [] }, findings: standing.findings };
  const settled = decision === undefined ? undefined : settle(asked, decision, required, context);
  if (settled !== undefined && decision !== undefined) {
    const told = standing.findings.map((finding) => decidedFinding(finding, decision));
    return { entry: { ...base, ...settled.part }, findings: sortFindings([...told, ...settled.remarks]) };
  }
  const mapping = mapEntry(asked, context);
  const choice = mapping.choice === undefined ? {} : { choice: choiceValue(mapping.choice) };
  if (mapping.outcome !== 'needsDecision') {
    return { entry: { ...base, outcome: reproduced(mapping.choice), dropped: [], ...choice }, findings: mapping.findings };
  }
  const open = mapping.findings.filter((finding) => finding.severity === 'blocker');
  const told = standing.findings.filter((finding) => finding.severity !== 'blocker');
  const findings = sortFindings([...open, ...told, ...remarksWithoutRoles(asked, context)]);
  return { entry: { ...base, outcome: 'undecided', dropped: [], ...choice }, findings };
}

interface Settled {
  readonly part: Pick<EntryPlan, 'outcome' | 'dropped' | 'choice'>;
  /** On what was decided, and on no role that nobody chose. */
  readonly remarks: readonly Finding[];
}

/**
 * @param asked what of the entry is to be carried over
 * @returns undefined when the decision does not settle the entry: it stays undecided, with its blockers.
 */
function settle(asked: AccessPolicy, decision: Decision, required: readonly string[], context: MappingContext): Settled | undefined {
  switch (decision.choice) {
    case 'drop':
      return { part: { outcome: 'drop', dropped: [...required] }, remarks: remarksWithoutRoles(asked, context) };
    case 'keepExisting': {
      const held = asked.applicationId === undefined ? context.held : [];
      const dropped = required.filter((action) => !held.includes(action));
      const outcome = dropped.length === 0 ? 'alreadyCovered' : 'drop';
      return { part: { outcome, dropped }, remarks: remarksWithoutRoles(asked, context) };
    }
    case 'narrow':
    case 'reproduce':
      return reproduce(asked, required, context);
  }
}

/** Roles that nobody chose are not remarked on; a service of Microsoft's is worth a word also when it is given nothing. */
function remarksWithoutRoles(policy: AccessPolicy, { principal, catalogue, vaultId }: MappingContext): readonly Finding[] {
  return remarksOnService(principal, { roles: [], uncovered: [] }, catalogue, entrySubject(vaultId, policy));
}

/** Storage permissions count here: a person has said that the widest role is wanted for them. */
function reproduce(policy: AccessPolicy, required: readonly string[], context: MappingContext): Settled | undefined {
  const { catalogue, candidates, held, principal, vaultId } = context;
  const blockers = entryStanding(policy, context).findings.filter((finding) => finding.severity === 'blocker');
  if (blockers.some((finding) => finding.code !== 'MAP-STORAGE')) return undefined;
  const wanted = requiredDataActions(policy, catalogue).required;
  const choice = chooseRoles({ required: wanted, held, candidates });
  if (choice.uncovered.length > 0) return undefined;
  const dropped = required.filter((action) => !wanted.includes(action));
  const subject = entrySubject(vaultId, policy);
  return {
    part: { outcome: reproduced(choice), dropped, choice: choiceValue(choice) },
    remarks: [
      ...remarksOnChoice(choice, { policy, required: wanted, held, candidates, catalogue }, subject),
      ...remarksOnService(principal, choice, catalogue, subject),
    ],
  };
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
  const named = principal !== undefined && principal.kind !== 'unresolved';
  return { kind: shownKind(principal), displayName: named ? principal.displayName : '' };
}

const choiceValues = new WeakMap<RoleChoice, NonNullable<EntryPlan['choice']>>();

/** Thousands of entries share a handful of choices, and so their values. */
function choiceValue(choice: RoleChoice): NonNullable<EntryPlan['choice']> {
  const known = choiceValues.get(choice);
  if (known !== undefined) return known;
  const value = {
    roles: choice.roles.map(({ id, name }) => ({ id, name })),
    covered: [...choice.covered],
    uncovered: [...choice.uncovered],
    excess: choice.excess.map(({ dataAction, tier }) => ({ dataAction, tier })),
    price: choice.price,
    controlPlane: [...choice.controlPlane],
    because: choice.because,
  };
  choiceValues.set(choice, value);
  return value;
}

function mutable(permissions: AccessPolicy['permissions']): EntryPlan['permissions'] {
  const { keys, secrets, certificates, storage } = permissions;
  return { keys: [...keys], secrets: [...secrets], certificates: [...certificates], storage: [...storage] };
}
