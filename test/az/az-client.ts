import { execFile, execFileSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { OpenScenario } from '../scenarios/open-scenario.ts';

const run = promisify(execFile);

/** Why the tests with Microsoft's own client cannot run here, or undefined when they can. */
export function azMissing(): string | undefined {
  try {
    const env = { ...process.env, AZURE_CORE_COLLECT_TELEMETRY: 'false', AZURE_CONFIG_DIR: join(tmpdir(), 'keyturn-ensure-tools') };
    execFileSync('az', ['version'], { stdio: 'ignore', env });
    return undefined;
  } catch {
    return 'az is not installed: `npm test` installs it on Debian and Ubuntu as root, elsewhere install azure-cli yourself';
  }
}

/**
 * Debian packages az 2.45 with a library that calls `config` `_config`, so that none of its role commands work anywhere. This
 * gives the attribute its old name back; an az that is whole is left as it is.
 */
const debianRepair = `
try:
    from azure.mgmt.authorization.v2018_01_01_preview.operations import RoleDefinitionsOperations
    from azure.mgmt.authorization.v2020_04_01_preview.operations import RoleAssignmentsOperations
    for operations in (RoleDefinitionsOperations, RoleAssignmentsOperations):
        if not hasattr(operations, 'config'):
            operations.config = property(lambda self: self._config)
except ImportError:
    pass
`;

export interface AzAnswer {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** One az installation with a configuration folder of its own; nothing of the person's own `~/.azure` is read. */
export interface AzClient {
  (...words: readonly string[]): Promise<AzAnswer>;
  dispose(): Promise<void>;
}

/** @param site folder and environment as `keyturn sandbox` makes them for its clients. */
export async function createAzClient(site: Pick<OpenScenario, 'folder' | 'env'>): Promise<AzClient> {
  const home = await mkdtemp(join(tmpdir(), 'keyturn-az-'));
  await writeFile(join(home, 'sitecustomize.py'), debianRepair);
  const env = {
    PATH: process.env.PATH ?? '',
    LANG: 'C.UTF-8',
    HOME: home,
    PYTHONPATH: home,
    AZURE_CORE_COLLECT_TELEMETRY: 'false',
    AZURE_CORE_NO_COLOR: 'true',
    NO_PROXY: '127.0.0.1,localhost',
    ...site.env,
  };
  const az = async (...words: readonly string[]): Promise<AzAnswer> => {
    try {
      const { stdout, stderr } = await run('az', [...words, '--output', 'json'], { env, timeout: 120_000, maxBuffer: 32 * 1024 * 1024 });
      return { code: 0, stdout, stderr };
    } catch (error) {
      const failed = error as { code?: unknown; stdout?: string; stderr?: string };
      if (typeof failed.code !== 'number') throw error;
      return { code: failed.code, stdout: failed.stdout ?? '', stderr: failed.stderr ?? '' };
    }
  };
  for (const words of [
    ['cloud', 'register', '--name', 'Sandbox', '--cloud-config', `@${join(site.folder, 'az-cloud.json')}`],
    ['cloud', 'set', '--name', 'Sandbox'],
  ]) {
    const answer = await az(...words);
    if (answer.code !== 0) throw new Error(`az ${words.join(' ')}: ${answer.stderr}`);
  }
  return Object.assign(az, { dispose: () => rm(home, { recursive: true, force: true }) });
}
