import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Served, served } from './served.ts';

let site: Served;
beforeAll(async () => {
  site = await served('estate');
  expect((await site.run(['plan', '-o', 'plan.json', '--quiet'])).code).toBe(0);
}, 120_000);
afterAll(() => site.close());

const staged = (out: string): readonly string[] => [...out.matchAll(/^done {2}(\S+)/gm)].map(([, name]) => name ?? '').sort();

test('--only works on the vaults that it names, in any case, and on no other', async () => {
  const { code, out, err } = await site.run(['stage', 'plan.json', '--only', 'KV-Basket-Retail', '--yes']);
  expect(code).toBe(0);
  expect(staged(out)).toEqual(['kv-basket-retail']);
  expect(err).toMatch(/^1 vault: kv-basket-retail/m);
});

test('--except works on all but those', async () => {
  const { code, out } = await site.run(['stage', 'plan.json', '--except', 'kv-basket-retail', '--yes', '--quiet']);
  expect(code).toBe(0);
  expect(staged(out)).not.toContain('kv-basket-retail');
  expect(staged(out).length).toBeGreaterThan(10);
});

test('a vault that the plan does not have is an error before anything is written, and so is a part without vaults', async () => {
  const before = site.sandbox.stateJson();
  for (const words of [
    ['--only', 'kv-nobody'],
    ['--except', 'kv-nobody'],
    ['--only', 'kv-basket-retail', '--except', 'kv-basket-retail'],
  ]) {
    const { code, err } = await site.run(['apply', 'plan.json', '--yes', ...words]);
    expect(code).toBe(2);
    expect(err).toMatch(/VAULT_NOT_PLANNED|PLAN_EMPTY/);
  }
  expect(site.sandbox.stateJson()).toBe(before);
});
