import type { JsonObject } from '../../../src/base/json.ts';
import type { EvaluatorView } from '../../../src/sandbox/evaluator/types.ts';
import type { DirectoryObject, Stored, TenantState } from '../../../src/sandbox/state.ts';
import { directoryOf, storedAssignments } from '../../../src/sandbox/tenant-maps.ts';
import { wholeDeny, wholeRole } from '../../builders/whole-rows.ts';

export const tenantId = '00000000-0000-0000-0000-0000000000aa';
export const subscriptionId = '00000000-0000-0000-0000-000000000001';
export const vault = `/subscriptions/${subscriptionId}/resourceGroups/rg-a/providers/Microsoft.KeyVault/vaults/kv1`;

/** A GUID that ends in `n`. */
export function guid(n: number): string {
  return `00000000-0000-0000-0000-${n.toString(16).padStart(12, '0')}`;
}

export interface AssignmentFacts {
  readonly principal: string;
  readonly role: string;
  readonly scope?: string;
  readonly condition?: string;
  readonly since?: number;
  readonly removedAt?: number;
}

/** A tenant with one subscription under two management groups, to which tests add what they are about. */
export function emptyTenant(): TenantState {
  const subscription = { id: subscriptionId, displayName: 'one', managementGroups: ['platform', 'root'] };
  return {
    tenantId,
    domain: 'sandbox.example',
    licence: 'p2',
    subscriptions: new Map([[subscriptionId, subscription]]),
    resourceGroups: new Map(),
    vaults: new Map(),
    roleDefinitions: new Map(),
    dataActions: [],
    roleAssignments: storedAssignments(),
    denyAssignments: new Map(),
    activeInstances: new Map(),
    eligibleInstances: new Map(),
    locks: new Map(),
    policyAssignments: new Map(),
    policyDefinitions: new Map(),
    policySetDefinitions: new Map(),
    policyExemptions: new Map(),
    diagnosticSettings: new Map(),
    directory: directoryOf(),
    groupSchedules: { assignment: [], eligibility: [], access: 'read' },
    audit: [],
  };
}

export function viewOf(state: TenantState, now = 1_000_000, assignmentPropagation = 0): EvaluatorView {
  return { state, now, consistency: { assignmentPropagation, principalReplication: 0, roleReplication: 0, listingLag: 0 } };
}

export function addPrincipal(
  state: TenantState,
  id: string,
  more: Partial<Pick<DirectoryObject, 'kind' | 'members' | 'deleted' | 'properties'>> = {},
): string {
  state.directory.set(id, { kind: 'user', id, displayName: id, properties: {}, members: [], deleted: false, since: 0, ...more });
  return id;
}

/** @returns the role's id, to be named in assignments. */
export function addRole(state: TenantState, id: string, permissions: readonly JsonObject[]): string {
  const resource = `/providers/Microsoft.Authorization/roleDefinitions/${id}`;
  const properties = { roleName: id, type: 'CustomRole', permissions, assignableScopes: ['/'] };
  const body = wholeRole({ id: resource, name: id, properties });
  state.roleDefinitions.set(resource.toLowerCase(), { body, since: 0 });
  return id;
}

/** @returns the assignment's id. */
export function assign(state: TenantState, { principal, role, scope = vault, condition, since = 0, removedAt }: AssignmentFacts): string {
  const name = guid(0xa000 + state.roleAssignments.size);
  const id = `${scope === '/' ? '' : scope}/providers/Microsoft.Authorization/roleAssignments/${name}`;
  const roleDefinitionId = `/subscriptions/${subscriptionId}/providers/Microsoft.Authorization/roleDefinitions/${role}`;
  const body = { id, name, properties: { scope, principalId: principal, roleDefinitionId, condition: condition ?? null } };
  state.roleAssignments.set(id.toLowerCase(), { body, since, ...(removedAt !== undefined && { removedAt }) });
  return id;
}

export function addDeny(state: TenantState, properties: JsonObject): string {
  const id = `${vault}/providers/Microsoft.Authorization/denyAssignments/${guid(0xd000 + state.denyAssignments.size)}`;
  const stored: Stored = { body: wholeDeny({ id, properties: { scope: vault, ...properties } }), since: 0 };
  state.denyAssignments.set(id.toLowerCase(), stored);
  return id;
}
