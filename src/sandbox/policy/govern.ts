import { isObject, type JsonObject, type JsonValue, objectAt, objectsAt, stringAt } from '../../base/json.ts';
import { ServiceError } from '../exchange.ts';
import { type AssignedRule, bare, type PolicyState, rulesOn } from './assigned.ts';
import { fieldOf, type GovernedResource, pathOf } from './resource.ts';
import { holds } from './rule.ts';
import { PolicyFailure, plain, worked } from './template.ts';

interface Change {
  readonly rule: AssignedRule;
  readonly field: string;
  readonly value: JsonValue;
  readonly conflictEffect: string;
}

/**
 * What Azure Policy makes of a write: effects append and modify change it, then deny sees the result.
 * @returns the properties that reach the resource
 * @throws ServiceError 403 RequestDisallowedByPolicy with the details that Azure adds
 */
export function governed(state: PolicyState, resource: GovernedResource, now: number): JsonObject {
  const rules = rulesOn(state, resource, now).filter((rule) => sees(rule, resource));
  const changes = rules.filter((rule) => applies(rule, resource)).flatMap((rule) => changesOf(rule, resource));
  const after = { ...resource, properties: changed(resource, changes) };
  const denying = rules.find((rule) => rule.effect === 'deny' && applies(rule, after));
  if (denying !== undefined) throw disallowed(denying, resource.name);
  return after.properties;
}

/** @throws ServiceError 403 where an effect denyAction protects the resource */
export function refuseProtected(state: PolicyState, resource: GovernedResource, now: number): void {
  const rules = rulesOn(state, resource, now).filter(
    (rule) => rule.effect === 'denyaction' && sees(rule, resource) && applies(rule, resource),
  );
  const [first] = rules;
  if (first !== undefined) throw disallowed(first, resource.name);
}

/** The mode Indexed sees types that have tags and a place; data-plane modes see no resources. */
function sees({ definition }: AssignedRule, { location }: GovernedResource): boolean {
  const mode = (stringAt(objectAt(definition, 'properties'), 'mode') ?? 'All').toLowerCase();
  return mode === 'all' || (mode === 'indexed' && location !== undefined);
}

function applies(rule: AssignedRule, resource: GovernedResource): boolean {
  const [, , subscriptionId = '', , group = ''] = resource.id.split('/');
  const subscription = { subscriptionId, id: `/subscriptions/${subscriptionId}` };
  try {
    return holds(objectAt(objectAt(rule.definition, 'properties'), 'policyRule').if, {
      resource,
      counted: [],
      parameters: rule.parameters,
      requestContext: { apiVersion: resource.apiVersion },
      subscription,
      resourceGroup: { name: group, id: `${subscription.id}/resourceGroups/${group}` },
    });
  } catch (error) {
    if (error instanceof PolicyFailure) throw disallowed(rule, resource.name);
    throw error;
  }
}

function changesOf(rule: AssignedRule, resource: GovernedResource): readonly Change[] {
  const then = objectAt(objectAt(objectAt(rule.definition, 'properties'), 'policyRule'), 'then');
  const scope = { ...bare(rule.parameters), requestContext: { apiVersion: resource.apiVersion } };
  const details = objectAt(then, 'details');
  if (rule.effect === 'append') return objectsAt(then, 'details').flatMap((one) => appended(rule, one, resource));
  if (rule.effect !== 'modify') return [];
  return objectsAt(details, 'operations').flatMap((one): readonly Change[] => {
    const field = plain(worked(one.field ?? '', scope));
    const path = pathOf(field, resource.type);
    const met = one.condition === undefined || [true, 'true'].includes(worked(one.condition ?? null, scope) as boolean | string);
    if (path === undefined || !met) return [];
    // A place below one that the request does not carry is taken to be left out on purpose.
    const [first = ''] = path;
    if (path.length > 1 && !resource.sent.some((name) => name.toLowerCase() === first.toLowerCase())) return [];
    const there = fieldOf(resource, field)[0] !== undefined;
    if (stringAt(one, 'operation')?.toLowerCase() === 'add' && there) return [];
    return [{ rule, field, value: worked(one.value ?? null, scope), conflictEffect: stringAt(details, 'conflictEffect') ?? 'deny' }];
  });
}

/** @throws ServiceError 403 where it would put another value in place of one that is there */
function appended(rule: AssignedRule, one: JsonObject, resource: GovernedResource): readonly Change[] {
  const field = plain(worked(one.field ?? '', bare(rule.parameters)));
  const value = worked(one.value ?? null, bare(rule.parameters));
  if (pathOf(field, resource.type) === undefined) return [];
  const [before] = fieldOf(resource, field);
  if (before !== undefined && JSON.stringify(before).toLowerCase() !== JSON.stringify(value).toLowerCase())
    throw disallowed(rule, resource.name);
  return before === undefined ? [{ rule, field, value, conflictEffect: 'deny' }] : [];
}

/** @throws ServiceError 403 where two rules want different values and one of them insists */
function changed(resource: GovernedResource, changes: readonly Change[]): JsonObject {
  let properties = resource.properties;
  for (const field of new Set(changes.map((change) => change.field.toLowerCase()))) {
    const wanted = changes.filter((change) => change.field.toLowerCase() === field);
    const insisting = wanted.filter((change) => change.conflictEffect.toLowerCase() === 'deny');
    const differ = new Set(wanted.map((change) => JSON.stringify(change.value))).size > 1;
    const [first] = differ ? insisting : wanted;
    if (differ && insisting.length > 1 && first !== undefined) throw disallowed(first.rule, resource.name);
    if (first !== undefined) properties = put(properties, pathOf(first.field, resource.type) ?? [], first.value) as JsonObject;
  }
  return properties;
}

function put(into: JsonValue | undefined, path: readonly string[], value: JsonValue): JsonValue {
  const [part, ...rest] = path;
  if (part === undefined) return value;
  const object = isObject(into) ? into : {};
  const key = Object.keys(object).find((one) => one.toLowerCase() === part.toLowerCase()) ?? part;
  return { ...object, [key]: put(object[key], rest, value) };
}

function disallowed({ assignment, definition, effect }: AssignedRule, name: string): ServiceError {
  const [assigned, defined] = [objectAt(assignment, 'properties'), objectAt(definition, 'properties')];
  const named = (body: JsonObject, properties: JsonObject) => ({
    name: stringAt(properties, 'displayName') ?? '',
    id: stringAt(body, 'id') ?? '',
  });
  const identifiers = JSON.stringify([{ policyAssignment: named(assignment, assigned), policyDefinition: named(definition, defined) }]);
  const info = {
    policyDefinitionDisplayName: stringAt(defined, 'displayName') ?? '',
    policyDefinitionId: stringAt(definition, 'id') ?? '',
    policyDefinitionName: stringAt(definition, 'name') ?? '',
    policyDefinitionEffect: effect,
    policyAssignmentId: stringAt(assignment, 'id') ?? '',
    policyAssignmentName: stringAt(assignment, 'name') ?? '',
    policyAssignmentDisplayName: stringAt(assigned, 'displayName') ?? '',
    policyAssignmentScope: stringAt(assigned, 'scope') ?? '',
  };
  return new ServiceError(
    403,
    'RequestDisallowedByPolicy',
    `Resource '${name}' was disallowed by policy. Policy identifiers: '${identifiers}'.`,
    { extra: { target: name, additionalInfo: [{ type: 'PolicyViolation', info }] }, headers: { 'x-ms-failure-cause': 'gateway' } },
  );
}
