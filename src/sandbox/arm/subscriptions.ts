import { type JsonObject, objectAt, stringAt } from '../../base/json.ts';
import { identitiesOf } from '../evaluator/identities.ts';
import type { Answer } from '../exchange.ts';
import { versions } from './api-versions.ts';
import type { ArmCall, ArmContext, ArmRoute } from './arm-context.ts';
import { shownAt } from './at-scope.ts';
import { mayDo, requireAction } from './authorize.ts';
import { listedAssignments } from './live-assignments.ts';
import { pageOf } from './page.ts';
import { notFound } from './refusals.ts';
import { requireScope } from './require-scope.ts';

const groupsPath = '/subscriptions/{subscriptionId}/resourceGroups';
const groupRead = 'Microsoft.Resources/subscriptions/resourceGroups/read';

export const subscriptionRoutes: readonly ArmRoute[] = [
  {
    name: 'Subscriptions_List',
    method: 'GET',
    path: '/subscriptions',
    versions: versions.subscriptions,
    query: ['$skiptoken'],
    act: listSubscriptions,
  },
  {
    name: 'Subscriptions_Get',
    method: 'GET',
    path: '/subscriptions/{subscriptionId}',
    versions: versions.subscriptions,
    query: [],
    act: getSubscription,
  },
  { name: 'Tenants_List', method: 'GET', path: '/tenants', versions: versions.subscriptions, query: ['$skiptoken'], act: listTenants },
  {
    name: 'ResourceGroups_List',
    method: 'GET',
    path: groupsPath,
    versions: versions.resources,
    query: ['$top', '$skiptoken'],
    act: listGroups,
  },
  {
    name: 'ResourceGroups_Get',
    method: 'GET',
    path: `${groupsPath}/{resourceGroupName}`,
    versions: versions.resources,
    query: [],
    act: getGroup,
  },
];

/** A subscription is in sight when the caller holds any assignment at, above or below it. */
function listSubscriptions(call: ArmCall): Answer {
  const { context, caller } = call;
  const ids = identitiesOf(context.state.directory, caller.objectId);
  const scopes = listedAssignments(context)
    .map((body) => objectAt(body, 'properties'))
    .filter((properties) => ids.has((stringAt(properties, 'principalId') ?? '').toLowerCase()))
    .map((properties) => stringAt(properties, 'scope') ?? '?');
  const rows = [...context.state.subscriptions.keys()].filter((key) => scopes.some(shownAt(context.state, key, 'all')));
  return pageOf(
    call,
    rows.map((key) => subscriptionBody(context, key)),
  );
}

function subscriptionBody({ state }: ArmContext, key: string): JsonObject {
  const subscription = state.subscriptions.get(key);
  return {
    id: key,
    authorizationSource: 'RoleBased',
    managedByTenants: [],
    subscriptionId: subscription?.id ?? '',
    tenantId: state.tenantId,
    displayName: subscription?.displayName ?? '',
    state: 'Enabled',
    subscriptionPolicies: { locationPlacementId: 'Public_2014-09-01', quotaId: 'EnterpriseAgreement_2014-09-01', spendingLimit: 'Off' },
  };
}

function getSubscription(call: ArmCall): Answer {
  const key = `/subscriptions/${(call.places.subscriptionId ?? '').toLowerCase()}`;
  requireScope(call.context.state, key);
  requireAction(call, 'Microsoft.Resources/subscriptions/read', key);
  return { status: 200, body: subscriptionBody(call.context, key) };
}

function listTenants(call: ArmCall): Answer {
  const { tenantId, domain } = call.context.state;
  const more = {
    countryCode: 'NL',
    displayName: domain,
    domains: [domain],
    defaultDomain: domain,
    tenantType: 'AAD',
    tenantCategory: 'Home',
  };
  return pageOf(call, [{ id: `/tenants/${tenantId}`, tenantId, ...more }]);
}

function groupBody({ state }: ArmContext, key: string): JsonObject | undefined {
  const group = state.resourceGroups.get(key);
  if (group === undefined) return undefined;
  const { id, name, location } = group;
  return { id, name, type: 'Microsoft.Resources/resourceGroups', location, properties: { provisioningState: 'Succeeded' } };
}

function listGroups(call: ArmCall): Answer {
  const scope = `/subscriptions/${(call.places.subscriptionId ?? '').toLowerCase()}`;
  requireScope(call.context.state, scope);
  const keys = [...call.context.state.resourceGroups.keys()].filter((key) => key.startsWith(`${scope}/`));
  const shown = mayDo(call, groupRead, scope).allowed ? keys : keys.filter((key) => mayDo(call, groupRead, key).allowed);
  return pageOf(
    call,
    shown.map((key) => groupBody(call.context, key)).filter((body) => body !== undefined),
  );
}

function getGroup(call: ArmCall): Answer {
  const { subscriptionId = '', resourceGroupName = '' } = call.places;
  const key = `/subscriptions/${subscriptionId}/resourcegroups/${resourceGroupName}`.toLowerCase();
  requireAction(call, groupRead, key);
  const body = groupBody(call.context, key);
  if (body === undefined) throw notFound('ResourceGroupNotFound', `Resource group '${resourceGroupName}' could not be found.`);
  return { status: 200, body };
}
