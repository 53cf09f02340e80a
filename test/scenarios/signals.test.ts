import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { type Served, served } from '../cli/served.ts';
import { type BuiltProgram, buildProgram } from './built-program.ts';

let program: BuiltProgram;
let site: Served;
beforeAll(async () => {
  [program, site] = await Promise.all([buildProgram(), served('one-app-one-developer')]);
  expect((await site.run(['plan', '-o', 'plan.json', '--quiet'])).code).toBe(0);
});
afterAll(async () => {
  await Promise.all([program.remove(), site.close()]);
});
beforeEach(() => {
  site.sandbox.faults.clear();
});

/** Starts keyturn and waits until its call of that operation has met the fault. */
async function hangingIn(operation: string, argv: readonly string[], afterwards = false) {
  site.sandbox.faults.add({ operation, action: { kind: 'hang', afterwards } });
  const running = program.start(argv, site.folder, site.clientEnv);
  while (running.child.exitCode === null && site.sandbox.faults.pending.length > 0) await new Promise((resolve) => setImmediate(resolve));
  return running;
}

test('SIGTERM during a flip that Azure carries out and does not answer: the truth, also in the report of the run, and 130', {
  timeout: 120_000,
}, async () => {
  const { child, ended } = await hangingIn('Vaults_Update', ['apply', 'plan.json', '--yes', '--report', 'run.json'], true);
  child.kill('SIGTERM');
  const { code, out, err } = await ended;
  expect({ code, signal: child.signalCode }, out + err).toEqual({ code: 130, signal: null });
  expect(err).toContain('stopping: what is under way comes to its end first');
  expect(out).toMatch(/^interrupted {2}kv-shop {2}the vault is on Azure RBAC/m);
  expect(err).toContain('`keyturn rollback plan.json` goes back');
  expect(JSON.parse(await readFile(path.join(site.folder, 'run.json'), 'utf8'))).toMatchObject({
    exitCode: 130,
    vaults: [{ name: 'kv-shop', outcome: 'interrupted', permissionModel: { before: 'accessPolicy', after: 'azureRbac' } }],
  });
  expect((await site.run(['apply', 'plan.json', '--yes'])).code).toBe(0);
  expect(await site.refused()).toBe(0);
  expect((await site.run(['rollback', 'plan.json', '--yes', '--remove-assignments'])).code).toBe(0);
});

test('a second Ctrl-C stops at once, names what is open, and the next run asks Azure', { timeout: 120_000 }, async () => {
  const { child, ended } = await hangingIn('Vaults_Update', ['apply', 'plan.json', '--yes'], true);
  const stopping = new Promise<void>((resolve) => {
    child.stderr?.on('data', (text: string) => {
      if (text.includes('stopping:')) resolve();
    });
  });
  child.kill('SIGINT');
  await stopping;
  child.kill('SIGINT');
  const { code, out, err } = await ended;
  expect(code, out + err).toBe(130);
  expect(err).toContain('stopped at once; how this ended is not known:\n  kv-shop: permission model\n');
  expect(err).toContain('it asks Azure first');
  expect((await site.run(['apply', 'plan.json', '--yes'])).code).toBe(0);
  expect((await site.run(['rollback', 'plan.json', '--yes', '--remove-assignments'])).code).toBe(0);
});

test.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)('%s while keyturn only reads ends it with 130 and nothing changed', async (signal) => {
  const { child, ended } = await hangingIn('RoleAssignments_ListForScope', ['inventory', '--quiet']);
  child.kill(signal);
  expect(await ended).toEqual({ code: 130, signal: null, out: '', err: 'interrupted: nothing was changed\n' });
});
