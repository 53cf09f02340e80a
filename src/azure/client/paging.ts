import { isObject, stringAt } from '../../base/json.ts';
import type { RawRequest, Transport } from './transport.ts';

/** Reads an SDK's pages to the end; the rows themselves are kept by the exchange. */
export async function drain(pages: AsyncIterable<unknown>): Promise<void> {
  const iterator = pages[Symbol.asyncIterator]();
  while ((await iterator.next()).done !== true);
}

/** Sends a request of our own and follows its pages; for use inside `askList`. */
export async function sendPaged(transport: Transport, service: 'resourceManager' | 'graph', first: RawRequest): Promise<void> {
  const { bodyAsText } = await transport.send(service, first);
  await followPages(transport, service, JSON.parse(bodyAsText ?? '{}'));
}

/** Follows the pages after the first one. A `nextLink` is opaque and goes out as it came; the guards judge where it leads. */
export async function followPages(transport: Transport, service: 'resourceManager' | 'graph', firstPage: unknown): Promise<void> {
  let next = nextLinkOf(firstPage);
  while (next !== undefined) {
    const { bodyAsText } = await transport.send(service, { method: 'GET', url: next });
    next = nextLinkOf(JSON.parse(bodyAsText ?? '{}'));
  }
}

function nextLinkOf(page: unknown): string | undefined {
  return isObject(page) ? stringAt(page, 'nextLink') : undefined;
}
