import { type JsonObject, stringAt, stringsAt } from '../../base/json.ts';
import type { DirectoryObject } from '../state.ts';
import { badRequest, type GraphContext, notFound } from './graph-answer.ts';

export const collections = {
  users: 'user',
  groups: 'group',
  servicePrincipals: 'servicePrincipal',
  applications: 'application',
} as const satisfies Record<string, DirectoryObject['kind']>;
export type Collection = keyof typeof collections;

export function collectionOf(segment: string): Collection | undefined {
  return (Object.keys(collections) as Collection[]).find((name) => name.toLowerCase() === segment.toLowerCase());
}

/** Graph answers these only when `$select` names them. */
const onlySelected: Readonly<Record<string, readonly string[]>> = { user: ['userType', 'accountEnabled'] };

/** The object as Graph answers it: a default set of properties, or what `$select` names; `typed` where kinds are mixed. */
export function render(object: DirectoryObject, select: readonly string[] | undefined, typed: boolean): JsonObject {
  const all: JsonObject = {
    id: object.id,
    ...(object.kind !== 'user' && { deletedDateTime: null }),
    displayName: object.displayName,
    ...object.properties,
  };
  const hidden = onlySelected[object.kind] ?? [];
  const shown = Object.entries(all).filter(([name]) => (select === undefined ? !hidden.includes(name) : select.includes(name)));
  return { ...(typed && { '@odata.type': `#microsoft.graph.${object.kind}` }), ...Object.fromEntries(shown) };
}

export function live(context: GraphContext): readonly DirectoryObject[] {
  return [...context.state.directory.values()].filter((object) => !object.deleted);
}

/** By id, `(appId='…')` for applications and service principals, or a user by its principal name. */
export function find(context: GraphContext, collection: Collection, key: string): DirectoryObject {
  const [wanted, kind] = [key.toLowerCase(), collections[collection]];
  const byId = context.state.directory.get(wanted);
  if (byId?.kind === kind && !byId.deleted) return byId;
  const users = kind === 'user' ? context.state.directory.by('kind', kind) : [];
  const found = users.find((user) => !user.deleted && stringAt(user.properties, 'userPrincipalName')?.toLowerCase() === wanted);
  if (found === undefined) throw notFound(key);
  return found;
}

export function findByAppId(context: GraphContext, collection: Collection, appId: string): DirectoryObject {
  const sharing = context.state.directory.by('appId', appId.toLowerCase());
  const found = sharing.find((object) => object.kind === collections[collection] && !object.deleted);
  if (found === undefined) throw notFound(appId);
  return found;
}

/** Graph takes no more values behind one `in`. */
const mostValues = 15;

/** A `$filter` of comparisons joined by `and`: `x eq 'y'`, `x in ('y','z')`, `startswith(x,'y')`, `xs/any(c:c eq 'y')`. Strings compare without case. */
export function parseFilter(filter: string): (object: DirectoryObject) => boolean {
  const clauses = filter.split(/ and (?=(?:[^']*'[^']*')*[^']*$)/i).map((clause) => parseClause(clause.trim()));
  return (object) => clauses.every((clause) => clause(object));
}

function parseClause(clause: string): (object: DirectoryObject) => boolean {
  const text = (raw: string | undefined) => (raw ?? '').replaceAll("''", "'").toLowerCase();
  const equal = /^(\w+) eq '((?:[^']|'')*)'$/i.exec(clause);
  if (equal?.[1] !== undefined) {
    const [, name, value] = equal;
    return (object) => property(object, name).toLowerCase() === text(value);
  }
  const among = /^(\w+) in \(('(?:[^']|'')*'(?:,\s*'(?:[^']|'')*')*)\)$/i.exec(clause);
  if (among?.[1] !== undefined) {
    const [, name, list = ''] = among;
    const values = [...list.matchAll(/'((?:[^']|'')*)'/g)].map(([, value]) => text(value));
    if (values.length > mostValues)
      throw badRequest(
        `Too many child clauses specified in search filter expression containing 'OR' operators: ${values.length}. Max allowed: ${mostValues}.`,
      );
    return (object) => values.includes(property(object, name).toLowerCase());
  }
  const starts = /^startswith\((\w+),\s*'((?:[^']|'')*)'\)$/i.exec(clause);
  if (starts?.[1] !== undefined) {
    const [, name, value] = starts;
    return (object) => property(object, name).toLowerCase().startsWith(text(value));
  }
  const any = /^(\w+)\/any\((\w+):\s*\2 eq '((?:[^']|'')*)'\)$/i.exec(clause);
  if (any?.[1] !== undefined) {
    const [, name, , value] = any;
    return (object) => stringsAt(object.properties, name).some((item) => item.toLowerCase() === text(value));
  }
  throw badRequest(`Invalid filter clause: the sandbox does not know \`${clause}\`.`);
}

function property(object: DirectoryObject, name: string): string {
  if (name === 'id') return object.id;
  return name === 'displayName' ? object.displayName : (stringAt(object.properties, name) ?? '');
}
