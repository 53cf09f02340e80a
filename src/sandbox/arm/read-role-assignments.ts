import { parseGuid } from '../../base/guid.ts';
import { type JsonObject, objectAt, stringAt } from '../../base/json.ts';
import { identitiesOf } from '../evaluator/identities.ts';
import type { Answer } from '../exchange.ts';
import { versions } from './api-versions.ts';
import type { ArmCall, ArmContext, ArmRoute } from './arm-context.ts';
import { scopeOfId, shownAt } from './at-scope.ts';
import { requireAction } from './authorize.ts';
import { parseFilter, unsupported } from './filter.ts';
import { assignmentNamed, listedAssignments } from './live-assignments.ts';
import { pageOf } from './page.ts';
import { badRequest, notFound } from './refusals.ts';
import { requireScope } from './require-scope.ts';

const read = 'Microsoft.Authorization/roleAssignments/read';
const path = '{scope}/providers/Microsoft.Authorization/roleAssignments';
const filters = ['atScope()', 'principalId', 'assignedTo()'];

export const roleAssignmentReadRoutes: readonly ArmRoute[] = [
  {
    name: 'RoleAssignments_ListForScope',
    method: 'GET',
    path,
    versions: versions.roleAssignments,
    query: ['$filter', '$skiptoken', 'tenantid'],
    act: listAssignments,
  },
  {
    name: 'RoleAssignments_Get',
    method: 'GET',
    path: `${path}/{roleAssignmentName}`,
    versions: versions.roleAssignments,
    query: ['tenantid'],
    act: getAssignment,
  },
];

function listAssignments(call: ArmCall): Answer {
  const { context, ask, scope } = call;
  requireScope(context.state, scope);
  requireAction(call, read, scope);
  const text = ask.query.get('$filter');
  const filter = parseFilter(text, filters);
  // The service refuses this pair; clients that want it filter by themselves.
  if (filter.has('principalid') && filter.size > 1) throw unsupported(text ?? '', filters);
  const shown = shownAt(context.state, scope, filter.has('atscope()') ? 'above' : 'all');
  const whose = principalFilter(context, filter);
  const rows = listedAssignments(context).filter((body) => shown(scopeOf(body)) && whose(principalOf(body)));
  return pageOf(call, rows);
}

function scopeOf(body: JsonObject): string {
  return stringAt(objectAt(body, 'properties'), 'scope') ?? '?';
}

function principalOf(body: JsonObject): string {
  return stringAt(objectAt(body, 'properties'), 'principalId') ?? '';
}

/**
 * `principalId eq` is direct only; `assignedTo` counts the groups too, and takes no group (EA-30, EA-44).
 * @throws ServiceError 400 for ids that are no GUIDs, and for a group in assignedTo
 */
export function principalFilter(context: Pick<ArmContext, 'state'>, filter: ReadonlyMap<string, string>): (principalId: string) => boolean {
  const [direct, transitive] = [filter.get('principalid'), filter.get('assignedto()')];
  const given = direct ?? transitive;
  if (given === undefined) return () => true;
  const id = parseGuid(given);
  if (id === undefined) throw badRequest('InvalidPrincipalId', `The Principal ID '${given}' is not valid. Principal ID must be a GUID.`);
  if (direct !== undefined) return (principalId) => parseGuid(principalId) === id;
  if (context.state.directory.get(id)?.kind === 'group')
    throw badRequest('UnsupportedQuery', `The filter assignedTo('${given}') names a group; it takes users and service principals.`);
  const ids = new Set([...identitiesOf(context.state.directory, id), id]);
  return (principalId) => ids.has(parseGuid(principalId) ?? principalId);
}

function getAssignment(call: ArmCall): Answer {
  const { context, scope, places } = call;
  const name = places.roleAssignmentName ?? '';
  requireAction(call, read, scope);
  const body = assignmentNamed(context, name);
  if (body === undefined || scopeOfId(stringAt(body, 'id') ?? '').toLowerCase() !== scope.toLowerCase()) {
    requireScope(context.state, scope);
    throw notFound('RoleAssignmentNotFound', `The role assignment '${name}' is not found.`);
  }
  return { status: 200, body };
}
