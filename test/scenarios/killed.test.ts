import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { parseJournal } from '../../src/formats/journal.ts';
import { type Served, served } from '../cli/served.ts';
import { type BuiltProgram, buildProgram } from './built-program.ts';
import { firstDifference } from './first-difference.ts';
import { scenariosFolder } from './open-scenario.ts';

const seed = Number(process.env.KEYTURN_TEST_SEED);
const apply = ['apply', 'plan.json', '--yes', '--quiet'];
const rollback = ['rollback', 'plan.json', '--yes', '--quiet', '--remove-assignments'];

let program: BuiltProgram;
let site: Served;
let start: string;
/** What an apply that nobody disturbs calls, and what it leaves. */
let whole: { readonly end: string; readonly operations: Readonly<Record<string, number>> };

/** Times of making differ from run to run; everything else is the same. */
const withoutTimes = (state: string) => state.replaceAll(/"(created|updated)On":"[^"]*"/g, '"$1On":""');

beforeAll(async () => {
  [program, site] = await Promise.all([buildProgram(), served('shared-platform-vault')]);
  const decided = ['--decisions', path.join(scenariosFolder, 'shared-platform-vault/decisions.json')];
  expect((await site.run(['plan', ...decided, '-o', 'plan.json', '--quiet'])).code).toBe(0);
  site.sandbox.resetMetrics();
  expect((await site.run([...apply, '--state', 'clean'])).code).toBe(0);
  whole = { end: withoutTimes(site.sandbox.stateJson()), operations: site.sandbox.metrics().operations };
  expect((await site.run([...rollback, '--state', 'clean'])).code).toBe(0);
  // Also the flag is there from now on: it was never set, and cannot be unset again.
  start = site.sandbox.stateJson();
});
afterAll(async () => {
  await Promise.all([program.remove(), site.close()]);
});

/** A moment of a run: in the middle of one call, before or after it was carried out, or wherever it is after so many calls. */
type Moment = { readonly operation: string; readonly nth: number; readonly afterwards: boolean } | { readonly calls: number };

function moments(): fc.Arbitrary<Moment> {
  const { operations } = whole;
  const inCall = (names: readonly string[]) =>
    fc.constantFrom(...names).chain((operation) =>
      fc.record({
        operation: fc.constant(operation),
        nth: fc.integer({ min: 1, max: operations[operation] ?? 1 }),
        afterwards: fc.boolean(),
      }),
    );
  const total = Object.values(operations).reduce((sum, count) => sum + count, 0);
  const anywhere = fc.record({ calls: fc.integer({ min: 1, max: total }) });
  return fc.oneof(inCall(['RoleAssignments_Create', 'Vaults_Update']), inCall(Object.keys(operations)), anywhere);
}

/** Starts an apply and kills it at the moment, unless it ends before; workloads call all the while. */
async function applyUntil(moment: Moment): Promise<'killed' | 'ended'> {
  const { sandbox } = site;
  sandbox.resetMetrics();
  if ('nth' in moment) {
    const { operation, nth, afterwards } = moment;
    sandbox.faults.add({ operation, nth, action: { kind: 'hang', afterwards } });
  }
  const calls = () => Object.keys(whole.operations).reduce((sum, name) => sum + (sandbox.metrics().operations[name] ?? 0), 0);
  const due = () => ('nth' in moment ? sandbox.faults.pending.length === 0 : calls() >= moment.calls);
  const { child, ended } = program.start(apply, site.folder, site.clientEnv);
  while (child.exitCode === null && !due()) expect(await site.refused()).toBe(0);
  child.kill('SIGKILL');
  const { code, signal, out, err } = await ended;
  sandbox.faults.clear();
  expect(await site.refused()).toBe(0);
  if (signal === 'SIGKILL') return 'killed';
  expect(code, out + err).toBe(0);
  return 'ended';
}

/** Every line but a torn last one can be read. */
async function journalEvents(): Promise<readonly string[]> {
  const folder = path.join(site.folder, '.keyturn/journals');
  const names = await readdir(folder).catch(() => []);
  const texts = await Promise.all(names.map((name) => readFile(path.join(folder, name), 'utf8')));
  return texts.flatMap((text) => parseJournal(text).entries.map(({ event }) => event));
}

test('an apply that is killed again and again is finished by the next one, and comes back byte for byte', {
  timeout: 600_000,
}, async () => {
  const drawn = fc.sample(moments(), { seed, numRuns: 100 });
  let kills = 0;
  for (let next = 0; kills < 6; ) {
    const died: Moment[] = [];
    for (let outcome = 'killed'; outcome === 'killed'; next += 1) {
      const moment = drawn[next];
      if (moment === undefined) throw new Error('too few runs were killed');
      outcome = await applyUntil(moment);
      if (outcome === 'killed') died.push(moment);
      await journalEvents();
    }
    kills += died.length;
    const about = JSON.stringify(died);
    const last = await site.run(apply);
    expect(last.code, `${about}: ${last.out}${last.err}`).toBe(0);
    expect(firstDifference(whole.end, withoutTimes(site.sandbox.stateJson())), about).toBeUndefined();
    expect(
      (await journalEvents()).filter((event) => event === 'failed'),
      about,
    ).toEqual([]);
    const back = await site.run(rollback);
    expect(back.code, `${about}: ${back.out}${back.err}`).toBe(0);
    expect(firstDifference(start, site.sandbox.stateJson()), about).toBeUndefined();
    expect(await site.refused()).toBe(0);
  }
  expect(site.sandbox.denials()).toEqual([]);
});
