import { digestOrNone } from '../base/canonical-json.ts';
import { parseGuid } from '../base/guid.ts';
import type { Proof, ProofCondition } from '../formats/proof.ts';

/** `proved`: nobody loses access. `refuted`: it shows who would. `wrong`: its own facts do not bear it out. `edited`: its digest does not fit. */
export interface Checked {
  readonly verdict: 'proved' | 'refuted' | 'wrong' | 'edited';
  readonly lines: readonly string[];
}

/**
 * Derives a proof's verdict again from its policies, assignments, denies and memberships alone. Of conditions it judges what
 * they ask of the action and of a secret's name; whatever needs more than that does not pass.
 */
export function checkProof(proof: Proof): Checked {
  if (proof.digest !== digestOrNone({ ...proof, digest: undefined })) return { verdict: 'edited', lines: ['its digest does not fit'] };
  const known = index(proof);
  const { pairs, gains, state, secondOpinion = [] } = proof.verdict;
  const [{ open, needs }, stated] = [demands(known), new Set(pairs.map(shown))];
  const wrong = [
    ...Object.entries(proof.facts).flatMap(([name, fact]) => (digestOrNone(fact) === proof.fingerprints[name] ? [] : [`digest: ${name}`])),
    ...[...needs].flatMap((need) => (stated.has(need) ? [] : [`${need}: a policy demands it, and it is left out`])),
    ...pairs.flatMap((pair) => wrongPair(pair, needs, known)),
    ...wrongGains(known),
  ];
  const lost = pairs.filter((pair) => pair.state !== 'covered').map((pair) => `${shown(pair)}: ${pair.because}`);
  const unseen = gains.flatMap((one) => (isListed(one, proof) ? [] : `${one.principalId} would gain unseen ${one.dataActions.join(', ')}`));
  const reasons = [...open, ...lost, ...unseen, ...secondOpinion];
  if ((state === 'covered') !== (reasons.length === 0)) wrong.push(`it says ${state}, which does not follow`);
  return wrong.length > 0 ? { verdict: 'wrong', lines: wrong } : { verdict: state === 'covered' ? 'proved' : 'refuted', lines: reasons };
}

type Assignment = Proof['facts']['roleAssignments'][number];
type Deny = Proof['facts']['denyAssignments'][number];
type Pair = Proof['verdict']['pairs'][number];
type Need = Pick<Pair, 'principalId' | 'dataAction' | 'resource'>;
type ProofIndex = ReturnType<typeof index>;

function index(proof: Proof) {
  return {
    proof,
    entries: entries(proof),
    people: new Map(proof.facts.principals.map((one) => [one.id, { ...one, kind: one.kind.replace('noPrincipal', 'application') }])),
    groups: new Map(proof.facts.groups.map((one) => [one.id, one.members])),
    ending: new Set(proof.facts.groups.flatMap(({ id: group, ending = [] }) => ending.map((one) => `${group} ${one.principalId}`))),
    roles: new Map(proof.facts.roleDefinitions.map((one) => [one.id, one.blocks])),
    actions: new Map(proof.catalogue.dataActions.map((one) => [one.name, one])),
  };
}

function pathOf(resource: Need['resource'], vaultId: string): string {
  const object = 'name' in resource ? `/${resource.name}` : '';
  return `${vaultId}${'collection' in resource ? `/${resource.collection}` : ''}${object}`.toLowerCase();
}

const shown = ({ principalId, dataAction, resource }: Need): string =>
  `${principalId} ${dataAction} on ${Object.values(resource).join(' ')}`;

/** The all-zero id: everyone in a deny, nobody elsewhere. */
const everyone = /^[0-]+$/;
/** An id in its one spelling; anything else is no id, and empty. */
const id = (raw: unknown): string => (typeof raw === 'string' && parseGuid(raw)) || '';

const members = ['tenantId', 'objectId', 'applicationId', 'permissions'];
/** The vault's policies: whom each is for, what it gives, and whether nobody can understand it. */
function entries({ facts, catalogue, plan, vaultTenantId }: Proof) {
  return facts.accessPolicies.map((raw) => {
    const lists = Object.entries(raw.permissions ?? {}).filter(([, list]) => list !== null);
    const understood = lists.filter(([type]) => catalogue.all[type] !== undefined);
    const words = understood.flatMap(([type, list]) => [list].flat().map((word) => [type, String(word).trim().toLowerCase()] as const));
    const plain = words.flatMap(([type, word]) => (word === 'all' ? (catalogue.all[type] ?? []) : [word]).map((one) => `${type}/${one}`));
    const known = plain.map((word) => catalogue.permissions[word.toLowerCase()]);
    const [objectId, tenantId, application] = [id(raw.objectId), id(raw.tenantId), id(raw.applicationId).replace(everyone, '')];
    const miscased = Object.keys(raw).some(
      (key) => !members.includes(key) && members.some((one) => one.toLowerCase() === key.toLowerCase()),
    );
    const odd = miscased || !['string', 'undefined'].includes(typeof (raw.applicationId ?? undefined));
    const strange = odd || !raw.permissions || lists.length > understood.length || lists.some(([, list]) => !Array.isArray(list));
    const key = [tenantId, objectId, application].filter((part) => part !== '').join('/');
    return {
      objectId,
      compound: application !== '',
      actions: known.flatMap((actions) => actions ?? []),
      empty: words.length === 0,
      odd: strange || known.includes(undefined) || objectId === '' || tenantId === '',
      foreign: tenantId !== '' && tenantId !== id(vaultTenantId),
      decided: plan?.decisions.find((one) => one.key === key),
    };
  });
}

/** What the policies demand after the flip, and entries that only a person's word can settle. */
function demands(known: ProofIndex) {
  const open = known.proof.facts.unreadable.includes('roleAssignments') ? ['who gains is not known: role assignments are unread'] : [];
  const needs = new Set<string>();
  for (const { objectId: principalId, odd, foreign, empty, compound, decided, actions } of known.entries) {
    const kind = known.people.get(principalId)?.kind ?? 'unresolved';
    if (foreign || (!odd && (kind === 'application' || empty)) || (kind === 'deleted' && !decided)) continue;
    if (!decided && (odd || compound || kind === 'unresolved')) open.push(`${principalId}: its policy needs a decision`);
    for (const dataAction of compound || principalId === '' ? [] : actions) {
      const wide = decided?.dropped.includes(dataAction) === true ? [] : resourcesOf(dataAction, known);
      const narrow = (decided?.objects ?? []).filter((one) => one.dataActions.includes(dataAction)).map((one) => one.resource);
      for (const resource of [...wide, ...narrow]) needs.add(shown({ principalId, dataAction, resource }));
    }
  }
  return { open, needs };
}

/** Where Azure may check the action: the vault, any object, and objects that a deny assignment, or the given one, stands on. */
function resourcesOf(dataAction: string, { actions, proof }: ProofIndex, ...scopes: readonly string[]): readonly Need['resource'][] {
  const { collection, checkedAt = ['vault'] } = actions.get(dataAction) ?? {};
  const vault: readonly Need['resource'][] = checkedAt.includes('vault') ? [{ kind: 'vault' }] : [];
  if (collection === undefined || !checkedAt.includes('object')) return vault;
  const prefix = `${proof.vaultId.toLowerCase()}/${collection}/`;
  const named = [...proof.facts.denyAssignments.map((deny) => deny.scope), ...scopes].filter((scope) => scope.startsWith(prefix));
  const names = named.map((scope) => scope.slice(prefix.length)).filter((name) => name !== '' && !name.includes('/'));
  return [...vault, { kind: 'anyObject', collection }, ...names.map((name) => ({ kind: 'object' as const, collection, name }))];
}

function wrongPair(pair: Pair, needs: ReadonlySet<string>, known: ProofIndex): readonly string[] {
  const wide = pair.resource.kind === 'object' ? { kind: 'anyObject' as const, collection: pair.resource.collection } : pair.resource;
  const needed = needs.has(shown(pair)) || needs.has(shown({ ...pair, resource: wide }));
  const covering = coveringIds(pair, known);
  const right = pair.state === 'covered' ? pair.by.length > 0 : pair.by.length + covering.length === 0;
  if (needed && right && pair.by.every((route) => covering.includes(route.assignmentId))) return [];
  return [`${shown(pair)}: it says ${pair.state}, and ${covering.length === 0 ? 'nothing' : covering.join(', ')} covers it`];
}

/** Assignments that give it for good: to itself (or, decided so, to a group), without an end or a doubt, old enough; none where a deny may bite. */
function coveringIds(need: Need, known: ProofIndex): readonly string[] {
  const { facts, minimumAgeMinutes, at } = known.proof;
  if (['deleted', 'application', 'unresolved'].includes(known.people.get(need.principalId)?.kind ?? '')) return [];
  if (facts.unreadable.includes('denyAssignments') || facts.denyAssignments.some((deny) => denies(deny, need, known) !== 'no')) return [];
  const wanted = (scope: string) => Math.max(minimumAgeMinutes, scope === '' || scope.startsWith('/providers/') ? 24 * 60 : 0) * 60_000;
  const oldEnough = ({ scope, since = '' }: Assignment) => wanted(scope) <= 0 || Date.parse(at) - Date.parse(since) >= wanted(scope);
  const made = facts.roleAssignments.filter((one) => one.planned !== 'missing' && oldEnough(one));
  const mine = known.entries.filter((one) => one.objectId === need.principalId && !one.foreign && !one.compound);
  const ways = mine.some((one) => one.decided?.byGroups) ? ['self', 'firm'] : ['self'];
  return made.flatMap((one) => (givesForGood(one, need, known, ways) ? one.id : []));
}

function givesForGood(one: Assignment, { principalId, dataAction, resource }: Need, known: ProofIndex, ways = ['self', 'firm']): boolean {
  const endless = one.windows?.filter(({ until, activated }) => until === undefined && !activated) ?? [];
  const begun = endless.some(({ from }) => !(Date.parse(from ?? '') > Date.parse(known.proof.at)));
  const firm = ways.includes(membership(one.principalId, one.principalType, principalId, known));
  const sure = firm && (begun || one.windows?.length === 0) && reaches(one.scope, resource, known);
  return sure && allows(one, { dataAction, resource }, known) === true;
}

/** Whether its role gives the action under all conditions on the way; undefined when it cannot be told. */
function allows(one: Assignment, { dataAction, resource }: Omit<Need, 'principalId'>, { roles }: ProofIndex): boolean | undefined {
  const blocks = roles.get(one.roleDefinitionId)?.filter((block) => gives(block, dataAction)) ?? [{ condition: { other: 'no such role' } }];
  return judged({ any: blocks.map(({ condition = always }) => ({ all: [one.condition ?? always, condition] })) }, dataAction, resource);
}

function matches(pattern: string, text: string, flags = 'is'): boolean {
  const literal = pattern.trim().replaceAll(/[.+?^${}()|[\]\\/]/g, '\\$&');
  return new RegExp(`^${literal.replaceAll(/\*+/g, '.*')}$`, flags).test(text);
}

const gives = ({ dataActions, notDataActions }: Deny['blocks'][number], action: string): boolean =>
  dataActions.some((one) => matches(one, action)) && !notDataActions.some((one) => matches(one, action));

const always: ProofCondition = { all: [] };
type Following = 'open' | 'letterCase' | 'refusals';
const opposite = (truth: boolean | undefined) => (truth === undefined ? undefined : !truth);

/** What a condition says, undefined when it cannot be told. Where Microsoft's pages differ, one that refuses is believed (EA-40, EA-41). */
function judged(condition: ProofCondition, action: string, on: Need['resource'], isDeny = false): boolean | undefined {
  const told = holds(condition, action, on, isDeny ? 'letterCase' : 'refusals') === isDeny ? isDeny : undefined;
  return holds(condition, action, on, 'open') ?? told;
}

function holds(condition: ProofCondition, action: string, on: Need['resource'], by: Following): boolean | undefined {
  if ('not' in condition) return opposite(holds(condition.not, action, on, by === 'refusals' ? 'letterCase' : by));
  if ('any' in condition || 'all' in condition) {
    const deciding = 'any' in condition;
    const truths = (deciding ? condition.any : condition.all).map((part) => holds(part, action, on, by));
    return truths.includes(deciding) ? deciding : truths.includes(undefined) ? undefined : !deciding;
  }
  if ('actionMatches' in condition) return condition.actionMatches.some((one) => matches(one, action));
  if ('other' in condition || !matches('Microsoft.KeyVault/vaults/secrets/*', action)) return undefined;
  // A call names its secret in the request when it writes one, else in the resource; a list names none, and nothing matches no name.
  const elsewhere = condition.of !== (/\/(setsecret|restore)\//i.test(action) ? 'request' : 'resource');
  if (elsewhere || (on.kind === 'vault' && /readmetadata/i.test(action))) return by === 'refusals' ? false : undefined;
  if (on.kind !== 'object' || on.collection !== 'secrets') return undefined;
  const [exact, folded] = ['s', 'is'].map((flags) => condition.nameIs.some((one) => matches(one, on.name, flags)));
  return exact === folded || (by !== 'open' && !condition.anyCase) ? exact : undefined;
}

function reaches(scope: string, place: Need['resource'] | string, { proof }: Pick<ProofIndex, 'proof'>): boolean {
  const at = typeof place === 'string' ? place : pathOf(place, proof.vaultId);
  return scope === '' || `${at}/`.startsWith(`${scope}/`) || proof.facts.managementGroups.includes(scope);
}

/** `self` or `firm` when the asker is the principal or in it, `passing` when that may go by itself, `unknown` or `no`. */
function membership(principal: string, declaredType: string, asker: string, { people, groups, ending }: ProofIndex): string {
  if (principal === asker) return 'self';
  if (id(principal) === '' || everyone.test(principal)) return everyone.test(principal) ? 'no' : 'unknown';
  const { kind = 'unresolved', dynamic, securityEnabled } = people.get(principal) ?? {};
  const members = groups.get(principal);
  if (kind === 'deleted') return 'no';
  const mayBeGroup = kind === 'group' || (kind === 'unresolved' && ['', 'group', 'foreigngroup'].includes(declaredType.toLowerCase()));
  if (!members) return members === null || mayBeGroup ? 'unknown' : 'no';
  if (!members.includes(asker)) return 'no';
  if (kind === 'unresolved' || securityEnabled === false) return 'unknown';
  const ruled = members.some((member) => people.get(member)?.dynamic === true && groups.get(member)?.includes(asker) !== false);
  return [dynamic, people.get(asker)?.managedIdentity, ruled, ending.has(`${principal} ${asker}`)].includes(true) ? 'passing' : 'firm';
}

/** Whether a deny takes the action from the principal; `maybe` also where it is meant for some members of a group. */
function denies(deny: Deny, { principalId, dataAction, resource }: Need, known: ProofIndex): 'surely' | 'maybe' | 'no' {
  const own = resource.kind !== 'anyObject' && deny.scope === pathOf(resource, known.proof.vaultId);
  const here = deny.doNotApplyToChildScopes ? own : reaches(deny.scope, resource, known);
  const bites = (condition = always) => judged(condition, dataAction, resource, true);
  const blocks = deny.blocks.filter((block) => gives(block, dataAction) && bites(block.condition) !== false);
  const excluded = deny.excludePrincipals.map((one) => one.id);
  if (!here || blocks.length === 0 || bites(deny.condition) === false || excluded.includes(principalId)) return 'no';
  const hit = (one: Deny['principals'][number]) => (everyone.test(one.id) ? 'self' : membership(one.id, one.type, principalId, known));
  const [named, others] = [deny.principals.map(hit), deny.principals.filter((one) => !excluded.includes(one.id))];
  if (named.every((one) => one === 'no')) return shares(others, principalId, known) ? 'maybe' : 'no';
  const spares = deny.excludePrincipals.some((one) => hit(one) !== 'no') || shares(deny.excludePrincipals, principalId, known);
  const sure = blocks.some((block) => bites(block.condition)) && bites(deny.condition) && !spares;
  return sure && named.some((one) => one === 'self' || one === 'firm') ? 'surely' : 'maybe';
}

function shares(list: Deny['principals'], asker: string, known: ProofIndex): boolean {
  if (list.length === 0 || known.people.get(asker)?.kind !== 'group') return false;
  const own = known.groups.get(asker);
  return !own || list.some((one) => own.includes(one.id) || own.some((member) => membership(one.id, one.type, member, known) !== 'no'));
}

function wrongGains(known: ProofIndex): readonly string[] {
  const { verdict, facts } = known.proof;
  const words = (assignmentId: string, principalId: string) => (action: string) => `${assignmentId} gives ${principalId} ${action}`;
  const told = new Set(verdict.gains.flatMap((gain) => gain.dataActions.map(words(gain.assignmentId, gain.principalId))));
  const found = new Set(facts.roleAssignments.flatMap((one) => gainedBy(one, known).map(words(one.id, one.principalId))));
  const apart = [...new Set([...found, ...told])].filter((gain) => !found.has(gain) || !told.has(gain));
  return apart.map((gain) => `${gain}: ${told.has(gain) ? 'no gain' : 'missing from the gains'}`);
}

/** Data actions that the assignment makes possible and no access policy gives today. */
function gainedBy(one: Assignment, known: ProofIndex): readonly string[] {
  const { at, facts } = known.proof;
  const ended = (until = '') => Date.parse(until) <= Date.parse(at);
  const running = one.windows?.some(({ from, until }) => !(Date.parse(from ?? '') > Date.parse(at)) && !ended(until));
  if (/deleted|application/.test(known.people.get(one.principalId)?.kind ?? '') || (running === false && one.windows?.length)) return [];
  const mine = ({ objectId }: { readonly objectId: string }) => /self|firm|passing/.test(membership(objectId, '', one.principalId, known));
  const held = new Set(known.entries.flatMap((entry) => (entry.foreign || entry.compound || !mine(entry) ? [] : entry.actions)));
  const others = one.planned === 'no' ? [] : facts.roleAssignments.filter((other) => other.planned === 'no');
  const isGain = (need: Need) =>
    reaches(one.scope, need.resource, known) &&
    allows(one, need, known) !== false &&
    !facts.denyAssignments.some((deny) => denies(deny, need, known) === 'surely') &&
    !others.some((other) => givesForGood(other, need, known));
  const free = [...known.actions.keys()].filter((action) => !held.has(action));
  const places = (dataAction: string) => resourcesOf(dataAction, known, one.scope).map((resource) => ({ dataAction, resource }));
  return free.filter((action) => places(action).some((place) => isGain({ principalId: one.principalId, ...place })));
}

/** Whether the plan showed the same principal gaining the same actions at that scope or a wider one; without a plan nothing has to be. */
function isListed(gain: Proof['verdict']['gains'][number], proof: Proof): boolean {
  const shownTo = proof.plan?.gains.filter((one) => one.principalId === gain.principalId && reaches(one.scope, gain.scope, { proof }));
  return proof.flipped || gain.dataActions.every((action) => shownTo?.some((one) => one.dataActions.includes(action)) !== false);
}
