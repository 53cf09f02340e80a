import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { type Served, served } from './served.ts';

let site: Served;
afterEach(() => site.close());

test('a guided run: the plan is shown again after each answer, the vault is flipped after its name was typed, and rolled back on a yes', async () => {
  site = await served('one-app-one-developer');
  const start = site.sandbox.stateJson();
  const { code, out, err } = await site.run(['migrate', 'kv-shop', '--quiet'], { terminal: true, answers: [true, 'kv-shop', true] });
  expect(err).toContain('? Type `kv-shop` to go on');
  expect(out).toContain('+   role Key Vault Secrets User');
  expect(out.match(/^done {2}kv-shop/gm)).toHaveLength(3);
  expect(code).toBe(0);
  expect(await site.refused()).toBe(0);
  // Rolling back keeps the assignments unless asked: they give no access now.
  expect(JSON.parse(site.sandbox.stateJson())).toMatchObject({ vaults: (JSON.parse(start) as { vaults: object }).vaults });
});

test('a no to staging changes nothing and says how to go on later', async () => {
  site = await served('one-app-one-developer');
  const start = site.sandbox.stateJson();
  const { code, err } = await site.run(['migrate', 'kv-shop'], { terminal: true, answers: [false] });
  expect(code).toBe(0);
  expect(err).toMatch(/next: `keyturn apply .*kv-shop-[0-9a-f]{12}\.json`/);
  expect(site.sandbox.stateJson()).toBe(start);
});

test('a terminal that is closed before the flip leaves a vault that is staged and on access policies', async () => {
  site = await served('one-app-one-developer');
  const { code, err } = await site.run(['migrate', 'kv-shop'], { terminal: true, answers: [true] });
  expect(code).toBe(130);
  expect(err).toContain('interrupted: the vault is on its access policies');
  expect(await site.refused()).toBe(0);
  expect((await site.run(['inventory'])).out).toMatch(/^kv-shop .* accessPolicy/m);
});

test('several vaults: one is picked from a list, and what needs a person is asked, with the reason written into the plan', async () => {
  site = await served('everything-wrong');
  const answers = ['kv-compound', 'drop', ' ', 'the portal add-in is gone', true, 'kv-compound', false];
  const { code, out, err } = await site.run(['migrate', '--quiet'], { terminal: true, answers });
  expect(err).toContain('? Which vault?');
  expect(err).toContain('! a reason is needed');
  expect(out).toContain('undecided: a person has to choose');
  expect(out).toContain('decided: drop, because the portal add-in is gone');
  expect(code).toBe(0);
  const plans = (await site.files()).filter((file) => file.startsWith('.keyturn/plans/kv-compound-'));
  expect(plans).toHaveLength(1);
  expect(await readFile(path.join(site.folder, plans[0] ?? ''), 'utf8')).toContain('the portal add-in is gone');
});

test('what no decision can settle ends blocked, with nothing changed', async () => {
  site = await served('everything-wrong');
  const start = site.sandbox.stateJson();
  const { code, err } = await site.run(['migrate', 'kv-odd'], { terminal: true, answers: [] });
  expect(err).toContain('nothing was changed');
  expect(code).toBe(3);
  expect(site.sandbox.stateJson()).toBe(start);
});

test('a person may keep only some of the permissions, and is told which there are', async () => {
  site = await served('everything-wrong');
  const answers = ['narrow', 'secrets/everything', 'secrets/get', 'the list was never used', false];
  const { code, out, err } = await site.run(['migrate', 'kv-typo'], { terminal: true, answers });
  expect(err).toMatch(/! the policy has no `secrets\/everything`; it has .*secrets\/get/);
  expect(out).toContain('decided: narrow, because the list was never used');
  expect(code).toBe(0);
});

test('a person may limit access to single objects, is told of a slip, and sees what is made before anything is', async () => {
  site = await served('everything-wrong');
  const slip = ['single objects', 'keys/one', '', 'a slip'];
  const answers = [...slip, 'single objects', 'secrets/one', 'storage/get', 'it reads one secret', false];
  const { code, out, err } = await site.run(['migrate', 'kv-storage'], { terminal: true, answers });
  expect(err).toMatch(/it names `keys\/one`, on which the access\s+policy of/);
  expect(out).toContain('decided: objectScope, because it reads one secret');
  expect(out).toContain('role Key Vault Secrets User on secrets/one');
  expect(out).toContain('given up on everything else: ');
  expect(err).toMatch(/\? Create 2 role assignments now\?/);
  expect(code).toBe(0);
});

test('a custom role is told before it is made', async () => {
  site = await served('everything-wrong');
  const { err } = await site.run(['migrate', 'kv-storage'], { terminal: true, answers: ['custom role', 'exactly this', false] });
  expect(err).toMatch(/\? Create 1 role assignment and 1 custom role now\?/);
});

test('without a terminal it asks nothing and reads nothing', async () => {
  site = await served('one-app-one-developer');
  site.sandbox.resetMetrics();
  const { code, err } = await site.run(['migrate', 'kv-shop']);
  expect(code).toBe(2);
  expect(err).toMatch(/^error NO_TERMINAL: .+\n {2}next: .+\n$/);
  expect(site.sandbox.metrics().total).toBe(0);
});
