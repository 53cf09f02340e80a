import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Handler } from './exchange.ts';
import { parseBody, readBody, readHead } from './read-ask.ts';
import { errorAnswer, send, wireAnswer } from './write-answer.ts';

/**
 * The managed identity endpoint listens on plain http, as it does beside an application on App Service. Tokens are asked
 * there for the sandbox's own address, so the handler is told that one.
 */
export async function serveIdentity(handler: Handler, origin: string, request: IncomingMessage, response: ServerResponse): Promise<void> {
  try {
    const head = readHead(request, 'http', () => undefined);
    const body = parseBody(await readBody(request), head.headers['content-type'] ?? '');
    send(response, wireAnswer(await handler({ ...head, origin, body })));
  } catch (error) {
    send(response, wireAnswer(errorAnswer(error)));
  }
}
