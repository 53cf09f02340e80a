import type { Answer, Ask } from '../exchange.ts';
import type { DirectoryObject } from '../state.ts';
import { render } from './directory-view.ts';
import { answer, badRequest } from './graph-answer.ts';

const defaultPage = 100;
const largestPage = 999;

/** Query parameters other than the known ones are an error that names them. */
export function checkQuery(ask: Ask, known: readonly string[]): void {
  const unknown = [...ask.query.keys()].find((name) => !known.includes(name));
  if (unknown !== undefined) throw badRequest(`the sandbox's Graph does not know the parameter \`${unknown}\` on ${ask.path}`);
}

export function selected(ask: Ask): readonly string[] | undefined {
  return ask.query
    .get('$select')
    ?.split(',')
    .map((name) => name.trim());
}

/** One page of a list, with an opaque nextLink when there is more. */
export function page(ask: Ask, metadata: string, objects: readonly DirectoryObject[], typed: boolean): Answer {
  const size = ask.query.has('$top') ? Number(ask.query.get('$top')) : defaultPage;
  if (!Number.isInteger(size) || size < 1 || size > largestPage)
    throw badRequest(`Invalid page size specified: '${ask.query.get('$top') ?? ''}'.`);
  const from = skipped(ask);
  const value = objects.slice(from, from + size).map((object) => render(object, selected(ask), typed));
  return answer(metadata, { ...(from + size < objects.length && { '@odata.nextLink': nextLink(ask, from + size) }), value });
}

function skipped(ask: Ask): number {
  const token = ask.query.get('$skiptoken');
  if (token === null) return 0;
  const match = /^from:(\d+)$/.exec(Buffer.from(token, 'base64url').toString('utf8'));
  if (match === null) throw badRequest('The skip token is not one that the sandbox gave.');
  return Number(match[1]);
}

function nextLink(ask: Ask, from: number): string {
  const query = new URLSearchParams(ask.query);
  query.set('$skiptoken', Buffer.from(`from:${from}`).toString('base64url'));
  // A client that only says Graph's name in a header follows links to that name too.
  const origin = new URL(ask.origin).hostname === ask.host ? ask.origin : `https://${ask.host}`;
  return `${origin}${encodeURI(ask.path)}?${query.toString()}`;
}
