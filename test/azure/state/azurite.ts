import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import process from 'node:process';
import type { TokenCredential } from '@azure/core-auth';
import type { ContainerClient } from '@azure/storage-blob';
import type { CloudProfile } from '../../../src/azure/cloud-profile.ts';
import { openContainer } from '../../../src/azure/state/open-container.ts';
import { makeCertificates } from '../../../src/sandbox/make-certificates.ts';

const script = path.resolve(import.meta.dirname, '../../../.tmp/azurite/node_modules/azurite/dist/src/blob/main.js');

/** Microsoft's emulator of Azure Storage; `scripts/ensure-tools.mjs` puts it there. In CI nothing may be skipped. */
export const azuriteIsThere = existsSync(script) || !['', '0', 'false', undefined].includes(process.env.CI);

export interface Azurite {
  /** `https://127.0.0.1:PORT/devstoreaccount1`. */
  readonly account: string;
  readonly caPem: string;
  readonly profile: CloudProfile;
  readonly credential: TokenCredential;
  container(name: string): Promise<ContainerClient>;
  close(): Promise<void>;
}

/** Azurite in memory on a free port of this machine, over TLS and with tokens, without its telemetry. */
export async function startAzurite(): Promise<Azurite> {
  const folder = await mkdtemp(path.join(tmpdir(), 'keyturn-azurite-'));
  const { caPem, certificatePem, keyPem } = await makeCertificates();
  const [cert, key] = [path.join(folder, 'cert.pem'), path.join(folder, 'key.pem')];
  await Promise.all([writeFile(cert, certificatePem), writeFile(key, keyPem)]);
  const port = await freePort();
  const words = ['--blobHost', '127.0.0.1', '--blobPort', String(port), '--oauth', 'basic', '--cert', cert, '--key', key];
  const more = ['--inMemoryPersistence', '--skipApiVersionCheck', '--disableTelemetry', '--silent'];
  const child = spawn(process.execPath, [script, ...words, ...more], { cwd: folder, stdio: ['ignore', 'pipe', 'inherit'] });
  await listening(child);
  const account = `https://127.0.0.1:${port}/devstoreaccount1`;
  const profile = sandboxProfile(caPem);
  const credential = tokens();
  return {
    account,
    caPem,
    profile,
    credential,
    async container(name) {
      const container = openContainer({ container: `${account}/${name}`, prefix: '' }, profile, credential);
      await container.createIfNotExists();
      return container;
    },
    async close() {
      child.kill();
      await once(child, 'close');
      await rm(folder, { recursive: true, force: true });
    },
  };
}

function listening(child: ChildProcess): Promise<void> {
  let said = '';
  return new Promise((resolve, reject) => {
    child.stdout?.on('data', (chunk: Buffer) => {
      said += chunk.toString();
      if (said.includes('successfully listen')) resolve();
    });
    child.once('close', () => {
      reject(new Error(`Azurite did not start: ${said}`));
    });
  });
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}

function sandboxProfile(caPem: string): CloudProfile {
  const here = 'https://127.0.0.1:1';
  return {
    name: 'sandbox',
    resourceManager: here,
    resourceManagerAudience: here,
    graph: here,
    graphAudience: here,
    authority: here,
    vaultSuffix: 'vault.azure.net',
    caPem,
    sandboxClock: here,
  };
}

/** Azurite looks at issuer, audience and times, and at no signature. */
function tokens(): TokenCredential {
  return {
    getToken() {
      const now = Math.floor(Date.now() / 1000);
      const claims = {
        aud: 'https://storage.azure.com',
        iss: 'https://sts.windows.net/00000000-0000-4000-8000-00000000000a/',
        iat: now,
        nbf: now,
        exp: now + 3600,
      };
      const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
      return Promise.resolve({
        token: `${part({ alg: 'RS256', typ: 'JWT' })}.${part(claims)}.x`,
        expiresOnTimestamp: Date.now() + 3_600_000,
      });
    },
  };
}
