import type { Answer } from '../access/answer.ts';
import type { OperatorRights } from '../access/operator-rights.ts';
import { shellWord } from '../base/shell-word.ts';
import type { AssignStep, RoleStep, VaultPlan } from '../formats/plan.ts';
import { assignRight } from './assign-right.ts';

/**
 * Steps that whoever makes the plan may not take, each as a command for somebody who may. Once they are taken, `apply` finds
 * them taken; whoever applies the plan with the right takes them in any case.
 */
export function handOff(
  roles: readonly RoleStep[],
  steps: readonly AssignStep[],
  rights: Pick<OperatorRights, 'canAssign' | 'canDefineRoles'>,
): NonNullable<VaultPlan['handOff']> {
  const defining = roles.length > 0 && isForOthers(rights.canDefineRoles()) ? roles : [];
  const assigning = steps.filter((step) => isForOthers(assignRight(step, rights)));
  return [...defining, ...assigning].map((step) => ({ step: step.id, command: commandFor(step) }));
}

/** Where a deny assignment refuses everybody, the command would be refused as well. */
function isForOthers({ state, deniedBy }: Answer): boolean {
  return state !== 'yes' && deniedBy?.everyone !== true;
}

/** What does the step with Microsoft's `az` alone. An assignment made so bears another name than ours, and a rollback leaves it. */
export function commandFor(step: AssignStep | RoleStep): string {
  if (step.kind === 'ensureRoleDefinition') {
    const { undo, roleName, dataActions, scope } = step;
    const properties = { roleName, type: 'CustomRole', permissions: [{ actions: [], notActions: [], dataActions, notDataActions: [] }] };
    const body = JSON.stringify({ properties: { ...properties, assignableScopes: [scope] } });
    return `az rest --method put --url ${shellWord(`${undo.roleDefinitionId}?api-version=2022-04-01`)} --body ${shellWord(body)}`;
  }
  const { principalId, principalType, roleDefinitionId, scope, condition } = step;
  const who = `--assignee-object-id ${shellWord(principalId)} --assignee-principal-type ${principalType}`;
  const under = condition === undefined ? '' : ` --condition ${shellWord(condition)} --condition-version 2.0`;
  return `az role assignment create ${who} --role ${shellWord(roleDefinitionId)} --scope ${shellWord(scope)}${under}`;
}
