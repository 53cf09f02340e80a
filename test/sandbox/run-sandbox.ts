import { request } from 'node:https';
import { AuthorizationManagementClient } from '@azure/arm-authorization';
import { KeyVaultManagementClient } from '@azure/arm-keyvault';
import type { TokenCredential } from '@azure/core-auth';
import type { JsonObject, JsonValue } from '../../src/base/json.ts';
import { sandboxClock } from '../../src/sandbox/clock.ts';
import { loadScenario } from '../../src/sandbox/scenario/load-scenario.ts';
import type { ScenarioFile } from '../../src/sandbox/scenario/scenario-schema.ts';
import { type Sandbox, type SandboxOptions, startSandbox } from '../../src/sandbox/start-sandbox.ts';
import { recordTo } from './record-to.ts';
import { scenarioCatalogue } from './scenario/minimal-scenario.ts';

export const ids = {
  tenant: '72000000-0000-4000-8000-0000000000aa',
  subscription: '72000000-0000-4000-8000-0000000000b1',
  other: '72000000-0000-4000-8000-0000000000b2',
  owner: '72000000-0000-4000-8000-000000000001',
  reader: '72000000-0000-4000-8000-000000000002',
  contributor: '72000000-0000-4000-8000-000000000003',
  delegate: '72000000-0000-4000-8000-000000000004',
  app: '72000000-0000-4000-8000-000000000005',
  group: '72000000-0000-4000-8000-000000000006',
  dana: '72000000-0000-4000-8000-000000000007',
  registration: '72000000-0000-4000-8000-000000000008',
  stranger: '72000000-0000-4000-8000-0000000000ff',
} as const;
export const roles = {
  secretsUser: '4633458b-17de-408a-b874-0445c86b69e6',
  certificateUser: 'db79e9a7-68ee-4b58-9aeb-b90e7c24fcba',
  reader: '21090545-7ca7-4776-b22c-e363652d74d2',
} as const;
export const groupId = `/subscriptions/${ids.subscription}/resourceGroups/rg-a`;
export const vaultId = (name: string, group = groupId) => `${group}/providers/Microsoft.KeyVault/vaults/${name}`;
export const roleId = (role: string) => `/subscriptions/${ids.subscription}/providers/Microsoft.Authorization/roleDefinitions/${role}`;

/** Three vaults in two subscriptions under one management group; people with different rights. */
export function aTenant(): ScenarioFile {
  const app = 'app';
  return {
    formatVersion: 1,
    title: 'Control plane',
    story: 'What Resource Manager has to do.',
    tenant: { domain: 'arm.example', id: ids.tenant },
    managementGroups: { platform: null },
    subscriptions: {
      main: { displayName: 'Main', id: ids.subscription, managementGroup: 'platform' },
      other: { displayName: 'Other', id: ids.other },
    },
    resourceGroups: {
      'rg-a': { subscription: 'main', location: 'westeurope' },
      'rg-b': { subscription: 'main', location: 'northeurope' },
      'rg-o': { subscription: 'other', location: 'westeurope' },
    },
    principals: {
      owner: { kind: 'managedIdentity', displayName: 'owner', id: ids.owner },
      reader: { kind: 'user', displayName: 'Rita Reader', id: ids.reader, userPrincipalName: 'rita@arm.example' },
      contributor: { kind: 'user', displayName: 'Carl', id: ids.contributor },
      delegate: { kind: 'user', displayName: 'Dela', id: ids.delegate },
      app: { kind: 'managedIdentity', displayName: 'app', id: ids.app },
      dana: { kind: 'user', displayName: 'Dana', id: ids.dana },
      team: { kind: 'group', displayName: 'team', id: ids.group, members: ['dana'] },
      registration: { kind: 'application', displayName: 'registration', id: ids.registration },
    },
    operator: 'owner',
    vaults: {
      'kv-a': { resourceGroup: 'rg-a', accessPolicies: [{ principal: app, secrets: ['Get', 'list', 'get'], keys: ['wrapKey'] }] },
      'kv-b': { resourceGroup: 'rg-b', model: 'unset', accessPolicies: [], diagnostics: [{ name: 'law', workspace: 'law' }] },
      'kv-o': { resourceGroup: 'rg-o', model: 'azureRbac', accessPolicies: [] },
    },
    assignments: [
      { role: 'Owner', principal: 'owner', scope: 'managementGroups/platform' },
      { role: 'Reader', principal: 'reader', scope: 'subscriptions/main' },
      { role: 'Contributor', principal: 'contributor', scope: 'resourceGroups/rg-a' },
      { role: 'Contributor', principal: 'delegate', scope: 'resourceGroups/rg-a' },
      { role: 'Key Vault Data Access Administrator', principal: 'delegate', scope: 'resourceGroups/rg-a' },
      { role: 'Key Vault Secrets User', principal: 'team', scope: 'vaults/kv-a' },
      { role: 'Key Vault Reader', principal: 'dana', scope: 'vaults/kv-a/secrets/db' },
    ],
    eligible: [{ role: 'Key Vault Administrator', principal: 'dana', scope: 'resourceGroups/rg-a' }],
    denyAssignments: [
      { name: 'stack', scope: 'vaults/kv-b', principals: ['everyone'], except: ['owner'], actions: ['Microsoft.KeyVault/vaults/write'] },
    ],
  };
}

export interface Running extends Sandbox {
  vaults(objectId?: string): KeyVaultManagementClient['vaults'];
  authorization(objectId?: string): AuthorizationManagementClient;
  /** One raw exchange; the api-version is taken from the path. */
  call(method: string, path: string, options?: CallOptions): Promise<RawReply>;
}

interface CallOptions {
  readonly as?: string | null;
  readonly body?: JsonValue;
  readonly text?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

interface RawReply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly text: string;
  readonly body: JsonObject;
}

/** A sandbox with the tenant above, or a changed one, and clients for whoever is to call. */
export async function runSandbox(tenant: ScenarioFile = aTenant(), options: Partial<SandboxOptions> = {}): Promise<Running> {
  const now = Date.now();
  const scenario = await loadScenario([{ name: 'scenario.json', text: JSON.stringify(tenant) }], { catalogue: scenarioCatalogue, now });
  const { consistency, operator } = scenario;
  const clock = sandboxClock(scenario.startsAt);
  const sandbox = await startSandbox({ tenant: scenario.tenant, consistency, clock, operator, vaultWriteTime: 0, recordTo, ...options });
  const audience = 'https://management.azure.com/';
  const credential = (objectId: string): TokenCredential => ({
    getToken: () => Promise.resolve({ token: sandbox.issueToken(objectId, audience), expiresOnTimestamp: Date.now() + 3600_000 }),
  });
  const client = { endpoint: sandbox.origin, tlsOptions: { ca: sandbox.caPem }, retryOptions: { maxRetries: 0 } };
  return Object.assign(sandbox, {
    vaults: (objectId: string = ids.owner) => new KeyVaultManagementClient(credential(objectId), ids.subscription, client).vaults,
    authorization: (objectId: string = ids.owner) => new AuthorizationManagementClient(credential(objectId), ids.subscription, client),
    call: (method: string, path: string, call: CallOptions = {}) => {
      const token = call.as === null ? {} : { authorization: `Bearer ${sandbox.issueToken(call.as ?? ids.owner, audience)}` };
      return exchange(sandbox, method, path, { ...call, headers: { ...token, ...call.headers } });
    },
  });
}

function exchange(sandbox: Sandbox, method: string, path: string, { body, text, headers }: CallOptions): Promise<RawReply> {
  return new Promise((resolve, reject) => {
    const sent = text ?? (body === undefined ? undefined : JSON.stringify(body));
    const typed = sent === undefined ? {} : { 'content-type': 'application/json', 'content-length': Buffer.byteLength(sent) };
    const outgoing = request(
      { host: '127.0.0.1', port: sandbox.port, path, method, ca: sandbox.caPem, agent: false, headers: { ...typed, ...headers } },
      (incoming) => {
        const chunks: Buffer[] = [];
        incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
        incoming.on('error', reject);
        incoming.on('end', () => {
          const reply = Buffer.concat(chunks).toString('utf8');
          resolve({ status: incoming.statusCode ?? 0, headers: incoming.headers, text: reply, body: parsed(reply) });
        });
      },
    );
    outgoing.on('error', reject);
    outgoing.end(sent);
  });
}

function parsed(text: string): JsonObject {
  try {
    return JSON.parse(text) as JsonObject;
  } catch {
    return {};
  }
}
