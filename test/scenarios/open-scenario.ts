import { appendFileSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { objectAt, stringAt } from '../../src/base/json.ts';
import { writeClientFiles } from '../../src/cli/client-files.ts';
import { main } from '../../src/cli/main.ts';
import { serveScenario } from '../../src/cli/serve-scenario.ts';
import { callWhile, type WorkloadTally } from '../../src/cli/workload-rounds.ts';
import type { Sandbox } from '../../src/sandbox/start-sandbox.ts';
import { testIo } from '../cli/test-io.ts';
import { sdkWorkloads } from './sdk-workloads.ts';

export const scenariosFolder = path.join(import.meta.dirname, '../../fixtures/scenarios');

interface Ran {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** A scenario that is being served, a folder to work in, and the command line pointed at both. */
export interface OpenScenario {
  readonly sandbox: Sandbox;
  readonly folder: string;
  /** What `keyturn sandbox` gives clients as their environment; the files it names are in `folder`. */
  readonly env: Readonly<Record<string, string>>;
  /** Runs keyturn in this process, against the sandbox, through the real SDKs over TLS. */
  keyturn(...words: readonly string[]): Promise<Ran>;
  /** The same while every workload calls its vaults through Microsoft's data-plane SDKs; `tally` says what they met. */
  keyturnUnderLoad(...words: readonly string[]): Promise<Ran & { readonly tally: WorkloadTally }>;
  /** Everything that Resource Manager holds, as text. */
  state(): string;
  /** Words that give `plan` the scenario's decisions. */
  readonly decisions: readonly string[];
  /** An administrator takes away the locks that stop deletions; answers how many there were. */
  removeDeletionLocks(): number;
  close(): Promise<void>;
}

/**
 * A scenario of `fixtures/scenarios` by name, or of any folder by its absolute path.
 * With KEYTURN_RECORD every exchange with Resource Manager is appended to that file, for checking against a contract.
 */
export async function openScenario(name: string): Promise<OpenScenario> {
  const record = process.env.KEYTURN_RECORD;
  const folder = await mkdtemp(path.join(tmpdir(), 'keyturn-scenario-'));
  const served = await serveScenario(path.resolve(scenariosFolder, name), {
    ...(record !== undefined && {
      recordTo: (line: string) => {
        appendFileSync(record, `${line}\n`);
      },
    }),
  });
  const { scenario, sandbox } = served;
  const env = await writeClientFiles(served, folder);
  const workloads = sdkWorkloads(scenario.workloads, sandbox);
  const keyturn = async (...words: readonly string[]): Promise<Ran> => {
    const io = testIo({ cwd: folder, env: { ...env, NO_COLOR: '1' } });
    const code = await main(words, io);
    return { code, stdout: io.stdout(), stderr: io.stderr() };
  };
  return {
    sandbox,
    folder,
    env,
    keyturn,
    keyturnUnderLoad: async (...words) => {
      const { value, tally } = await callWhile(keyturn(...words), workloads.round);
      return { ...value, tally };
    },
    state: () => sandbox.stateJson(),
    decisions: scenario.decisions === undefined ? [] : ['--decisions', path.resolve(scenariosFolder, name, 'decisions.json')],
    removeDeletionLocks: () => {
      const locks = [...sandbox.tenant.locks].filter(([, { body }]) => stringAt(objectAt(body, 'properties'), 'level') === 'CanNotDelete');
      for (const [key] of locks) sandbox.tenant.locks.delete(key);
      return locks.length;
    },
    close: async () => {
      await sandbox.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** What the scenario says becomes of each vault: `migrates`, `refused` or `alreadyOnRbac`. */
export async function expectedVaults(name: string): Promise<Readonly<Record<string, string>>> {
  const text = await readFile(path.join(scenariosFolder, name, 'expected/vaults.json'), 'utf8');
  return (JSON.parse(text) as { vaults: Record<string, string> }).vaults;
}
