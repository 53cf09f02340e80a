import { shellWord } from '../base/shell-word.ts';
import type { AssignStep, RoleStep } from './plan.ts';

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
