import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { ServedScenario } from './serve-scenario.ts';

/**
 * Writes into `home` what clients of a sandbox read from files: the authority, keyturn's cloud profile, az's cloud.
 * @returns the environment that points clients at them.
 */
export async function writeClientFiles({ sandbox, profile, env }: ServedScenario, home: string): Promise<Readonly<Record<string, string>>> {
  const ca = path.join(home, 'ca.pem');
  await writeFile(ca, sandbox.caPem);
  await writeFile(
    path.join(home, 'cloud.json'),
    `${JSON.stringify({ ...profile, caPem: undefined, caCertificateFile: 'ca.pem' }, undefined, 2)}\n`,
  );
  await writeFile(path.join(home, 'az-cloud.json'), `${JSON.stringify(azCloud(sandbox.origin), undefined, 2)}\n`);
  return {
    KEYTURN_CLOUD: path.join(home, 'cloud.json'),
    ...env,
    REQUESTS_CA_BUNDLE: ca,
    NODE_EXTRA_CA_CERTS: ca,
    // Keeps the person's own az sign-ins and clouds apart.
    AZURE_CONFIG_DIR: path.join(home, 'az'),
    KEYTURN_SANDBOX: sandbox.origin,
  };
}

function azCloud(origin: string) {
  return {
    endpoints: {
      management: `${origin}/`,
      resourceManager: `${origin}/`,
      activeDirectory: origin,
      activeDirectoryResourceId: 'https://management.azure.com/',
      activeDirectoryGraphResourceId: `${origin}/`,
      microsoftGraphResourceId: `${origin}/`,
      gallery: `${origin}/`,
    },
    suffixes: { keyvaultDns: '.vault.azure.net' },
  };
}
