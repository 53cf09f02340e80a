import { type JsonObject, stringAt } from '../../src/base/json.ts';
import { builtInIds } from './both-sides.ts';
import type { Random } from './random.ts';
import { randomCondition } from './random-condition.ts';
import {
  collections,
  foreignTenant,
  idOf,
  type Leaf,
  managementGroup,
  managementGroups,
  objectNames,
  type Person,
  subscription,
  tenantId,
  vaultId,
  vaultIds,
  type World,
} from './world.ts';

/** Whoever stands for everybody in a deny. */
const everybody = '00000000-0000-0000-0000-000000000000';
const guid = (kind: string, n: number) => `${kind.repeat(8)}-0000-4000-8000-${n.toString(16).padStart(12, '0')}`;
const dashless = (random: Random, id: string) => random.odd(random.chance(25) ? id.replaceAll('-', '') : id);

export function randomWorld(random: Random): World {
  const people = randomPeople(random);
  const conditions: Record<string, readonly Leaf[]> = {};
  const condition = (percent: number): JsonObject => {
    if (!random.chance(percent)) return {};
    const { text, leaves } = randomCondition(random, builtInIds);
    conditions[text] = leaves;
    return { condition: text, conditionVersion: '2.0' };
  };
  const roles = random.times(1, 4, () => 0).map((_, n) => randomRole(random, n, condition));
  const roleIds = roles.map((role) => stringAt(role, 'name') ?? '');
  const assignments = random.times(2, 16, () => 0).map((_, n) => randomAssignment(random, n, people, roleIds, condition));
  const pim = random.pick(['listed', 'listed', 'listed', 'none', 'none', 'missing', 'damaged'] as const);
  return {
    people,
    roles,
    assignments,
    denies: random.chance(45) ? random.times(1, 3, () => 0).map((_, n) => randomDeny(random, n, people, condition)) : [],
    instances: pim === 'none' ? [] : assignments.flatMap((row) => instancesOf(random, row)),
    pim,
    unlisted: pim === 'listed' && random.chance(30) ? [idOf(random.pick(assignments))] : [],
    vaults: vaultIds.map((id) => randomVault(random, id, people)),
    conditions,
    groupsFrom: random.chance(25) ? 'asker' : 'members',
  };
}

/** Groups nest freely, in circles too; a group without security is nested in none, which Entra does not allow. */
function randomPeople(random: Random): readonly Person[] {
  const base = { members: [], deleted: false, dynamic: false, securityEnabled: true, visible: true, readable: true };
  const single = (kind: Person['kind'], letter: string, n: number): Person => {
    const odd = { deleted: random.chance(6), visible: !random.chance(5) };
    return { ...base, kind, id: guid(letter, n), appId: guid('c', n), ...odd };
  };
  const singles = [
    ...random.times(2, 5, () => 0).map((_, n) => single('user', 'a', n)),
    ...random.times(1, 3, () => 0).map((_, n) => single('servicePrincipal', 'b', n)),
    ...(random.chance(15) ? [single('application', 'd', 0)] : []),
  ];
  const shells = random
    .times(1, 5, () => 0)
    .map((_, n) => ({
      ...single('group', 'e', n),
      dynamic: random.chance(10),
      securityEnabled: !random.chance(8),
      readable: !random.chance(5),
    }));
  const endingIn = () => (random.chance(15) ? [...singles, ...shells].map(({ id }) => id).filter(() => random.chance(60)) : []);
  const possible = [...singles, ...shells.filter((group) => group.securityEnabled)].map(({ id }) => id);
  return [
    ...singles,
    ...shells.map((group) => ({ ...group, members: [...new Set(random.times(0, 4, () => random.pick(possible)))], ending: endingIn() })),
  ];
}

type Condition = (percent: number) => JsonObject;

const patterns = [
  '*',
  'Microsoft.KeyVault/*',
  'Microsoft.KeyVault/vaults/*',
  'Microsoft.KeyVault/vaults/secrets/*',
  'Microsoft.KeyVault/vaults/secrets/getSecret/action',
  'Microsoft.KeyVault/vaults/secrets/readMetadata/action ',
  'Microsoft.KeyVault/vaults/*/read',
  'Microsoft.KeyVault/vaults/keys/*',
  'Microsoft.KeyVault/vaults/secr*Secret/action',
  'Microsoft.KeyVault/vaults/certificates/read',
  'Microsoft.KeyVault/vaults/secrets/get',
  '*/delete',
  'Microsoft.Authorization/roleAssignments/write',
  'Microsoft.KeyVault/vaults/write',
];

function lists(random: Random, taken: number): JsonObject {
  const some = (most: number) => random.times(0, most, () => random.odd(random.pick(patterns)));
  return {
    actions: some(2),
    notActions: random.chance(taken) ? some(2) : [],
    dataActions: some(3),
    notDataActions: random.chance(taken) ? some(2) : [],
  };
}

function randomRole(random: Random, n: number, condition: Condition): JsonObject {
  const name = guid('f', n);
  const permissions = random.times(1, 2, () => ({ ...lists(random, 50), ...condition(15) }));
  const type = random.chance(6) ? 'BuiltInRole' : 'CustomRole';
  return {
    id: `${subscription}/providers/Microsoft.Authorization/roleDefinitions/${name}`,
    name,
    properties: { roleName: name, type, permissions, assignableScopes: [subscription] },
  };
}

function randomScope(random: Random): string {
  const vault = random.pick(vaultIds);
  const object = `${vault}/${random.pick(collections)}/${random.pick(objectNames)}`;
  const places = [
    vault,
    vault,
    vault,
    object,
    object,
    `${object}/0123456789abcdef`,
    `${vault}/secrets`,
    '/',
    ...managementGroups,
    managementGroup('mg-elsewhere'),
    subscription,
    subscription,
    subscription,
    '/subscriptions/5b000000-0000-0000-0000-0000000000aa',
    `${subscription}/resourceGroups/rg-a`,
    `${subscription}/resourceGroups/rg-ab`,
    vaultId('rg-a', 'kv'),
  ];
  const place = random.odd(random.pick(places));
  return place !== '/' && random.chance(8) ? `${place}/` : place;
}

function randomAssignment(
  random: Random,
  n: number,
  people: readonly Person[],
  roleIds: readonly string[],
  condition: Condition,
): JsonObject {
  const name = guid('9', n);
  const scope = randomScope(random);
  const { id, kind } = random.chance(3) ? { id: everybody, kind: 'user' as const } : random.pick(people);
  const role = random.chance(4) ? guid('7', n) : random.pick(random.chance(50) ? roleIds : builtInIds);
  const principalType = { user: 'User', group: 'Group', servicePrincipal: 'ServicePrincipal', application: 'Unknown' }[kind];
  return {
    id: `${scope === '/' ? '' : scope.replace(/\/$/, '')}/providers/Microsoft.Authorization/roleAssignments/${name}`,
    name,
    properties: {
      scope,
      principalId: dashless(random, id),
      principalType,
      roleDefinitionId: `${random.pick([subscription, ''])}/providers/Microsoft.Authorization/roleDefinitions/${random.odd(role)}`,
      ...randomAge(random),
      ...condition(20),
    },
  };
}

/** Most are old; some were made or changed a moment, some hours, or more than a day ago, which counts at management groups (EA-54). */
function randomAge(random: Random): JsonObject {
  const moments = ['2026-01-01T00:00:00Z', '2026-11-22T12:00:00Z', '2026-11-24T02:00:00Z', '2026-11-24T11:50:00Z'];
  if (random.chance(60)) return { createdOn: moments[0] ?? '', updatedOn: moments[0] ?? '' };
  const [created, updated] = [random.int(moments.length), random.int(moments.length)];
  return { createdOn: moments[Math.min(created, updated)] ?? '', updatedOn: moments[Math.max(created, updated)] ?? '' };
}

/** A deny of nothing is none that Azure would keep. */
function denying(block: JsonObject): JsonObject {
  const none = [block.actions, block.dataActions].every((list) => Array.isArray(list) && list.length === 0);
  return none ? { ...block, dataActions: [patterns[4] ?? ''] } : block;
}

function randomDeny(random: Random, n: number, people: readonly Person[], condition: Condition): JsonObject {
  const one = () => ({ id: dashless(random, random.pick(people).id), type: 'Unknown' });
  const scope = randomScope(random);
  return {
    id: `${scope}/providers/Microsoft.Authorization/denyAssignments/${guid('8', n)}`,
    properties: {
      denyAssignmentName: `deny ${n}`,
      scope,
      permissions: random.times(1, 2, () => ({ ...denying(lists(random, 40)), ...condition(15) })),
      principals: random.chance(40) ? [{ id: dashless(random, everybody), type: 'SystemDefined' }] : random.times(1, 3, one),
      excludePrincipals: random.chance(40) ? random.times(1, 2, one) : [],
      doNotApplyToChildScopes: random.chance(25),
      ...(random.chance(30) && { denyAssignmentEffect: random.pick(['enforced', 'Audit', 'audit']) }),
      ...condition(20),
    },
  };
}

/** Azure lists every assignment; most have neither a start to wait for nor an end. */
function instancesOf(random: Random, row: JsonObject): readonly JsonObject[] {
  if (random.chance(25)) return random.times(1, 2, () => 0).map((_, n) => randomInstance(random, n, row));
  return [instance(random, 0, row, { assignmentType: 'Assigned', startDateTime: '2026-01-01T00:00:00Z' })];
}

/** One of the windows in which PIM has an assignment active: over, running, still to come, or without an end. */
function randomInstance(random: Random, n: number, row: JsonObject): JsonObject {
  const day = (n: number) => `2026-11-${String(n).padStart(2, '0')}T00:00:00Z`;
  const [start, end] = random.pick([
    [1, 20],
    [20, 28],
    [26, 28],
    [1, undefined],
    [26, undefined],
    [undefined, 28],
    [undefined, 20],
  ] as const);
  return instance(random, n, row, {
    assignmentType: random.pick(['Assigned', 'Activated']),
    ...(start !== undefined && { startDateTime: day(start) }),
    ...(end !== undefined && { endDateTime: day(end) }),
  });
}

function instance(random: Random, n: number, row: JsonObject, more: JsonObject): JsonObject {
  const { scope = '', principalId = '', roleDefinitionId = '', condition } = row.properties as JsonObject;
  const originRoleAssignmentId = random.odd(idOf(row));
  const conditional = condition === undefined ? {} : { condition, conditionVersion: '2.0' };
  return {
    id: `${idOf(row)}/instance/${n}`,
    properties: { scope, principalId, roleDefinitionId, originRoleAssignmentId, memberType: 'Direct', ...conditional, ...more },
  };
}

const words = {
  secrets: ['get', 'list', 'set', 'delete', 'purge', 'all'],
  keys: ['get', 'list', 'sign', 'wrapKey', 'purge', 'rotate', 'all'],
  certificates: ['get', 'list', 'import', 'purge', 'manageissuers', 'all'],
} as const;

function randomVault(random: Random, id: string, people: readonly Person[]): JsonObject {
  const accessPolicies = random.times(0, 6, (): JsonObject => {
    const permissions = Object.fromEntries(
      collections.flatMap((type) => (random.chance(50) ? [[type, random.times(0, 3, () => random.odd(random.pick(words[type])))]] : [])),
    );
    return {
      tenantId: random.odd(random.chance(8) ? foreignTenant : tenantId),
      objectId: random.odd(random.chance(8) ? random.pick([everybody, random.pick(people).appId]) : random.pick(people).id),
      ...(random.chance(15) && { applicationId: random.odd(guid('c', random.int(3))) }),
      ...(random.chance(8) && { applicationId: random.pick([everybody, '', null]) }),
      permissions,
    };
  });
  return { id, name: id.split('/').at(-1) ?? '', location: 'westeurope', properties: { tenantId, accessPolicies } };
}
