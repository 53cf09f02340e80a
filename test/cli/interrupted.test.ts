import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { parseJournal } from '../../src/formats/journal.ts';
import type { FaultAction } from '../../src/sandbox/faults.ts';
import { type Served, served } from './served.ts';
import { testIo } from './test-io.ts';

// A write that hangs is waited for a moment only; what Azure is asked after it has all the time that a busy machine may need.
vi.mock('../../src/azure/client/retry-rules.ts', async (original) => {
  const rules = await original<typeof import('../../src/azure/client/retry-rules.ts')>();
  return { ...rules, defaultLimits: { ...rules.defaultLimits, finishWithin: 300, askWithin: 25_000 } };
});

const decisions = path.resolve(import.meta.dirname, '../../fixtures/scenarios/one-app-one-developer/decisions.json');
const open: Served[] = [];
afterEach(() => Promise.all(open.splice(0).map((site) => site.close())));

async function planned(): Promise<Served> {
  const site = await served('one-app-one-developer');
  open.push(site);
  expect((await site.run(['plan', 'kv-shop', '--decisions', decisions, '-o', 'plan.json', '--quiet'])).code).toBe(0);
  return site;
}

async function journal(site: Served) {
  const folder = path.join(site.folder, '.keyturn/journals');
  const texts = await Promise.all((await readdir(folder)).map((name) => readFile(path.join(folder, name), 'utf8')));
  return texts.flatMap((text) => parseJournal(text).entries);
}

/** Runs a command whose call of that operation meets the fault, and asks it to stop as soon as it has. */
async function interruptedIn(site: Served, operation: string, action: FaultAction, argv: readonly string[], answers?: readonly unknown[]) {
  const { faults } = site.sandbox;
  faults.add({ operation, action });
  const { interrupted, interrupt } = testIo();
  const work = site.run(argv, { interrupted, ...(answers !== undefined && { answers, terminal: true, columns: 1000 }) });
  while (faults.pending.length > 0) await new Promise((resolve) => setImmediate(resolve));
  interrupt();
  const ran = await work;
  faults.clear();
  return { ...ran, said: `${ran.out}${ran.err}` };
}

const modelNow = async (site: Served) => (/^kv-shop .* (accessPolicy|azureRbac)/m.exec((await site.run(['inventory'])).out) ?? [])[1];
const assignments = (site: Served) => (site.sandbox.stateJson().match(/"id":"[^"]*\/roleassignments\//gi) ?? []).length;

const commands = [
  { argv: ['apply', 'plan.json', '--yes'], before: [], writes: ['RoleAssignments_Create', 'Vaults_Update'] },
  { argv: ['stage', 'plan.json', '--yes'], before: [], writes: ['RoleAssignments_Create'] },
  { argv: ['flip', 'plan.json', '--yes'], before: [['apply', 'plan.json', '--yes', '--through', 'verify']], writes: ['Vaults_Update'] },
  {
    argv: ['rollback', 'plan.json', '--yes', '--remove-assignments'],
    before: [['apply', 'plan.json', '--yes']],
    writes: ['Vaults_Update', 'RoleAssignments_Delete'],
  },
  { argv: ['migrate', 'kv-shop'], before: [], writes: ['RoleAssignments_Create', 'Vaults_Update'], answers: [true, 'kv-shop', false] },
];

describe.each(commands.flatMap(({ writes, ...one }) => writes.map((write) => ({ ...one, write, name: one.argv[0] }))))(
  '$name, asked to stop in the middle of $write',
  ({ argv, before, write, answers }) => {
    test.each([
      ['that was carried out', true],
      ['that never arrived', false],
    ])('%s, says what is so and ends with 130; the same command goes on', { timeout: 180_000 }, async (_what, afterwards) => {
      const site = await planned();
      for (const words of before) expect((await site.run(words)).code).toBe(0);
      const [modelBefore, count] = [await modelNow(site), assignments(site)];
      const { code, said } = await interruptedIn(site, write, { kind: 'hang', afterwards }, argv, answers);
      expect(code, said).toBe(130);
      expect(said).not.toMatch(/BUG|did not expect|^ *failed/m);
      expect(said).toMatch(/^(interrupted|done) {2}kv-shop/m);
      const model = await modelNow(site);
      expect(said).toContain(model === 'azureRbac' ? 'the vault is on Azure RBAC' : 'the vault is on its access policies');
      if (write === 'Vaults_Update') expect(model === modelBefore).toBe(!afterwards);
      else expect(assignments(site) === count).toBe(!afterwards);
      if (!afterwards) expect(said).toContain('Azure was asked, and it is not done');
      if (argv[0] !== 'migrate') expect(said).toMatch(/next: .*`keyturn (apply|rollback) plan\.json/);

      const entries = await journal(site);
      expect(entries.filter(({ event }) => event === 'failed')).toEqual([]);
      const outcomes = entries.map(({ outcome }) => outcome);
      if (!afterwards) expect(outcomes).toContain('notSeen');

      if (argv[0] === 'migrate') return;
      const again = await site.run(argv);
      expect(again.code, again.out + again.err).toBe(0);
      expect(await site.refused()).toBe(0);
    });
  },
);

test('asked to stop when nothing of a step has left, the step is told as not sent, and the vault stands as it did', async () => {
  const site = await planned();
  const { interrupted, interrupt } = testIo();
  const out: string[] = [];
  const stopAtFlip = (text: string) => {
    out.push(text);
    if (/"step":"flip-[^"]*","event":"began"/.test(text)) interrupt();
  };
  const { code } = await site.run(['apply', 'plan.json', '--yes', '--json'], { interrupted, out: stopAtFlip });
  expect(code).toBe(130);
  expect(out.join('')).toContain('"event":"failed","outcome":"notSent"');
  expect(await modelNow(site)).toBe('accessPolicy');
});

test('asked to stop while it reads, a vault is told as interrupted and nothing as a bug', async () => {
  const site = await planned();
  const { code, said } = await interruptedIn(site, 'RoleAssignments_ListForScope', { kind: 'hang' }, ['apply', 'plan.json', '--yes']);
  expect(code).toBe(130);
  expect(said).not.toMatch(/BUG|did not expect|failed/);
});

test('a reading command that is asked to stop says that nothing was changed', async () => {
  const site = await planned();
  const { code, err } = await interruptedIn(site, 'RoleAssignments_ListForScope', { kind: 'hang' }, ['inventory', '--quiet']);
  expect({ code, err }).toEqual({ code: 130, err: 'interrupted: nothing was changed\n' });
});

describe('a guided migration that is left at a question', () => {
  const left = async (answers: readonly unknown[]) => {
    const site = await served('one-app-one-developer');
    open.push(site);
    const { code, err } = await site.run(['migrate', 'kv-shop', '--quiet'], { terminal: true, columns: 500, answers });
    expect(code).toBe(130);
    return { site, err };
  };

  test('before staging: nothing was changed, and the plan can be carried out as it stands', async () => {
    const { site, err } = await left([]);
    expect(err).toMatch(/interrupted: nothing was changed\n {2}next: `keyturn apply (\S+) --through verify` goes on/);
    const file = /keyturn apply (\S+) --through verify/.exec(err)?.[1] ?? '';
    expect((await site.run(['apply', file, '--yes', '--through', 'verify'])).code).toBe(0);
  });

  test('before the flip: the assignments stay and do nothing, and both ways on work as printed', async () => {
    const { site, err } = await left([true]);
    expect(err).toContain('interrupted: the vault is on its access policies, and the role assignments do nothing there');
    const [, flip = '', back = ''] =
      /`keyturn (flip \S+)` flips it; `keyturn (rollback \S+ --remove-assignments)` takes them away/.exec(err) ?? [];
    expect((await site.run([...flip.split(' '), '--yes'])).code).toBe(0);
    expect((await site.run([...back.split(' '), '--yes'])).code).toBe(0);
    expect(await site.refused()).toBe(0);
  });

  test('after the flip: the vault is on Azure RBAC, and the way back is named', async () => {
    const { site, err } = await left([true, 'kv-shop']);
    expect(err).toMatch(/interrupted: the vault is on Azure RBAC\n {2}next: `keyturn rollback \S+` goes back/);
    expect(await modelNow(site)).toBe('azureRbac');
  });
});
