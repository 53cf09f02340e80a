import { parseGuid } from '../../base/guid.ts';
import { isObject, stringsAt } from '../../base/json.ts';
import type { Answer, Ask } from '../exchange.ts';
import { render } from './directory-view.ts';
import { answer, badRequest, denied, type GraphContext } from './graph-answer.ts';
import { checkQuery, selected } from './page.ts';

const mostIds = 1000;
const kinds = [
  'user',
  'group',
  'servicePrincipal',
  'application',
  'device',
  'orgContact',
  'administrativeUnit',
  'directoryRole',
  'directoryObject',
  'directoryObjectPartnerReference',
];

/** POST directoryObjects/getByIds: unknown and deleted ids are silently left out, so their absence proves nothing. */
export function getByIds(context: GraphContext, ask: Ask): Answer {
  checkQuery(ask, ['$select']);
  if (context.directoryAccess === 'denied') throw denied();
  const body = isObject(ask.body) ? ask.body : {};
  const ids = stringsAt(body, 'ids');
  if (!Array.isArray(body.ids) || ids.length !== body.ids.length) throw badRequest('ids must be a list of strings.');
  if (ids.length > mostIds) throw badRequest(`ids holds ${ids.length} items; the most is ${mostIds}.`);
  const bad = ids.find((id) => parseGuid(id) === undefined);
  if (bad !== undefined) throw badRequest(`Invalid GUID:'${bad}'.`);
  const types = stringsAt(body, 'types');
  const unknown = types.find((type) => !kinds.includes(type));
  if (unknown !== undefined) throw badRequest(`the sandbox's Graph does not know the type \`${unknown}\``);
  const value = [...new Set(ids.map((id) => parseGuid(id)))].flatMap((id) => {
    const object = id === undefined ? undefined : context.state.directory.get(id);
    if (object === undefined || object.deleted) return [];
    if (types.length > 0 && !types.includes(object.kind) && !types.includes('directoryObject')) return [];
    return [render(object, context.directoryAccess === 'idsOnly' ? ['id'] : selected(ask), true)];
  });
  return answer('directoryObjects', { value });
}
