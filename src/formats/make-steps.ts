import { nameGuid } from '../base/name-guid.ts';
import { parseScope } from '../model/scope.ts';
import { assignmentId, assignmentName, roleDefinitionId } from './assignment-name.ts';
import type { AssignStep, FlipStep, RoleStep } from './plan.ts';

/** What of a step is not told by the rest of it. Planning and reading a plan make whole steps of it, the same ones. */
export type AssignParts = Pick<
  AssignStep,
  'vaultId' | 'scope' | 'roleDefinitionId' | 'roleName' | 'principalId' | 'principalType' | 'condition' | 'because'
>;

export function makeAssignStep({ vaultId, scope, roleDefinitionId: role, roleName, ...parts }: AssignParts): AssignStep {
  const { principalId, principalType, condition, because } = parts;
  const name = assignmentName(scope, principalId, role, condition);
  return {
    id: `assign-${name}`,
    kind: 'ensureRoleAssignment',
    vaultId,
    scope,
    name,
    roleDefinitionId: role,
    roleName,
    principalId,
    principalType,
    ...(condition !== undefined && { condition }),
    because,
    undo: { kind: 'deleteRoleAssignment', assignmentId: assignmentId(scope, name) },
  };
}

export type RoleParts = Pick<RoleStep, 'vaultId' | 'scope' | 'name' | 'roleName' | 'dataActions'>;

export function makeRoleStep({ vaultId, scope, name, roleName, dataActions }: RoleParts): RoleStep {
  return {
    id: `role-${name}`,
    kind: 'ensureRoleDefinition',
    vaultId,
    scope,
    name,
    roleName,
    dataActions,
    undo: { kind: 'deleteRoleDefinition', roleDefinitionId: roleDefinitionId(scope, name) },
  };
}

/** @param vaultId in any case. */
export function flipId(vaultId: string): string {
  return `flip-${nameGuid('flip', parseScope(vaultId) ?? vaultId)}`;
}

export function makeFlipStep(vaultId: string): FlipStep {
  return { id: flipId(vaultId), kind: 'flip', vaultId, undo: { kind: 'flipBack', vaultId } };
}
