import { randomUUID } from 'node:crypto';
import type { JsonObject } from '../../base/json.ts';
import type { Answer } from '../exchange.ts';
import type { SandboxClock, TenantState } from '../state.ts';

/** `read`: everything; `idsOnly`: getByIds answers with id and type alone; `denied`: 403 to every question. */
export type DirectoryAccess = 'read' | 'idsOnly' | 'denied';

/** What Graph needs of the running sandbox. */
export interface GraphContext {
  readonly state: Pick<TenantState, 'tenantId' | 'directory' | 'groupSchedules' | 'licence'>;
  readonly clock: SandboxClock;
  readonly directoryAccess: DirectoryAccess;
}

/** Leaves a handler from any depth; becomes the answer of one request, also inside a batch. */
export class GraphError extends Error {
  readonly status: number;
  readonly code: string;
  constructor(status: number, code: string, message: string) {
    super(message);
    this.status = status;
    this.code = code;
  }
}

export function badRequest(message: string): GraphError {
  return new GraphError(400, 'Request_BadRequest', message);
}

export function notFound(id: string): GraphError {
  const message = `Resource '${id}' does not exist or one of its queried reference-property objects are not present.`;
  return new GraphError(404, 'Request_ResourceNotFound', message);
}

export function denied(): GraphError {
  return new GraphError(403, 'Authorization_RequestDenied', 'Insufficient privileges to complete the operation.');
}

export function errorAnswer(error: GraphError, clock: SandboxClock): Answer {
  const requestId = randomUUID();
  const date = new Date(clock.now()).toISOString().slice(0, 19);
  const innerError = { date, 'request-id': requestId, 'client-request-id': requestId };
  return { status: error.status, body: { error: { code: error.code, message: error.message, innerError } } };
}

export function answer(metadata: string, body: JsonObject): Answer {
  return { status: 200, body: { '@odata.context': `https://graph.microsoft.com/v1.0/$metadata#${metadata}`, ...body } };
}
