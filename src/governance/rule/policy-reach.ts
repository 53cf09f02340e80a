import { type JsonValue, objectAt } from '../../base/json.ts';
import type { Reading } from '../../base/reading.ts';
import type { PolicyExemption } from '../../model/policy-definition.ts';
import { parseScope, type Scope, scopeReaches } from '../../model/scope.ts';
import type { PolicyClause } from './policy-clauses.ts';
import type { PolicyResource } from './policy-resource.ts';
import { resourceSelectorsHold } from './selectors.ts';
import { all, type Truth } from './truth.ts';

/** Whether the assignment is enforced on the resource, exemptions aside. */
export function clauseReaches(
  { assignment, referenceId }: PolicyClause,
  resource: PolicyResource,
  managementGroups: readonly Scope[],
): Truth {
  if (!scopeReaches(assignment.scope, resource.scope, managementGroups)) return false;
  const properties = objectAt(assignment.raw, 'properties');
  const selected = { resource, ...(referenceId !== undefined && { referenceId }) };
  return all([
    // Under the mode Enroll it is enforced where an enrollment says so, and enrollments are not read.
    assignment.enforcement === 'on' ? true : 'unknown',
    takenOut(properties.notScopes, resource, managementGroups),
    resourceSelectorsHold(properties.resourceSelectors, selected),
  ]);
}

function takenOut(raw: JsonValue | undefined, resource: PolicyResource, managementGroups: readonly Scope[]): Truth {
  if (raw === undefined || raw === null) return true;
  if (!Array.isArray(raw)) return 'unknown';
  const scopes = (raw as readonly JsonValue[]).map((item) => (typeof item === 'string' ? parseScope(item) : undefined));
  if (scopes.some((scope) => scope !== undefined && scopeReaches(scope, resource.scope, managementGroups))) return false;
  return scopes.includes(undefined) ? 'unknown' : true;
}

export interface Exempt {
  readonly truth: Truth;
  /** ISO 8601: when the last exemption that holds now ends; left out where one has no end. */
  readonly until?: string;
}

/** Whether an exemption takes the resource out of the rule at a time. One that has expired does nothing. */
export function exemptFrom(
  { assignment, referenceId }: PolicyClause,
  resource: PolicyResource,
  exemptions: Reading<readonly PolicyExemption[]>,
  { at, managementGroups }: { readonly at: string; readonly managementGroups: readonly Scope[] },
): Exempt {
  if (exemptions.state === 'unreadable') return { truth: 'unknown' };
  const weighed = exemptions.value
    .filter((one) => one.assignmentId === assignment.id.toLowerCase() && scopeReaches(one.scope, resource.scope, managementGroups))
    .map((one) => ({ one, truth: holds(one, { resource, ...(referenceId !== undefined && { referenceId }) }, at) }));
  const standing = weighed.filter(({ truth }) => truth === true).map(({ one }) => one.expiresOn);
  if (standing.length === 0) return { truth: weighed.some(({ truth }) => truth === 'unknown') ? 'unknown' : false };
  const ends = standing.filter((end) => end !== undefined).sort((a, b) => Date.parse(b) - Date.parse(a));
  return { truth: true, ...(ends.length === standing.length && ends[0] !== undefined && { until: ends[0] }) };
}

function holds(
  { referenceIds, expiresOn, resourceSelectors }: PolicyExemption,
  selected: { readonly resource: PolicyResource; readonly referenceId?: string },
  at: string,
): Truth {
  if (referenceIds.length > 0 && !referenceIds.includes(selected.referenceId?.toLowerCase() ?? '')) return false;
  return all([expiresOn === undefined ? true : later(expiresOn, at), resourceSelectorsHold(resourceSelectors, selected)]);
}

function later(end: string, at: string): Truth {
  const time = Date.parse(end);
  return Number.isNaN(time) ? 'unknown' : time > Date.parse(at);
}
