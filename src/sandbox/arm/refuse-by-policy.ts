import { type PolicyAssignment, parsePolicyAssignment } from '../../model/governance.ts';
import { type JsonObject, objectAt, stringAt, stringsAt } from '../../model/json.ts';
import { parseScope } from '../../model/scope.ts';
import { reaches } from '../evaluator/reach.ts';
import { ServiceError } from '../exchange.ts';
import type { ArmContext } from './arm-context.ts';
import { denies, type VaultPolicy, vaultPolicyNamed } from './policy-definitions.ts';

/**
 * Judges the vault as it would be after a write against every policy assignment above it.
 * @throws ServiceError 403 RequestDisallowedByPolicy with the details that Azure adds
 */
export function refuseByPolicy(context: Pick<ArmContext, 'state'>, vaultId: string, name: string, properties: JsonObject): void {
  for (const { body } of context.state.policyAssignments.values()) {
    const assignment = parsePolicyAssignment(body);
    if (assignment === undefined || !assignment.enforced || !binds(context, assignment, vaultId)) continue;
    const policy = vaultPolicyNamed(assignment.policyDefinitionId);
    if (policy?.matches(properties) === true && denies(policy, objectAt(body, 'properties'))) throw disallowed(assignment, policy, name);
  }
}

function binds({ state }: Pick<ArmContext, 'state'>, assignment: PolicyAssignment, vaultId: string): boolean {
  const at = parseScope(vaultId);
  if (at === undefined || !reaches(state, assignment.scope, at)) return false;
  const exempt = stringsAt(objectAt(assignment.raw, 'properties'), 'notScopes').flatMap((scope) => parseScope(scope) ?? []);
  return !exempt.some((scope) => reaches(state, scope, at));
}

function disallowed(assignment: PolicyAssignment, policy: VaultPolicy, name: string): ServiceError {
  const assigned = { name: assignment.displayName, id: assignment.id };
  const defined = { name: policy.displayName, id: assignment.policyDefinitionId };
  const identifiers = JSON.stringify([{ policyAssignment: assigned, policyDefinition: defined }]);
  const info = {
    policyDefinitionDisplayName: policy.displayName,
    policyDefinitionId: assignment.policyDefinitionId,
    policyDefinitionName: policy.name,
    policyDefinitionEffect: 'deny',
    policyAssignmentId: assignment.id,
    policyAssignmentName: stringAt(assignment.raw, 'name') ?? '',
    policyAssignmentDisplayName: assignment.displayName,
    policyAssignmentScope: stringAt(objectAt(assignment.raw, 'properties'), 'scope') ?? '',
  };
  return new ServiceError(
    403,
    'RequestDisallowedByPolicy',
    `Resource '${name}' was disallowed by policy. Policy identifiers: '${identifiers}'.`,
    { extra: { target: name, additionalInfo: [{ type: 'PolicyViolation', info }] }, headers: { 'x-ms-failure-cause': 'gateway' } },
  );
}
