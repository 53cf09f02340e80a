import { parseGuid } from '../../base/guid.ts';
import { type JsonObject, objectAt, objectsAt, stringAt } from '../../base/json.ts';
import { identitiesOf } from '../evaluator/identities.ts';
import { versions } from './api-versions.ts';
import type { ArmCall, ArmRoute } from './arm-context.ts';
import { bodiesOf, getOnScope, listOnScope } from './list-on-scope.ts';

const path = '{scope}/providers/Microsoft.Authorization/denyAssignments';
const action = 'Microsoft.Authorization/denyAssignments/read';

export const denyAssignmentRoutes: readonly ArmRoute[] = [
  {
    name: 'DenyAssignments_ListForScope',
    method: 'GET',
    path,
    versions: versions.denyAssignments,
    query: ['$filter', '$skiptoken'],
    act: (call) =>
      listOnScope(call, {
        action,
        items: bodiesOf(call.context.state.denyAssignments).map((body) => shownIn(call.apiVersion, body)),
        filters: ['principalId', 'assignedTo()', 'denyAssignmentName', 'gdprExportPrincipalId'],
        matches: (filter) => matching(call, filter),
      }),
  },
  {
    name: 'DenyAssignments_Get',
    method: 'GET',
    path: `${path}/{denyAssignmentId}`,
    versions: versions.denyAssignments,
    query: [],
    act: (call) => {
      const id = `${call.scope}/providers/Microsoft.Authorization/denyAssignments/${call.places.denyAssignmentId ?? ''}`;
      return getOnScope(call, action, id, call.context.state.denyAssignments, 'DenyAssignmentNotFound');
    },
  },
];

/** The effect came with a later version: the ones before do not show it. */
function shownIn(version: string, body: JsonObject): JsonObject {
  if (version >= '2024') return body;
  const members = Object.entries(objectAt(body, 'properties')).filter(([name]) => name !== 'denyAssignmentEffect');
  return { ...body, properties: Object.fromEntries(members) };
}

function matching({ context }: ArmCall, filter: ReadonlyMap<string, string>): (body: JsonObject) => boolean {
  const guid = (text: string) => parseGuid(text) ?? text;
  const [direct, assigned, name, exported] = ['principalid', 'assignedto()', 'denyassignmentname', 'gdprexportprincipalid'].map((key) =>
    filter.get(key),
  );
  const wanted = new Set<string>(direct === undefined ? [] : [guid(direct)]);
  if (assigned !== undefined) for (const id of [guid(assigned), ...identitiesOf(context.state.directory, guid(assigned))]) wanted.add(id);
  return (body) => {
    const properties = objectAt(body, 'properties');
    const ids = (list: string) => objectsAt(properties, list).map((principal) => guid(stringAt(principal, 'id') ?? ''));
    if (name !== undefined && stringAt(properties, 'denyAssignmentName')?.toLowerCase() !== name.toLowerCase()) return false;
    if (exported !== undefined && ![...ids('principals'), ...ids('excludePrincipals')].includes(guid(exported))) return false;
    return wanted.size === 0 || ids('principals').some((id) => wanted.has(id));
  };
}
