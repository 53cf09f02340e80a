import { randomUUID } from 'node:crypto';
import { copyFile, readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { objectAt, stringAt } from '../../src/base/json.ts';
import { type Served, served } from '../cli/served.ts';
import { type BuiltProgram, buildProgram } from '../scenarios/built-program.ts';
import { firstDifference } from '../scenarios/first-difference.ts';
import { callAllThrough } from './call-all-through.ts';
import { shopEstate } from './estate.ts';

// `npm run test:kill` asks for every point and shares them among processes; `npm test` draws a few by the seed.
const seed = Number(process.env.KEYTURN_TEST_SEED);
const [share = 0, shares = 1] = (process.env.KEYTURN_KILL_SHARE ?? '0/1').split('/').map(Number);
const wanted = process.env.KEYTURN_KILL_POINTS ?? '4';
const vaults = Number(process.env.KEYTURN_KILL_VAULTS ?? '3');
const says = process.env.KEYTURN_KILL_SAYS;

const apply = ['apply', 'plan.json', '--yes', '--quiet'];
/** Runs that a killed one may need to be finished. */
const patience = 3;

let program: BuiltProgram;
let planned: Served;
/** What a run that nobody kills leaves, and how many events it writes. */
let whole: { readonly end: string; readonly events: number };

const serve = () => served('one-app-one-developer', { scenario: () => shopEstate(vaults) });
const journals = (site: Served) => path.join(site.folder, '.keyturn', 'journals');
/** Times of making differ from run to run; everything else is the same. */
const estateOf = (site: Served) => site.sandbox.stateJson().replaceAll(/"(created|updated)On":"[^"]*"/g, '"$1On":""');

beforeAll(async () => {
  [program, planned] = await Promise.all([buildProgram(), serve()]);
  expect((await planned.run(['plan', '-o', 'plan.json', '--quiet'])).code).toBe(0);
  const { code, err } = await program.start(apply, planned.folder, planned.clientEnv).ended;
  expect(code, err).toBe(0);
  whole = { end: estateOf(planned), events: await eventsIn(journals(planned)) };
}, 600_000);
afterAll(async () => {
  await Promise.all([program.remove(), planned.close()]);
});

async function eventsIn(folder: string): Promise<number> {
  const names = (await readdir(folder, { recursive: true })).filter((name) => name.endsWith('.jsonl'));
  const texts = await Promise.all(names.map((name) => readFile(path.join(folder, name), 'utf8')));
  return texts.reduce((sum, text) => sum + text.split('\n').length - 1, 0);
}

/** What was found wrong after a kill. */
interface Harm {
  /** A run that wrote fewer events than another one ended by itself. */
  readonly killed: boolean;
  readonly stranded: number;
  readonly duplicates: number;
  readonly refused: number;
}

/** Kills a run when so many events are on disk, finishes it, and says what is wrong then. Workloads call all the while. */
async function killedAfter(events: number): Promise<Harm & { readonly about: string }> {
  const site = await serve();
  try {
    await copyFile(path.join(planned.folder, 'plan.json'), path.join(site.folder, 'plan.json'));
    const calls = { over: false, refused: 0 };
    const workloads = callAllThrough(site, calls);
    const signal = await killOne(site, events);
    calls.refused += await site.refused();
    let last = signal === 'SIGKILL' ? await site.run(apply) : undefined;
    for (let run = 1; run < patience && last !== undefined && last.code !== 0; run++) last = await site.run(apply);
    calls.over = true;
    await workloads;
    calls.refused += await site.refused();
    const difference = firstDifference(whole.end, estateOf(site));
    return {
      killed: last !== undefined,
      stranded: (last?.code ?? 0) === 0 && difference === undefined ? 0 : 1,
      duplicates: duplicatesIn(site),
      refused: calls.refused,
      about: `killed after event ${events} (${signal ?? 'it ended by itself'}): ${difference === undefined ? '' : JSON.stringify(difference)} ${last?.err ?? ''}`,
    };
  } finally {
    await site.close();
  }
}

/** Starts an apply, and kills it from outside when it has stopped where it was to be killed. */
async function killOne(site: Served, events: number): Promise<NodeJS.Signals | null> {
  const word = randomUUID();
  const stop = { KEYTURN_STOP_AFTER: String(events), KEYTURN_STOP_JOURNALS: journals(site), KEYTURN_STOP_WORD: word };
  const preload = { NODE_OPTIONS: `--require ${path.resolve(import.meta.dirname, '../../scripts/kill/stop-after.cjs')}` };
  const { child, ended } = program.start(apply, site.folder, { ...site.clientEnv, ...stop, ...preload });
  let said = '';
  child.stderr?.on('data', (text: string) => {
    said += text;
    if (said.includes(word)) child.kill('SIGKILL');
  });
  return (await ended).signal;
}

/** Assignments that give the same role to the same principal at the same place as another one. */
function duplicatesIn({ sandbox }: Served): number {
  const standing = [...sandbox.tenant.roleAssignments.values()].filter(({ removedAt }) => removedAt === undefined);
  const kinds = standing.map(({ body }) => {
    const properties = objectAt(body, 'properties');
    return ['scope', 'principalId', 'roleDefinitionId'].map((name) => stringAt(properties, name)?.toLowerCase()).join(' ');
  });
  return kinds.length - new Set(kinds).size;
}

function chosenPoints(): readonly number[] {
  const all = Array.from({ length: whole.events }, (_, at) => at + 1);
  const count = wanted === 'all' ? all.length : Math.min(Number(wanted), all.length);
  const [drawn = []] = fc.sample(fc.shuffledSubarray(all, { minLength: count, maxLength: count }), { seed, numRuns: 1 });
  return drawn.filter((_, at) => at % shares === share);
}

test('a run that is killed after any event it wrote down is finished by the next one: the same estate, nothing twice, nobody refused', {
  timeout: 3_600_000,
}, async () => {
  const points = chosenPoints();
  const harm = { stranded: 0, duplicates: 0, refused: 0 };
  const failures: string[] = [];
  let kills = 0;
  for (const point of points) {
    const { about, killed, stranded, duplicates, refused } = await killedAfter(point);
    if (killed) kills += 1;
    harm.stranded += stranded;
    harm.duplicates += duplicates;
    harm.refused += refused;
    if (stranded + duplicates + refused > 0) failures.push(`${about}: ${stranded} stranded, ${duplicates} duplicates, ${refused} refused`);
  }
  if (says !== undefined) await writeFile(says, JSON.stringify({ points: kills, ...harm, failures }));
  expect(kills).toBeGreaterThan(0);
  expect(failures).toEqual([]);
});
