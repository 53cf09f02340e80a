import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { TokenCredential } from '@azure/core-auth';
import { createDefaultHttpClient, createHttpHeaders, createPipelineRequest, type HttpClient } from '@azure/core-rest-pipeline';
import type { JsonObject } from '../../../src/model/json.ts';
import type { Denial, SandboxContext } from '../../../src/sandbox/context.ts';
import { dataPlane } from '../../../src/sandbox/data-plane/data-plane.ts';
import { createTokenIssuer } from '../../../src/sandbox/identity/tokens.ts';
import { makeCertificates } from '../../../src/sandbox/make-certificates.ts';
import { parseBody, readBody, readHead } from '../../../src/sandbox/read-ask.ts';
import type { AuditRow, SandboxVault, TenantState } from '../../../src/sandbox/state.ts';
import { errorAnswer, send, wireAnswer } from '../../../src/sandbox/write-answer.ts';
import { addPrincipal, addRole, assign, emptyTenant, guid, subscriptionId, tenantId } from '../evaluator/estate.ts';

export const app = guid(0x51);
export const appId = guid(0x52);
export const vaultId = (name: string) => `/subscriptions/${subscriptionId}/resourceGroups/rg-a/providers/Microsoft.KeyVault/vaults/${name}`;

export interface RunningVaults {
  readonly state: TenantState;
  readonly context: SandboxContext;
  readonly audit: AuditRow[];
  readonly denials: Denial[];
  readonly port: number;
  readonly caPem: string;
  /** Moves the sandbox's clock, milliseconds. */
  advance(by: number): void;
  addVault(name: string, properties?: JsonObject): SandboxVault;
  /** What a client of the real SDKs needs to talk to this server as if it were Azure. */
  client(caller?: string): { readonly httpClient: HttpClient; readonly credential: TokenCredential };
  close(): Promise<void>;
}

/** The data plane alone behind real TLS on loopback, with one application in its directory. */
export async function runVaults(): Promise<RunningVaults> {
  const state = emptyTenant();
  let now = Date.parse('2026-11-23T08:00:00Z');
  const clock = {
    now: () => now,
    advance(by: number) {
      now += by;
    },
  };
  const consistency = { assignmentPropagation: 0, principalReplication: 0, listingLag: 0 };
  const tokens = createTokenIssuer({ tenantId, clock });
  const audit: AuditRow[] = [];
  const denials: Denial[] = [];
  const context: SandboxContext = {
    state,
    clock,
    consistency,
    view: () => ({ state, consistency, now }),
    tokens,
    operator: { objectId: app },
    identitySecret: 'none',
    directoryAccess: 'read',
    recordAudit: (row) => void audit.push(row),
    recordDenial: (denial) => void denials.push(denial),
  };
  addPrincipal(state, app, { kind: 'servicePrincipal' });
  const { caPem, certificatePem, keyPem } = await makeCertificates();
  const handle = dataPlane(context);
  const server = createServer({ cert: certificatePem, key: keyPem }, (request, response) => {
    const serve = async () => {
      const head = readHead(request, 'https', (bearer) => tokens.verify(bearer));
      const body = parseBody(await readBody(request), request.headers['content-type'] ?? '');
      return await handle({ ...head, body });
    };
    void serve()
      .catch((error: unknown) => errorAnswer(error))
      .then((answer) => {
        send(response, wireAnswer(answer));
      });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    state,
    context,
    audit,
    denials,
    port,
    caPem,
    advance: (by) => {
      now += by;
    },
    addVault(name, properties = {}) {
      const id = vaultId(name);
      const fixed = { tenantId, sku: { family: 'A', name: 'standard' }, vaultUri: `https://${name}.vault.azure.net/`, accessPolicies: [] };
      const body = { id, name, location: 'westeurope', properties: { ...fixed, ...properties } };
      const vault: SandboxVault = { key: id.toLowerCase(), body, since: 0, secrets: new Map(), keys: new Map(), certificates: new Map() };
      state.vaults.set(vault.key, vault);
      return vault;
    },
    client: (caller = app) => ({
      httpClient: toLoopback(port, caPem),
      credential: {
        getToken: (scopes) => {
          const [scope = ''] = [scopes].flat();
          const token = tokens.issue(caller, scope.replace(/\/\.default$/, ''), { appId, idtyp: 'app' });
          return Promise.resolve({ token: token.accessToken, expiresOnTimestamp: token.expiresOn * 1000 });
        },
      },
    }),
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => {
          resolve();
        });
      }),
  };
}

/** Keeps the public name in the Host header, where the SDKs' challenge check looks at the original, and connects to loopback. */
function toLoopback(port: number, ca: string): HttpClient {
  const inner = createDefaultHttpClient();
  return {
    async sendRequest(request) {
      const url = new URL(request.url);
      const headers = createHttpHeaders(request.headers.toJSON());
      const copy = Object.assign(createPipelineRequest({ url: request.url }), request, {
        url: `https://127.0.0.1:${port}${url.pathname}${url.search}`,
        headers,
        tlsSettings: { ca },
      });
      copy.headers.set('host', url.host);
      const response = await inner.sendRequest(copy);
      response.request = request;
      return response;
    },
  };
}

/** Grants data actions, without their provider, on a vault that is ruled by roles. */
export function grant(
  state: TenantState,
  vault: string,
  dataActions: readonly string[],
  more: { scope?: string; condition?: string } = {},
): string {
  const role = addRole(state, guid(0x100 + state.roleDefinitions.size), [
    { dataActions: dataActions.map((action) => `Microsoft.KeyVault/vaults/${action}`) },
  ]);
  const { scope = vaultId(vault), condition } = more;
  return assign(state, { principal: app, role, scope, ...(condition !== undefined && { condition }) });
}

/** Properties of a vault that is ruled by access policies and gives the application these permissions. */
export function policies(permissions: JsonObject): JsonObject {
  return { enableRbacAuthorization: false, accessPolicies: [{ tenantId, objectId: app, permissions }] };
}
