import type { TokenCredential } from '@azure/core-auth';
import { isRestError } from '@azure/core-rest-pipeline';
import { CertificateClient } from '@azure/keyvault-certificates';
import { CryptographyClient, KeyClient } from '@azure/keyvault-keys';
import { SecretClient } from '@azure/keyvault-secrets';
import { stringAt } from '../../src/base/json.ts';
import type { Workload, WorkloadCall, WorkloadResult } from '../../src/sandbox/data-plane/workload.ts';
import { workloadRequest } from '../../src/sandbox/data-plane/workload-request.ts';
import { issueFor } from '../../src/sandbox/identity/answer-token.ts';
import type { Sandbox } from '../../src/sandbox/start-sandbox.ts';
import type { TenantState } from '../../src/sandbox/state.ts';
import { toLoopback } from '../sandbox/data-plane/to-loopback.ts';

type Options = ConstructorParameters<typeof SecretClient>[2] & object;

interface Clients {
  readonly credential: TokenCredential;
  /** Fresh for every client: the keys SDK writes into the options it is given. */
  readonly options: () => Options;
  readonly secrets: SecretClient;
  readonly keys: KeyClient;
  readonly certificates: CertificateClient;
}

/** The scenario's workloads as applications write them: with Microsoft's data-plane SDKs over TLS. */
export function sdkWorkloads(workloads: readonly Workload[], sandbox: Sandbox) {
  const httpClient = toLoopback(sandbox.port, sandbox.caPem);
  const options = (): Options => ({ httpClient });
  const made = new Map<string, Clients>();
  const clientsOf = (workload: Workload, vault: string): Clients => {
    const key = `${workload.name} ${vault}`;
    const known = made.get(key);
    if (known !== undefined) return known;
    const url = `https://${vault}.vault.azure.net`;
    const credential = credentialOf(workload, sandbox);
    const clients = {
      credential,
      options,
      secrets: new SecretClient(url, credential, options()),
      keys: new KeyClient(url, credential, options()),
      certificates: new CertificateClient(url, credential, options()),
    };
    made.set(key, clients);
    return clients;
  };
  const one = async (workload: Workload): Promise<WorkloadResult> => {
    const errors: Error[] = [];
    for (const call of workload.calls) {
      try {
        await perform(call, clientsOf(workload, call.vault), sandbox.tenant);
      } catch (error) {
        errors.push(error instanceof Error ? error : new Error('a workload failed without an error', { cause: error }));
      }
    }
    const refused = errors.filter((error) => isRestError(error) && error.statusCode === 403);
    const first = errors[0];
    return {
      name: workload.name,
      ok: workload.calls.length - errors.length,
      refused: refused.length,
      failed: errors.length - refused.length,
      ...(first !== undefined && { firstRefusal: first.message }),
    };
  };
  return { round: () => Promise.all(workloads.map(one)) };
}

function credentialOf({ principal, onBehalfOfApp }: Workload, { context }: Sandbox): TokenCredential {
  return {
    getToken: () => {
      const object = context.state.directory.get(principal.toLowerCase());
      if (object === undefined) return Promise.reject(new Error(`${principal} cannot sign in`));
      const audience = 'https://vault.azure.net';
      const token =
        onBehalfOfApp === undefined
          ? issueFor(context, object, audience)
          : context.tokens.issue(object.id, audience, { idtyp: 'user', appId: onBehalfOfApp, onBehalfOf: object.id });
      return Promise.resolve({ token: token.accessToken, expiresOnTimestamp: token.expiresOn * 1000 });
    },
  };
}

async function perform(call: WorkloadCall, clients: Clients, state: TenantState): Promise<void> {
  const { operation, object = '', vault } = call;
  const { secrets, keys, certificates } = clients;
  switch (operation) {
    case 'getSecret':
      await secrets.getSecret(object);
      return;
    case 'listSecrets':
      return drain(secrets.listPropertiesOfSecrets());
    case 'setSecret':
      await secrets.setSecret(object, 'set by a workload');
      return;
    case 'getKey':
      await keys.getKey(object);
      return;
    case 'listKeys':
      return drain(keys.listPropertiesOfKeys());
    case 'getCertificate':
      await certificates.getCertificate(object);
      return;
    case 'listCertificates':
      return drain(certificates.listPropertiesOfCertificates());
    case 'wrapKey':
    case 'unwrapKey':
    case 'encrypt':
    case 'decrypt':
    case 'sign':
    case 'verify':
      return useKey(operation, `https://${vault}.vault.azure.net/keys/${object}`, asked(call, state), clients);
  }
}

interface Asked {
  readonly alg: string;
  readonly value: Uint8Array;
  readonly digest: Uint8Array;
}

/** The algorithm and bytes that fit the key: an application that may only unwrap holds what was wrapped long ago. */
function asked(call: WorkloadCall, state: TenantState): Asked {
  const body = workloadRequest(call, state).body ?? {};
  const bytes = (key: string) => new Uint8Array(Buffer.from(stringAt(body, key) ?? '', 'base64url'));
  return { alg: stringAt(body, 'alg') ?? '', value: bytes('value'), digest: bytes('digest') };
}

type KeyUse = 'wrapKey' | 'unwrapKey' | 'encrypt' | 'decrypt' | 'sign' | 'verify';

async function useKey(use: KeyUse, id: string, { alg, value, digest }: Asked, { credential, options }: Clients): Promise<void> {
  const crypto = new CryptographyClient(id, credential, options());
  const algorithm = alg as 'RSA-OAEP-256';
  switch (use) {
    case 'wrapKey':
      await crypto.wrapKey(algorithm, value);
      return;
    case 'unwrapKey':
      await crypto.unwrapKey(algorithm, value);
      return;
    case 'encrypt':
      await crypto.encrypt({ algorithm, plaintext: value });
      return;
    case 'decrypt':
      await crypto.decrypt({ algorithm, ciphertext: value });
      return;
    case 'sign':
      await crypto.sign(alg, value);
      return;
    case 'verify':
      await crypto.verify(alg, digest, value);
  }
}

async function drain(items: AsyncIterable<unknown>): Promise<void> {
  for await (const item of items) if (item === undefined) throw new Error('a list holds nothing undefined');
}
