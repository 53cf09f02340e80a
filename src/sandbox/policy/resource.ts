import { isObject, type JsonObject, type JsonValue } from '../../base/json.ts';

/** A resource as a write would leave it. */
export interface GovernedResource {
  readonly id: string;
  readonly type: string;
  readonly name: string;
  readonly location?: string;
  readonly tags: JsonObject;
  readonly properties: JsonObject;
  /** Members of `properties` that the request carries. */
  readonly sent: readonly string[];
  readonly apiVersion: string;
}

/** The dotted path of an alias below `properties`, `[*]` kept; undefined when it is none of the type's. */
export function pathOf(alias: string, type: string): readonly string[] | undefined {
  const [start, rest] = [alias.slice(0, type.length + 1), alias.slice(type.length + 1)];
  return start.toLowerCase() === `${type}/`.toLowerCase() && rest !== '' && !rest.includes('/') ? rest.split('.') : undefined;
}

/** Every value that a path leads to; a place that is not there leads to undefined, a list that is not there to nothing. */
function valuesAt(from: JsonValue | undefined, path: readonly string[]): readonly (JsonValue | undefined)[] {
  let here: readonly (JsonValue | undefined)[] = [from];
  for (const part of path) {
    const name = part.replace('[*]', '').toLowerCase();
    const next = here.map((value) =>
      isObject(value) ? Object.entries(value).find(([key]) => key.toLowerCase() === name)?.[1] : undefined,
    );
    here = part.endsWith('[*]') ? next.flatMap((value) => (Array.isArray(value) ? (value as readonly JsonValue[]) : [])) : next;
  }
  return here;
}

/** What a `field` of a rule names: one value, or those of a list. */
export function fieldOf(resource: GovernedResource, name: string): readonly (JsonValue | undefined)[] {
  const lower = name.toLowerCase();
  const plain: Readonly<Record<string, JsonValue | undefined>> = {
    type: resource.type,
    name: resource.name,
    fullname: resource.name,
    id: resource.id,
    kind: undefined,
    location: resource.location?.replaceAll(' ', '').toLowerCase(),
    tags: resource.tags,
  };
  if (lower in plain) return [plain[lower]];
  const tag = /^tags(?:\.(.+)|\['(.+)'\]|\[(.+)\])$/i.exec(name);
  if (tag !== null) {
    const key = (tag[1] ?? tag[2] ?? tag[3] ?? '').replaceAll("''", "'").toLowerCase();
    return [Object.entries(resource.tags).find(([one]) => one.toLowerCase() === key)?.[1]];
  }
  const path = pathOf(name, resource.type);
  return path === undefined ? [undefined] : valuesAt(resource.properties, path);
}

/** The resource with the list behind an alias cut down to one of its members, for each of them in turn. */
export function oneByOne(resource: GovernedResource, alias: string): readonly GovernedResource[] {
  const path = pathOf(alias, resource.type) ?? [];
  return cut(resource.properties, path).map((properties) => ({ ...resource, properties: properties as JsonObject }));
}

function cut(value: JsonValue, path: readonly string[]): readonly JsonValue[] {
  const [part, ...rest] = path;
  if (part === undefined) return [value];
  const wanted = part.replace('[*]', '').toLowerCase();
  const key = isObject(value) ? Object.keys(value).find((one) => one.toLowerCase() === wanted) : undefined;
  if (!isObject(value) || key === undefined) return [];
  const inner = value[key] ?? null;
  const members = part.endsWith('[*]') ? (Array.isArray(inner) ? (inner as readonly JsonValue[]) : []) : undefined;
  if (members === undefined) return cut(inner, rest).map((one) => ({ ...value, [key]: one }));
  return members.flatMap((member) => cut(member, rest).map((one) => ({ ...value, [key]: [one] })));
}
