import { expect, test } from 'vitest';
import { judgeVault } from '../../src/access/judge-vault.ts';
import type { VaultJudgement } from '../../src/access/judgement.ts';
import { isObject, type JsonObject, type JsonValue, stringAt } from '../../src/base/json.ts';
import { type Reading, read, unreadable } from '../../src/base/reading.ts';
import type { AccessCheck, AccessDecision } from '../../src/model/access-check.ts';
import type { RoleAssignment } from '../../src/model/role.ts';
import { parseVault, type Vault } from '../../src/model/vault.ts';
import type { ArmCall } from '../../src/sandbox/arm/arm-context.ts';
import { checkAccessRoutes } from '../../src/sandbox/arm/check-access.ts';
import { authorize } from '../../src/sandbox/data-plane/authorize.ts';
import { operations } from '../../src/sandbox/data-plane/operations.ts';
import type { SandboxVault, TenantState } from '../../src/sandbox/state.ts';
import { checksToAsk } from '../../src/verify/checks-to-ask.ts';
import { type AnsweredCheck, heedOpinion, secondOpinion } from '../../src/verify/second-opinion.ts';
import { accessSources, guidOf, parsed, sandboxState } from './both-sides.ts';
import { type Random, seededRandom } from './random.ts';
import { randomWorld } from './random-world.ts';
import { idOf, now, objectNames, subscription, tenantId, type World } from './world.ts';

const seed = () => Number(process.env.KEYTURN_TEST_SEED);
/** Reads role assignments everywhere, so that it may ask; none of the random people. */
const operator = '0b000000-0000-4000-8000-00000000000f';

/** The random tenant as a sandbox that has its vaults on Azure RBAC. */
function sandboxOf(world: World): ArmCall['context'] {
  const state: TenantState = sandboxState(world);
  const vaults = world.vaults.map((body): SandboxVault => {
    const properties = { ...(isObject(body.properties) ? body.properties : {}), enableRbacAuthorization: true };
    return {
      key: idOf(body).toLowerCase(),
      body: { ...body, properties },
      since: 0,
      secrets: new Map(),
      keys: new Map(),
      certificates: new Map(),
    };
  });
  for (const vault of vaults) {
    state.vaults.set(vault.key, vault);
    const group = vault.key.split('/').slice(0, 5).join('/');
    state.resourceGroups.set(group, { id: group, name: group, location: 'westeurope' });
  }
  state.directory.set(operator, {
    kind: 'user',
    id: operator,
    displayName: 'operator',
    properties: {},
    members: [],
    deleted: false,
    since: 0,
  });
  const reader: JsonObject = {
    id: `${subscription}/providers/Microsoft.Authorization/roleAssignments/0b000000-0000-4000-8000-0000000000a0`,
    properties: { scope: subscription, principalId: operator, roleDefinitionId: `/x/acdd72a7-3385-48ef-bd42-f606fba81ae7` },
  };
  state.roleAssignments.set(idOf(reader).toLowerCase(), { body: reader, since: 0 });
  state.denyAssignments.forEach((deny) => {
    // A random deny must not keep the operator from asking.
    if (isObject(deny.body.properties))
      deny.body = {
        ...deny.body,
        properties: { ...deny.body.properties, excludePrincipals: [...list(deny.body.properties.excludePrincipals), { id: operator }] },
      };
  });
  const view = () => ({ state, now: Date.parse(now), consistency: { assignmentPropagation: 0, principalReplication: 0, listingLag: 0 } });
  return { state, view } as unknown as ArmCall['context'];
}

const list = (value: JsonValue | undefined): readonly JsonValue[] => (Array.isArray(value) ? (value as readonly JsonValue[]) : []);

/** What the sandbox's checkAccess answers, as it goes over the wire. */
function wireAnswer(context: ArmCall['context'], { principalId, resourceId, dataActions }: AccessCheck): readonly JsonObject[] {
  const route = parsed(checkAccessRoutes[0]);
  const body = {
    Subject: { Attributes: { ObjectId: principalId } },
    Actions: dataActions.map((id) => ({ Id: id, IsDataAction: true })),
    Resource: { Id: resourceId },
  };
  const caller = { objectId: operator, appId: operator, tenantId, audience: '' };
  const answer = route.act({ context, caller, body, scope: resourceId, places: {}, apiVersion: '' } as unknown as ArmCall);
  if (answer instanceof Promise) throw new Error('it is answered at once');
  return list(answer.body).flatMap((row) => (isObject(row) ? [row] : []));
}

function decisionsOf(context: ArmCall['context'], check: AccessCheck): readonly AccessDecision[] {
  return wireAnswer(context, check).map((row) => {
    const word = stringAt(row, 'accessDecision') ?? '';
    return { dataAction: stringAt(row, 'actionId') ?? '', allowed: word === 'Allowed', word };
  });
}

test("EA-49: on random tenants, the sandbox's checkAccess says what its vaults do", () => {
  const random = seededRandom(seed());
  const tally = { allowed: 0, refused: 0, denied: 0 };
  for (let round = 0; round < 250; round += 1) {
    const world = randomWorld(random);
    const context = sandboxOf(world);
    for (let n = 0; n < 20; n += 1) {
      const person = random.pick(world.people.filter(({ kind }) => kind !== 'group'));
      const vault = random.pick([...context.state.vaults.values()]);
      const operation = random.pick(operations);
      const name = operation.checkedOn === 'vault' ? '' : random.pick([...objectNames, 'nobody-has-it']);
      const caller = { objectId: person.id, appId: person.id, tenantId, audience: '' };
      const byVault = authorize(context, vault, { operation, name, version: '' }, caller, {}).allowed;
      const resourceId = `${idOf(vault.body)}${name === '' ? '' : `/${operation.objectType}/${name}`}`;
      const [row] = wireAnswer(context, { principalId: guidOf(person.id), resourceId, dataActions: [operation.dataAction] });
      expect(row?.accessDecision === 'Allowed', JSON.stringify({ person, operation, resourceId, row })).toBe(byVault);
      tally[row?.accessDecision === 'Allowed' ? 'allowed' : row?.accessDecision === 'Denied' ? 'denied' : 'refused'] += 1;
    }
  }
  // Each kind of answer was met often enough to mean something.
  expect(Math.min(tally.allowed, tally.refused, tally.denied)).toBeGreaterThan(30);
});

/** Every action is demanded of everybody, at one vault. */
function judged(
  world: World,
  vault: Vault,
  more: object = {},
): { readonly judgement: VaultJudgement; readonly sources: ReturnType<typeof accessSources> } {
  const sources = accessSources(world);
  const dataActions = sources.catalogue.dataActions.map(({ name }) => name);
  const requirements = world.people.map(({ id }) => ({ principalId: guidOf(id), dataActions }));
  const subscriptionFacts = { ...sources.subscription, ...more };
  const judgement = judgeVault({
    ...sources,
    subscription: subscriptionFacts,
    vault,
    at: now,
    requirements,
    planned: [],
    minimumAgeMinutes: 15,
  });
  return { judgement, sources };
}

const vaultsOf = (world: World) => world.vaults.map((body) => parsed(parseVault(body)));

test('EA-49: on random tenants, nothing that is judged covered is refused by checkAccess', () => {
  const random = seededRandom(seed() + 1);
  let covered = 0;
  for (let round = 0; round < 60; round += 1) {
    const world = randomWorld(random);
    const context = sandboxOf(world);
    const vault = random.pick(vaultsOf(world));
    const { judgement, sources } = judged(world, vault);
    const { checks, leftOut } = checksToAsk(judgement.pairs, vault, sources.principals);
    const answered = checks.map((one) => ({ ...one, answer: read(decisionsOf(context, one.check)) }));
    expect(secondOpinion(answered, leftOut, sources.principals).against, `round ${round}`).toEqual([]);
    covered += checks.flatMap(({ pairs }) => pairs).filter((pair) => pair.state === 'covered').length;
  }
  expect(covered).toBeGreaterThan(100);
});

const rank = { covered: 0, undetermined: 1, gap: 2 };

function randomAnswer(random: Random, { dataActions }: AccessCheck): Reading<readonly AccessDecision[]> {
  if (random.chance(10)) return unreadable('Azure answered 500');
  const words = ['Allowed', 'Allowed', 'NotAllowed', 'Denied', 'Perhaps'];
  const rows = dataActions.flatMap((action): AccessDecision[] => {
    if (random.chance(10)) return [];
    return random.times(1, 2, () => {
      const word = random.pick(words);
      return { dataAction: random.odd(action), allowed: word === 'Allowed', word };
    });
  });
  return read(rows);
}

test('EA-49: whatever is answered, the state is never better for it, and never covered against a refusal or a silence', () => {
  const random = seededRandom(seed() + 2);
  for (let round = 0; round < 60; round += 1) {
    const world = randomWorld(random);
    const vault = random.pick(vaultsOf(world));
    const { judgement, sources } = judged(world, vault);
    const pairs = judgement.pairs.filter((pair) => random.chance(50) || pair.state === 'covered');
    const { checks, leftOut } = checksToAsk(pairs, vault, sources.principals);
    const answered: AnsweredCheck[] = checks.map((one) => ({ ...one, answer: randomAnswer(random, one.check) }));
    const opinion = secondOpinion(answered, leftOut, sources.principals);
    for (const state of ['covered', 'undetermined', 'gap'] as const) {
      const after = heedOpinion({ state, pairs, gains: [], unlisted: [], doubts: [], gaps: [] }, opinion);
      expect(rank[after.state]).toBeGreaterThanOrEqual(rank[state]);
      expect(after.pairs).toBe(pairs);
      const doubted = answered.some(
        ({ answer, pairs: asked }) =>
          answer.state === 'unreadable' ||
          asked.some((pair) => {
            const own = answer.value.filter((one) => one.dataAction.toLowerCase() === pair.dataAction.toLowerCase());
            return own.length === 0 || (pair.state === 'covered' && own.some((one) => !one.allowed));
          }),
      );
      expect(after.state === 'covered').toBe(state === 'covered' && !doubted);
    }
  }
});

test("EA-30: on random tenants, whatever Azure's own lists hold, they change words alone", () => {
  const random = seededRandom(seed() + 3);
  let changed = 0;
  for (let round = 0; round < 80; round += 1) {
    const world = randomWorld(random);
    const vault = random.pick(vaultsOf(world));
    const { judgement: without, sources } = judged(world, vault);
    const rows = sources.subscription.roleAssignments.state === 'read' ? sources.subscription.roleAssignments.value : [];
    const some = (): Reading<readonly RoleAssignment[]> =>
      random.chance(20) ? unreadable('429') : read(rows.filter(() => random.chance(60)));
    const { judgement } = judged(world, vault, { assignedTo: new Map(world.people.map(({ id }) => [guidOf(id), some()])) });
    const bare = (pairs: VaultJudgement['pairs']) => pairs.map((pair) => ({ ...pair, because: '' }));
    expect(bare(judgement.pairs)).toEqual(bare(without.pairs));
    expect(judgement.gains).toEqual(without.gains);
    for (const [at, pair] of judgement.pairs.entries()) {
      if (JSON.stringify(pair.because) === JSON.stringify(without.pairs[at]?.because)) continue;
      expect(pair.state).toBe('unknown');
      changed += 1;
    }
  }
  expect(changed).toBeGreaterThan(50);
});
