import { type JsonObject, objectAt, stringAt } from '../../base/json.ts';
import type { Answer } from '../exchange.ts';
import type { Stored } from '../state.ts';
import type { ArmCall } from './arm-context.ts';
import { type Reach, scopeOfId, shownAt } from './at-scope.ts';
import { requireAction } from './authorize.ts';
import { parseFilter } from './filter.ts';
import { pageOf } from './page.ts';
import { notFound } from './refusals.ts';
import { requireScope } from './require-scope.ts';

type Matches = (body: JsonObject) => boolean;

export interface ScopedList {
  /** The action that reading asks for. */
  readonly action: string;
  readonly items: readonly JsonObject[];
  /** Filters beside `atScope()`, and what they leave of the items. */
  readonly filters?: readonly string[];
  readonly matches?: (filter: ReadonlyMap<string, string>) => Matches;
  /** What the list shows with the given filter; everything, or at and above with `atScope()`, when left out. */
  readonly reach?: (filter: ReadonlyMap<string, string>) => Reach;
}

/** A list of things that hang on scopes, at, above and below the one that is asked for. */
export function listOnScope(call: ArmCall, list: ScopedList): Answer {
  const { context, scope, ask } = call;
  requireScope(context.state, scope);
  requireAction(call, list.action, scope);
  const filter = parseFilter(ask.query.get('$filter'), ['atScope()', ...(list.filters ?? [])]);
  const reach = list.reach?.(filter) ?? (filter.has('atscope()') ? 'above' : 'all');
  const shown = shownAt(context.state, scope, reach);
  const matches = list.matches?.(filter) ?? (() => true);
  return pageOf(
    call,
    list.items.filter((body) => shown(scopeOf(body)) && matches(body)),
  );
}

/** What a thing hangs on: its own word, else what its id says. */
function scopeOf(body: JsonObject): string {
  return stringAt(objectAt(body, 'properties'), 'scope') ?? scopeOfId(stringAt(body, 'id') ?? '?');
}

export function bodiesOf(items: ReadonlyMap<string, Stored>): readonly JsonObject[] {
  return [...items.values()].map(({ body }) => body);
}

/** @throws ServiceError 403, 404 */
export function getOnScope(call: ArmCall, action: string, id: string, items: ReadonlyMap<string, Stored>, missing: string): Answer {
  requireScope(call.context.state, call.scope);
  requireAction(call, action, call.scope);
  const stored = items.get(id.toLowerCase());
  if (stored === undefined)
    throw notFound(missing, `The ${missing.replace(/NotFound$/, '')} '${id.slice(id.lastIndexOf('/') + 1)}' could not be found.`);
  return { status: 200, body: stored.body };
}
