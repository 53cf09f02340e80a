import { Agent, request } from 'node:https';
import { isObject, stringAt } from '../../base/json.ts';
import type { SandboxContext } from '../context.ts';
import { issueFor } from '../identity/answer-token.ts';
import type { Workload, WorkloadCall, WorkloadResult } from './workload.ts';
import { type WorkloadRequest, workloadRequest } from './workload-request.ts';

/** Where a running sandbox can be called, and what of it a workload has to know. */
export interface VaultConnection {
  readonly port: number;
  readonly caPem: string;
  readonly context: SandboxContext;
}

interface Outcome {
  readonly status: number;
  /** The service's message, or why there was no answer. */
  readonly text: string;
}

const domain = 'vault.azure.net';

/** One round of a workload's calls, one after the other, over TLS on loopback: what an application sees that moment. */
export async function runWorkload(workload: Workload, connection: VaultConnection): Promise<WorkloadResult> {
  const token = tokenFor(workload, connection.context);
  const agent = new Agent({ ca: connection.caPem, keepAlive: true });
  const outcomes: Outcome[] = [];
  try {
    for (const call of workload.calls) {
      outcomes.push(
        token === undefined ? { status: 0, text: `${workload.principal} cannot sign in` } : await perform(call, token, agent, connection),
      );
    }
  } finally {
    agent.destroy();
  }
  const refused = outcomes.filter(({ status }) => status === 403);
  const failed = outcomes.filter(({ status }) => status !== 403 && (status < 200 || status > 299));
  const first = outcomes.find((outcome) => refused.includes(outcome) || failed.includes(outcome));
  return {
    name: workload.name,
    ok: outcomes.length - refused.length - failed.length,
    refused: refused.length,
    failed: failed.length,
    ...(first !== undefined && { firstRefusal: first.text }),
  };
}

/** Nobody signs in as a principal that is not there; a compound identity is the user, through the application. */
function tokenFor({ principal, onBehalfOfApp }: Workload, context: SandboxContext): string | undefined {
  const object = context.state.directory.get(principal.toLowerCase());
  if (object === undefined || object.deleted) return undefined;
  const audience = `https://${domain}`;
  if (onBehalfOfApp === undefined) return issueFor(context, object, audience).accessToken;
  return context.tokens.issue(object.id, audience, { idtyp: 'user', appId: onBehalfOfApp, onBehalfOf: object.id }).accessToken;
}

async function perform(call: WorkloadCall, token: string, agent: Agent, { port, context }: VaultConnection): Promise<Outcome> {
  const where = { host: '127.0.0.1', port, agent, token, vaultHost: `${call.vault.toLowerCase()}.${domain}` };
  try {
    return await send(workloadRequest(call, context.state), where);
  } catch (error) {
    return { status: 0, text: error instanceof Error ? error.message : String(error) };
  }
}

interface Destination {
  readonly host: string;
  readonly port: number;
  readonly agent: Agent;
  readonly token: string;
  readonly vaultHost: string;
}

function send({ method, path, body }: WorkloadRequest, { token, vaultHost, ...where }: Destination): Promise<Outcome> {
  const text = body === undefined ? '' : JSON.stringify(body);
  const headers = {
    host: vaultHost,
    authorization: `Bearer ${token}`,
    'user-agent': 'keyturn-sandbox-workload',
    ...(text !== '' && { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) }),
  };
  return new Promise((resolve, reject) => {
    const sent = request({ ...where, method, path: `${path}?api-version=7.4`, headers }, (response) => {
      let answer = '';
      response.setEncoding('utf8');
      response.on('data', (piece: string) => (answer += piece));
      response.on('error', reject);
      response.on('end', () => {
        resolve({ status: response.statusCode ?? 0, text: messageOf(answer) });
      });
    });
    sent.on('error', reject);
    sent.end(text);
  });
}

function messageOf(answer: string): string {
  try {
    const parsed: unknown = JSON.parse(answer);
    const error = isObject(parsed) ? parsed.error : undefined;
    return isObject(error) ? (stringAt(error, 'message') ?? answer) : '';
  } catch {
    return answer;
  }
}
