import { blockGives } from '../access/role-rule.ts';
import { canonicalJson, digestOf } from '../base/canonical-json.ts';
import { compareText } from '../base/compare-text.ts';
import { type Guid, parseGuid } from '../base/guid.ts';
import { objectAt, stringAt } from '../base/json.ts';
import type { Reading } from '../base/reading.ts';
import { wellFormed } from '../base/well-formed.ts';
import type { VaultPlan } from '../formats/plan.ts';
import { type PolicyHit, vaultPolicies } from '../governance/vault-policy.ts';
import type { DenyAssignment } from '../model/deny-assignment.ts';
import type { SubscriptionFacts } from '../model/estate.ts';
import type { PermissionBlock, RoleAssignment, RoleDefinition } from '../model/role.ts';
import type { ScheduleInstance } from '../model/schedule-instance.ts';
import { type Scope, scopeReaches, scopeTouches } from '../model/scope.ts';
import { purgeProtected, type Vault } from '../model/vault.ts';
import { editedRoles, type OwnSteps, plannedAs } from './own-work.ts';
import { controlActions } from './steps/control-actions.ts';
import { subscriptionIndex } from './subscription-index.ts';

export type Basis = VaultPlan['basis'];

/**
 * The facts that a vault's plan stands on, as lines. Policies keep their stored order, since a rollback has to restore it;
 * everything else is sorted. `permissionModel` is listed but is left out by `compareBasis`: our own flip is not staleness.
 * Our own assignments and roles come and go by our hand, so they are no facts as long as they are what was planned.
 */
export function vaultBasis(vault: Vault, subscription: SubscriptionFacts, own: OwnSteps): Basis {
  const { assignments, definitions, instances } = reaching(vault, subscription);
  const isOurs = plannedAs(own);
  const counted = assignments.filter((assignment) => !isOurs(assignment));
  const roles = new Set<Guid>([...counted, ...instances].map((row) => row.roleDefinitionId));
  const made = new Set(own.flatMap((step) => (step.kind === 'ensureRoleDefinition' ? step.name : [])));
  for (const step of own) {
    if (step.kind === 'ensureRoleAssignment' && !made.has(step.roleDefinitionId))
      roles.add(parseGuid(step.roleDefinitionId) ?? ('' as Guid));
  }
  const reaches = (scope: Scope): boolean => touches(scope, vault, subscription);
  const fields: Record<string, string[]> = {
    permissionModel: [vault.permissionModel],
    vault: identityLines(vault),
    accessPolicies: vault.accessPolicies.map((policy) => canonicalJson(wellFormed(policy.raw))),
    roleAssignments: sorted(counted.map(assignmentLine)),
    roleDefinitions: sorted([
      ...[...roles].map((id) => roleLine(id, definitions.get(id))),
      ...editedRoles(own, definitions).map(({ id, permissions }) => canonicalJson({ id, edited: permissions })),
    ]),
    denyAssignments: lines(subscription.denyAssignments, (deny) =>
      reaches(deny.scope) && bearsOnMigration(deny)
        ? canonicalJson({
            id: deny.id.toLowerCase(),
            scope: deny.scope,
            permissions: deny.permissions,
            principals: deny.principals,
            excludePrincipals: deny.excludePrincipals,
            doNotApplyToChildScopes: deny.doNotApplyToChildScopes,
            condition: deny.condition,
            auditOnly: deny.auditOnly,
          })
        : undefined,
    ),
    timeBound: sorted(instances.map((row) => madeOnce(row, instanceLine))),
    locks: lines(subscription.locks, (lock) =>
      scopeReaches(lock.scope, vault.scope, subscription.managementGroups) ? `${lock.level} ${lock.id.toLowerCase()}` : undefined,
    ),
    policyAssignments: policyLines(vault, subscription),
    unreadable: unreadableLines(subscription),
  };
  const clean = wellFormed(fields);
  return { fingerprint: digestOf(clean), fields: clean };
}

function reaching(vault: Vault, subscription: SubscriptionFacts) {
  const index = subscriptionIndex(subscription);
  const assignments = index.assignmentsTouching(vault.scope);
  const instances = index.timeBound.filter((instance) => touches(instance.scope, vault, subscription));
  return { assignments, definitions: index.definitions, instances };
}

/** On data, or on what it takes to stage, to flip and to go back. */
function bearsOnMigration({ permissions }: DenyAssignment): boolean {
  return permissions.some((block) => block.dataActions.length > 0 || controlActions.some((action) => blockGives(block, 'control', action)));
}

/** At the vault, above it, or on one of its objects. */
function touches(scope: Scope, vault: Vault, subscription: SubscriptionFacts): boolean {
  return scopeTouches(scope, vault.scope, subscription.managementGroups);
}

/** A vault that was deleted and made again, or moved to another tenant, is another vault; purge protection changes what roles cost. */
function identityLines(vault: Vault): string[] {
  const created = stringAt(objectAt(vault.raw, 'systemData'), 'createdAt');
  return [
    `id ${vault.scope}`,
    `tenant ${vault.tenantId}`,
    ...(created === undefined ? [] : [`created ${created}`]),
    ...(purgeProtected(vault) ? ['purge protection on'] : []),
  ];
}

/** The tenant and time of creation of the vault as planned; undefined when the plan does not say. */
export function plannedIdentity({ fields }: Basis): { readonly tenantId: string; readonly createdAt?: string | undefined } | undefined {
  const word = (name: string) => fields.vault?.find((line) => line.startsWith(`${name} `))?.slice(name.length + 1);
  const tenantId = word('tenant');
  return tenantId === undefined ? undefined : { tenantId, createdAt: word('created') };
}

function roleLine(id: Guid, definition: RoleDefinition | undefined): string {
  if (definition === undefined) return canonicalJson({ id, blocks: 'not found' });
  return madeOnce(definition, ({ permissions }) => canonicalJson({ id, blocks: blocksOf(permissions) }));
}

function blocksOf(permissions: readonly PermissionBlock[]): readonly object[] {
  return permissions.map(({ dataActions, notDataActions, condition }) => ({
    dataActions: sorted([...dataActions]),
    notDataActions: sorted([...notDataActions]),
    condition,
  }));
}

/** Lines of what many vaults stand on, each made once. */
const lineOf = new WeakMap<object, string>();

function madeOnce<Row extends object>(row: Row, make: (row: Row) => string): string {
  const line = lineOf.get(row) ?? make(row);
  lineOf.set(row, line);
  return line;
}

function assignmentLine(row: RoleAssignment): string {
  return madeOnce(row, ({ id, scope, roleDefinitionId, principalId, condition }) =>
    canonicalJson({ id: id.toLowerCase(), scope, roleDefinitionId, principalId, condition }),
  );
}

function instanceLine({ id, scope, roleDefinitionId, principalId, endDateTime, assignmentType }: ScheduleInstance): string {
  return canonicalJson({ id: id.toLowerCase(), scope, roleDefinitionId, principalId, endDateTime, assignmentType });
}

/** What Azure Policy would do to the flip and to the rollback, and by which assignment. */
function policyLines(vault: Vault, subscription: SubscriptionFacts): string[] {
  const { flip, rollback } = vaultPolicies(vault, subscription);
  const line = (to: string) => (hit: PolicyHit) => {
    const { assignment, definition, does, certain, field, from } = hit;
    return canonicalJson({ id: assignment.id.toLowerCase(), definition, to, does, certain, field, from });
  };
  return sorted([...flip.map(line('flip')), ...rollback.map(line('rollback'))]);
}

/** The lists that the basis is made of, by the names under which it says that one could not be read. */
export function basisReadings(subscription: SubscriptionFacts): Readonly<Record<string, Reading<unknown>>> {
  return {
    roleAssignments: subscription.roleAssignments,
    roleDefinitions: subscription.roleDefinitions,
    denyAssignments: subscription.denyAssignments,
    timeBound: subscription.activeInstances,
    locks: subscription.locks,
    policyAssignments: subscription.policyAssignments,
  };
}

/** A list that became readable, or stopped being so, is a moved fact: both say something else about the vault. */
function unreadableLines(subscription: SubscriptionFacts): string[] {
  const readings = basisReadings(subscription);
  return sorted(Object.keys(readings).filter((name) => readings[name]?.state === 'unreadable'));
}

function lines<T>(reading: Reading<readonly T[]>, line: (item: T) => string | undefined): string[] {
  return reading.state === 'read' ? sorted(reading.value.flatMap((item) => line(item) ?? [])) : [];
}

function sorted(texts: readonly string[]): string[] {
  return [...texts].sort(compareText);
}
