import { accessFacts, type FactSources } from '../../src/access/access-facts.ts';
import type { AccessRequest } from '../../src/access/access-request.ts';
import type { CheckedResource } from '../../src/access/judgement.ts';
import type { VaultQuestion } from '../../src/access/vault-question.ts';
import { type Guid, parseGuid } from '../../src/base/guid.ts';
import type { JsonObject, JsonValue } from '../../src/base/json.ts';
import { type Reading, read } from '../../src/base/reading.ts';
import { type DenyAssignment, parseDenyAssignment } from '../../src/model/deny-assignment.ts';
import type { SubscriptionFacts } from '../../src/model/estate.ts';
import type { Principal } from '../../src/model/principal.ts';
import { parseRoleAssignment, parseRoleDefinition, type RoleAssignment, type RoleDefinition } from '../../src/model/role.ts';
import { parseScheduleInstance, type ScheduleInstance } from '../../src/model/schedule-instance.ts';
import { parseScope, type Scope } from '../../src/model/scope.ts';
import { parseVault, type Vault } from '../../src/model/vault.ts';
import { aSubscription } from './an-estate.ts';
import { catalogue, roleId } from './the-catalogue.ts';
import { lastingInstances, wholeDeny } from './whole-rows.ts';

// Tests take the tenant whole, as a namespace: what it is made from comes with it.
export { catalogue, roleId };

export const now = '2026-11-24T12:00:00Z';
export const tenantId = '11111111-1111-1111-1111-111111111111';
export const subscription = '/subscriptions/5b000000-0000-0000-0000-000000000001';
export const group = `${subscription}/resourceGroups/rg-app`;
export const vaultId = `${group}/providers/Microsoft.KeyVault/vaults/kv1`;

/** `id(7)` ends in 7: ids that can be told apart in a failing test. */
export const id = (n: number): Guid => parsed(parseGuid(`a0000000-0000-0000-0000-${String(n).padStart(12, '0')}`));
export const scope = (raw: string): Scope => parsed(parseScope(raw));
export const [anna, ben, app, team, division] = [id(1), id(2), id(3), id(11), id(12)];

function parsed<T>(value: T | undefined): T {
  if (value === undefined) throw new Error('the fixture cannot be parsed');
  return value;
}

export const secret = (verb: string): string => `Microsoft.KeyVault/vaults/secrets/${verb}`;
export const getSecret = secret('getSecret/action');
export const readMetadata = secret('readMetadata/action');

export const user = (objectId: Guid): Principal => ({ kind: 'user', objectId, displayName: `user ${objectId.slice(-2)}`, guest: false });
export const aGroup = (objectId: Guid, more: Partial<Principal & { kind: 'group' }> = {}): Principal => ({
  kind: 'group',
  objectId,
  displayName: `group ${objectId.slice(-2)}`,
  securityEnabled: true,
  dynamic: false,
  ...more,
});
export const service = (objectId: Guid, managedIdentity = false): Principal => ({
  kind: 'servicePrincipal',
  objectId,
  displayName: `app ${objectId.slice(-2)}`,
  appId: id(900),
  managedIdentity,
});

let made = 0;

/** A role assignment as ARM answers it, old enough for everything unless told otherwise. */
export function assign(principalId: string, role: string, at: string = vaultId, more: JsonObject = {}): RoleAssignment {
  made += 1;
  return parsed(
    parseRoleAssignment({
      id: `${at === '/' ? '' : at}/providers/Microsoft.Authorization/roleAssignments/${id(1000 + made)}`,
      name: id(1000 + made),
      properties: {
        scope: at,
        principalId,
        principalType: [team, division].includes(principalId as Guid) ? 'Group' : 'User',
        roleDefinitionId: `${subscription}/providers/Microsoft.Authorization/roleDefinitions/${parseGuid(role) ?? roleId(role)}`,
        createdOn: '2026-01-01T00:00:00Z',
        updatedOn: '2026-01-01T00:00:00Z',
        ...more,
        ...timesOf(more),
      },
    }),
  );
}

/** Azure says both times or none; a test may say the first alone, or nothing by an empty text. */
function timesOf({ createdOn, updatedOn }: JsonObject): JsonObject {
  if (createdOn === undefined) return {};
  const said = createdOn === '' ? null : createdOn;
  return { createdOn: said, updatedOn: updatedOn === undefined || updatedOn === '' ? said : updatedOn };
}

type Block = Partial<Record<'actions' | 'notActions' | 'dataActions' | 'notDataActions', readonly string[]>> & { condition?: string };

export function role(
  roleGuid: Guid,
  blocks: readonly Block[],
  type = 'CustomRole',
  roleName = `role ${roleGuid.slice(-2)}`,
): RoleDefinition {
  const full = blocks.map((block) => ({ actions: [], notActions: [], dataActions: [], notDataActions: [], ...block }));
  return parsed(
    parseRoleDefinition({
      id: `/providers/Microsoft.Authorization/roleDefinitions/${roleGuid}`,
      properties: { roleName, type, permissions: full, assignableScopes: [subscription] },
    }),
  );
}

/** Principals are ids, or `{id, type}` where the type matters. */
export function deny(at: string, principals: readonly JsonValue[], dataActions: readonly string[], more: JsonObject = {}): DenyAssignment {
  made += 1;
  return parsed(
    parseDenyAssignment(
      wholeDeny({
        id: `${at}/providers/Microsoft.Authorization/denyAssignments/${id(1000 + made)}`,
        properties: {
          denyAssignmentName: 'managed by another',
          scope: at,
          permissions: [{ actions: [], notActions: [], dataActions, notDataActions: [] }],
          principals: principals.map((one) => (typeof one === 'string' ? { id: one, type: 'User' } : one)),
          excludePrincipals: [],
          doNotApplyToChildScopes: false,
          ...more,
        },
      }),
    ),
  );
}

export function instance(of: RoleAssignment, more: JsonObject): ScheduleInstance {
  const { scope: at, principalId, roleDefinitionId } = of;
  return parsed(
    parseScheduleInstance({
      id: `${at}/instances/${of.name}`,
      properties: {
        scope: at === '' ? '/' : at,
        principalId,
        roleDefinitionId,
        assignmentType: 'Assigned',
        memberType: 'Direct',
        ...more,
      },
    }),
  );
}

export interface Tenant {
  readonly assignments?: readonly RoleAssignment[];
  readonly denies?: readonly DenyAssignment[];
  readonly roles?: readonly RoleDefinition[];
  readonly active?: readonly ScheduleInstance[];
  readonly eligible?: readonly ScheduleInstance[];
  readonly principals?: readonly Principal[];
  readonly members?: Readonly<Record<string, Reading<ReadonlySet<Guid>> | readonly Guid[]>>;
  /** Overrides single readings. */
  readonly facts?: Partial<SubscriptionFacts>;
}

/** The catalogue's roles as ARM lists them: in api-version 2022-04-01 without the conditions of their blocks (EA-19). */
const listedRoles: readonly RoleDefinition[] = catalogue.roles.map((one) =>
  role(
    one.id,
    one.permissions.map(({ actions, notActions, dataActions: given, notDataActions }) => {
      return { actions, notActions, dataActions: given, notDataActions };
    }),
    'BuiltInRole',
    one.name,
  ),
);

/** As Azure lists it in PIM: every assignment, those without an end that nothing else is said about included (EA-35). */
function otherInstances({ assignments = [], active = [] }: Tenant): readonly ScheduleInstance[] {
  const told = new Set(active.flatMap((one) => [one.originRoleAssignmentId, `${one.scope} ${one.principalId} ${one.roleDefinitionId}`]));
  const isTold = (one: RoleAssignment) => told.has(one.id) || told.has(`${one.scope} ${one.principalId} ${one.roleDefinitionId}`);
  return lastingInstances(assignments.filter((one) => !isTold(one)));
}

const isList = (value: unknown): value is readonly Guid[] => Array.isArray(value);

export function sources(tenant: Tenant = {}): FactSources {
  const members = Object.entries(tenant.members ?? {}).map(([of, value]) => {
    return [of as Guid, isList(value) ? read(new Set(value)) : value] as const;
  });
  const people = tenant.principals ?? [user(anna), user(ben), service(app), aGroup(team), aGroup(division)];
  return {
    subscription: aSubscription({
      subscriptionId: subscription.slice(15),
      displayName: 'sub',
      tenantId,
      managementGroups: [scope('/providers/Microsoft.Management/managementGroups/mg-corp')],
      roleAssignments: read(tenant.assignments ?? []),
      roleDefinitions: read([...listedRoles, ...(tenant.roles ?? [])]),
      denyAssignments: read(tenant.denies ?? []),
      activeInstances: read([...(tenant.active ?? []), ...otherInstances(tenant)]),
      eligibleInstances: read(tenant.eligible ?? []),
      ...tenant.facts,
    }),
    principals: new Map(people.map((principal) => [principal.objectId, principal])),
    members: new Map(members),
    catalogue,
  };
}

export const facts = (tenant: Tenant = {}) => accessFacts(sources(tenant));

export function vault(policies: readonly JsonObject[] = [], more: JsonObject = {}): Vault {
  const accessPolicies = policies.map((policy) => ({ tenantId, ...policy }));
  return parsed(parseVault({ id: vaultId, name: 'kv1', location: 'westeurope', properties: { tenantId, accessPolicies, ...more } }));
}

export const atVault: CheckedResource = { kind: 'vault' };
export const anySecret: CheckedResource = { kind: 'anyObject', collection: 'secrets' };
export const theSecret = (name: string): CheckedResource => ({ kind: 'object', collection: 'secrets', name });

export function ask(
  principalId: Guid,
  action: string,
  resource: CheckedResource = anySecret,
  more: Partial<AccessRequest> = {},
): AccessRequest {
  return { principalId, plane: 'data', action, vault: vault(), resource, at: now, ...more };
}

export function question(tenant: Tenant, more: Partial<VaultQuestion> = {}): VaultQuestion {
  return { ...sources(tenant), vault: vault(), at: now, requirements: [], planned: [], ...more };
}
