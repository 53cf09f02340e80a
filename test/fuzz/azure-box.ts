import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { type JsonObject, objectAt } from '../../src/base/json.ts';
import { KnownError } from '../../src/base/known-error.ts';
import { makePlan } from '../../src/cli/make-plan.ts';
import { serveScenario } from '../../src/cli/serve-scenario.ts';
import { connectSession, type Session } from '../../src/cli/session.ts';
import { noDecisions, readDecisions } from '../../src/formats/decisions.ts';
import type { JournalEntry } from '../../src/formats/journal.ts';
import type { Plan } from '../../src/formats/plan.ts';
import { parseSelection } from '../../src/inventory/selection.ts';
import { readCatalogueFiles } from '../../src/local/catalogue-files.ts';
import type { MigrationPorts } from '../../src/migrate/ports.ts';
import type { Catalogue } from '../../src/model/catalogue.ts';
import { namesObjects } from '../../src/plan/bind-decisions.ts';
import { runWorkload } from '../../src/sandbox/data-plane/workloads.ts';
import type { Sandbox } from '../../src/sandbox/start-sandbox.ts';
import type { Stored } from '../../src/sandbox/state.ts';
import { testIo } from '../cli/test-io.ts';

const scenarios = path.resolve(import.meta.dirname, '../../fixtures/scenarios');
const options = { state: '.keyturn', color: false, quiet: true } as const;
/** Tokens last a day by the sandbox's clock; every flip moves it by a quarter of an hour and more. */
const tokenTime = 12 * 3_600_000;

/** What Azure holds of what keyturn may change, by lower-case id. */
export interface Held {
  readonly assignments: ReadonlyMap<string, Stored>;
  readonly roles: ReadonlyMap<string, Stored>;
  readonly vaults: ReadonlyMap<string, JsonObject>;
}

/** What keyturn keeps on disk. */
export interface Kept {
  readonly entries: JournalEntry[];
  readonly bundles: Map<string, JsonObject>;
}

/** A served scenario that is put back between cases, and keyturn's engine over the real transport with its files in memory. */
export interface AzureBox {
  readonly catalogue: Catalogue;
  readonly plan: Plan;
  readonly sandbox: Sandbox;
  /** The plan as it would be made now. */
  replan(): Promise<Plan>;
  ports(kept: Kept): Promise<MigrationPorts>;
  held(): Held;
  restore(held: Held): void;
  setPolicies(key: string, policies: readonly JsonObject[]): void;
  /** Calls of the scenario's workloads that are not answered. */
  refused(): Promise<number>;
  close(): Promise<void>;
}

/** @param scenarioName of one in `fixtures/scenarios`, or the absolute path of any; without decisions in it, none are given. */
export async function openBox(scenarioName: string): Promise<AzureBox> {
  const folder = path.resolve(scenarios, scenarioName);
  const { scenario, sandbox, profile, env } = await serveScenario(folder);
  const catalogue = await readCatalogueFiles();
  const connect = () => connectSession({ profile, auth: 'managed-identity', env, mode: 'write', catalogue }, options, testIo());
  let session: Session = await connect();
  let since = session.clock.now().getTime();
  const decisions =
    scenario.decisions === undefined ? noDecisions : readDecisions(await readFile(path.join(folder, 'decisions.json'), 'utf8'));
  const selection = parseSelection({});
  const replan = async (): Promise<Plan> => {
    const estate = await session.read(selection, { objectsOf: namesObjects(decisions) });
    return makePlan(estate, decisions, session, { asked: selection });
  };
  const plan = await replan();
  const { tenant } = sandbox;
  return {
    catalogue,
    plan,
    sandbox,
    replan,
    held: () => ({
      assignments: new Map([...tenant.roleAssignments].map(([key, value]) => [key, structuredClone(value)])),
      roles: new Map(tenant.roleDefinitions),
      vaults: new Map([...tenant.vaults].map(([key, { body }]) => [key, structuredClone(body)])),
    }),
    async ports(kept) {
      if (session.clock.now().getTime() - since > tokenTime) {
        session = await connect();
        since = session.clock.now().getTime();
      }
      return inMemory(session, kept);
    },
    restore({ assignments, roles, vaults }) {
      refill(tenant.roleAssignments, assignments);
      refill(tenant.roleDefinitions, roles);
      for (const [key, body] of vaults) {
        const vault = tenant.vaults.get(key);
        if (vault !== undefined) vault.body = structuredClone(body);
      }
    },
    setPolicies(key, accessPolicies) {
      const vault = tenant.vaults.get(key);
      if (vault === undefined) throw new Error(`no vault ${key}`);
      vault.body = { ...vault.body, properties: { ...objectAt(vault.body, 'properties'), accessPolicies: [...accessPolicies] } };
    },
    async refused() {
      const results = await Promise.all(scenario.workloads.map((workload) => runWorkload(workload, sandbox)));
      return results.reduce((sum, { refused, failed }) => sum + refused + failed, 0);
    },
    close: () => sandbox.close(),
  };
}

function refill(map: Map<string, Stored>, from: ReadonlyMap<string, Stored>): void {
  map.clear();
  for (const [key, value] of from) map.set(key, structuredClone(value));
}

function inMemory(session: Session, { entries, bundles }: Kept): MigrationPorts {
  return {
    writer: session.writer(),
    facts: session.facts,
    journal: {
      entries,
      hold: () => Promise.resolve(),
      append: (entry) => {
        entries.push(entry);
        return Promise.resolve();
      },
    },
    bundles: {
      write: ({ scope }, bundle) => {
        bundles.set(scope, structuredClone(bundle));
        return Promise.resolve(scope);
      },
      read: ({ scope }) => {
        const found = bundles.get(scope);
        return found === undefined
          ? Promise.reject(new KnownError('usage', 'BUNDLE_MISSING', 'there is no bundle', 'give one'))
          : Promise.resolve(structuredClone(found));
      },
    },
    proofs: { write: () => Promise.resolve() },
    holds: { hold: () => Promise.resolve({ assertOurs: () => Promise.resolve(), release: () => Promise.resolve() }) },
    clock: session.clock,
    onEvent: () => undefined,
  };
}
