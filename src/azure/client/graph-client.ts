import { Client, type Context } from '@microsoft/microsoft-graph-client';
import type { RawRequest, Transport } from './transport.ts';

interface SimpleContext {
  readonly request: string;
  readonly options?: { readonly method?: RawRequest['method']; readonly body?: unknown };
}

/**
 * The Graph client over our own pipeline: its own middleware signs in anew for every call, follows a foreign `nextLink`,
 * does not repeat after a reset and sleeps through an abort.
 */
export function createGraphClient(transport: Transport): Client {
  return Client.initWithMiddleware({
    baseUrl: `${transport.profile.graph}/`,
    defaultVersion: 'v1.0',
    middleware: {
      async execute(context: Context) {
        // The client types these by the browser's fetch; it always gives an address and plain options.
        const { request: url, options } = context as unknown as SimpleContext;
        const { method = 'GET', body } = options ?? {};
        const answer = await transport.send('graph', {
          method,
          url,
          ...(typeof body === 'string' && { body }),
        });
        context.response = new Response(answer.bodyAsText ?? '', {
          status: answer.status,
          headers: { 'content-type': 'application/json' },
        });
      },
    },
  });
}
