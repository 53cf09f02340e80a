import { objectAt, stringAt } from '../../model/json.ts';
import type { Answer } from '../exchange.ts';
import { versions } from './api-versions.ts';
import type { ArmCall, ArmRoute } from './arm-context.ts';
import { requireAction } from './authorize.ts';
import { bodiesOf, getOnScope, listOnScope } from './list-on-scope.ts';
import { policyDefinitionBody, vaultPolicyNamed } from './policy-definitions.ts';
import { notFound } from './refusals.ts';
import { requireScope } from './require-scope.ts';

const provider = '{scope}/providers/Microsoft.Authorization';
const action = 'Microsoft.Authorization/policyAssignments/read';

export const policyRoutes: readonly ArmRoute[] = [
  {
    name: 'PolicyAssignments_List',
    method: 'GET',
    path: `${provider}/policyAssignments`,
    versions: versions.policy,
    query: ['$filter', '$top', '$skiptoken'],
    act: (call) =>
      listOnScope(call, {
        action,
        items: bodiesOf(call.context.state.policyAssignments),
        filters: ['atExactScope()', 'policyDefinitionId'],
        reach: (filter) => (filter.has('atexactscope()') ? 'here' : filter.has('atscope()') ? 'above' : 'all'),
        matches: (filter) => {
          const wanted = filter.get('policydefinitionid')?.toLowerCase();
          return (body) => wanted === undefined || stringAt(objectAt(body, 'properties'), 'policyDefinitionId')?.toLowerCase() === wanted;
        },
      }),
  },
  {
    name: 'PolicyAssignments_Get',
    method: 'GET',
    path: `${provider}/policyAssignments/{policyAssignmentName}`,
    versions: versions.policy,
    query: [],
    act: (call) => {
      const id = `${call.scope}/providers/Microsoft.Authorization/policyAssignments/${call.places.policyAssignmentName ?? ''}`;
      return getOnScope(call, action, id, call.context.state.policyAssignments, 'PolicyAssignmentNotFound');
    },
  },
  {
    name: 'PolicyDefinitions_Get',
    method: 'GET',
    path: `${provider}/policyDefinitions/{policyDefinitionName}`,
    versions: versions.policy,
    query: [],
    act: getDefinition,
  },
];

/** The definitions that the sandbox can judge. */
function getDefinition(call: ArmCall): Answer {
  const { scope, places } = call;
  const name = places.policyDefinitionName ?? '';
  requireScope(call.context.state, scope);
  if (scope !== '') requireAction(call, 'Microsoft.Authorization/policyDefinitions/read', scope);
  const policy = vaultPolicyNamed(`/${name}`);
  if (policy === undefined) throw notFound('PolicyDefinitionNotFound', `The policy definition '${name}' could not be found.`);
  return { status: 200, body: policyDefinitionBody(policy, `${scope}/providers/Microsoft.Authorization/policyDefinitions/${policy.name}`) };
}
