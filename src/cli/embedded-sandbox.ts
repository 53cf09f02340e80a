import path from 'node:path';
import { type Decisions, noDecisions, readDecisions } from '../formats/decisions.ts';
import { readCatalogueFiles } from '../local/catalogue-files.ts';
import { packageFolder } from '../local/package-folder.ts';
import { runWorkload, type WorkloadResult } from '../sandbox/start-sandbox.ts';
import { serveScenario } from './serve-scenario.ts';
import type { Connection } from './session.ts';

/** A scenario of the package, served by this process. */
export interface EmbeddedSandbox {
  readonly title: string;
  readonly story: string;
  readonly decisions: Decisions;
  readonly connection: Omit<Connection, 'mode'>;
  /** One round of every workload's calls. */
  readonly callOnce: () => Promise<readonly WorkloadResult[]>;
  /** What the embedded Azure holds, as canonical JSON. */
  readonly stateJson: () => string;
  readonly close: () => Promise<void>;
}

export async function openEmbeddedSandbox(name: string): Promise<EmbeddedSandbox> {
  const { scenario, sandbox, profile, env } = await serveScenario(path.join(packageFolder(), 'fixtures', 'scenarios', name));
  const { title, story, workloads, decisions } = scenario;
  return {
    title,
    story,
    decisions: decisions === undefined ? noDecisions : readDecisions(JSON.stringify(decisions)),
    connection: { profile, auth: 'managed-identity', env, catalogue: await readCatalogueFiles() },
    callOnce: () => Promise.all(workloads.map((workload) => runWorkload(workload, sandbox))),
    stateJson: () => sandbox.stateJson(),
    close: () => sandbox.close(),
  };
}
