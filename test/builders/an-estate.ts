import { type Guid, parseGuid } from '../../src/base/guid.ts';
import type { JsonObject, JsonValue } from '../../src/base/json.ts';
import { itemsRead, read } from '../../src/base/reading.ts';
import type { Estate, SubscriptionFacts } from '../../src/model/estate.ts';
import type { Principal } from '../../src/model/principal.ts';
import { parseRoleAssignment, type RoleAssignment, type RoleDefinition } from '../../src/model/role.ts';
import { parseVault, type Vault } from '../../src/model/vault.ts';
import { catalogue, roleId } from './the-catalogue.ts';
import { lastingInstances } from './whole-rows.ts';

function guid(text: string): Guid {
  const found = parseGuid(text);
  if (found === undefined) throw new Error(`${text} is not a GUID`);
  return found;
}

/** `id('a', 1)` is `aaaaaaaa-0000-0000-0000-000000000001`: recognisable in a failing test. */
export function id(letter: string, number = 1): Guid {
  return guid(`${letter.repeat(8)}-0000-0000-0000-${String(number).padStart(12, '0')}`);
}

export const tenantId = id('a');
export const subscriptionId = id('b');
export const operatorId = id('c', 999);
const readAt = '2026-11-24T08:00:00.000Z';

export function vaultResourceId(name: string): string {
  return `/subscriptions/${subscriptionId}/resourceGroups/rg-app/providers/Microsoft.KeyVault/vaults/${name}`;
}

export function rawPolicy(objectId: string, permissions: Record<string, readonly string[]>, more: JsonObject = {}): JsonObject {
  return { tenantId, objectId, permissions, ...more };
}

export function rawVault(name: string, accessPolicies: readonly JsonValue[], properties: JsonObject = {}): JsonObject {
  return {
    id: vaultResourceId(name),
    name,
    type: 'Microsoft.KeyVault/vaults',
    location: 'westeurope',
    tags: {},
    systemData: { createdAt: '2024-01-01T00:00:00Z' },
    properties: {
      tenantId,
      sku: { family: 'A', name: 'standard' },
      accessPolicies,
      enableSoftDelete: true,
      vaultUri: `https://${name}.vault.azure.net/`,
      provisioningState: 'Succeeded',
      ...properties,
    },
  };
}

export function aVault(raw: JsonObject): Vault {
  const vault = parseVault(raw);
  if (vault === undefined) throw new Error('no vault');
  return vault;
}

export function anAssignment(scope: string, principalId: Guid, role: string, more: JsonObject = {}, name?: string): RoleAssignment {
  const called = name ?? id('9', Number.parseInt(principalId.slice(-4), 10) || 7);
  const assignment = parseRoleAssignment({
    id: `${scope}/providers/Microsoft.Authorization/roleAssignments/${called}`,
    name: called,
    properties: {
      scope,
      roleDefinitionId: `/subscriptions/${subscriptionId}/providers/Microsoft.Authorization/roleDefinitions/${roleId(role)}`,
      principalId,
      principalType: 'User',
      createdOn: '2026-01-01T00:00:00Z',
      updatedOn: '2026-01-01T00:00:00Z',
      ...more,
    },
  });
  if (assignment === undefined) throw new Error('no assignment');
  return assignment;
}

export function user(objectId: Guid, displayName = 'A person'): Principal {
  return { kind: 'user', objectId, displayName, guest: false };
}

export function application(objectId: Guid, displayName = 'An application'): Principal {
  return { kind: 'servicePrincipal', objectId, displayName, appId: id('f'), managedIdentity: false };
}

/** The catalogue's roles, as ARM would list them. */
export const roleDefinitions: readonly RoleDefinition[] = catalogue.roles.map((role) => ({
  id: role.id,
  name: role.name,
  kind: 'builtIn',
  permissions: role.permissions,
  assignableScopes: ['/'],
  raw: {},
}));

export function aSubscription(changes: Partial<SubscriptionFacts> = {}): SubscriptionFacts {
  return {
    subscriptionId,
    displayName: 'Applications',
    tenantId,
    managementGroups: [],
    roleAssignments: read([]),
    roleDefinitions: read(roleDefinitions),
    denyAssignments: read([]),
    // Azure lists every assignment in PIM, one without an end too.
    activeInstances: read(lastingInstances(itemsRead(changes.roleAssignments ?? read([])))),
    eligibleInstances: read([]),
    locks: read([]),
    policyAssignments: read([]),
    ...changes,
  };
}

export function anEstate(
  vaults: readonly Vault[],
  principals: readonly Principal[],
  subscription: SubscriptionFacts = aSubscription(),
  changes: Partial<Estate> = {},
): Estate {
  return {
    cloud: 'public',
    tenantId,
    operator: { objectId: operatorId, groups: read([]) },
    readAt,
    subscriptions: [subscription],
    vaults: vaults.map((vault) => ({ vault, diagnosticSettings: { state: 'notAsked' } })),
    unreadable: [],
    principals: new Map(principals.map((principal) => [principal.objectId, principal])),
    members: new Map(),
    ...changes,
  };
}
