import type { JsonObject } from '../../base/json.ts';
import type { Answer } from '../exchange.ts';
import type { ArmCall } from './arm-context.ts';
import { badRequest } from './refusals.ts';

interface Position {
  /** Items before this page. */
  readonly offset: number;
  /** Empty pages already given at this offset. */
  readonly empty: number;
}

/**
 * One page of a list, as the paging settings and the client's `$top` cut it. The token in the nextLink is opaque to
 * clients, and a nextLink keeps every other parameter of the request.
 */
export function pageOf(call: ArmCall, items: readonly JsonObject[], top?: number): Answer {
  const { size, emptyPages } = call.context.paging;
  const { offset, empty } = position(call.ask.query.get('$skiptoken') ?? call.ask.query.get('$skipToken'));
  const length = Math.max(1, Math.min(size, top ?? size));
  const ask = (next: Position): Answer => answer([], nextLink(call, next));
  // Every page but the first is preceded by the empty ones.
  if (offset > 0 && empty < emptyPages) return ask({ offset, empty: empty + 1 });
  const value = items.slice(offset, offset + length);
  const after = offset + length;
  // A list that has been cut, or that is asked to, ends with empty pages as real ones do.
  const more = after < items.length || (emptyPages > 0 && offset < items.length);
  return answer(value, more ? nextLink(call, { offset: Math.min(after, items.length), empty: 0 }) : undefined);
}

function answer(value: readonly JsonObject[], next: string | undefined): Answer {
  return { status: 200, body: { value, ...(next !== undefined && { nextLink: next }) } };
}

function nextLink({ ask }: ArmCall, { offset, empty }: Position): string {
  const query = new URLSearchParams([...ask.query].filter(([name]) => name.toLowerCase() !== '$skiptoken'));
  const token = Buffer.from(JSON.stringify([offset, empty])).toString('base64url');
  const path = ask.path
    .replaceAll(/\/{2,}/g, '/')
    .split('/')
    .map(encodeURIComponent)
    .join('/');
  return `${ask.origin}${path}?${query.toString()}&%24skiptoken=${token}`;
}

function position(token: string | null): Position {
  if (token === null) return { offset: 0, empty: 0 };
  try {
    const parsed: unknown = JSON.parse(Buffer.from(token, 'base64url').toString('utf8'));
    if (Array.isArray(parsed) && parsed.length === 2 && parsed.every((part) => Number.isInteger(part) && part >= 0)) {
      const [offset, empty] = parsed as [number, number];
      return { offset, empty };
    }
  } catch {
    // Falls through to the refusal.
  }
  throw badRequest('InvalidSkipToken', 'The skip token is not one that this service gave.');
}
