import { isObject, type JsonObject, type JsonValue, stringAt } from '../../base/json.ts';
import { normalLocation, type PolicyResource } from './policy-resource.ts';
import { all, some, type Truth } from './truth.ts';

export interface Selected {
  readonly resource: PolicyResource;
  /** What the initiative calls the rule; left out where a definition is assigned by itself. */
  readonly referenceId?: string;
}

/** Resource selectors: one of them has to hold, with all that it asks; without any everything is selected. */
export function resourceSelectorsHold(raw: JsonValue | undefined, selected: Selected): Truth {
  if (raw === undefined || raw === null) return true;
  if (!Array.isArray(raw)) return 'unknown';
  const list = raw as readonly JsonValue[];
  if (list.length === 0) return true;
  return some(list.map((item) => (isObject(item) ? selectorsHold(item.selectors, selected) : 'unknown')));
}

/** All selectors of one list. */
export function selectorsHold(raw: JsonValue | undefined, selected: Selected): Truth {
  if (raw === undefined || raw === null) return true;
  if (!Array.isArray(raw)) return 'unknown';
  return all((raw as readonly JsonValue[]).map((selector) => (isObject(selector) ? selectorHolds(selector, selected) : 'unknown')));
}

function selectorHolds(selector: JsonObject, selected: Selected): Truth {
  const value = asked(stringAt(selector, 'kind')?.toLowerCase() ?? '', selected);
  const { in: within, notIn: without } = selector;
  if (value === undefined || ((within ?? null) === null) === ((without ?? null) === null)) return 'unknown';
  const list = Array.isArray(within) ? within : without;
  if (!Array.isArray(list) || !list.every((item) => typeof item === 'string')) return 'unknown';
  const named = list.some((item) => normalLocation(item) === value);
  return Array.isArray(within) ? named : !named;
}

/** What a selector asks about, in lower case; undefined where nobody can say. */
function asked(kind: string, { resource, referenceId }: Selected): string | undefined {
  switch (kind) {
    case 'resourcelocation':
      return resource.location === undefined ? undefined : normalLocation(resource.location);
    case 'resourcetype':
      return resource.type.toLowerCase();
    case 'resourcewithoutlocation':
      // Nothing that has a place is among resources without one.
      return resource.location === undefined ? undefined : '';
    case 'policydefinitionreferenceid':
      return referenceId === undefined ? undefined : normalLocation(referenceId);
    default:
      return undefined;
  }
}
