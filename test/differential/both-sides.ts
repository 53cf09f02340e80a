import dataActions from '../../mappings/data-actions.json' with { type: 'json' };
import permissions from '../../mappings/permissions.json' with { type: 'json' };
import roles from '../../mappings/roles.json' with { type: 'json' };
import type { FactSources } from '../../src/access/access-facts.ts';
import { everyone, type Guid, parseGuid } from '../../src/base/guid.ts';
import { type JsonObject, objectAt, stringAt } from '../../src/base/json.ts';
import { itemsRead, type Reading, read, unreadable } from '../../src/base/reading.ts';
import { parseCatalogue } from '../../src/model/catalogue.ts';
import { parseDenyAssignment } from '../../src/model/deny-assignment.ts';
import type { Estate } from '../../src/model/estate.ts';
import type { EndingMembership, OtherId, Principal } from '../../src/model/principal.ts';
import { parseRoleAssignment, parseRoleDefinition, type RoleDefinition } from '../../src/model/role.ts';
import { parseScheduleInstance, type ScheduleInstance } from '../../src/model/schedule-instance.ts';
import { scopeLevel } from '../../src/model/scope.ts';
import type { Vault } from '../../src/model/vault.ts';
import type { DirectoryObject, Stored, TenantState } from '../../src/sandbox/state.ts';
import { directoryOf, storedAssignments } from '../../src/sandbox/tenant-maps.ts';
import { idOf, managementGroups, now, type Person, subscription, subscriptionId, tenantId, type World } from './world.ts';

export const catalogue = parseCatalogue({ dataActions, roles, permissions });
export const builtInIds: readonly string[] = catalogue.roles.map((role) => role.id);

export function parsed<T>(value: T | undefined): T {
  if (value === undefined) throw new Error('a row of the random tenant cannot be parsed');
  return value;
}

/** Built-in roles as ARM keeps them, and as its 2022-04-01 list gives them: without the conditions of their blocks (EA-19). */
const builtIns = catalogue.roles.map((role): { readonly kept: JsonObject; readonly listed: RoleDefinition } => {
  const body = (blocks: readonly object[]): JsonObject => ({
    id: `/providers/Microsoft.Authorization/roleDefinitions/${role.id}`,
    name: role.id,
    properties: { roleName: role.name, type: 'BuiltInRole', assignableScopes: ['/'], permissions: blocks as readonly JsonObject[] },
  });
  const bare = role.permissions.map(({ actions, notActions, dataActions: given, notDataActions }) => {
    return { actions, notActions, dataActions: given, notDataActions };
  });
  return { kept: body(role.permissions), listed: parsed(parseRoleDefinition(body(bare))) };
});

/** The tenant as the sandbox holds it in memory. */
export function sandboxState(world: World): TenantState {
  const stored = (rows: readonly JsonObject[]): Map<string, Stored> =>
    new Map(rows.map((body) => [idOf(body).toLowerCase(), { body, since: 0 }]));
  return {
    tenantId,
    domain: 'random.example',
    licence: world.pim === 'none' ? 'none' : 'p2',
    subscriptions: new Map([[subscription, { id: subscriptionId, displayName: 'random', managementGroups }]]),
    resourceGroups: new Map(),
    vaults: new Map(),
    roleDefinitions: stored([...builtIns.map(({ kept }) => kept), ...world.roles]),
    roleAssignments: storedAssignments(stored(world.assignments)),
    denyAssignments: stored(world.denies),
    activeInstances: stored(world.instances),
    eligibleInstances: new Map(),
    locks: new Map(),
    policyAssignments: new Map(),
    policyDefinitions: new Map(),
    policySetDefinitions: new Map(),
    policyExemptions: new Map(),
    diagnosticSettings: new Map(),
    directory: directoryOf(world.people.map((person) => [person.id, directoryObject(person)])),
    dataActions: [],
    groupSchedules: { assignment: [], eligibility: [], access: 'read' },
    audit: [],
  };
}

function directoryObject({ kind, id, members, deleted, securityEnabled }: Person): DirectoryObject {
  return { kind, id, displayName: id, properties: kind === 'group' ? { securityEnabled } : {}, members, deleted, since: 0 };
}

/** The same tenant as keyturn reads it: lists of one subscription, and what Graph says of people and groups. */
export function accessSources(world: World): FactSources {
  const assignments = world.assignments.filter(isListed).map((row) => parsed(parseRoleAssignment(row)));
  const denies = world.denies.filter(isListed).map((row) => parsed(parseDenyAssignment(row)));
  const instances = readInstances(world);
  const here = itemsRead(instances).filter(({ raw }) => isListed(raw));
  const named = [...assignments, ...denies, ...here].map(({ scope }) => scope);
  return {
    subscription: {
      subscriptionId,
      displayName: 'random',
      tenantId,
      managementGroups: [...new Set(named)].filter((scope) => scopeLevel(scope) === 'managementGroup').sort(),
      roleAssignments: read(assignments),
      roleDefinitions: read([...builtIns.map(({ listed }) => listed), ...world.roles.map((row) => parsed(parseRoleDefinition(row)))]),
      denyAssignments: read(denies),
      activeInstances: instances.state === 'read' ? read(here) : instances,
      ...(world.pim === 'none' && { withoutPim: 'The tenant needs a licence.' }),
      eligibleInstances: read([]),
      locks: read([]),
      policyAssignments: read([]),
    },
    principals: new Map([...otherIds(world), ...world.people.map((person) => [guidOf(person.id), principalOf(person)] as const)]),
    members: new Map(world.people.filter(({ kind }) => kind === 'group').map((group) => [guidOf(group.id), membersOf(group, world)])),
    catalogue,
  };
}

/** What Azure lists for the subscription: what stands at it, above it or below it. */
function isListed(row: JsonObject): boolean {
  const scope = (stringAt(objectAt(row, 'properties'), 'scope') ?? '').toLowerCase().replace(/\/$/, '');
  const above = ['', ...managementGroups.map((group) => group.toLowerCase())];
  return above.includes(scope) || `${scope}/`.startsWith(`${subscription}/`);
}

function readInstances({ pim, instances, unlisted }: World): Reading<readonly ScheduleInstance[]> {
  if (pim === 'missing') return unreadable('it was not read');
  const [first] = instances;
  const damaged = { ...first, properties: { ...objectAt(first ?? {}, 'properties'), endDateTime: 7 } };
  const rows = pim === 'damaged' ? [...instances, damaged] : instances;
  const listed = rows.filter((row) => !unlisted.some((id) => idOf(row).startsWith(`${id}/`)));
  const known = listed.flatMap((row) => parseScheduleInstance(row) ?? []);
  return known.length === listed.length ? read(known) : unreadable('it holds a row that is not understood');
}

export const guidOf = (id: string): Guid => parsed(parseGuid(id));

function principalOf(person: Person): Principal {
  const [objectId, displayName] = [guidOf(person.id), person.id];
  if (!person.visible) return { kind: 'unresolved', objectId, why: { kind: 'deletedUnread', because: 'Graph left it out' } };
  if (person.deleted) return { kind: 'deleted', objectId, displayName };
  const { kind, appId, dynamic, securityEnabled } = person;
  switch (kind) {
    case 'user':
      return { kind, objectId, displayName, guest: false };
    case 'group':
      return { kind, objectId, displayName, securityEnabled, dynamic, ...endingOf(person) };
    case 'servicePrincipal':
      return { kind, objectId, displayName, appId, managedIdentity: false };
    case 'application':
      return { kind, objectId, displayName, appId };
  }
}

/** Ids that people write in the place of an object id, as the directory tells them (EA-28, LP-13). */
function otherIds({ people }: World): readonly (readonly [Guid, Principal])[] {
  const other = (id: string, what: OtherId['what']): readonly [Guid, Principal] => {
    return [guidOf(id), { kind: 'noPrincipal', objectId: guidOf(id), displayName: '', is: { what } }];
  };
  return [other(everyone, 'allZero'), ...people.map(({ appId }) => other(appId, 'application'))];
}

function endingOf({ ending = [] }: Person): { readonly ending?: readonly EndingMembership[] } {
  return ending.length === 0 ? {} : { ending: ending.map((id) => ({ principalId: guidOf(id), until: '2026-11-24T20:00:00Z' })) };
}

function membersOf(group: Person, world: World): Reading<ReadonlySet<Guid>> {
  if (!group.readable) return unreadable('Graph refused it');
  return read(new Set(world.people.filter((person) => person !== group && isIn(person, group, world)).map(({ id }) => guidOf(id))));
}

/** Transitively, through groups that still are there. */
export function isIn(person: Person, group: Person, { people }: World): boolean {
  if (person.deleted || group.deleted) return false;
  const seen = new Set<Person>();
  const open = [group];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    if (seen.has(next)) continue;
    seen.add(next);
    const { members } = next;
    if (members.includes(person.id)) return true;
    open.push(...people.filter((one) => one.kind === 'group' && !one.deleted && members.includes(one.id)));
  }
  return false;
}

/** The random tenant as one reading of it, with the facts that `accessSources` gave. */
export function randomEstate({ subscription: facts, principals, members }: FactSources, vaults: readonly Vault[]): Estate {
  return {
    cloud: 'random',
    tenantId,
    operator: { objectId: guidOf('c0000000-0000-4000-8000-000000000000'), groups: read([]) },
    readAt: now,
    subscriptions: [facts],
    vaults: vaults.map((vault) => ({ vault, diagnosticSettings: { state: 'notAsked' } })),
    unreadable: [],
    principals,
    members,
  };
}
