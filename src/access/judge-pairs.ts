import { compareText } from '../base/compare-text.ts';
import type { Guid } from '../base/guid.ts';
import type { AccessFacts } from './access-facts.ts';
import type { AccessRequest } from './access-request.ts';
import { checkedResources, objectAt, resourceKey, uniqueResources } from './checked-resources.ts';
import type { CheckedResource, NamedObject, PairVerdict } from './judgement.ts';
import { granteesOf } from './membership.ts';
import type { PlannedStanding } from './planned-assignments.ts';
import { type Cover, durableCover } from './rbac/durable-cover.ts';
import { type Reach, reachOf } from './rbac/reach.ts';
import type { Demand } from './rbac/shortfall.ts';
import { type Candidate, candidatesFor, isPlain, namingAsker } from './rbac/weigh-grants.ts';
import { idKey, type StandingAssignment } from './standing-assignment.ts';
import type { VaultQuestion } from './vault-question.ts';

/** One verdict for every required data action on every resource where it may be checked; sorted. */
export function judgePairs(question: VaultQuestion, facts: AccessFacts, missing: readonly StandingAssignment[]): readonly PairVerdict[] {
  const wanted = new Map<Guid, RequiredActions>();
  for (const requirement of question.requirements) {
    const known = wanted.get(requirement.principalId);
    const alsoByGroups = requirement.alsoByGroups === true && known?.alsoByGroups !== false;
    const one: RequiredActions = { everywhere: new Set(), objects: new Map(), ...known, alsoByGroups };
    wanted.set(requirement.principalId, one);
    const names = requirement.dataActions.map((name) => facts.dataAction(name)?.name ?? name);
    if (requirement.object === undefined) for (const name of names) one.everywhere.add(name);
    else for (const name of names) one.objects.set(name, [...(one.objects.get(name) ?? []), requirement.object]);
  }
  const made = new Set(question.planned.map(({ id }) => idKey(id)));
  return [...wanted]
    .sort(([a], [b]) => compareText(a, b))
    .flatMap(([principalId, one]) => judgePrincipal(principalId, one, question, facts, { missing, made }));
}

/** Names of data actions: wherever Azure may check them, and on named objects alone. Of several requirements the strictest speaks. */
interface RequiredActions {
  readonly alsoByGroups: boolean;
  readonly everywhere: Set<string>;
  readonly objects: Map<string, NamedObject[]>;
}

interface CandidatesAtResource {
  readonly resource: CheckedResource;
  readonly reach: Reach;
  readonly candidates: readonly Candidate[];
  /**
   * Covers by the candidates that give the action, where they are plain: actions that the same assignments give are covered alike, as
   * mostly all of an entry are.
   */
  readonly covers?: Map<string, Cover>;
}

/** Shared by the places that the same assignments reach: seldom is anything assigned to a collection of objects alone. */
function coversOf(candidates: readonly Candidate[], others: readonly CandidatesAtResource[]): Map<string, Cover> {
  const same = others.find(
    (other) =>
      other.covers !== undefined &&
      other.candidates.length === candidates.length &&
      other.candidates.every(({ standing, membership }, at) => {
        return standing === candidates[at]?.standing && membership === candidates[at].membership;
      }),
  );
  return same?.covers ?? new Map<string, Cover>();
}

/** Asks for the cover of an action; of one that is covered already by the same assignments the answer is known. */
function coverOf(request: AccessRequest, ground: CandidatesAtResource, facts: AccessFacts, demand: Demand): Cover {
  const { reach, candidates, covers } = ground;
  if (covers === undefined) return durableCover(request, reach, candidates, facts, demand);
  const giving = candidates.map(({ standing: { assignment } }) =>
    (facts.role(assignment.roleDefinitionId)?.matching('data', request.action).length ?? 0) > 0 ? '1' : '0',
  );
  const key = giving.join('');
  const known = covers.get(key);
  if (known !== undefined) return known;
  const cover = durableCover(request, reach, candidates, facts, demand);
  // What is not covered is told with the reason for the action that was asked for.
  if (cover.state === 'covered') covers.set(key, cover);
  return cover;
}

function judgePrincipal(
  principalId: Guid,
  { everywhere, objects, alsoByGroups }: RequiredActions,
  { vault, at, minimumAgeMinutes }: VaultQuestion,
  facts: AccessFacts,
  { missing, made }: PlannedStanding,
): readonly PairVerdict[] {
  const demand: Demand = { alsoByGroups, minimumAgeMinutes };
  const planned = namingAsker({ principalId }, missing, facts);
  const grounds = new Map<string, CandidatesAtResource>();
  const groundOf = (resource: CheckedResource): CandidatesAtResource => {
    const key = resourceKey(resource);
    const known = grounds.get(key);
    if (known !== undefined) return known;
    const reach = reachOf(resource, vault, facts);
    const candidates = candidatesFor({ principalId }, reach, facts, planned).map((one) => asMade(one, made));
    const covers = candidates.every((one) => isPlain(one, facts)) ? coversOf(candidates, [...grounds.values()]) : undefined;
    const ground = { resource, reach, candidates, ...(covers !== undefined && { covers }) };
    grounds.set(key, ground);
    return ground;
  };
  const named = namedObjects(principalId, vault.scope, facts);
  const actions = [...new Set([...everywhere, ...objects.keys()])].sort(compareText);
  const placesOf = (action: string) => [
    ...(everywhere.has(action) ? checkedResources(facts.dataAction(action), named) : []),
    ...(objects.get(action) ?? []),
  ];
  return actions.flatMap((action) =>
    uniqueResources(placesOf(action)).map((resource): PairVerdict => {
      const request = { principalId, plane: 'data' as const, action, vault, resource, at };
      return { principalId, dataAction: action, resource, ...coverOf(request, groundOf(resource), facts, demand) };
    }),
  );
}

/** What bears the name that the plan gives was made by us, without an end: Azure need not list it in PIM yet (EA-35). */
function asMade(candidate: Candidate, made: ReadonlySet<string>): Candidate {
  const { standing } = candidate;
  if (standing.term.kind !== 'unlisted' || !made.has(standing.key)) return candidate;
  return { ...candidate, standing: { ...standing, term: { kind: 'lasting' } } };
}

/**
 * Objects that have to be looked at by name: those with a deny assignment of their own, and those where the principal
 * holds something. For every other object "any object" speaks.
 */
function namedObjects(principalId: Guid, vault: VaultQuestion['vault']['scope'], facts: AccessFacts): readonly CheckedResource[] {
  const scopes = facts.objectScopes.get(vault) ?? [];
  if (scopes.length === 0) return [];
  const held = granteesOf({ principalId }, facts).map(({ id }) => facts.byGrantee.get(id));
  const holds = (scope: (typeof scopes)[number]) => held.some((byScope) => byScope?.has(scope));
  return uniqueResources(
    scopes.filter((scope) => facts.deniesByScope.has(scope) || holds(scope)).flatMap((scope) => objectAt(scope, vault) ?? []),
  );
}
