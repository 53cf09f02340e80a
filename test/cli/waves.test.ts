import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { afterEach, describe, expect, test } from 'vitest';
import type { RunReport } from '../../src/formats/run-report.ts';
import { type Served, served } from './served.ts';
import { testIo } from './test-io.ts';

const open: Served[] = [];
afterEach(() => Promise.all(open.splice(0).map((site) => site.close())));

const names = Array.from({ length: 12 }, (_, at) => `kv-${String(at + 1).padStart(2, '0')}`);
const waveOf = (at: number): Record<string, string> => (at === 11 ? {} : { Wave: at < 2 ? '10' : at < 6 ? '2' : 'pilot' });

/** Twelve vaults in two subscriptions, in three waves by their tag; the last one has no wave. */
function twelve(): Record<string, unknown> {
  const vaults = names.map((name, at) => [
    name,
    {
      resourceGroup: at % 2 === 0 ? 'rg-a' : 'rg-b',
      tags: waveOf(at),
      accessPolicies: [{ principal: 'app', secrets: ['get', 'list'] }],
      objects: { secrets: { 'smtp-password': 'not a real one' } },
    },
  ]);
  return {
    formatVersion: 1,
    title: 'Twelve vaults',
    story: 'A team migrates a dozen vaults in waves.',
    tenant: { domain: 'waves.example' },
    subscriptions: { a: { displayName: 'A' }, b: { displayName: 'B' } },
    resourceGroups: { 'rg-a': { subscription: 'a', location: 'westeurope' }, 'rg-b': { subscription: 'b', location: 'westeurope' } },
    principals: { runner: { kind: 'managedIdentity', displayName: 'id-runner' }, app: { kind: 'managedIdentity', displayName: 'id-app' } },
    operator: 'runner',
    vaults: Object.fromEntries(vaults) as Record<string, unknown>,
    assignments: ['a', 'b'].map((one) => ({ role: 'Owner', principal: 'runner', scope: `subscriptions/${one}` })),
    workloads: { app: { principal: 'app', calls: names.map((name) => `getSecret ${name}/smtp-password`) } },
  };
}

async function planned(...words: readonly string[]): Promise<Served> {
  const site = await served('one-app-one-developer', { scenario: twelve });
  open.push(site);
  const { code, err } = await site.run(['plan', '-o', 'plan.json', '--quiet', ...words]);
  expect(code, err).toBe(0);
  return site;
}

/** Azure refuses to make assignments at that vault. */
function refuseAt(site: Served, name: string): void {
  const body = { error: { code: 'AuthorizationFailed', message: 'no' } };
  site.sandbox.faults.add({
    operation: 'RoleAssignments_Create',
    path: `/${name}/`,
    times: 1_000,
    action: { kind: 'answer', status: 403, body },
  });
}

const told = (out: string, outcome: string): readonly string[] =>
  [...out.matchAll(new RegExp(`^${outcome} {2}(?:(kv-\\d\\d)|\\d+ vaults {2}.*\\n {4}(kv.*)$)`, 'gm'))]
    .flatMap(([, name, names = '']) => (name === undefined ? names.split(', ') : [name]))
    .sort();

describe('a run in waves', () => {
  test('ends each wave before the next, tells how the vaults are divided, and nobody is refused anything', {
    timeout: 120_000,
  }, async () => {
    const site = await planned();
    const { code, out, err } = await site.run(['apply', 'plan.json', '--yes', '--waves', 'ramp', '--wait', '10m']);
    expect(code, err).toBe(0);
    expect(told(out, 'done')).toEqual(names);
    expect(err).toContain('  in 3 waves of 1, 5, 6 vaults, 10m apart\n  stops after 1 vault that failed, was blocked or is undetermined\n');
    expect(err).toMatch(
      /^wave 1 of 3: 1 vault$[\s\S]*^holding until \d{4}-\d\d-\d\d \d\d:\d\d UTC, then wave 2 of 3$[\s\S]*^wave 2 of 3: 5 vaults$/m,
    );
    expect(await site.refused()).toBe(0);
  });

  test('stops before the next wave when one vault fails; the same command goes on once it is mended', { timeout: 120_000 }, async () => {
    const site = await planned();
    // The plan's order is that of subscriptions: the second vault of all.
    const [, , second = ''] = [...(await site.run(['show', 'plan.json'])).out.matchAll(/^(kv-\d\d) /gm)].map(([, name]) => name ?? '');
    refuseAt(site, second);
    const apply = ['apply', 'plan.json', '--yes', '--waves', '1,4', '--report', 'run.json'];
    const { code, out, err } = await site.run(apply);
    expect(code).toBe(3);
    expect(told(out, 'blocked').length + told(out, 'failed').length, out).toBe(1);
    expect(told(out, 'skipped').length).toBe(7);
    expect(told(out, 'done').length).toBe(4);
    expect(out).toMatch(/^skipped {2}7 vaults {2}the run stopped after 1 vault that was blocked$/m);
    expect(err).toContain('`keyturn apply plan.json --waves 1,4 --stop-after 1` goes on');
    site.sandbox.faults.clear();
    expect((await site.run(apply)).code).toBe(0);
    expect(await site.refused()).toBe(0);
  });

  test('goes on past what fails with --stop-after 100%', { timeout: 120_000 }, async () => {
    const site = await planned();
    refuseAt(site, 'kv-01');
    const { code, out } = await site.run(['stage', 'plan.json', '--yes', '--waves', '3', '--stop-after', '100%']);
    expect(code).toBe(3);
    expect(told(out, 'done')).toHaveLength(11);
  });

  test('takes the waves that the plan was given by a tag, in natural order, and shows them', { timeout: 120_000 }, async () => {
    const site = await planned('--wave-by', 'tag:wave');
    expect((await site.run(['show', 'plan.json', 'kv-01'])).out).toMatch(/^kv-01 {2}ready, wave 10$/m);
    expect((await site.run(['show', 'plan.json', 'kv-12'])).out).toMatch(/^kv-12 {2}ready$/m);
    expect((await site.run(['show', 'plan.json', 'kv-01', '--json'])).out).toContain('"wave":"10"');
    const { code, err } = await site.run(['stage', 'plan.json', '--yes', '--waves', 'planned']);
    expect(code).toBe(0);
    expect([...err.matchAll(/^wave \d of 4 \((.+)\): (\d) vaults?$/gm)].map(([, name, count]) => `${name ?? ''} ${count ?? ''}`)).toEqual([
      '2 4',
      '10 2',
      'pilot 5',
      'without a wave 1',
    ]);
  });

  test('--wave works on the vaults of those waves alone', async () => {
    const site = await planned('--wave-by', 'tag:wave');
    const { out, err } = await site.run(['stage', 'plan.json', '--yes', '--wave', '2,10', '--except', 'kv-01']);
    expect(told(out, 'done'), err).toEqual(['kv-02', 'kv-03', 'kv-04', 'kv-05', 'kv-06']);
    expect(err).toContain('`keyturn apply plan.json --through verify --except kv-01 --wave 2,10`');
  });

  test('what cannot be meant is refused before anything is read or written', async () => {
    const site = await planned();
    await site.run(['plan', '-o', 'waves.json', '--quiet', '--wave-by', 'tag:WAVE']);
    const before = site.sandbox.stateJson();
    for (const [words, said] of [
      [
        ['plan.json', '--waves', 'planned'],
        /WAVE_UNKNOWN: the plan gives no vault a wave\n {2}next: make the plan with `--wave-by tag:NAME`/,
      ],
      [['plan.json', '--wave', '1'], /WAVE_UNKNOWN: no vault of the plan is in wave `1`/],
      [['waves.json', '--wave', 'pilott'], /WAVE_UNKNOWN.*\n {2}next: name one of its waves: `2`, `10`, `pilot`/],
      [['plan.json', '--waves', 'some'], /Give ramp, planned, or sizes/],
      [['plan.json', '--wait', '10m'], /`--wait` holds between waves/],
      [['plan.json', '--waves', '1', '--wait', 'soon'], /such as 30s, 10m or 2h/],
      [['plan.json', '--stop-after', '0'], /number of vaults from 1 on/],
      [['plan.json', '--report', 'run.pdf'], /let its name end in \.md, \.txt or \.json/],
      [['plan.json', '--report', './plan.json'], /the report would replace the plan/],
      [['plan.json', '--report', 'missing/run.md'], /OUTPUT_FOLDER/],
    ] as const) {
      const { code, err } = await site.run(['apply', ...words, '--yes']);
      expect(err).toMatch(said);
      expect(code).toBe(2);
    }
    expect((await site.run(['plan', '--wave-by', 'wave'])).err).toContain('waves cannot be taken from `wave`');
    expect(site.sandbox.stateJson()).toBe(before);
  });
});

describe('two runs at once', () => {
  /** A run that holds all twelve vaults, and waits for Azure's lists until it is asked to stop. */
  async function holding(site: Served) {
    const { interrupted, interrupt } = testIo();
    site.sandbox.faults.add({ operation: 'RoleAssignments_ListForScope', times: 1_000, action: { kind: 'hang' } });
    const first = site.run(['stage', 'plan.json', '--yes'], { interrupted });
    // Those of the vaults, and the journal's.
    while ((await site.files()).filter((file) => file.endsWith('.lock')).length < 13) await new Promise((resolve) => setImmediate(resolve));
    return async () => {
      interrupt();
      expect((await first).code).toBe(130);
    };
  }

  test('on vaults of two plans: the second says once who holds them and since when; JSON says it of each', {
    timeout: 120_000,
  }, async () => {
    const site = await planned();
    await site.run(['plan', '-o', 'other.json', '--quiet', '--wave-by', 'tag:wave']);
    const end = await holding(site);
    const { code, out } = await site.run(['stage', 'other.json', '--yes', '--quiet']);
    expect(code).toBe(3);
    expect(out).toMatch(
      /^blocked {2}12 vaults {2}VAULT_BUSY: they are held by process \d+ on `.+` since \d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC\n {4}kv-/m,
    );
    expect(out).toContain('next, for 12 vaults: wait for it to end');
    const json = (await site.run(['stage', 'other.json', '--yes', '--quiet', '--json'])).out.trimEnd().split('\n').at(-1) ?? '';
    const { vaults } = JSON.parse(json) as { readonly vaults: readonly { readonly code: string; readonly holder: unknown }[] };
    expect(vaults.map((vault) => vault.code)).toEqual(names.map(() => 'VAULT_BUSY'));
    expect(vaults[0]?.holder).toMatchObject({ pid: process.pid });
    await end();
  });

  test('on one plan: the second changes nothing and says who carries it out, since when', { timeout: 120_000 }, async () => {
    const site = await planned();
    const end = await holding(site);
    const { code, err } = await site.run(['stage', 'plan.json', '--yes', '--report', 'run.json']);
    expect(code).toBe(3);
    expect(err).toMatch(/error JOURNAL_BUSY: another run of keyturn is carrying out this plan: process \d+ on `.+` since \d{4}-/);
    const run = JSON.parse(await readFile(path.join(site.folder, 'run.json'), 'utf8')) as RunReport;
    expect(run.error).toMatchObject({ code: 'JOURNAL_BUSY' });
    await end();
  });
});

describe('the report of a run', () => {
  const report = async (site: Served, file = 'run.json') => JSON.parse(await readFile(path.join(site.folder, file), 'utf8')) as RunReport;

  test('says what was run, by whom, in which waves, what was made and what remains; its schema is published', {
    timeout: 120_000,
  }, async () => {
    const site = await planned();
    refuseAt(site, 'kv-05');
    const { err } = await site.run(['apply', 'plan.json', '--yes', '--waves', '4,4', '--report', 'run.json']);
    expect(err).toMatch(/^report written to run\.json$/m);
    const run = await report(site);
    const schema = JSON.parse(await readFile(new URL('../../docs/schemas/run-report.schema.json', import.meta.url), 'utf8')) as object;
    const valid = new Ajv2020({ strict: false }).compile(schema);
    expect(valid(run), JSON.stringify(valid.errors)).toBe(true);
    expect(run).toMatchObject({ command: 'keyturn apply plan.json --waves 4,4 --stop-after 1 --yes', through: 'watch', exitCode: 3 });
    expect(run.operatorId).toBe(site.scenario.operator.objectId);
    expect(run.waves.map(({ vaults, began }) => [vaults.length, began !== undefined])).toEqual([
      [4, true],
      [4, false],
      [4, false],
    ]);
    const done = run.vaults.find(({ outcome }) => outcome === 'done');
    expect(done).toMatchObject({ permissionModel: { before: 'accessPolicy', after: 'azureRbac' }, wave: '1', phase: 'watch' });
    expect(site.sandbox.stateJson().toLowerCase()).toContain((done?.assignments.made[0]?.id ?? '?').toLowerCase());
    expect(run.vaults.find(({ name }) => name === 'kv-05')).toMatchObject({
      outcome: 'blocked',
      permissionModel: { after: 'accessPolicy' },
    });
    expect(run.remaining).toHaveLength(9);
    expect(run.next[0]).toContain('`keyturn apply plan.json --waves 4,4 --stop-after 1` goes on');
    expect(run.stopped).toBe('the run stopped after 1 vault that was blocked');
  });

  test('is written as text and as Markdown by its name, and says when it takes the place of a file', { timeout: 120_000 }, async () => {
    const site = await planned();
    await writeFile(path.join(site.folder, 'run.txt'), 'older');
    const first = await site.run(['stage', 'plan.json', '--yes', '--only', 'kv-03', '--report', 'run.txt']);
    expect(first.err).toContain('report written to run.txt, in place of the file that was there');
    const text = await readFile(path.join(site.folder, 'run.txt'), 'utf8');
    expect(text).toMatch(/^command +keyturn stage plan\.json --only kv-03 --yes$/m);
    expect(text).toMatch(/^ +kv-03 +1 +done +stage +access policies +access policies +1 of 1 +\/subscriptions\//m);
    await site.run(['stage', 'plan.json', '--yes', '--only', 'kv-03', '--report', 'run.MD', '--quiet']);
    const markdown = await readFile(path.join(site.folder, 'run.MD'), 'utf8');
    expect(markdown).toContain('| kv-03 | 1 | done |');
    expect(markdown).toContain('0 role assignments made');
  });

  test('is written also when Ctrl-C ends the hold between two waves, which it does at once', { timeout: 120_000 }, async () => {
    const site = await planned();
    const { interrupted, interrupt } = testIo();
    const err: string[] = [];
    const stopAtHold = (text: string) => {
      err.push(text);
      if (text.startsWith('holding until')) interrupt();
    };
    const words = ['stage', 'plan.json', '--yes', '--waves', '2', '--wait', '2h', '--report', 'run.json'];
    const { code, out } = await site.run(words, { interrupted, err: stopAtHold });
    expect(code).toBe(130);
    expect(told(out, 'done')).toHaveLength(2);
    expect(told(out, 'skipped')).toHaveLength(10);
    expect(err.join('')).toContain('`keyturn apply plan.json --through stage --waves 2 --stop-after 1 --wait 2h` goes on');
    expect(await report(site)).toMatchObject({ exitCode: 130 });
    expect((await report(site)).remaining).toHaveLength(10);
  });

  test('is written also when the run as a whole is refused', async () => {
    const site = await planned();
    const [state, lock] = [path.join(site.folder, 'state'), 'not a folder'];
    await writeFile(state, lock);
    const { code } = await site.run(['stage', 'plan.json', '--yes', '--state', 'state', '--report', 'run.json']);
    expect(code).toBe(1);
    expect(await report(site)).toMatchObject({ exitCode: 1, error: { code: 'DISK' }, vaults: [], remaining: { length: 12 } });
  });
});
