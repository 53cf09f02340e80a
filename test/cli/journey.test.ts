import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readPlan } from '../../src/formats/plan-file.ts';
import { type Served, served } from './served.ts';
import { testIo } from './test-io.ts';

const decisions = path.resolve(import.meta.dirname, '../../fixtures/scenarios/one-app-one-developer/decisions.json');

describe('one vault through every command', () => {
  let site: Served;
  let start: string;
  beforeAll(async () => {
    site = await served('one-app-one-developer');
    start = site.sandbox.stateJson();
  });
  afterAll(() => site.close());

  test('inventory prints who has what, and as JSON one document', async () => {
    const { code, out } = await site.run(['inventory']);
    expect(code).toBe(0);
    expect(out).toContain('kv-shop');
    expect(out).toContain('Dana Developer (user, 5d1f3a52-7c1e-4b8e-9a56-0c6a1f2e4d11)');
    const json = await site.run(['inventory', 'kv-shop', '--json', '--quiet']);
    expect(JSON.parse(json.out)).toMatchObject({
      format: 'keyturn-inventory',
      formatVersion: 1,
      vaults: [{ name: 'kv-shop', permissionModel: 'accessPolicy' }],
    });
    expect(json.err).toBe('');
  });

  test('verify says that a flip now would lose access: exit code 3 and a line per principal', async () => {
    const { code, out } = await site.run(['verify', 'kv-shop']);
    expect(code).toBe(3);
    expect(out).toMatch(/id-shop-web.* would lose secrets\/getSecret/);
  });

  test('plan writes the same bytes for the same facts, and shows the diff', async () => {
    const first = await site.run(['plan', 'kv-shop', '--decisions', decisions, '-o', 'plan.json']);
    expect(first.code).toBe(0);
    expect(first.out).toContain('+   role Key Vault Secrets User');
    await site.run(['plan', 'kv-shop', '--decisions', decisions, '-o', 'again.json']);
    expect(await readFile(path.join(site.folder, 'again.json'), 'utf8')).toBe(await readFile(path.join(site.folder, 'plan.json'), 'utf8'));
    const json = await site.run(['plan', 'kv-shop', '--decisions', decisions, '-o', 'again.json', '--json']);
    expect(JSON.parse(json.out)).toMatchObject({
      format: 'keyturn-plan',
      vaults: [{ name: 'kv-shop', state: 'ready' }],
      digest: readPlan(await readFile(path.join(site.folder, 'plan.json'), 'utf8')).digest,
    });
    expect(site.sandbox.stateJson()).toBe(start);
  });

  test('apply through verify stages and proves, and changes no access', async () => {
    const { code, out, err } = await site.run(['apply', 'plan.json', '--through', 'verify', '--yes']);
    expect(err).toContain('Key Vault Secrets User for id-shop-web: created');
    expect(out).toContain('done  kv-shop');
    expect(code).toBe(0);
    expect(await site.refused()).toBe(0);
  });

  test('status tells from the journal and Azure how far it is', async () => {
    const { code, out } = await site.run(['status', 'plan.json']);
    expect(code).toBe(0);
    expect(out).toMatch(/^kv-shop +verified +accessPolicy +2 of 2 +0$/m);
  });

  test('verify is green now', async () => {
    const { code, out } = await site.run(['verify', 'plan.json']);
    expect(out).toMatch(/^kv-shop +covered/m);
    expect(code).toBe(0);
  });

  test('flip with --json prints one event a line and the results last', async () => {
    const { code, out } = await site.run(['flip', 'plan.json', '--yes', '--json', '--quiet']);
    const events = out
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { kind: string; phase?: string });
    expect(code).toBe(0);
    expect(events.filter((event) => event.kind === 'phase').map((event) => event.phase)).toContain('flip');
    expect(events.at(-1)).toMatchObject({ kind: 'results', vaults: [{ name: 'kv-shop', outcome: 'done' }] });
    expect(await site.refused()).toBe(0);
    expect((await site.run(['status', 'plan.json', '--json'])).out).toContain('"flipped"');
  });

  test('the bundle, its script and its page lie in the state folder', async () => {
    const files = await site.files();
    for (const name of ['bundle.json', 'rollback.sh', 'rollback.md'])
      expect(
        files.some((file) => file.endsWith(`/${name}`)),
        name,
      ).toBe(true);
  });

  test('rollback by name restores the estate byte for byte, and a second one finds nothing to do', async () => {
    const first = await site.run(['rollback', 'kv-shop', '--remove-assignments', '--yes']);
    expect(first.code).toBe(0);
    expect(site.sandbox.stateJson()).toBe(start);
    expect(await site.refused()).toBe(0);
    expect((await site.run(['status', 'plan.json'])).out).toContain('rolledBack');
    expect((await site.run(['rollback', 'plan.json', '--remove-assignments', '--yes'])).code).toBe(0);
    expect(site.sandbox.stateJson()).toBe(start);
  });

  test('and the same plan goes forward again', async () => {
    const { code } = await site.run(['apply', 'plan.json', '--yes']);
    expect(code).toBe(0);
    expect(await site.refused()).toBe(0);
  });

  test('a vault on Azure RBAC already: a plan with nothing to do, and apply says so', async () => {
    const plan = await site.run(['plan', 'kv-shop', '--decisions', decisions, '-o', 'done.json']);
    expect(plan.code).toBe(0);
    expect(plan.out).toContain('1 already on Azure RBAC');
    const before = site.sandbox.stateJson();
    const apply = await site.run(['apply', 'done.json', '--yes']);
    expect(apply.out).toContain('skipped  kv-shop');
    expect(apply.code).toBe(0);
    expect(site.sandbox.stateJson()).toBe(before);
  });
});

describe('what is refused, and writes nothing', () => {
  let site: Served;
  let start: string;
  let plan: string;
  beforeAll(async () => {
    site = await served('one-app-one-developer');
    start = site.sandbox.stateJson();
    await site.run(['plan', 'kv-shop', '--decisions', decisions, '-o', 'plan.json', '--quiet']);
    plan = await readFile(path.join(site.folder, 'plan.json'), 'utf8');
  });
  afterAll(() => site.close());

  const refusal = async (argv: readonly string[], given?: Parameters<Served['run']>[1]) => {
    const files = await site.files();
    const ran = await site.run([...argv, '--quiet'], given);
    expect(site.sandbox.stateJson(), 'Azure').toBe(start);
    expect(await site.files(), 'files').toEqual(files);
    return ran;
  };

  test('an unknown vault, with the name that was perhaps meant', async () => {
    const { code, err } = await refusal(['plan', 'kv-shap', '-o', 'x.json']);
    expect(code).toBe(2);
    expect(err).toMatch(/^error \S+: .*kv-shap.*\n {2}next: .*\n$/);
    expect(err).toContain('kv-shop');
  });

  test('no terminal and no --yes', async () => {
    const { code, err } = await refusal(['apply', 'plan.json']);
    expect(code).toBe(2);
    expect(err).toMatch(/^error NO_TERMINAL: .+\n {2}next: .*--yes.*\n$/);
  });

  test("a name that is not quite the vault's, and then a closed terminal", async () => {
    const { code, err } = await refusal(['flip', 'plan.json'], { terminal: true, answers: ['yes', 'kv-shopp'] });
    expect(err.match(/that is not `kv-shop`/g)).toHaveLength(2);
    expect(code).toBe(130);
  });

  test('an edited plan', async () => {
    await writeFile(path.join(site.folder, 'edited.json'), plan.replaceAll('Key Vault Secrets User', 'Key Vault Administrator'));
    const { code, err } = await refusal(['apply', 'edited.json', '--yes']);
    expect(err).toContain('error PLAN_EDITED');
    expect(code).toBe(3);
  });

  test('a plan of another cloud', async () => {
    const other = path.join(site.folder, '..', path.basename(site.folder) + '-cloud.json');
    await writeFile(other, JSON.stringify({ ...site.profile, name: 'elsewhere' }));
    const { code, err } = await refusal(['apply', 'plan.json', '--yes', '--cloud', other]);
    expect(err).toContain('error PLAN_TENANT');
    expect(code).toBe(3);
  });

  test('a sign-in that fails', async () => {
    const { code, err } = await refusal(['inventory', '--auth', 'env']);
    expect(err).toMatch(/^error AZURE_SIGN_IN: .+\n {2}next: .+\n$/);
    expect(code).not.toBe(0);
  });

  test('decisions that speak of nobody', async () => {
    const row = { vault: 'kv-shop', principal: '00000000-0000-0000-0000-00000000dead', choice: 'drop', reason: 'x' };
    await writeFile(path.join(site.folder, 'd.json'), JSON.stringify({ formatVersion: 1, decisions: [row] }));
    const { code, err } = await refusal(['plan', 'kv-shop', '--decisions', 'd.json', '-o', 'x.json']);
    expect(err).toContain('error DECISION_UNMATCHED');
    expect(code).toBe(2);
  });
});

test('Ctrl-C in the middle of an apply ends with 130, leaves a state that status can tell, and the next run goes on', async () => {
  const site = await served('one-app-one-developer');
  try {
    await site.run(['plan', 'kv-shop', '--decisions', decisions, '-o', 'plan.json', '--quiet']);
    const io = testIo();
    const interruptAt = (text: string) => {
      if (text.includes('created')) io.interrupt();
    };
    const stopped = await site.run(['apply', 'plan.json', '--yes'], { err: interruptAt, interrupted: io.interrupted });
    expect(stopped.code).toBe(130);
    expect(await site.refused()).toBe(0);
    expect((await site.run(['status', 'plan.json'])).out).toMatch(/^kv-shop +staging +accessPolicy +1 of 2/m);
    expect((await site.run(['apply', 'plan.json', '--yes'])).code).toBe(0);
    expect(await site.refused()).toBe(0);
  } finally {
    await site.close();
  }
});

test('an operator who may only read is told so before the first write', async () => {
  const reader = (scenario: Record<string, unknown>) => ({
    ...scenario,
    assignments: [{ role: 'Reader', principal: 'runner', scope: 'subscriptions/shop-production' }],
  });
  const site = await served('one-app-one-developer', { scenario: reader });
  try {
    const start = site.sandbox.stateJson();
    await site.run(['plan', 'kv-shop', '--decisions', decisions, '-o', 'plan.json']);
    const { code, out } = await site.run(['apply', 'plan.json', '--yes', '--quiet']);
    expect(out).toMatch(/^blocked {2}kv-shop {2}\S+: /m);
    expect(out).toContain('  next: ');
    expect(code).toBe(3);
    expect(site.sandbox.stateJson()).toBe(start);
  } finally {
    await site.close();
  }
});

test('where Graph refuses, nobody is taken for deleted: the vault is blocked, not flipped', async () => {
  const site = await served('one-app-one-developer', { scenario: (scenario) => ({ ...scenario, directory: 'denied' }) });
  try {
    const start = site.sandbox.stateJson();
    const plan = await site.run(['plan', 'kv-shop', '-o', 'plan.json']);
    expect(plan.out).toContain('kv-shop  blocked');
    expect(plan.out).not.toContain('(deleted)');
    const { code } = await site.run(['apply', 'plan.json', '--yes', '--quiet']);
    expect(code).toBe(3);
    expect(site.sandbox.stateJson()).toBe(start);
  } finally {
    await site.close();
  }
});

test('everything wrong at once: the plan is written, says which vaults are blocked, and apply refuses them without a write', async () => {
  const site = await served('everything-wrong');
  try {
    const start = site.sandbox.stateJson();
    const plan = await site.run(['plan', '-o', 'plan.json']);
    expect(plan.code).toBe(3);
    expect(plan.out).toMatch(/[1-9]\d* blocked/);
    const apply = await site.run(['apply', 'plan.json', '--yes', '--quiet']);
    expect(apply.code).toBe(3);
    expect(apply.out).toContain('PLAN_BLOCKED');
    expect(await site.refused()).toBe(0);
    if (!/[1-9]\d* ready/.test(plan.out)) expect(site.sandbox.stateJson()).toBe(start);
  } finally {
    await site.close();
  }
});
