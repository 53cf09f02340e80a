import { accessFacts } from '../access/access-facts.ts';
import { judgeVault } from '../access/judge-vault.ts';
import type { Gain, VaultJudgement } from '../access/judgement.ts';
import { operatorRights } from '../access/operator-rights.ts';
import type { Guid } from '../base/guid.ts';
import { countsGroups } from '../formats/decisions.ts';
import { makeFlipStep } from '../formats/make-steps.ts';
import type { AssignStep, Decision, EntryPlan, PlannedGain, RoleStep, VaultPlan } from '../formats/plan.ts';
import { type Entry, entriesOf } from '../mapping/entry.ts';
import { policyKey } from '../model/access-policy.ts';
import { entrySubject } from '../model/entry-standing.ts';
import { type Finding, finding, sortFindings } from '../model/finding.ts';
import { type Reason, reasonsKey, uniqueReasons } from '../model/reason.ts';
import type { RoleAssignment } from '../model/role.ts';
import { liftAccepted } from './acceptances.ts';
import { withoutAssignments } from './basis/planning-facts.ts';
import { vaultBasis } from './basis.ts';
import { bearsOurName } from './bears-our-name.ts';
import { decisionKey } from './bind-decisions.ts';
import { subscriptionWith } from './custom-role-step.ts';
import { remarksOnEligible } from './eligible-remarks.ts';
import { remarksOnEnding } from './entry/ending-remarks.ts';
import { type PlannedEntry, planEntry } from './entry/entry-plan.ts';
import { gainedValue, principalValue } from './entry/entry-values.ts';
import { heldAsRecorded, heldAtVault, heldNothing } from './entry/held-at-vault.ts';
import type { EntryContext } from './entry/settled.ts';
import { remarksOnGroups } from './group-remarks.ts';
import { handOff } from './hand-off.ts';
import { assignSteps, roleSteps } from './plan-steps.ts';
import { plannedAssignments } from './planned-assignments.ts';
import { reviewerFindings } from './reviewer-findings.ts';
import { avoidedFindings, candidatesWithout, conflictFindings, limitedRoles } from './steps/assignment-conflicts.ts';
import { leftOverAt, leftOverFindings } from './steps/left-over.ts';
import { preflightFindings } from './steps/preflight-findings.ts';
import { vaultNeeds } from './vault-needs.ts';
import type { VaultSetting } from './vault-setting.ts';

/** The plan of one vault that is on access policies. Facts in, value out. */
export function planVault(setting: VaultSetting): VaultPlan {
  const { vault, subscription, live } = setting;
  const planned = planEntries(setting);
  const roles = roleSteps(planned, vault);
  const steps = assignSteps(planned, vault, setting.estate);
  const entries = planned.map((one) => one.entry);
  const { operator, principals, members, readAt: at } = setting.estate;
  const rights = operatorRights({ operator, vault, subscription, principals, members, catalogue: setting.catalogue, at });
  const judgement = judge(setting, roles, steps, entries);
  const leftOver = leftOverAt(vault, live, steps);
  const gains = [...judgement.gains, ...gainsByLeftOver(leftOver, setting, roles)].map((gain) => plannedGain(gain, setting, roles));
  const { findings, accepted } = liftAccepted(
    [
      ...planned.flatMap((one) => one.findings),
      ...coverageFindings(judgement, setting, principalsLeftOpen(entries)),
      ...preflightFindings(setting, rights, roles, steps),
      ...conflictFindings(steps, live, vault.id),
      ...leftOverFindings(leftOver, setting),
      ...reviewerFindings({ vault, entries, gains, steps }),
    ],
    setting.accepting,
  );
  const open = handOff(roles, steps, rights);
  const blocked = findings.some((finding) => finding.severity === 'blocker') || entries.some((entry) => entry.outcome === 'undecided');
  return {
    vaultId: vault.id,
    name: vault.name,
    state: blocked ? 'blocked' : 'ready',
    basis: vaultBasis(vault, live, [...roles, ...steps]),
    entries,
    gains,
    findings: [...sortFindings(findings)],
    ...(accepted.length > 0 && { accepted }),
    steps: [...roles, ...steps, makeFlipStep(vault.id)],
    ...(open.length > 0 && { handOff: open }),
  };
}

export function planEntries(setting: VaultSetting): readonly PlannedEntry[] {
  const { vault, vaultFacts, subscription, estate, catalogue, candidatesFor, customRoles, decisions, recorded } = setting;
  const candidates = candidatesFor(vault);
  const heldBy = heldAtVault(vault, subscription, estate, catalogue);
  const before = new Map(recorded?.map((entry) => [policyKey(entry), entry]));
  return entriesOf(vault, { principals: estate.principals, catalogue }).map((entry) => {
    const { key, principal, principalId: id, required } = entry;
    const single = decisions.get(decisionKey(vault, entry.policy));
    const heldNow = (id === undefined ? undefined : heldBy.get(id)) ?? heldNothing;
    const planBy = (decision: Decision | undefined) => {
      const heldAccess = recorded === undefined ? heldNow : heldAsRecorded(heldNow, { ...before.get(key), required, decision });
      const context = {
        catalogue,
        candidates: candidates(principal),
        held: (countsGroups(decision) ? heldAccess.withGroups : heldAccess.own).dataActions,
        heldAccess,
        customRoles,
        ...(vaultFacts.objects !== undefined && { objects: vaultFacts.objects }),
      };
      return { heldAccess, planned: planAround(limitedRoles(id ?? '', vault.scope, subscription), entry, decision, context) };
    };
    const first = planBy(single);
    const onExtra = single === undefined ? setting.onExtra?.(entry, first.planned.entry) : undefined;
    const { heldAccess, planned } = onExtra === undefined ? first : planBy(onExtra);
    const remarks = [
      ...remarksOnGroups(planned.entry, heldAccess, setting),
      ...remarksOnEnding(planned.entry, setting),
      ...remarksOnEligible(planned.entry, setting),
    ];
    return { ...planned, findings: [...planned.findings, ...remarks] };
  });
}

/**
 * Around roles that stand at the vault under a condition, which cannot be assigned a second time without it; where nothing else covers
 * the entry, the conflict is told.
 */
function planAround(limited: readonly RoleAssignment[], entry: Entry, decision: Decision | undefined, context: EntryContext): PlannedEntry {
  const planned = planEntry(entry, decision, context);
  const taken = limited.filter((one) => planned.entry.choice?.roles.some((role) => role.id === one.roleDefinitionId) === true);
  if (taken.length === 0 || planned.entry.outcome !== 'reproduce') return planned;
  const { catalogue, candidates } = context;
  const other = planEntry(entry, decision, { ...context, candidates: candidatesWithout(limited, candidates, catalogue) });
  if (other.entry.outcome !== 'reproduce' || (other.entry.choice?.uncovered.length ?? 0) > 0) return planned;
  const nameOf = (id: string) => catalogue.roles.find((role) => role.id === id)?.name ?? id;
  return { ...other, findings: [...other.findings, ...avoidedFindings(taken, nameOf, entry.subject)] };
}

/** What is left over counts like any other assignment that takes effect at the flip. */
function gainsByLeftOver(leftOver: readonly RoleAssignment[], setting: VaultSetting, roles: readonly RoleStep[]): readonly Gain[] {
  if (leftOver.length === 0) return [];
  const ids = new Set(leftOver.map((assignment) => assignment.id));
  const subscription = withoutAssignments(setting.live, (assignment) => bearsOurName(assignment) && !leftOver.includes(assignment));
  return judge({ ...setting, subscription }, roles, [], []).gains.filter(({ route }) => ids.has(route.assignmentId));
}

export function judge(
  { estate, vault, subscription, catalogue }: VaultSetting,
  roles: readonly RoleStep[],
  steps: readonly AssignStep[],
  entries: readonly EntryPlan[],
): VaultJudgement {
  return judgeVault({
    vault,
    subscription: subscriptionWith(subscription, roles),
    principals: estate.principals,
    members: estate.members,
    catalogue,
    at: estate.readAt,
    requirements: vaultNeeds(vault, estate, catalogue, entries).needs,
    planned: plannedAssignments(steps),
  });
}

/** Principals of undecided entries, and of no other: why they have nothing after the flip is said by their entries. */
export function principalsLeftOpen(entries: readonly EntryPlan[]): ReadonlySet<string> {
  const decided = new Set(entries.filter((entry) => entry.outcome !== 'undecided').map((entry) => entry.objectId));
  return new Set(entries.map((entry) => entry.objectId).filter((id) => !decided.has(id)));
}

/** What stays uncovered with all steps done. */
function coverageFindings({ pairs, doubts }: VaultJudgement, { vault }: VaultSetting, leftOpen: ReadonlySet<string>): readonly Finding[] {
  const open = new Map<string, { state: 'uncovered' | 'unknown'; principalId: Guid; because: readonly Reason[]; actions: Set<string> }>();
  for (const { state, principalId, because, dataAction } of pairs) {
    if (state === 'covered' || leftOpen.has(principalId)) continue;
    const key = `${state} ${principalId} ${reasonsKey(because)}`;
    const group = open.get(key) ?? { state, principalId, because, actions: new Set() };
    group.actions.add(dataAction);
    open.set(key, group);
  }
  const gaps = [...open.values()].map(({ state, principalId, because, actions }) => {
    const code = state === 'uncovered' ? 'PLN-UNCOVERED' : 'PLN-UNKNOWN';
    const facts = { kind: 'flip' as const, dataActions: [...actions], because };
    return finding('blocker', code, entrySubject(vault.id, { objectId: principalId }), facts);
  });
  const doubtful = doubts.map((doubt) => finding('warning', 'PLN-DOUBT', { vault: vault.id }, { because: [doubt] }));
  return [...gaps, ...doubtful];
}

export function plannedGain(gain: Gain, { estate, subscription, catalogue }: VaultSetting, roles: readonly RoleStep[]): PlannedGain {
  const { principalId, route, dataActions, certain, cause, doubts = [] } = gain;
  const principal = estate.principals.get(principalId);
  const facts = accessFacts({ ...estate, subscription: subscriptionWith(subscription, roles), catalogue });
  return {
    principalId,
    principal: principalValue(principal),
    dataActions: gainedValue(dataActions),
    assignmentId: route.assignmentId,
    roleDefinitionId: route.roleDefinitionId,
    roleName: facts.role(route.roleDefinitionId)?.name ?? route.roleDefinitionId,
    scope: route.scope,
    ...(route.throughGroup !== undefined && { throughGroup: route.throughGroup }),
    certain,
    ...(!certain && { because: uniqueReasons(doubts) }),
    cause,
  };
}
