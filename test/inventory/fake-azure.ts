import type { Guid } from '../../src/base/guid.ts';
import type { JsonObject, JsonValue } from '../../src/base/json.ts';
import { nameGuid } from '../../src/base/name-guid.ts';
import { type Reading, read, unreadable } from '../../src/base/reading.ts';
import type { Directory } from '../../src/inventory/directory-ports.ts';
import type { ResourceReader, SubscriptionRow } from '../../src/inventory/ports.ts';
import { parseDenyAssignment } from '../../src/model/deny-assignment.ts';
import { parseLock, parsePolicyAssignment } from '../../src/model/governance.ts';
import { isBuiltInPolicy, parsePolicyDefinition, parsePolicyExemption } from '../../src/model/policy-definition.ts';
import { parseRoleAssignment, parseRoleDefinition } from '../../src/model/role.ts';
import { wholeDeny, wholeRole } from '../builders/whole-rows.ts';

export const tenant = '00000000-0000-0000-0000-0000000000aa';
export const person = (name: string): Guid => nameGuid('person', name);
export const subscriptionId = (n: number) => `00000000-0000-0000-0000-${String(n).padStart(12, '0')}`;
export const vaultId = (n: number, name: string) =>
  `/subscriptions/${subscriptionId(n)}/resourceGroups/rg/providers/Microsoft.KeyVault/vaults/${name}`;
const dataRole = nameGuid('role', 'data');
const controlRole = nameGuid('role', 'control');

export function vaultRow(id: string, properties: JsonObject = {}, extra: JsonObject = {}): JsonObject {
  return {
    id,
    name: id.split('/').at(-1) ?? '',
    properties: { tenantId: tenant, accessPolicies: [], provisioningState: 'Succeeded', ...properties },
    ...extra,
  };
}

export function policy(objectId: string, secrets: readonly string[] = ['get'], extra: JsonObject = {}): JsonObject {
  return { tenantId: tenant, objectId, permissions: { secrets }, ...extra };
}

export function assignment(
  scope: string,
  principalId: string,
  principalType = 'User',
  role: 'data' | 'control' | 'unlisted' = 'data',
): JsonObject {
  const roleId = role === 'data' ? dataRole : role === 'control' ? controlRole : nameGuid('role', 'unlisted');
  const name = nameGuid(scope, principalId, role);
  const properties = {
    scope,
    principalId,
    principalType,
    roleDefinitionId: `/providers/Microsoft.Authorization/roleDefinitions/${roleId}`,
  };
  return { id: `${scope}/providers/Microsoft.Authorization/roleAssignments/${name}`, name, properties };
}

const definitions: readonly JsonObject[] = [
  {
    id: `/x/${dataRole}`,
    properties: { roleName: 'data', type: 'BuiltInRole', permissions: [{ dataActions: ['Microsoft.KeyVault/vaults/secrets/*'] }] },
  },
  { id: `/x/${controlRole}`, properties: { roleName: 'control', type: 'BuiltInRole', permissions: [{ actions: ['*'], dataActions: [] }] } },
];

/** What one subscription holds; rows are raw, as Azure answers them. */
export interface FakeSubscription {
  readonly vaults: readonly JsonValue[];
  readonly assignments?: readonly JsonObject[];
  readonly denies?: readonly JsonObject[];
  readonly locks?: readonly JsonObject[];
  readonly policies?: readonly JsonObject[];
  /** Definitions and initiatives of Azure Policy, Azure's own too. */
  readonly definitions?: readonly JsonObject[];
  readonly exemptions?: readonly JsonObject[];
  /** Names of lists that cannot be read, such as `vaults`. */
  readonly unreadable?: readonly string[];
}

/** A tenant in memory that counts what it is asked, as `kind subject`. */
export function fakeAzure(subscriptions: readonly FakeSubscription[], people: readonly JsonObject[] = []) {
  const calls: string[] = [];
  const answer = <T>(
    kind: string,
    scope: string,
    rows: (subscription: FakeSubscription) => readonly T[],
  ): Promise<Reading<readonly T[]>> => {
    calls.push(`${kind} ${scope}`);
    const subscription = subscriptions[Number(scope.slice(-12)) - 1];
    if (subscription === undefined || subscription.unreadable?.includes(kind)) return Promise.resolve(unreadable(`${kind} refused`));
    return Promise.resolve(read(rows(subscription)));
  };
  const rows: readonly SubscriptionRow[] = subscriptions.map((_, i) => ({
    subscriptionId: subscriptionId(i + 1),
    displayName: `Subscription ${i + 1}`,
    tenantId: tenant,
  }));
  const resources: ResourceReader = {
    subscriptions: () => {
      calls.push('subscriptions');
      return Promise.resolve(read(rows));
    },
    vaults: (id) => answer('vaults', id, (subscription) => subscription.vaults),
    vault: (id) => {
      calls.push(`vault ${id.name}`);
      const raw = subscriptions.flatMap((subscription) => subscription.vaults).find((row) => rowId(row) === id.scope);
      return Promise.resolve(raw === undefined ? { state: 'notFound' } : read(raw as JsonObject));
    },
    roleAssignments: (scope) =>
      answer('assignments', scope, ({ assignments = [] }) => assignments.flatMap((raw) => parseRoleAssignment(raw) ?? [])),
    assignedTo: (scope, principalId) =>
      answer('assignedTo', scope, ({ assignments = [] }) =>
        assignments.flatMap((raw) => parseRoleAssignment(raw) ?? []).filter((row) => row.principalId === principalId),
      ),
    roleDefinitions: (scope) => answer('definitions', scope, () => definitions.flatMap((raw) => parseRoleDefinition(wholeRole(raw)) ?? [])),
    denyAssignments: (scope) =>
      answer('denies', scope, ({ denies = [] }) => denies.flatMap((raw) => parseDenyAssignment(wholeDeny(raw)) ?? [])),
    activeInstances: (scope) => answer('active', scope, () => []),
    eligibleInstances: (scope) => answer('eligible', scope, () => []),
    locks: (scope) => answer('locks', scope, ({ locks = [] }) => locks.flatMap((raw) => parseLock(raw) ?? [])),
    policyAssignments: (scope) =>
      answer('policies', scope, ({ policies = [] }) => policies.flatMap((raw) => parsePolicyAssignment(raw) ?? [])),
    policyExemptions: (scope) =>
      answer('exemptions', scope, ({ exemptions = [] }) => exemptions.flatMap((raw) => parsePolicyExemption(raw) ?? [])),
    customPolicies: (scope, kind) =>
      answer(kind, scope, ({ definitions = [] }) =>
        definitions.filter((raw) => !isBuiltInPolicy(rowId(raw)) && rowId(raw).includes(kind.toLowerCase())),
      ),
    builtInPolicies: () =>
      Promise.resolve(read(subscriptions.flatMap(({ definitions = [] }) => definitions.filter((raw) => isBuiltInPolicy(rowId(raw)))))),
    policyDefinition: (id) => {
      calls.push(`definition ${id}`);
      const raw = subscriptions.flatMap((subscription) => subscription.definitions ?? []).find((row) => rowId(row) === id.toLowerCase());
      const parsed = parsePolicyDefinition(raw);
      return Promise.resolve(parsed === undefined ? unreadable(`there is no ${id}`) : read(parsed));
    },
    diagnosticSettings: (id) => {
      calls.push(`diagnostics ${id}`);
      return Promise.resolve(read([]));
    },
    objectNames: () => Promise.reject(new Error('not asked')),
    operatorPermissions: () => Promise.reject(new Error('not asked')),
  };
  return { resources, directory: fakeDirectory(people, calls), calls };
}

function rowId(row: JsonValue): string {
  const id = typeof row === 'object' && row !== null && 'id' in row ? row.id : undefined;
  return typeof id === 'string' ? id.toLowerCase() : '';
}

function fakeDirectory(people: readonly JsonObject[], calls: string[]): Directory {
  return {
    objectsByIds: (ids) => {
      calls.push(`getByIds ${ids.length}`);
      return Promise.resolve(read(people.filter((raw) => ids.some((id) => id === raw.id))));
    },
    deletedItems: (ids) => {
      calls.push(`deletedItems ${ids.length}`);
      return Promise.resolve(new Map(ids.map((id) => [id, { state: 'absent' } as const])));
    },
    otherIds: (ids) => {
      calls.push(`otherIds ${ids.length}`);
      return Promise.resolve({ servicePrincipals: [], applications: [], objects: [] });
    },
    transitiveMembers: (group) => {
      calls.push(`members ${group}`);
      return Promise.resolve(read({ ids: new Set([person('member')]), groups: new Set<Guid>(), things: new Set<Guid>() }));
    },
    pimMembershipsOf: (groups, list) => {
      for (const id of groups) calls.push(`pim ${list} ${id}`);
      return Promise.resolve(new Map(groups.map((id) => [id, read([])])));
    },
    memberGroups: (id) => {
      calls.push(`groups ${id}`);
      return Promise.resolve(read([person('z-group'), person('a-group')]));
    },
  };
}

export const user = (name: string): JsonObject => ({ id: person(name), '@odata.type': '#microsoft.graph.user', displayName: name });
export const group = (name: string): JsonObject => ({
  id: person(name),
  '@odata.type': '#microsoft.graph.group',
  displayName: name,
  securityEnabled: true,
  groupTypes: [],
});
