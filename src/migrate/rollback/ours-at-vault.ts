import { guidAtEnd } from '../../base/guid.ts';
import { itemsRead } from '../../base/reading.ts';
import type { RoleAssignment, RoleDefinition } from '../../model/role.ts';
import { parseScope } from '../../model/scope.ts';
import type { VaultNow } from '../../model/vault-now.ts';
import { assignmentKey, isOwnAssignment } from '../../plan/assignment-name.ts';
import { isOurRole, ourAssignmentsAt } from '../../plan/bears-our-name.ts';
import { isOwnRoleOf, ownRoleOf } from '../../plan/custom-role-step.ts';
import type { OwnAssignment, OwnRole, RollbackRun } from './rollback-run.ts';

/** What a rollback may remove at a vault, and what it leaves although plan or bundle speaks of it, in words. */
export interface OursAtVault {
  readonly assignments: readonly OwnAssignment[];
  readonly roles: readonly OwnRole[];
  /** Which of them Azure lists now, by their ids as `assignmentKey` gives them. */
  readonly listed: ReadonlySet<string>;
  readonly left: readonly string[];
}

/**
 * Ownership is in the name (EA-52): all that Azure lists at the vault under names that keyturn derives, whichever plan, run and
 * machine made it, and what plan or bundle names under such a name, listed or not, since lists lag behind. What bears another
 * name stays, and so does what somebody has changed since.
 */
export function oursAtVault(
  { id, assignments, roles }: Pick<RollbackRun, 'id' | 'assignments' | 'roles'>,
  { subscription }: Pick<VaultNow, 'subscription'>,
): OursAtVault {
  const listed = ourAssignmentsAt(id.scope, subscription);
  const ours = new Set(listed.map((row) => assignmentKey(row.id)));
  const changed = new Set(
    itemsRead(subscription.roleAssignments)
      .map((row) => assignmentKey(row.id))
      .filter((key) => !ours.has(key)),
  );
  const named = assignments.filter((one) => isOwnAssignment(one) && isAt(one.scope, id.scope));
  const kept = named.filter((one) => !changed.has(assignmentKey(one.id)));
  const known = new Set(kept.map((one) => assignmentKey(one.id)));
  const names = new Map(itemsRead(subscription.roleDefinitions).map((role) => [role.id, role.name]));
  const others = listed
    .filter((row) => !known.has(assignmentKey(row.id)))
    .map((row) => ownAssignment(row, names.get(row.roleDefinitionId)));
  const defined = new Set<string | undefined>(itemsRead(subscription.roleDefinitions).map((role) => role.id));
  const own = ownRoles({ id, roles }, subscription, listed);
  return {
    assignments: [...kept, ...others],
    roles: own,
    listed: new Set([...ours, ...own.filter((role) => defined.has(guidAtEnd(role.id))).map((role) => assignmentKey(role.id))]),
    left: [
      ...counted(assignments.length - named.length, 'that keyturn would not have named so'),
      ...counted(named.length - kept.length, 'that somebody has changed since'),
      ...roles
        .filter((role) => !own.some((one) => one.id === role.id))
        .map(({ roleName }) => `custom role \`${roleName}\` left, not known to be ours`),
    ],
  };
}

/** A listed assignment as plan and bundle would name it. */
function ownAssignment(row: RoleAssignment, roleName: string | undefined): OwnAssignment {
  const { id, scope, principalId, roleDefinitionId, condition } = row;
  const name = id.slice(id.lastIndexOf('/') + 1).toLowerCase();
  const step = { step: `assign-${name}`, id, name, scope, roleDefinitionId, roleName: roleName ?? roleDefinitionId, principalId };
  return condition === undefined ? step : { ...step, condition };
}

/** Those of plan and bundle, and of the listed ones what is assigned here, or to nobody at all: a run may have died before it assigned one. */
function ownRoles(
  { id, roles }: Pick<RollbackRun, 'id' | 'roles'>,
  { roleDefinitions, roleAssignments }: VaultNow['subscription'],
  listed: readonly RoleAssignment[],
): readonly OwnRole[] {
  const named = roles.filter((role) => isOwnRoleOf(role, id.scope));
  const here = new Set(listed.map((row) => row.roleDefinitionId));
  const assigned = new Set(itemsRead(roleAssignments).map((row) => row.roleDefinitionId));
  const isMeant = (role: RoleDefinition) =>
    isOurRole(role) && (here.has(role.id) || (roleAssignments.state === 'read' && !assigned.has(role.id)));
  const others = itemsRead(roleDefinitions)
    .filter(isMeant)
    .flatMap((role): readonly OwnRole[] => {
      const dataActions = role.permissions.flatMap((block) => block.dataActions);
      const { id: step, name, undo, roleName } = ownRoleOf(dataActions, id.scope);
      return name === role.id && !named.some((one) => one.step === step)
        ? [{ step, id: undo.roleDefinitionId, roleName, dataActions }]
        : [];
    });
  return [...named, ...others];
}

function isAt(raw: string, vault: string): boolean {
  const scope = parseScope(raw);
  return scope === vault || scope?.startsWith(`${vault}/`) === true;
}

function counted(count: number, what: string): readonly string[] {
  return count === 0 ? [] : [`${count} left ${what}`];
}
