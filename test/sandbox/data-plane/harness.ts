import type { TokenCredential } from '@azure/core-auth';
import type { HttpClient } from '@azure/core-rest-pipeline';
import type { JsonObject } from '../../../src/base/json.ts';
import { sandboxClock } from '../../../src/sandbox/clock.ts';
import type { Denial, SandboxContext } from '../../../src/sandbox/context.ts';
import { startSandbox } from '../../../src/sandbox/start-sandbox.ts';
import type { AuditRow, SandboxVault, TenantState } from '../../../src/sandbox/state.ts';
import { addPrincipal, addRole, assign, emptyTenant, guid, subscriptionId, tenantId } from '../evaluator/estate.ts';
import { toLoopback } from './to-loopback.ts';

export const app = guid(0x51);
export const appId = guid(0x52);
export const vaultId = (name: string) => `/subscriptions/${subscriptionId}/resourceGroups/rg-a/providers/Microsoft.KeyVault/vaults/${name}`;

export interface RunningVaults {
  readonly state: TenantState;
  readonly context: SandboxContext;
  readonly audit: AuditRow[];
  /** Since the start, oldest first. */
  denials(): readonly Denial[];
  readonly port: number;
  readonly caPem: string;
  addVault(name: string, properties?: JsonObject): SandboxVault;
  /** What a client of the real SDKs needs to talk to this server as if it were Azure. */
  client(): { readonly httpClient: HttpClient; readonly credential: TokenCredential };
  close(): Promise<void>;
}

/** A sandbox with one application in its directory and no vault yet. */
export async function runVaults(): Promise<RunningVaults> {
  const state = emptyTenant();
  addPrincipal(state, app, { kind: 'servicePrincipal', properties: { appId } });
  const sandbox = await startSandbox({
    tenant: state,
    clock: sandboxClock(Date.parse('2026-11-23T08:00:00Z')),
    consistency: { assignmentPropagation: 0, principalReplication: 0, roleReplication: 0, listingLag: 0 },
    operator: { objectId: app },
  });
  return {
    state,
    context: sandbox.context,
    audit: state.audit,
    denials: () => sandbox.denials(),
    port: sandbox.port,
    caPem: sandbox.caPem,
    addVault(name, properties = {}) {
      const id = vaultId(name);
      const fixed = { tenantId, sku: { family: 'A', name: 'standard' }, vaultUri: `https://${name}.vault.azure.net/`, accessPolicies: [] };
      const body = { id, name, location: 'westeurope', properties: { ...fixed, ...properties } };
      const vault: SandboxVault = { key: id.toLowerCase(), body, since: 0, secrets: new Map(), keys: new Map(), certificates: new Map() };
      state.vaults.set(vault.key, vault);
      return vault;
    },
    client: () => ({
      httpClient: toLoopback(sandbox.port, sandbox.caPem),
      credential: {
        getToken: (scopes) => {
          const [scope = ''] = [scopes].flat();
          const token = sandbox.issueToken(app, scope.replace(/\/\.default$/, ''));
          return Promise.resolve({ token, expiresOnTimestamp: Date.now() + 3600_000 });
        },
      },
    }),
    close: () => sandbox.close(),
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
