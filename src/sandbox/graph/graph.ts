import { isObject } from '../../base/json.ts';
import type { Answer, Ask, Handler } from '../exchange.ts';
import type { DirectoryObject } from '../state.ts';
import { batch } from './batch.ts';
import { type Collection, collectionOf, collections, find, findByAppId, live, parseFilter, render } from './directory-view.ts';
import { getByIds } from './get-by-ids.ts';
import { answer, badRequest, denied, errorAnswer, type GraphContext, GraphError, notFound } from './graph-answer.ts';
import { groupScheduleList, groupSchedules } from './group-schedules.ts';
import { directMembers, transitiveGroups, transitiveMembers } from './membership.ts';
import { checkQuery, page, selected } from './page.ts';

const audiences = ['https://graph.microsoft.com', 'https://graph.microsoft.us', 'https://microsoftgraph.chinacloudapi.cn'];
const listParameters = ['$select', '$top', '$skiptoken'];

/** Microsoft Graph v1.0, the part that reads a directory. A route or parameter it does not know is an error that names it. */
export function graph(context: GraphContext): Handler {
  const single = (ask: Ask): Answer => {
    try {
      return route(context, ask);
    } catch (error) {
      if (error instanceof GraphError) return errorAnswer(error, context.clock);
      throw error;
    }
  };
  return async (ask) => {
    try {
      checkToken(ask);
      const isBatch = ask.method === 'POST' && ask.segments.join('/').toLowerCase() === 'v1.0/$batch';
      return isBatch ? await batch(ask, (each) => Promise.resolve(single(each))) : single(ask);
    } catch (error) {
      if (error instanceof GraphError) return errorAnswer(error, context.clock);
      throw error;
    }
  };
}

function checkToken(ask: Ask): void {
  const fail = (message: string) => new GraphError(401, 'InvalidAuthenticationToken', message);
  if (ask.headers.authorization === undefined) throw fail('Access token is empty.');
  if (ask.caller === undefined) throw fail('Access token validation failure.');
  // A client whose Graph endpoint is the sandbox's own address asks for a token for that address.
  if (![...audiences, ask.origin].includes(ask.caller.audience)) throw fail('Access token validation failure. Invalid audience.');
}

function route(context: GraphContext, ask: Ask): Answer {
  const [version, first = '', key, ...rest] = ask.segments;
  if (version !== 'v1.0') throw badRequest(`the sandbox's Graph knows v1.0 only, not \`${version ?? ''}\``);
  const tail = rest.join('/').toLowerCase();
  if (isRoute(ask, 'POST', 'directoryobjects/getbyids')) return getByIds(context, ask);
  if (context.directoryAccess !== 'read') throw denied();
  if (isRoute(ask, 'GET', 'me')) return me(context, ask);
  if (ask.method === 'GET' && first.toLowerCase() === 'directory' && key?.toLowerCase() === 'deleteditems')
    return deleted(context, ask, rest);
  if (ask.method === 'POST' && tail === 'getmembergroups' && key !== undefined) return memberGroups(context, ask, first, key);
  const schedules = groupScheduleList(ask);
  if (schedules !== undefined) return groupSchedules(context, ask, schedules);
  const keyed = /^(\w+)\(appId='([^']*)'\)$/i.exec(first);
  const collection = collectionOf(keyed?.[1] ?? first);
  if (ask.method !== 'GET' || collection === undefined) throw unknownRoute(ask);
  if (keyed?.[2] !== undefined && key === undefined) return entity(ask, collection, findByAppId(context, collection, keyed[2]));
  if (key === undefined) return list(context, ask, collection);
  const object = find(context, collection, key);
  return tail === '' ? entity(ask, collection, object) : relation(context, ask, object, rest);
}

function isRoute(ask: Ask, method: string, path: string): boolean {
  return ask.method === method && ask.segments.slice(1).join('/').toLowerCase() === path;
}

function unknownRoute(ask: Ask): GraphError {
  return badRequest(`Resource not found for the segment: the sandbox's Graph does not know ${ask.method} ${ask.path}`);
}

function entity(ask: Ask, collection: Collection, object: DirectoryObject): Answer {
  checkQuery(ask, ['$select']);
  return answer(`${collection}/$entity`, render(object, selected(ask), false));
}

function list(context: GraphContext, ask: Ask, collection: Collection): Answer {
  checkQuery(ask, [...listParameters, '$filter']);
  const filter = ask.query.get('$filter');
  const matches = filter === null ? () => true : parseFilter(filter);
  const objects = live(context).filter((object) => object.kind === collections[collection] && matches(object));
  return page(ask, collection, objects, false);
}

function relation(context: GraphContext, ask: Ask, object: DirectoryObject, [name = '', cast, ...more]: readonly string[]): Answer {
  const kind = castKind(cast);
  if (more.length > 0 || (cast !== undefined && kind === undefined)) throw unknownRoute(ask);
  checkQuery(ask, listParameters);
  const related = relatedObjects(context, object, name.toLowerCase());
  if (related === undefined) throw unknownRoute(ask);
  const objects = kind === undefined ? related : related.filter((each) => each.kind === kind);
  return page(ask, 'directoryObjects', objects, true);
}

function relatedObjects(context: GraphContext, object: DirectoryObject, name: string): readonly DirectoryObject[] | undefined {
  if (name === 'transitivememberof') return transitiveGroups(context, object);
  if (object.kind !== 'group') return undefined;
  if (name === 'members') return directMembers(context, object);
  return name === 'transitivemembers' ? transitiveMembers(context, object) : undefined;
}

function castKind(cast: string | undefined): DirectoryObject['kind'] | undefined {
  const name = cast?.toLowerCase().replace(/^microsoft\.graph\./, '');
  return Object.values(collections).find((kind) => kind.toLowerCase() === name);
}

function memberGroups(context: GraphContext, ask: Ask, first: string, key: string): Answer {
  checkQuery(ask, []);
  const collection = collectionOf(first);
  if (collection === undefined && first.toLowerCase() !== 'directoryobjects') throw unknownRoute(ask);
  const object = collection === undefined ? context.state.directory.get(key.toLowerCase()) : find(context, collection, key);
  if (object === undefined || object.deleted) throw notFound(key);
  const securityOnly = isObject(ask.body) ? ask.body.securityEnabledOnly : undefined;
  if (typeof securityOnly !== 'boolean') throw badRequest('securityEnabledOnly must be true or false.');
  if (securityOnly && object.kind !== 'user' && object.kind !== 'servicePrincipal')
    throw badRequest('securityEnabledOnly can be true for users and service principals only.');
  const groups = transitiveGroups(context, object).filter((group) => !securityOnly || group.properties.securityEnabled === true);
  return answer('Collection(Edm.String)', { value: groups.map((group) => group.id) });
}

function deleted(context: GraphContext, ask: Ask, rest: readonly string[]): Answer {
  const [key = '', ...more] = rest;
  if (key === '' || more.length > 0) throw unknownRoute(ask);
  const kind = /^microsoft\.graph\./i.test(key) ? castKind(key) : undefined;
  if (kind !== undefined) {
    checkQuery(ask, listParameters);
    return page(
      ask,
      `directory/deletedItems/microsoft.graph.${kind}`,
      context.state.directory.by('kind', kind).filter((object) => object.deleted),
      false,
    );
  }
  checkQuery(ask, ['$select']);
  const object = context.state.directory.get(key.toLowerCase());
  if (object?.deleted !== true) throw notFound(key);
  return answer('directoryObjects/$entity', render(object, selected(ask), true));
}

function me(context: GraphContext, ask: Ask): Answer {
  const object = context.state.directory.get(ask.caller?.objectId ?? '');
  if (object?.kind !== 'user') throw badRequest('/me request is only valid with delegated authentication flow.');
  return entity(ask, 'users', object);
}
