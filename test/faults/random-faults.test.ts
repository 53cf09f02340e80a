import { copyFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { objectAt } from '../../src/base/json.ts';
import { decide } from '../../src/sandbox/evaluator/decide.ts';
import type { SandboxVault } from '../../src/sandbox/state.ts';
import { type Served, served } from '../cli/served.ts';
import { callAllThrough } from '../kill/call-all-through.ts';
import { holdersOf, shopEstate } from '../kill/estate.ts';
import { firstDifference } from '../scenarios/first-difference.ts';
import { weatherOf } from './weather.ts';

// A call that hangs is given up after a second and a half instead of half a minute; all other rules stay as they are.
vi.mock('../../src/azure/client/retry-rules.ts', async (original) => {
  const rules = await original<typeof import('../../src/azure/client/retry-rules.ts')>();
  return { ...rules, defaultLimits: { ...rules.defaultLimits, firstWait: 20, longestWait: 500, tryTimeout: 1_500 } };
});

// Requests are held back as ever, in a time that runs a hundred times as fast.
vi.mock('../../src/azure/client/governor.ts', async (original) => {
  const governor = await original<typeof import('../../src/azure/client/governor.ts')>();
  const pace = {
    now: () => performance.now() * 100,
    after(milliseconds: number, run: () => void) {
      const timer = setTimeout(run, milliseconds / 100);
      return () => {
        clearTimeout(timer);
      };
    },
  };
  return { ...governor, createGovernor: (ceiling: number) => governor.createGovernor(ceiling, pace) };
});

// `npm run test:faults` asks for hundreds of runs and shares them among processes; `npm test` makes a few.
const seed = Number(process.env.KEYTURN_TEST_SEED);
const [share = 0, shares = 1] = (process.env.KEYTURN_FAULTS_SHARE ?? '0/1').split('/').map(Number);
const count = Number(process.env.KEYTURN_FAULTS_RUNS ?? '3');
const only = process.env.KEYTURN_FAULTS_RUN;
const says = process.env.KEYTURN_FAULTS_SAYS;

const vaults = 3;
const apply = ['apply', 'plan.json', '--yes', '--quiet'];
const serve = () => served('one-app-one-developer', { scenario: () => shopEstate(vaults) });
const estateOf = (site: Served) => site.sandbox.stateJson().replaceAll(/"(created|updated)On":"[^"]*"/g, '"$1On":""');
const isFlipped = ({ body }: SandboxVault) => objectAt(body, 'properties').enableRbacAuthorization === true;

let planned: Served;
let end: string;

beforeAll(async () => {
  planned = await serve();
  expect((await planned.run(['plan', '-o', 'plan.json', '--quiet'])).code).toBe(0);
  expect((await planned.run(apply)).code).toBe(0);
  end = estateOf(planned);
}, 600_000);
afterAll(() => planned.close());

/** Accesses that the policies of a vault give and no role does at this moment, by the sandbox's own evaluator. */
function uncovered({ sandbox: { context } }: Served, { key }: SandboxVault): number {
  const n = [...context.state.vaults.keys()].indexOf(key);
  const { tenantId } = context.state;
  const denied = holdersOf(n).flatMap(({ name, needs }) => {
    const holder = [...context.state.directory.values()].find(({ displayName }) => displayName === `id-${name}`);
    if (holder === undefined) throw new Error(`nobody is called ${name}`);
    const caller = { objectId: holder.id, appId: holder.id, tenantId };
    return needs.filter((action) => !decide(context.view(), { caller, plane: 'data', action, resource: key, attributes: {} }).allowed);
  });
  return denied.length;
}

interface Outcome {
  readonly withoutCover: number;
  readonly refused: number;
  /** What else is not as it should be. */
  readonly wrong: readonly string[];
}

/** One apply in bad weather, and the next one in good weather, which has to end it. */
async function oneRun(run: number): Promise<Outcome> {
  const site = await serve();
  try {
    await copyFile(path.join(planned.folder, 'plan.json'), path.join(site.folder, 'plan.json'));
    const { sandbox } = site;
    const before = new Map([...sandbox.tenant.vaults].map(([key, { body }]) => [key, JSON.stringify(body)]));
    const flips = badWeather(site, run);
    const calls = { over: false, refused: 0 };
    const workloads = callAllThrough(site, calls);
    const { code, out, err } = await site.run(apply);
    const wrong = [...wrongEnd(code, out + err), ...untouched(site, before)];
    flips.calm = true;
    const again = await site.run(apply);
    calls.over = true;
    await workloads;
    calls.refused += await site.refused();
    const difference = firstDifference(end, estateOf(site));
    if (again.code !== 0) wrong.push(`the next apply ended with ${again.code}: ${again.out}${again.err}`);
    else if (difference !== undefined) wrong.push(`another end than without faults: ${JSON.stringify(difference)}`);
    if (flips.seen < vaults) wrong.push(`${flips.seen} flips were seen of ${vaults} vaults`);
    return { withoutCover: flips.withoutCover, refused: calls.refused, wrong };
  } finally {
    await site.close();
  }
}

interface Flips {
  /** Set when the weather is good again. */
  calm: boolean;
  seen: number;
  withoutCover: number;
}

/** Faults for whatever keyturn calls; vaults answer their applications. Every flip is held against what roles give at that moment. */
function badWeather(site: Served, run: number): Flips {
  const { sandbox } = site;
  const { meet, delays } = weatherOf(seed, run);
  const flips = { calm: false, seen: 0, withoutCover: 0 };
  const counts = new Map<string, number>();
  Object.assign(sandbox.context.consistency, delays);
  sandbox.faults.meet = (operation, asked) => {
    if (!/_|^graph |^CheckAccess$/.test(operation)) return undefined;
    const n = (counts.get(operation) ?? 0) + 1;
    counts.set(operation, n);
    const vault = sandbox.tenant.vaults.get(asked.toLowerCase().replace(/\/+/g, '/'));
    if (operation === 'Vaults_Update' && vault !== undefined && !isFlipped(vault)) {
      flips.seen += 1;
      flips.withoutCover += uncovered(site, vault);
    }
    return flips.calm ? undefined : meet(operation, n);
  };
  return flips;
}

function wrongEnd(code: number, said: string): string[] {
  const known = [0, 1, 3, 4].includes(code) && !/BUG|^ +at /m.test(said);
  return known ? [] : [`ended with ${code}: ${said}`];
}

/** Vaults that were not flipped and are not as they were. */
function untouched({ sandbox }: Served, before: ReadonlyMap<string, string>): readonly string[] {
  const changed = [...sandbox.tenant.vaults.values()].filter(
    (vault) => !isFlipped(vault) && JSON.stringify(vault.body) !== before.get(vault.key),
  );
  return changed.map(({ key }) => `${key} was not flipped and was changed`);
}

test('whatever calls meet, a vault is flipped with its access covered or left as it was, nobody is refused, and the next apply ends it', {
  timeout: 3_600_000,
}, async () => {
  const runs = only === undefined ? Array.from({ length: count }, (_, n) => n).filter((n) => n % shares === share) : [Number(only)];
  const sum = { withoutCover: 0, refused: 0 };
  const failures: string[] = [];
  for (const run of runs) {
    const { withoutCover, refused, wrong } = await oneRun(run);
    sum.withoutCover += withoutCover;
    sum.refused += refused;
    if (withoutCover + refused + wrong.length > 0)
      failures.push(`seed ${seed}, run ${run}: ${withoutCover} flipped without cover, ${refused} refused; ${wrong.join('; ')}`);
  }
  if (says !== undefined) await writeFile(says, JSON.stringify({ runs: runs.length, ...sum, failures }));
  expect(failures).toEqual([]);
});
