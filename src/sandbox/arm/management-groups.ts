import type { JsonObject } from '../../base/json.ts';
import type { Answer } from '../exchange.ts';
import { versions } from './api-versions.ts';
import type { ArmCall, ArmContext, ArmRoute } from './arm-context.ts';
import { mayDo, requireAction } from './authorize.ts';
import { pageOf } from './page.ts';
import { notFound, UnknownAsk } from './refusals.ts';

const root = '/providers/Microsoft.Management/managementGroups';
const read = 'Microsoft.Management/managementGroups/read';

/** The ancestry of subscriptions, as far as subscriptions name it. */
export const managementGroupRoutes: readonly ArmRoute[] = [
  { name: 'ManagementGroups_List', method: 'GET', path: root, versions: versions.managementGroups, query: ['$skiptoken'], act: listGroups },
  {
    name: 'ManagementGroups_Get',
    method: 'GET',
    path: `${root}/{groupId}`,
    versions: versions.managementGroups,
    query: ['$expand'],
    act: getGroup,
  },
  {
    name: 'ManagementGroupSubscriptions_GetSubscription',
    method: 'GET',
    path: `${root}/{groupId}/subscriptions/{subscriptionId}`,
    versions: versions.managementGroups,
    query: [],
    act: getSubscription,
  },
];

/** Each group with the groups above it, the nearest first. */
function ancestry({ state }: Pick<ArmContext, 'state'>): ReadonlyMap<string, readonly string[]> {
  const above = new Map<string, readonly string[]>();
  for (const { managementGroups } of state.subscriptions.values()) {
    for (const [index, id] of managementGroups.entries()) above.set(nameOf(id), managementGroups.slice(index + 1).map(nameOf));
  }
  return above;
}

function nameOf(id: string): string {
  return id.slice(id.lastIndexOf('/') + 1).toLowerCase();
}

function body({ state }: ArmContext, name: string, details?: JsonObject): JsonObject {
  const type = 'Microsoft.Management/managementGroups';
  return { id: `${root}/${name}`, type, name, properties: { tenantId: state.tenantId, displayName: name, ...(details && { details }) } };
}

function listGroups(call: ArmCall): Answer {
  const shown = [...ancestry(call.context).keys()].filter((name) => mayDo(call, read, `${root}/${name}`).allowed);
  return pageOf(
    call,
    shown.map((name) => body(call.context, name)),
  );
}

function getGroup(call: ArmCall): Answer {
  const name = (call.places.groupId ?? '').toLowerCase();
  const expand = call.ask.query.get('$expand');
  if (expand !== null && !['ancestors', 'path'].includes(expand.toLowerCase()))
    throw new UnknownAsk(400, 'InvalidQueryParameter', `The value '${expand}' of $expand is not known to the sandbox.`);
  requireAction(call, read, `${root}/${name}`);
  const above = ancestry(call.context).get(name);
  if (above === undefined) throw notFound('NotFound', `'/providers/Microsoft.Management/managementGroups/${name}' not found.`);
  const refs = above.map((each) => ({ id: `${root}/${each}`, name: each, displayName: each }));
  const [parent] = refs;
  const expanded =
    expand?.toLowerCase() === 'ancestors'
      ? { managementGroupAncestorsChain: refs.map(({ name, displayName }) => ({ name, displayName })) }
      : expand === null
        ? {}
        : { path: refs.map(({ name, displayName }) => ({ name, displayName })) };
  return { status: 200, body: body(call.context, name, { ...(parent && { parent }), ...expanded }) };
}

function getSubscription(call: ArmCall): Answer {
  const [name, id] = [(call.places.groupId ?? '').toLowerCase(), (call.places.subscriptionId ?? '').toLowerCase()];
  requireAction(call, read, `${root}/${name}`);
  const subscription = call.context.state.subscriptions.get(`/subscriptions/${id}`);
  const [nearest = ''] = subscription?.managementGroups ?? [];
  if (subscription === undefined || nameOf(nearest) !== name) throw notFound('NotFound', `The subscription '${id}' is not in '${name}'.`);
  const properties = {
    tenant: call.context.state.tenantId,
    displayName: subscription.displayName,
    parent: { id: `${root}/${name}` },
    state: 'Active',
  };
  return {
    status: 200,
    body: { id: `${root}/${name}/subscriptions/${id}`, type: 'Microsoft.Management/managementGroups/subscriptions', name: id, properties },
  };
}
