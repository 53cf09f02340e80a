import { accessFacts, unreadLists } from '../access/access-facts.ts';
import { checkedResources } from '../access/checked-resources.ts';
import { decideLegacy } from '../access/decide-legacy.ts';
import { decideRbac } from '../access/decide-rbac.ts';
import { judgeVault } from '../access/judge-vault.ts';
import type { PairVerdict } from '../access/judgement.ts';
import { legacyEntries } from '../access/legacy-entries.ts';
import { compareText } from '../base/compare-text.ts';
import { type Guid, parseGuid } from '../base/guid.ts';
import { itemsRead } from '../base/reading.ts';
import { countsGroups } from '../formats/decisions.ts';
import type { VaultPlan } from '../formats/plan.ts';
import type { Catalogue, RiskTier } from '../model/catalogue.ts';
import type { Estate, SubscriptionFacts } from '../model/estate.ts';
import { type Principal, principalTypeOf } from '../model/principal.ts';
import { type Reason, uniqueReasons } from '../model/reason.ts';
import type { Scope } from '../model/scope.ts';
import type { Vault } from '../model/vault.ts';
import { type EligibleGrant, eligibleFor } from '../plan/eligible-remarks.ts';
import { plannedAssignments } from '../plan/planned-assignments.ts';

export interface ExplainQuestion {
  readonly estate: Estate;
  readonly vault: Vault;
  readonly subscription: SubscriptionFacts;
  readonly catalogue: Catalogue;
  readonly principalId: Guid;
  readonly dataActions: readonly string[];
  /** The vault's part of the plan that would be made now; its assignments count as if they stood. */
  readonly plan: VaultPlan;
}

/** An access policy entry that gives the access today. */
interface GivingEntry {
  readonly objectId: string;
  readonly displayName: string;
  /** The principal has it as a member of the group that the entry names. */
  readonly throughGroup: boolean;
}

/** A role assignment that will give the access after the flip. */
export interface GivingAssignment {
  readonly assignmentId: string;
  readonly roleId: Guid;
  readonly roleName: string;
  readonly scope: Scope;
  readonly throughGroup?: Guid;
  readonly groupName?: string;
  /** Planned ones do not exist yet. */
  readonly planned: boolean;
}

export interface ActionExplanation {
  readonly dataAction: string;
  readonly today: {
    readonly state: 'granted' | 'notGranted' | 'unknown';
    readonly entries: readonly GivingEntry[];
    readonly because: readonly Reason[];
    /** Applications for which a compound entry gives it, where the principal has it not by itself: that ends at the flip (LP-3). */
    readonly throughApplications: readonly string[];
  };
  readonly after: {
    readonly state: PairVerdict['state'];
    readonly assignments: readonly GivingAssignment[];
    readonly because: readonly Reason[];
  };
}

/** What else a role that takes part gives. */
export interface RoleBesides {
  readonly roleId: Guid;
  readonly roleName: string;
  readonly dataActions: readonly { readonly dataAction: string; readonly tier: RiskTier }[];
  /** Patterns of the control plane, live as soon as the role is assigned. */
  readonly controlPlane: readonly string[];
}

export interface AccessExplanation {
  readonly actions: readonly ActionExplanation[];
  readonly roles: readonly RoleBesides[];
  /** Roles that the principal may activate through PIM, with what of the asked data actions they give then (EA-34). */
  readonly eligible: readonly EligibleGrant[];
  readonly doubts: readonly Reason[];
}

/** Why one principal has an access today, and what will give it after the flip. Pure: facts in, value out. */
export function explainAccess(question: ExplainQuestion): AccessExplanation {
  const { estate, vault, subscription, catalogue, principalId, dataActions, plan } = question;
  const sources = { subscription, principals: estate.principals, members: estate.members, catalogue };
  const facts = accessFacts(sources);
  const steps = plan.steps.filter((step) => step.kind === 'ensureRoleAssignment');
  const planned = plannedAssignments(steps);
  const requirements = [{ principalId, dataActions, ...(reliesOnGroups(question) && { alsoByGroups: true as const }) }];
  const judgement = judgeVault({ ...sources, vault, at: estate.readAt, requirements, planned });
  const existing = new Set(itemsRead(subscription.roleAssignments).map((one) => one.id.toLowerCase()));
  const assignment = ({ assignmentId, roleDefinitionId, scope, throughGroup }: PairVerdict['by'][number]): GivingAssignment => ({
    assignmentId,
    roleId: roleDefinitionId,
    roleName: facts.role(roleDefinitionId)?.name ?? roleDefinitionId,
    scope,
    ...(throughGroup !== undefined && { throughGroup, groupName: nameOf(estate.principals.get(throughGroup)) }),
    planned: !existing.has(assignmentId.toLowerCase()),
  });
  const actions = dataActions.map((dataAction): ActionExplanation => {
    const pairs = judgement.pairs.filter((pair) => pair.dataAction === dataAction);
    const verdict = worst(pairs);
    return {
      dataAction,
      today: todayOf(dataAction, question, facts),
      after: { ...verdict, assignments: routesOf(pairs).map(assignment) },
    };
  });
  const roleIds = [...new Set(actions.flatMap(({ after }) => after.assignments.map(({ roleId }) => roleId)))].sort(compareText);
  return {
    actions,
    roles: roleIds.map((roleId) => besides(roleId, dataActions, facts)),
    eligible: eligibleFor(principalId, dataActions, question),
    doubts: [...judgement.doubts, ...unreadLists(facts, ['eligibleInstances'])],
  };
}

/** What an entry of one's own gives hangs on no group today; all else may hang on one, before the flip as after it (EA-53). */
function reliesOnGroups({ vault, catalogue, principalId, dataActions, plan }: ExplainQuestion): boolean {
  if (vault.permissionModel === 'azureRbac') return true;
  const own = legacyEntries(vault, catalogue).filter((entry) => entry.objectId === principalId && entry.applicationId === undefined);
  if (!own.some(({ actions }) => actions.some((action) => dataActions.includes(action)))) return true;
  const planned = plan.entries.find((entry) => parseGuid(entry.objectId) === principalId && entry.applicationId === undefined);
  return countsGroups(planned?.decision);
}

type Facts = ReturnType<typeof accessFacts>;

function todayOf(dataAction: string, question: ExplainQuestion, facts: Facts): ActionExplanation['today'] {
  const { vault, principalId, estate } = question;
  const none = { entries: [], throughApplications: [] };
  if (vault.permissionModel === 'azureRbac') return { ...none, ...byRbac(dataAction, question, facts) };
  const access = decideLegacy({ principalId, dataAction }, vault, facts);
  if (access.state !== 'granted') {
    const because = access.state === 'unknown' ? access.because : [access.because, ...byApplicationId(question)];
    return { ...none, state: access.state, because, throughApplications: applicationsFor(dataAction, question, facts) };
  }
  const entries = (access.entries ?? []).map((key): GivingEntry => {
    const objectId = key.split('/')[1] ?? '';
    const id = parseGuid(objectId);
    return { objectId, displayName: id === undefined ? '' : nameOf(estate.principals.get(id)), throughGroup: id !== principalId };
  });
  return { ...none, state: 'granted', entries, because: [] };
}

/** People put a service principal's application id where its object id belongs, and wonder why it has no access (EA-28). */
function byApplicationId({ vault, principalId, estate }: ExplainQuestion): readonly Reason[] {
  const principal = estate.principals.get(principalId);
  const appId = principal?.kind === 'servicePrincipal' ? parseGuid(principal.appId) : undefined;
  const named = vault.accessPolicies.some(({ objectId }) => appId !== undefined && parseGuid(objectId) === appId);
  return named && appId !== undefined ? [{ kind: 'policyNamesApplicationId', appId }] : [];
}

/** At this moment, wherever the action may be checked (EA-14): access that ends some day is access today. */
function byRbac(
  action: string,
  { vault, principalId, estate }: ExplainQuestion,
  facts: Facts,
): Pick<ActionExplanation['today'], 'state' | 'because'> {
  const answers = checkedResources(facts.dataAction(action), []).map((resource) =>
    decideRbac({ principalId, plane: 'data', action, vault, resource, at: estate.readAt, whenRead: true }, facts),
  );
  const refused = answers.find((answer) => answer.state === 'notGranted');
  if (refused !== undefined) return { state: 'notGranted', because: [refused.because] };
  const open = answers.flatMap((answer) => (answer.state === 'unknown' ? answer.because : []));
  return open.length > 0 ? { state: 'unknown', because: uniqueReasons(open) } : { state: 'granted', because: [] };
}

function applicationsFor(dataAction: string, { vault, principalId, catalogue }: ExplainQuestion, facts: Facts): readonly string[] {
  const applications = [...new Set(legacyEntries(vault, catalogue).flatMap((entry) => entry.applicationId ?? []))].sort(compareText);
  return applications.filter((applicationId) => decideLegacy({ principalId, dataAction, applicationId }, vault, facts).state === 'granted');
}

/** One action may be checked at the vault and at objects: the worst of the answers counts. */
function worst(pairs: readonly PairVerdict[]): Pick<PairVerdict, 'state' | 'because'> {
  const found = (['uncovered', 'unknown'] as const)
    .map((state) => pairs.find((pair) => pair.state === state))
    .find((pair) => pair !== undefined);
  return found === undefined ? { state: 'covered', because: [] } : { state: found.state, because: found.because };
}

function routesOf(pairs: readonly PairVerdict[]): readonly PairVerdict['by'][number][] {
  const routes = new Map(pairs.flatMap((pair) => pair.by.map((route) => [route.assignmentId.toLowerCase(), route] as const)));
  return [...routes].sort(([a], [b]) => compareText(a, b)).map(([, route]) => route);
}

function besides(roleId: Guid, asked: readonly string[], facts: Facts): RoleBesides {
  const role = facts.role(roleId);
  const more = (facts.dataActionsOf(roleId) ?? []).filter((action) => !asked.includes(action.name));
  return {
    roleId,
    roleName: role?.name ?? roleId,
    dataActions: more
      .map(({ name, tier }) => ({ dataAction: name, tier }))
      .sort((a, b) => compareText(a.tier, b.tier) || compareText(a.dataAction, b.dataAction)),
    controlPlane: [...new Set((role?.blocks ?? []).flatMap((block) => block.actions))].sort(compareText),
  };
}

function nameOf(principal: Principal | undefined): string {
  return principal === undefined || principal.kind === 'unresolved' ? '' : principal.displayName;
}

/**
 * Principals that a person may mean by an object id or a display name.
 * @param shown how a name looks where the person read it.
 */
export function principalsMeant(
  words: string,
  { principals }: Pick<Estate, 'principals'>,
  shown: (name: string) => string = (name) => name,
): readonly Guid[] {
  const id = parseGuid(words);
  if (id !== undefined) return [id];
  const wanted = words.trim().toLowerCase();
  return [...principals]
    .filter(([, one]) => [nameOf(one), shown(nameOf(one))].some((name) => name.trim().toLowerCase() === wanted && wanted !== ''))
    .filter(([, one]) => principalTypeOf(one) !== undefined)
    .map(([found]) => found);
}
