import { existsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import path from 'node:path';
import fc from 'fast-check';
import { afterAll, expect, test, vi } from 'vitest';
import { type Served, served } from '../cli/served.ts';
import { type FaultCase, faultCases } from './fault-cases.ts';
import { firstDifference } from './first-difference.ts';
import { scenariosFolder } from './open-scenario.ts';

// A call that hangs is given up after a second and a half instead of half a minute; all other rules stay as they are.
vi.mock('../../src/azure/client/retry-rules.ts', async (original) => {
  const rules = await original<typeof import('../../src/azure/client/retry-rules.ts')>();
  return {
    ...rules,
    defaultLimits: { ...rules.defaultLimits, firstWait: 20, longestWait: 2_000, throttledFor: 5_000, busyTries: 5, tryTimeout: 1_500 },
  };
});

const seed = Number(process.env.KEYTURN_TEST_SEED);
/** All cases take minutes; a number asks for so many of them, drawn by the seed. */
const wanted = process.env.KEYTURN_FAULT_CASES;
const sites: Served[] = [];
afterAll(() => Promise.all(sites.map((site) => site.close())));

async function planned(scenario: string): Promise<Served> {
  const site = await served(scenario);
  sites.push(site);
  const decisions = path.join(scenariosFolder, scenario, 'decisions.json');
  const decided = existsSync(decisions) ? ['--decisions', decisions] : [];
  const { code, err } = await site.run(['plan', ...decided, '-o', 'plan.json', '--quiet']);
  expect([0, 3], err).toContain(code);
  return site;
}

/** Applies while workloads call: all of them whenever apply tells of something new, and at its end. */
async function applied(site: Served, state: string): Promise<{ readonly code: number; readonly said: string }> {
  const said: string[] = [];
  let wake: () => void = () => undefined;
  const err = (text: string) => {
    said.push(text);
    wake();
  };
  const work = site.run(['apply', 'plan.json', '--yes', '--state', state], { err });
  for (let ended = false; !ended; ) {
    const news = new Promise<false>((resolve) => {
      wake = () => {
        resolve(false);
      };
    });
    expect(await site.refused(), `after ${said.at(-1) ?? 'nothing'}`).toBe(0);
    ended = await Promise.race([work.then(() => true), news]);
  }
  const { code, out } = await work;
  expect(await site.refused()).toBe(0);
  return { code, said: `${said.join('')}${out}` };
}

async function back(site: Served, state: string, start?: string): Promise<void> {
  const { code, out, err } = await site.run(['rollback', 'plan.json', '--yes', '--quiet', '--remove-assignments', '--state', state]);
  expect(code, out + err).toBe(0);
  if (start !== undefined) expect(firstDifference(start, site.sandbox.stateJson()), 'a rollback restores everything').toBeUndefined();
  await rm(path.join(site.folder, state), { recursive: true, force: true });
}

/** What apply calls: Resource Manager and Graph; the workloads call vaults. */
function ownCalls({ sandbox }: Served): Readonly<Record<string, number>> {
  return Object.fromEntries(Object.entries(sandbox.metrics().operations).filter(([name]) => /_|^graph /.test(name)));
}

/** What a flip stands on: while any of these cannot be read, no vault is flipped. */
const facts = [
  'Vaults_Get',
  'RoleAssignments_ListForScope',
  'RoleDefinitions_List',
  'DenyAssignments_ListForScope',
  'RoleAssignmentScheduleInstances_ListForScope',
  'ManagementLocks_ListByScope',
  'PolicyAssignments_List',
  'Permissions_ListForScope',
  'graph POST directoryObjects/getByIds',
];

async function survives(site: Served, one: FaultCase, start: string): Promise<void> {
  const { sandbox } = site;
  const { operation, nth, times, action } = one;
  sandbox.resetMetrics();
  sandbox.faults.add({ operation, nth, times, action });
  const { code, said } = await applied(site, 'faulty');
  sandbox.faults.clear();
  expect([0, 1, 3, 4], said).toContain(code);
  expect(said).not.toMatch(/BUG|^ +at /m);
  if (code !== 0) expect(said).toMatch(/^(blocked|failed|undetermined) .+ [A-Z][A-Z_]+: .+\n(.*\n)* {2}next(, for \d+ vaults)?: \S/m);
  if (times > 1 && facts.includes(operation)) {
    expect(code, said).not.toBe(0);
    expect(sandbox.metrics().operations.Vaults_Update, said).toBeUndefined();
  }
  const again = await applied(site, 'faulty');
  expect(again.code, again.said).toBe(0);
  await back(site, 'faulty', start);
  expect(await site.refused()).toBe(0);
}

test.each([
  ['one-app-one-developer', 24],
  ['shared-platform-vault', 6],
  ['every-decision', 6],
])(
  '%s: whatever one call of an apply meets, nobody is refused, and the next apply ends it',
  { timeout: 3_600_000 },
  async (name, usual) => {
    const site = await planned(name);
    site.sandbox.resetMetrics();
    expect((await applied(site, 'clean')).code).toBe(0);
    const operations = ownCalls(site);
    await back(site, 'clean');
    // Also the flag is there from now on: it was never set, and cannot be unset again.
    const start = site.sandbox.stateJson();
    const all = faultCases(operations, (calls) => Math.ceil(calls / 2) + 1);
    const count = wanted === undefined ? usual : Math.min(all.length, Number(wanted));
    const [chosen = []] = fc.sample(fc.shuffledSubarray([...all], { minLength: count, maxLength: count }), { seed, numRuns: 1 });
    const failures: string[] = [];
    for (const one of chosen) {
      const about = `${one.operation}, call ${one.nth}${one.times > 1 ? ' and all after it' : ''}: ${one.what}`;
      await survives(site, one, start).catch((error: unknown) =>
        failures.push(`${about}: ${error instanceof Error ? error.message : 'failed'}`),
      );
      if (site.sandbox.stateJson() !== start) break;
    }
    expect(failures).toEqual([]);
    expect(site.sandbox.denials()).toEqual([]);
  },
);
