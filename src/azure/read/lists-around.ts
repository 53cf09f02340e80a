import { isDeepStrictEqual } from 'node:util';
import type { AuthorizationManagementClient } from '@azure/arm-authorization';
import { everyone } from '../../base/guid.ts';
import type { JsonValue } from '../../base/json.ts';
import { parseScope, type Scope, scopeReaches, subscriptionOf } from '../../model/scope.ts';
import { saysUnlicensed, unreadableAnswer } from '../client/azure-error.ts';
import { drain } from '../client/paging.ts';
import { parseRows } from '../client/parse-rows.ts';
import type { Transport } from '../client/transport.ts';

export type Lister = (client: AuthorizationManagementClient, scope: string, options: { filter?: string }) => AsyncIterable<unknown>;

/** A row of a list around a scope, as parsed: `raw` is left out where two answers about it are compared. */
interface ListedRow {
  readonly id: string;
  readonly scope: Scope;
  readonly raw: unknown;
}

/** Lists of what hangs on scopes. */
export interface ListsAround {
  rows(what: string, scope: string, lister: Lister, filter?: string): Promise<readonly JsonValue[]>;
  /**
   * At, above and below: without a filter, and with `atScope()`, which alone is documented to hold what lies above (EA-45).
   * @throws KnownError when a row is not understood, or the two answers contradict each other.
   */
  allAround<T extends ListedRow>(
    kind: string,
    scope: string,
    lister: Lister,
    parse: (row: JsonValue) => T | undefined,
  ): Promise<readonly T[]>;
}

export function listsAround(transport: Transport): ListsAround {
  const rows: ListsAround['rows'] = (what, scope, lister, filter) =>
    transport.askList(what, () => drain(lister(clientFor(transport, scope), sdkScope(scope), filter === undefined ? {} : { filter })));
  return {
    rows,
    async allAround(kind, scope, lister, parse) {
      const what = `list the ${kind} at \`${scope}\``;
      const answers = await Promise.allSettled([rows(what, scope, lister), rows(what, scope, lister, 'atScope()')]);
      const [all, above] = whole(what, answers).map((answer) => parseRows(what, answer, parse));
      return united(what, scope, all ?? [], above ?? []);
    },
  };
}

/** @throws what one of the two was refused with; that there is no PIM only when both were. */
function whole(what: string, answers: readonly PromiseSettledResult<readonly JsonValue[]>[]): readonly (readonly JsonValue[])[] {
  const refused = answers.flatMap((answer) => (answer.status === 'rejected' ? [answer.reason as unknown] : []));
  const listed = answers.flatMap((answer) => (answer.status === 'fulfilled' ? [answer.value] : []));
  const [first] = refused;
  if (refused.length === 0) return listed;
  if (listed.length > 0 && saysUnlicensed(first))
    throw unreadableAnswer(what, 'of its two answers only one says that the tenant has no PIM');
  throw first;
}

/**
 * Each row once. What stands at the scope is in both lists, and what lies above in the unfiltered one too if it shows any of that:
 * a row that only the filtered one knows was lost, and two answers about one row that differ are worth nothing.
 */
function united<T extends ListedRow>(what: string, scope: string, all: readonly T[], above: readonly T[]): readonly T[] {
  const byId = new Map<string, T>();
  for (const row of [...all, ...above]) {
    const known = byId.get(row.id.toLowerCase());
    if (known !== undefined && !sameRow(known, row)) throw unreadableAnswer(what, `it answers differently about \`${row.id}\``);
    byId.set(row.id.toLowerCase(), known ?? row);
  }
  const at = parseScope(scope);
  const isAbove = (row: T) => at !== undefined && row.scope !== at && !scopeReaches(at, row.scope, []);
  const showsAbove = all.some(isAbove);
  const unfiltered = new Set(all.map((row) => row.id.toLowerCase()));
  const lost = above.find((row) => !unfiltered.has(row.id.toLowerCase()) && (row.scope === at || showsAbove));
  if (lost !== undefined) throw unreadableAnswer(what, `\`${lost.id}\` is listed with a filter, and is missing without one`);
  return [...byId.values()];
}

function sameRow(one: ListedRow, other: ListedRow): boolean {
  if (one === other) return true;
  return isDeepStrictEqual({ ...one, id: '', raw: '' }, { ...other, id: '', raw: '' });
}

/** The SDK puts a slash of its own before the scope. */
export function sdkScope(scope: string): string {
  return scope.replace(/^\/+/, '').replace(/\/+$/, '');
}

/** The client's subscription is never part of these requests, so any will do above subscriptions. */
export function clientFor(transport: Transport, scope: string): AuthorizationManagementClient {
  const at = parseScope(scope);
  return transport.authorization((at === undefined ? undefined : subscriptionOf(at)) ?? everyone);
}
