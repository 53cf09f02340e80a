import { type Guid, guidAtEnd, parseGuid } from '../../base/guid.ts';
import { type JsonObject, objectAt, objectsAt, stringAt, stringsAt } from '../../base/json.ts';
import type { Answer } from '../exchange.ts';
import { versions } from './api-versions.ts';
import type { ArmCall, ArmContext, ArmRoute } from './arm-context.ts';
import { shownAt } from './at-scope.ts';
import { requireAction } from './authorize.ts';
import { parseFilter } from './filter.ts';
import { pageOf } from './page.ts';
import { badRequest, notFound } from './refusals.ts';
import { requireScope } from './require-scope.ts';

const read = 'Microsoft.Authorization/roleDefinitions/read';
const path = '{scope}/providers/Microsoft.Authorization/roleDefinitions';

export const roleDefinitionReadRoutes: readonly ArmRoute[] = [
  {
    name: 'RoleDefinitions_List',
    method: 'GET',
    path,
    versions: versions.roleDefinitions,
    query: ['$filter', '$skiptoken'],
    act: listRoles,
  },
  {
    name: 'RoleDefinitions_Get',
    method: 'GET',
    path: `${path}/{roleDefinitionId}`,
    versions: versions.roleDefinitions,
    query: [],
    act: getRole,
  },
];

/** The definition with this id, whatever stands in front of it. */
export function roleAt({ state }: Pick<ArmContext, 'state'>, id: Guid): JsonObject | undefined {
  return [...state.roleDefinitions.values()].map(({ body }) => body).find((body) => guidAtEnd(stringAt(body, 'id') ?? '') === id);
}

/** The definitions that have replicated: a new one can be read by its id at once, but not yet be listed or assigned. */
export function replicatedRoles({ state, clock, consistency }: Pick<ArmContext, 'state' | 'clock' | 'consistency'>): readonly JsonObject[] {
  const seen = clock.now() - consistency.roleReplication;
  return [...state.roleDefinitions.values()].filter(({ since }) => since <= seen).map(({ body }) => body);
}

function listRoles(call: ArmCall): Answer {
  const { context, scope, ask } = call;
  requireScope(context.state, scope);
  requireAction(call, read, scope);
  const filter = parseFilter(ask.query.get('$filter'), ['atScopeAndBelow()', 'atScope()', 'type', 'roleName']);
  const shown = shownAt(context.state, scope, filter.has('atscopeandbelow()') ? 'all' : 'above');
  const [type, name] = [filter.get('type')?.toLowerCase(), filter.get('rolename')?.toLowerCase()];
  const rows = replicatedRoles(context)
    .filter((body) => type === undefined || kindOf(body) === type)
    .filter((body) => name === undefined || (stringAt(objectAt(body, 'properties'), 'roleName') ?? '').toLowerCase() === name)
    .filter((body) => kindOf(body) === 'builtinrole' || assignableScopesOf(body).some(shown));
  return pageOf(
    call,
    rows.map((body) => renderRole(body, call)),
  );
}

export function kindOf(body: JsonObject): string {
  return (stringAt(objectAt(body, 'properties'), 'type') ?? '').toLowerCase();
}

export function assignableScopesOf(body: JsonObject): readonly string[] {
  return stringsAt(objectAt(body, 'properties'), 'assignableScopes');
}

function getRole(call: ArmCall): Answer {
  const { context, scope, places } = call;
  const name = places.roleDefinitionId ?? '';
  const id = parseGuid(name);
  if (id === undefined)
    throw badRequest('InvalidRoleDefinitionId', `The role definition ID '${name}' is not valid. Role definition ID must be a GUID.`);
  requireScope(context.state, scope);
  // Built-in roles are the same for everyone who has a token.
  if (scope !== '') requireAction(call, read, scope);
  const body = roleAt(context, id);
  if (body === undefined) throw notFound('RoleDefinitionDoesNotExist', `The specified role definition with ID '${name}' does not exist.`);
  return { status: 200, body: renderRole(body, call) };
}

/**
 * As the api-version shows it: the id with the subscription that was asked, no data actions in 2015, and the conditions of
 * permission blocks only from 2022-05-01-preview on.
 */
export function renderRole(body: JsonObject, { scope, apiVersion }: Pick<ArmCall, 'scope' | 'apiVersion'>): JsonObject {
  const properties = objectAt(body, 'properties');
  const subscription = /^\/subscriptions\/[^/]+/i.exec(scope)?.[0] ?? '';
  const name = stringAt(body, 'name') ?? '';
  const permissions = objectsAt(properties, 'permissions').map((block) => renderBlock(block, apiVersion));
  const id = `${subscription}/providers/Microsoft.Authorization/roleDefinitions/${name}`;
  return { properties: { ...properties, permissions }, id, type: 'Microsoft.Authorization/roleDefinitions', name };
}

export function renderBlock(block: JsonObject, apiVersion: string): JsonObject {
  const { actions = [], notActions = [], dataActions = [], notDataActions = [], condition } = block;
  if (apiVersion < '2018') return { actions, notActions };
  const version = block.conditionVersion ?? '2.0';
  const shown = apiVersion >= '2022-05-01' && typeof condition === 'string' && condition !== '';
  return { actions, notActions, dataActions, notDataActions, ...(shown && { condition, conditionVersion: version }) };
}
