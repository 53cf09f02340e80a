import { isObject, type JsonObject, type JsonValue, objectAt, objectsAt, stringAt, stringsAt } from '../../base/json.ts';
import { reaches } from '../evaluator/reach.ts';
import { type Place, placeOf, placeOfOwner } from '../readers/place.ts';
import type { TenantState } from '../state.ts';
import type { GovernedResource } from './resource.ts';
import { type TemplateScope, plain as textOf, worked } from './template.ts';

export type PolicyState = Pick<
  TenantState,
  'subscriptions' | 'policyAssignments' | 'policyDefinitions' | 'policySetDefinitions' | 'policyExemptions'
>;

/** One rule as an assignment brings it to a resource. */
export interface AssignedRule {
  readonly assignment: JsonObject;
  readonly definition: JsonObject;
  readonly effect: string;
  readonly parameters: ReadonlyMap<string, JsonValue>;
}

/** The rules that are enforced on a resource at a moment, with parameters, overrides and exemptions worked in. */
export function rulesOn(state: PolicyState, resource: GovernedResource, now: number): readonly AssignedRule[] {
  const at = placeOf(resource.id);
  if (at === undefined) return [];
  return [...state.policyAssignments.values()].flatMap(({ body }) =>
    binds(state, body, resource, at) ? brought(state, body, resource, at, now) : [],
  );
}

/** Enrollments are no part of the sandbox: under the mode Enroll nothing is enforced. */
function binds(state: PolicyState, body: JsonObject, resource: GovernedResource, at: Place): boolean {
  const properties = objectAt(body, 'properties');
  if ((stringAt(properties, 'enforcementMode') ?? 'Default').toLowerCase() !== 'default') return false;
  const covers = (raw: string) => {
    const scope = placeOf(raw);
    return scope !== undefined && reaches(state, scope, at);
  };
  if (!covers(stringAt(properties, 'scope') ?? '?') || stringsAt(properties, 'notScopes').some(covers)) return false;
  return selects(properties.resourceSelectors, resource);
}

function selects(raw: JsonValue | undefined, resource: GovernedResource): boolean {
  const selectors = Array.isArray(raw) ? (raw as readonly JsonValue[]).filter(isObject) : [];
  return selectors.length === 0 || selectors.some((one) => objectsAt(one, 'selectors').every((each) => chosen(each, resource, '')));
}

function chosen(selector: JsonObject, resource: GovernedResource, reference: string): boolean {
  const own = {
    resourcelocation: resource.location ?? '',
    resourcetype: resource.type,
    resourcewithoutlocation: '',
    policydefinitionreferenceid: reference,
  }[(stringAt(selector, 'kind') ?? '').toLowerCase()];
  const listed = (key: string) => stringsAt(selector, key).some((one) => plain(one) === plain(own ?? ''));
  return selector.in === undefined ? !listed('notIn') : listed('in');
}

function plain(text: string): string {
  return text.toLowerCase().replaceAll(' ', '');
}

function brought(state: PolicyState, assignment: JsonObject, resource: GovernedResource, at: Place, now: number): readonly AssignedRule[] {
  const id = (stringAt(objectAt(assignment, 'properties'), 'policyDefinitionId') ?? '').toLowerCase();
  const given = valuesIn(objectAt(objectAt(assignment, 'properties'), 'parameters'));
  const set = state.policySetDefinitions.get(id)?.body;
  const members = set === undefined ? [{ id, reference: '', given }] : membersOf(set, given);
  return members.flatMap((member) => {
    const definition = state.policyDefinitions.get(member.id)?.body;
    if (definition === undefined || exempt(state, assignment, member.reference, resource, at, now)) return [];
    const parameters = withDefaults(definition, member.given);
    const own = worked(
      stringAt(objectAt(objectAt(objectAt(definition, 'properties'), 'policyRule'), 'then'), 'effect') ?? '',
      bare(parameters),
    );
    const effect = overridden(assignment, member.reference, resource) ?? textOf(own);
    return [{ assignment, definition, parameters, effect: effect.toLowerCase() }];
  });
}

function membersOf(set: JsonObject, given: ReadonlyMap<string, JsonValue>) {
  const ofSet = bare(withDefaults(set, given));
  return objectsAt(objectAt(set, 'properties'), 'policyDefinitions').map((member) => ({
    id: (stringAt(member, 'policyDefinitionId') ?? '').toLowerCase(),
    reference: stringAt(member, 'policyDefinitionReferenceId') ?? '',
    given: new Map([...valuesIn(objectAt(member, 'parameters'))].map(([name, value]) => [name, worked(value, ofSet)])),
  }));
}

function valuesIn(parameters: JsonObject): ReadonlyMap<string, JsonValue> {
  const told = Object.entries(parameters).map(([name, entry]) => [name.toLowerCase(), isObject(entry) ? entry.value : undefined] as const);
  return new Map(told.flatMap(([name, value]) => (value === undefined ? [] : [[name, value] as const])));
}

function withDefaults(definition: JsonObject, given: ReadonlyMap<string, JsonValue>): ReadonlyMap<string, JsonValue> {
  const all = new Map<string, JsonValue>();
  for (const [name, about] of Object.entries(objectAt(objectAt(definition, 'properties'), 'parameters'))) {
    const value = given.get(name.toLowerCase()) ?? (isObject(about) ? about.defaultValue : undefined);
    if (value !== undefined) all.set(name.toLowerCase(), value);
  }
  return all;
}

/** Expressions outside of rules see parameters alone. */
export function bare(parameters: ReadonlyMap<string, JsonValue>): TemplateScope {
  return { parameters, field: () => '', current: () => '', requestContext: {}, resourceGroup: {}, subscription: {} };
}

/** The first override that holds wins; which of two does in Azure is not documented. */
function overridden(assignment: JsonObject, reference: string, resource: GovernedResource): string | undefined {
  const found = objectsAt(objectAt(assignment, 'properties'), 'overrides').find(
    (one) => one.kind === 'policyEffect' && objectsAt(one, 'selectors').every((selector) => chosen(selector, resource, reference)),
  );
  return found === undefined ? undefined : stringAt(found, 'value');
}

function exempt(
  state: PolicyState,
  assignment: JsonObject,
  reference: string,
  resource: GovernedResource,
  at: Place,
  now: number,
): boolean {
  const id = stringAt(assignment, 'id')?.toLowerCase();
  return [...state.policyExemptions.values()].some(({ body }) => {
    const properties = objectAt(body, 'properties');
    const scope = placeOfOwner(stringAt(body, 'id') ?? '');
    if (stringAt(properties, 'policyAssignmentId')?.toLowerCase() !== id || scope === undefined || !reaches(state, scope, at)) return false;
    const references = stringsAt(properties, 'policyDefinitionReferenceIds').map((one) => one.toLowerCase());
    if (references.length > 0 && !references.includes(reference.toLowerCase())) return false;
    const end = stringAt(properties, 'expiresOn');
    return (end === undefined || Date.parse(end) > now) && selects(properties.resourceSelectors, resource);
  });
}
