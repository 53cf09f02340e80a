import { compareText } from '../../base/compare-text.ts';
import type { Guid } from '../../base/guid.ts';
import type { DataAction } from '../../model/catalogue.ts';
import { type Reason, sortedReasons } from '../../model/reason.ts';
import type { AccessFacts } from '../access-facts.ts';
import type { AccessRequest } from '../access-request.ts';
import { checkedResources, objectAt, resourceKey } from '../checked-resources.ts';
import { heldByPolicy } from '../decide-legacy.ts';
import { goneBecause } from '../decide-rbac.ts';
import type { CheckedResource, Gain } from '../judgement.ts';
import type { Grantee, Membership } from '../membership.ts';
import type { PlannedStanding } from '../planned-assignments.ts';
import { isActive, lasts, type StandingAssignment } from '../standing-assignment.ts';
import type { VaultQuestion } from '../vault-question.ts';
import { type Reach, reachOf } from './reach.ts';
import { weighDenies } from './weigh-denies.ts';
import { type Candidate, candidatesFor, isPlain, weighGrants } from './weigh-grants.ts';

/**
 * What becomes possible that access policies do not give: by each assignment of the plan, and by each existing one that
 * the flip wakes up, for whomever it names, policy or not. Unknown counts as gained, with `certain` false. A group is
 * one principal here, whatever the number of its members.
 */
export function findGains(question: VaultQuestion, facts: AccessFacts, planned: PlannedStanding): readonly Gain[] {
  const gains = gainSources(question, facts, planned).flatMap((source) => {
    const who: Gainer = { principalId: source.standing.assignment.principalId, membership: { state: 'self' } };
    return gainsBy(source, who, { question, facts, planned });
  });
  const key = (gain: Gain) => [gain.cause, gain.principalId, gain.route.assignmentId, gain.certain ? 0 : 1].join(' ');
  return gains.sort((a, b) => compareText(key(a), key(b)));
}

/** An assignment that counts from the flip on, and what makes it count. */
export interface GainSource {
  readonly standing: StandingAssignment;
  readonly cause: Gain['cause'];
}

export function gainSources({ vault }: VaultQuestion, facts: AccessFacts, planned: PlannedStanding): readonly GainSource[] {
  const collections = [...new Set(facts.catalogue.dataActions.flatMap((action) => action.collection ?? []))];
  const scopes = new Set([
    ...collections.flatMap((collection) => reachOf({ kind: 'anyObject', collection }, vault, facts).scopes),
    ...(facts.objectScopes.get(vault.scope) ?? []),
  ]);
  const standing = [...scopes].flatMap((scope) => facts.byScope.get(scope) ?? []);
  const ours = (one: StandingAssignment) => planned.made.has(one.key);
  return [
    ...[...planned.missing, ...standing.filter(ours)].map((one): GainSource => ({ standing: one, cause: 'plan' })),
    ...standing.filter((one) => !ours(one)).map((one): GainSource => ({ standing: one, cause: 'flip' })),
  ];
}

/** Who is asked about: the assignment's principal itself, or somebody who is, or may be, in it. */
export interface Gainer {
  readonly principalId: Guid;
  readonly membership: Grantee['membership'];
}

interface GainQuestion {
  readonly question: VaultQuestion;
  readonly facts: AccessFacts;
  readonly planned: PlannedStanding;
}

/** @param only the data actions to look at; all that the role gives where it is left out. */
export function gainsBy(source: GainSource, who: Gainer, ground: GainQuestion, only?: ReadonlySet<string>): readonly Gain[] {
  const { question, facts } = ground;
  const { standing, cause } = source;
  const { id, scope, principalId: grantee, principalType, roleDefinitionId } = standing.assignment;
  const { principalId, membership } = who;
  const given = facts.dataActionsOf(roleDefinitionId) ?? facts.catalogue.dataActions;
  const brought = only === undefined ? given : given.filter(({ name }) => only.has(name));
  const gone = goneBecause({ principalId }, facts);
  if (brought.length === 0 || gone?.state === 'notGranted') return [];
  const whoIsOpen = gone?.state === 'unknown' ? gone.because : nobodyKnownAs(principalType);
  const held = heldByPolicy(principalId, question.vault, facts);
  const placeOf = placesOf(source, who, ground);
  const rows = brought
    .filter((action) => !held.surely.has(action.name))
    .map((action) => ({
      action,
      ...withDoubts(strengthOf(source, who, action, ground, placeOf), [...whoIsOpen, ...(held.perhaps.get(action.name) ?? [])]),
    }));
  const through = membership.state === 'self' ? {} : { throughGroup: grantee };
  return (['certain', 'possible'] as const).flatMap((strength): readonly Gain[] => {
    const found = rows.filter((row) => row.strength === strength);
    if (found.length === 0) return [];
    const isAll = found.length === rows.length && only === undefined;
    const dataActions = isAll ? newActions(given, held.surely) : told(found.map(({ action }) => action));
    const route = { assignmentId: id, roleDefinitionId, scope, ...through };
    const gain = { principalId, route, dataActions, cause };
    if (strength === 'certain') return [{ ...gain, certain: true }];
    return [{ ...gain, certain: false, doubts: sortedReasons(found.flatMap((row) => row.doubts)) }];
  });
}

const newByRole = new WeakMap<readonly DataAction[], WeakMap<ReadonlySet<string>, Gain['dataActions']>>();

/** What is given and not held by policy: thousands of entries with the same permissions are given the same roles. */
function newActions(given: readonly DataAction[], held: ReadonlySet<string>): Gain['dataActions'] {
  const byHeld = newByRole.get(given) ?? new WeakMap<ReadonlySet<string>, Gain['dataActions']>();
  newByRole.set(given, byHeld);
  const known = byHeld.get(held) ?? told(given.filter(({ name }) => !held.has(name)));
  byHeld.set(held, known);
  return known;
}

function told(actions: readonly DataAction[]): Gain['dataActions'] {
  return actions.map(({ name, tier }) => ({ name, tier })).sort((a, b) => compareText(a.name, b.name));
}

/** `Unknown` is Azure's word for a principal that it cannot find (EA-32). */
function nobodyKnownAs(principalType: string): readonly Reason[] {
  return principalType.toLowerCase() === 'unknown' ? [{ kind: 'principalTypeUnknown' }] : [];
}

interface Strength {
  readonly strength: 'certain' | 'possible' | 'none';
  /** Why it is no more than possible. */
  readonly doubts: readonly Reason[];
}

function withDoubts(found: Strength, more: readonly Reason[]): Strength {
  if (found.strength === 'none' || more.length === 0) return found;
  return { strength: 'possible', doubts: [...found.doubts, ...more] };
}

/** What an assignment is weighed against where an action may be checked, the same for every action. */
interface Place {
  readonly reach: Reach;
  /** Whether the assignment reaches it. */
  readonly within: boolean;
  /** Other assignments by which the plan's own may add nothing. */
  readonly others: () => readonly Candidate[];
  /** It gives there all that its role names: nothing hangs on a condition, an open membership or a deny. */
  readonly plainly: boolean;
}

function placesOf({ standing }: GainSource, who: Gainer, ground: GainQuestion): (resource: CheckedResource) => Place {
  const { question, facts } = ground;
  const plainly = isPlain({ standing, membership: who.membership }, facts) && isActive(standing.term, question.at);
  const places = new Map<string, Place>();
  return (resource) => {
    const key = resourceKey(resource);
    const known = places.get(key);
    if (known !== undefined) return known;
    const reach = reachOf(resource, question.vault, facts);
    let others: readonly Candidate[] | undefined;
    const place: Place = {
      reach,
      within: reach.scopes.includes(standing.assignment.scope),
      others: () => (others ??= firmWithoutPlan(who, reach, ground)),
      plainly,
    };
    places.set(key, place);
    return place;
  };
}

/** The strongest answer over the resources where the action may be checked. */
function strengthOf(
  { standing, cause }: GainSource,
  who: Gainer,
  action: DataAction,
  { question, facts }: GainQuestion,
  placeOf: (resource: CheckedResource) => Place,
): Strength {
  const { vault, at } = question;
  const { scope } = standing.assignment;
  const { principalId, membership } = who;
  const object = objectAt(scope, vault.scope);
  const strengths = checkedResources(action, object === undefined ? [] : [object]).map((resource): Strength => {
    const { reach, within, others, plainly } = placeOf(resource);
    if (!within) return none;
    if (plainly && (cause === 'flip' || others().length === 0)) return sure;
    const request: AccessRequest = { principalId, plane: 'data', action: action.name, vault, resource, at };
    const [grant] = weighGrants(request, [{ standing, membership }], facts).grants;
    if (grant === undefined) return none;
    const denials = weighDenies(request, reach, facts);
    if (denials.some((denial) => denial.certainty === 'certain' && !denial.passing)) return none;
    if (cause === 'plan' && alreadyHeld(request, others(), facts)) return none;
    const open = denials.filter((denial) => denial.certainty !== 'partly');
    const doubts = [...grant.doubts, ...open].map(({ because }) => because);
    return { strength: doubts.length === 0 ? 'certain' : 'possible', doubts };
  });
  const possible = strengths.filter(({ strength }) => strength === 'possible');
  return (
    strengths.find(({ strength }) => strength === 'certain') ?? {
      ...(possible[0] ?? none),
      doubts: possible.flatMap(({ doubts }) => doubts),
    }
  );
}

const none: Strength = { strength: 'none', doubts: [] };
const sure: Strength = { strength: 'certain', doubts: [] };

/**
 * Whether assignments that stand without the plan give it for good: then the plan adds nothing. Access that ends, or that
 * hangs on a membership which may pass, is less than what the plan gives.
 */
function alreadyHeld(request: AccessRequest, others: readonly Candidate[], facts: AccessFacts): boolean {
  return others.length > 0 && weighGrants(request, others, facts).grants.some((grant) => grant.doubts.length === 0);
}

function firmWithoutPlan({ principalId }: Gainer, reach: Reach, { question, facts, planned }: GainQuestion): readonly Candidate[] {
  return candidatesFor({ principalId }, reach, facts).filter(
    ({ standing, membership }) => givesFirmly(membership) && !planned.made.has(standing.key) && lasts(standing.term, question.at),
  );
}

function givesFirmly(membership: Membership): boolean {
  return membership.state === 'self' || (membership.state === 'member' && membership.passing === undefined);
}
