import { isObject, type JsonObject, type JsonValue } from '../../base/json.ts';
import type { Scope } from '../../model/scope.ts';
import { unknown, type Value } from './truth.ts';

/** A resource as it would be after a write: what Azure Policy holds its rules against. */
export interface PolicyResource {
  readonly scope: Scope;
  /** As the client writes it. */
  readonly id: string;
  readonly type: string;
  readonly name: string;
  /** Left out where the type has none, or where it is not known. */
  readonly location?: string;
  /** Whether the type has tags and a place, and so is seen by definitions of mode Indexed. */
  readonly indexed: boolean;
  readonly tags: JsonObject;
  readonly properties: JsonObject;
  /** Properties that the type has, in lower case: one of these that is not there is known to be missing, and of any other nobody knows. */
  readonly knownProperties: ReadonlySet<string>;
  /** Members of `properties` that the write itself sends, in lower case. */
  readonly sent: ReadonlySet<string>;
  /** What policies with effect modify or append have put in place of what the write sends, by alias in lower case. */
  readonly rewritten?: ReadonlyMap<string, Value>;
  /** Nothing but the type is known. */
  readonly onlyType?: true;
}

interface Step {
  readonly name: string;
  /** The members of the list, not the list. */
  readonly each: boolean;
}

/** The path of an alias below `properties`; undefined when it belongs to another type. */
export function aliasPath(alias: string, type: string): readonly Step[] | undefined {
  const prefix = `${type.toLowerCase()}/`;
  if (!alias.toLowerCase().startsWith(prefix)) return undefined;
  const rest = alias.slice(prefix.length);
  if (rest === '' || rest.includes('/')) return undefined;
  return rest.split('.').map((part) => ({ name: part.replace(/\[\*\]$/, ''), each: part.endsWith('[*]') }));
}

/** The values that a condition on the field is held against: one, or one for each member of a list. */
export function fieldValues(name: string, resource: PolicyResource): readonly Value[] | typeof unknown {
  const plain = plainField(name.toLowerCase(), name, resource);
  if (plain !== isAlias) return plain === unknown ? unknown : [plain];
  const rewritten = resource.rewritten?.get(name.toLowerCase());
  if (rewritten !== undefined) return [rewritten];
  const path = aliasPath(name, resource.type);
  const [first] = path ?? [];
  if (path === undefined || first === undefined) return unknown;
  const isKnown = resource.knownProperties.has(first.name.toLowerCase()) || memberNamed(resource.properties, first.name) !== undefined;
  return isKnown ? selected(resource.properties, path) : unknown;
}

/** What the function `field` gives: a list where the alias asks for members, an empty text where nothing is there. */
export function fieldValue(name: string, resource: PolicyResource): Value {
  const values = fieldValues(name, resource);
  if (values === unknown) return unknown;
  if (name.includes('[*]')) return values.includes(unknown) ? unknown : values.map((value) => (value ?? null) as JsonValue);
  return values[0] === undefined ? '' : values[0];
}

const isAlias = Symbol('alias');

function plainField(lower: string, name: string, resource: PolicyResource): Value | typeof isAlias {
  if (resource.onlyType && lower !== 'type') return unknown;
  switch (lower) {
    case 'type':
      return resource.type;
    case 'name':
      return resource.name;
    case 'fullname':
      // What stands before the name of a resource that hangs on another is not documented.
      return resource.type.toLowerCase().startsWith('microsoft.authorization/') ? unknown : resource.name;
    case 'id':
      return resource.id;
    case 'kind':
    case 'identity.type':
      return undefined;
    case 'location':
      return resource.location === undefined ? unknown : normalLocation(resource.location);
    case 'tags':
      return Object.keys(resource.tags).length === 0 ? undefined : resource.tags;
    default:
      return /^tags(\.|\[)/.test(lower) ? memberNamed(resource.tags, tagName(name)) : isAlias;
  }
}

/** `West Europe` and `westeurope` are one place. */
export function normalLocation(location: string): string {
  return location.toLowerCase().replaceAll(' ', '');
}

/** `tags.env`, `tags[env]`, `tags['env']`, and an apostrophe written twice. */
function tagName(field: string): string {
  const inner = field.slice('tags'.length).replace(/^\.|^\[|\]$/g, '');
  return /^'.*'$/s.test(inner) ? inner.slice(1, -1).replaceAll("''", "'") : inner;
}

function selected(from: JsonValue | undefined, path: readonly Step[]): readonly Value[] {
  const [step, ...rest] = path;
  if (step === undefined) return [from];
  const value = isObject(from) ? memberNamed(from, step.name) : undefined;
  if (!step.each) return rest.length > 0 || value !== null ? selected(value, rest) : [undefined];
  return Array.isArray(value) ? (value as readonly JsonValue[]).flatMap((item) => selected(item, rest)) : [];
}

function memberNamed(object: JsonObject, name: string): JsonValue | undefined {
  const exact = object[name];
  if (exact !== undefined) return exact;
  const key = Object.keys(object).find((one) => one.toLowerCase() === name.toLowerCase());
  return key === undefined ? undefined : object[key];
}

/** The resource once for each member that the alias selects, as if that member were the only one. */
export function eachMember(alias: string, resource: PolicyResource): readonly PolicyResource[] | typeof unknown {
  const path = aliasPath(alias, resource.type);
  const [first] = path ?? [];
  if (path === undefined || first === undefined || fieldValues(alias, resource) === unknown) return unknown;
  return narrowed(resource.properties, path).map((properties) => ({ ...resource, properties: properties as JsonObject }));
}

function narrowed(from: JsonValue | undefined, path: readonly Step[]): readonly JsonValue[] {
  const [step, ...rest] = path;
  if (step === undefined) return from === undefined ? [] : [from];
  if (!isObject(from)) return [];
  const key = Object.keys(from).find((one) => one.toLowerCase() === step.name.toLowerCase());
  const value = key === undefined ? undefined : from[key];
  if (key === undefined || value === undefined) return [];
  if (!step.each) return narrowed(value, rest).map((inner) => ({ ...from, [key]: inner }));
  const items = Array.isArray(value) ? (value as readonly JsonValue[]) : [];
  return items.flatMap((item) => narrowed(item, rest).map((inner) => ({ ...from, [key]: [inner] })));
}
