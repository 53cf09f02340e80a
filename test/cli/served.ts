import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Io } from '../../src/cli/io.ts';
import { main } from '../../src/cli/main.ts';
import { type ServedScenario, serveScenario } from '../../src/cli/serve-scenario.ts';
import { runWorkload } from '../../src/sandbox/data-plane/workloads.ts';
import { type TestIo, testIo } from './test-io.ts';

const scenarios = path.resolve(import.meta.dirname, '../../fixtures/scenarios');

export interface Served extends ServedScenario {
  /** The folder the person stands in: plans and state land here. */
  readonly folder: string;
  /** What a process needs in its environment to be the operator. */
  readonly clientEnv: Readonly<Record<string, string>>;
  /** Runs keyturn as the scenario's operator. */
  run(argv: readonly string[], given?: Parameters<typeof testIo>[0]): Promise<Ran>;
  /** What workloads are refused at this moment. */
  refused(): Promise<number>;
  /** Files below the folder, without the ones the test itself wrote. */
  files(): Promise<readonly string[]>;
  close(): Promise<void>;
}

interface Ran {
  readonly code: number;
  readonly out: string;
  readonly err: string;
  readonly io: TestIo;
}

interface Change {
  readonly env?: Io['env'];
  /** Changes the scenario before it is served. */
  readonly scenario?: (scenario: Record<string, unknown>) => Record<string, unknown>;
}

export async function served(scenario: string, more: Change = {}): Promise<Served> {
  const [folder, aside] = await Promise.all(['cwd', 'cloud'].map((name) => mkdtemp(path.join(tmpdir(), `keyturn-${name}-`))));
  const source = path.join(scenarios, scenario);
  if (more.scenario !== undefined) {
    const original = JSON.parse(await readFile(path.join(source, 'scenario.json'), 'utf8')) as Record<string, unknown>;
    await writeFile(path.join(aside ?? '', 'scenario.json'), JSON.stringify(more.scenario(original)));
  }
  const one = await serveScenario(more.scenario === undefined ? source : (aside ?? ''));
  const cloud = path.join(aside ?? '', 'cloud.json');
  await writeFile(cloud, JSON.stringify(one.profile));
  const env = { NO_COLOR: '1', KEYTURN_CLOUD: cloud, ...one.env, ...more.env };
  const cwd = folder ?? '';
  return {
    ...one,
    folder: cwd,
    clientEnv: { ...one.env, KEYTURN_CLOUD: cloud },
    async run(argv, given = {}) {
      const io = testIo({ env, cwd, ...given });
      const code = await main(argv, io);
      return { code, out: io.stdout(), err: io.stderr(), io };
    },
    async refused() {
      const results = await Promise.all(one.scenario.workloads.map((workload) => runWorkload(workload, one.sandbox)));
      return results.reduce((sum, result) => sum + result.refused + result.failed, 0);
    },
    files: async () => (await readdir(cwd, { recursive: true })).sort(),
    async close() {
      await one.sandbox.close();
      await Promise.all([cwd, aside ?? ''].map((each) => rm(each, { recursive: true, force: true })));
    },
  };
}
