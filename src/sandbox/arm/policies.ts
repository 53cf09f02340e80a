import { type JsonObject, objectAt, stringAt } from '../../base/json.ts';
import type { Answer } from '../exchange.ts';
import type { Stored } from '../state.ts';
import { versions } from './api-versions.ts';
import type { ArmCall, ArmRoute } from './arm-context.ts';
import { scopeOfId, shownAt } from './at-scope.ts';
import { requireAction } from './authorize.ts';
import { parseFilter } from './filter.ts';
import { bodiesOf, getOnScope, listOnScope } from './list-on-scope.ts';
import { pageOf } from './page.ts';
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
    name: 'PolicyExemptions_List',
    method: 'GET',
    path: `${provider}/policyExemptions`,
    versions: versions.policyExemptions,
    query: ['$filter', '$skiptoken'],
    act: (call) =>
      listOnScope(call, {
        action: 'Microsoft.Authorization/policyExemptions/read',
        items: bodiesOf(call.context.state.policyExemptions),
        filters: ['atExactScope()'],
        reach: (filter) => (filter.has('atexactscope()') ? 'here' : filter.has('atscope()') ? 'above' : 'all'),
      }),
  },
  ...definitionRoutes('policyDefinitions', 'PolicyDefinitions', 'PolicyDefinitionNotFound'),
  ...definitionRoutes('policySetDefinitions', 'PolicySetDefinitions', 'PolicySetDefinitionNotFound'),
];

type Kind = 'policyDefinitions' | 'policySetDefinitions';

function definitionRoutes(kind: Kind, name: string, missing: string): readonly ArmRoute[] {
  const stored = (call: ArmCall): ReadonlyMap<string, Stored> => call.context.state[kind];
  return [
    {
      name: `${name}_Get`,
      method: 'GET',
      path: `${provider}/${kind}/{definitionName}`,
      versions: versions.policy,
      query: [],
      act: (call) => getDefinition(call, kind, stored(call), missing),
    },
    {
      name: `${name}_List`,
      method: 'GET',
      path: `${provider}/${kind}`,
      versions: versions.policy,
      query: ['$filter', '$top', '$skiptoken'],
      act: (call) => listDefinitions(call, kind, stored(call)),
    },
  ];
}

/** Azure's own definitions stand at no scope, and everybody who is signed in may read them. */
function getDefinition(call: ArmCall, kind: Kind, items: ReadonlyMap<string, Stored>, missing: string): Answer {
  const { scope, places } = call;
  requireScope(call.context.state, scope);
  if (scope !== '') requireAction(call, `Microsoft.Authorization/${kind}/read`, scope);
  const name = places.definitionName ?? '';
  const stored = items.get(`${scope}/providers/Microsoft.Authorization/${kind}/${name}`.toLowerCase());
  if (stored === undefined) throw notFound(missing, `The ${missing.replace(/NotFound$/, '')} '${name}' could not be found.`);
  return { status: 200, body: stored.body };
}

/** At a scope: Azure's own, those of the scope, and those of the management groups above it. */
function listDefinitions(call: ArmCall, kind: Kind, items: ReadonlyMap<string, Stored>): Answer {
  const { context, scope, ask } = call;
  requireScope(context.state, scope);
  if (scope !== '') requireAction(call, `Microsoft.Authorization/${kind}/read`, scope);
  const filter = parseFilter(ask.query.get('$filter'), ['atExactScope()', 'policyType']);
  const wanted = filter.get('policytype')?.toLowerCase();
  const shown = shownAt(context.state, scope, filter.has('atexactscope()') ? 'here' : 'above');
  const own = (body: JsonObject) => scopeOfId(stringAt(body, 'id') ?? '?');
  const fits = (body: JsonObject) =>
    (scope === '' ? own(body) === '' : shown(own(body))) &&
    (wanted === undefined || stringAt(objectAt(body, 'properties'), 'policyType')?.toLowerCase() === wanted);
  return pageOf(call, bodiesOf(items).filter(fits));
}
