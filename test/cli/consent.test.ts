import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { askConsent } from '../../src/cli/consent.ts';
import { canAsk } from '../../src/cli/io.ts';
import { type Served, served } from './served.ts';
import { testIo } from './test-io.ts';

describe('consent', () => {
  test('--yes is enough, with or without a terminal, and asks nothing', async () => {
    const io = testIo();
    await askConsent('apply', ['kv-a'], true, io);
    expect(io.stderr()).toBe('');
  });

  test('a pipe that answers is no person: without a terminal nothing is asked', async () => {
    const io = testIo({ answers: ['kv-a'] });
    await expect(askConsent('apply', ['kv-a'], false, io)).rejects.toMatchObject({ code: 'NO_TERMINAL', outcome: 'usage' });
    expect(io.stderr()).toBe('');
  });

  test.each(['stdin', 'stdout', 'stderr'] as const)('a terminal on every side but %s is none', (side) => {
    expect(canAsk(testIo({ isTty: { stdin: true, stdout: true, stderr: true, [side]: false } }))).toBe(false);
  });

  test('one vault is confirmed by its name and by nothing else', async () => {
    const io = testIo({ terminal: true, answers: ['y', 'yes', 'kv-b', 'kv-a'] });
    await askConsent('flip', ['kv-a'], undefined, io);
    expect(io.stderr().match(/that is not `kv-a`/g)).toHaveLength(3);
  });

  test('several vaults are confirmed by verb and number', async () => {
    const io = testIo({ terminal: true, answers: ['kv-a', 'apply 2 vaults', 'flip 2 vaults'] });
    await askConsent('flip', ['kv-a', 'kv-b'], undefined, io);
    expect(io.stderr().match(/that is not/g)).toHaveLength(2);
  });
});

describe('what is told before a plan is carried out', () => {
  let site: Served;
  beforeAll(async () => {
    site = await served('estate');
  });
  afterAll(() => site.close());
  const plan = (...words: readonly string[]) => site.run(['plan', ...words, '-o', 'plan.json', '--quiet']);
  const terminal = { terminal: true, columns: 400, answers: ['no'] };

  test('how many vaults, ten names, by what they were selected, what is made, where and as whom', async () => {
    await plan();
    const { code, err } = await site.run(['apply', 'plan.json'], terminal);
    expect(code).toBe(130);
    expect(err).toMatch(/^\d\d vaults: (kv-[\w-]+, ){9}kv-[\w-]+ and \d+ more$/m);
    expect(err).toContain('the plan was made for every vault in reach');
    expect(err).toMatch(/^ {2}\d+ role assignments, then the flip to Azure RBAC$/m);
    expect(err).toContain(`in tenant ${site.scenario.tenant.tenantId} (sandbox), signed in as ${site.scenario.operator.objectId}`);
    expect(err).toContain(
      'to go back: `keyturn rollback plan.json`, at any time; with `--remove-assignments` it also removes what was made',
    );
  });

  test('stage says that it does not flip, and a wave by its tag', async () => {
    await plan('--tag', 'wave=1', '--resource-group', 'rg-retail');
    const { err } = await site.run(['stage', 'plan.json'], terminal);
    expect(err).toMatch(/\? Type `stage \d+ vaults` to go on/);
    expect(err).toContain('the plan was made for --resource-group rg-retail --tag wave=1');
    expect(err).toMatch(/role assignments, no flip$/m);
    expect(err).toContain('to go back: `keyturn rollback plan.json --remove-assignments` removes what was made');
  });

  test('a rollback tells which vaults go back, what becomes of what was made, where and as whom', async () => {
    await plan('--tag', 'wave=1');
    await site.run(['apply', 'plan.json', '--yes', '--quiet', '--except', 'kv-ledger-finance', '--through', 'stage']);
    const { code, err } = await site.run(['rollback', 'plan.json', '--remove-assignments'], terminal);
    expect(code).toBe(130);
    expect(err).toMatch(/^\d+ vaults?: kv-/m);
    expect(err).toContain('back to the access policies, and what keyturn made is removed');
    expect(err).toContain(`signed in as ${site.scenario.operator.objectId}`);
    await site.run(['rollback', 'plan.json', '--remove-assignments', '--yes', '--quiet']);
  });

  test('--yes is asked about on a terminal where nobody named the vaults, and goes on where somebody did, or in a pipe', async () => {
    await plan();
    const before = site.sandbox.stateJson();
    const asked = await site.run(['apply', 'plan.json', '--through', 'stage', '--yes', '--quiet'], terminal);
    expect(asked.err).toMatch(/\? Type `apply \d+ vaults` to go on/);
    expect(site.sandbox.stateJson()).toBe(before);
    await plan('--tag', 'wave=1');
    expect((await site.run(['stage', 'plan.json', '--yes', '--quiet'], terminal)).err).toBe('');
    await plan();
    const piped = await site.run(['stage', 'plan.json', '--yes']);
    expect(piped.err).toContain('the plan was made for every vault in reach');
    expect(piped.err).not.toContain('?');
  });
});
