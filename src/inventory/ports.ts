import type { Guid } from '../base/guid.ts';
import type { JsonObject, JsonValue } from '../base/json.ts';
import type { Reading } from '../base/reading.ts';
import type { DenyAssignment } from '../model/deny-assignment.ts';
import type { Lock, PolicyAssignment } from '../model/governance.ts';
import type { PolicyDefinition, PolicyExemption, PolicySet } from '../model/policy-definition.ts';
import type { PermissionBlock, RoleAssignment, RoleDefinition } from '../model/role.ts';
import type { ScheduleInstance } from '../model/schedule-instance.ts';
import type { VaultId } from '../model/vault-id.ts';
import type { VaultObjects } from '../model/vault-objects.ts';

export interface SubscriptionRow {
  readonly subscriptionId: string;
  readonly displayName: string;
  readonly tenantId: string;
}

export type PolicyKind = 'policyDefinitions' | 'policySetDefinitions';

/** `unlicensed`: Azure says that the tenant has no PIM, in its own words (EA-58). */
export type PimReading = Reading<readonly ScheduleInstance[]> | { readonly state: 'unlicensed'; readonly because: string };

/**
 * Reads Azure Resource Manager. Every list is whole (all pages) or unreadable: a page that is no JSON, has no `value`
 * list or holds a row that cannot be parsed makes the reading unreadable, never shorter. Scopes are ARM ids.
 */
export interface ResourceReader {
  /** The subscriptions in the operator's reach. */
  subscriptions(): Promise<Reading<readonly SubscriptionRow[]>>;
  /** Raw vault resources of a subscription, in Azure's order; rows are not parsed here, so that none is lost. */
  vaults(subscriptionId: string): Promise<Reading<readonly JsonValue[]>>;
  vault(id: VaultId): Promise<Reading<JsonObject> | { readonly state: 'notFound' }>;
  /** At, above and below the scope. */
  roleAssignments(scope: string): Promise<Reading<readonly RoleAssignment[]>>;
  /** At, above and below the scope, the principal's own and those of its groups; users and service principals only (EA-30). */
  assignedTo(scope: string, principalId: Guid): Promise<Reading<readonly RoleAssignment[]>>;
  roleDefinitions(scope: string): Promise<Reading<readonly RoleDefinition[]>>;
  /** At, above and below the scope. */
  denyAssignments(scope: string): Promise<Reading<readonly DenyAssignment[]>>;
  activeInstances(scope: string): Promise<PimReading>;
  eligibleInstances(scope: string): Promise<PimReading>;
  locks(scope: string): Promise<Reading<readonly Lock[]>>;
  policyAssignments(scope: string): Promise<Reading<readonly PolicyAssignment[]>>;
  /** At, above and below the scope. */
  policyExemptions(scope: string): Promise<Reading<readonly PolicyExemption[]>>;
  /** Raw rows of the custom ones that a subscription sees: its own, and those of the management groups above it. */
  customPolicies(scope: string, kind: PolicyKind): Promise<Reading<readonly JsonObject[]>>;
  /** Raw rows of all definitions of Azure's own; read once. */
  builtInPolicies(): Promise<Reading<readonly JsonObject[]>>;
  /** A definition or an initiative; Azure's own are read once. */
  policyDefinition(id: string): Promise<Reading<PolicyDefinition | PolicySet>>;
  diagnosticSettings(vaultId: string): Promise<Reading<readonly JsonObject[]>>;
  /** Names of the vault's secrets and keys, by the control plane. */
  objectNames(id: VaultId): Promise<Reading<VaultObjects>>;
  /** The operator's own permissions at a vault, as Azure sees them. */
  operatorPermissions(id: VaultId): Promise<Reading<readonly PermissionBlock[]>>;
}
