import { rm } from 'node:fs/promises';
import path from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { type JsonObject, objectAt, objectsAt } from '../../src/base/json.ts';
import { scenariosFolder } from '../scenarios/open-scenario.ts';
import { type Served, served } from './served.ts';

let site: Served;
afterEach(() => site.close());

/** Ids of the assignments that Azure has now. */
const assignments = () => Object.keys((JSON.parse(site.sandbox.stateJson()) as { roleAssignments: object }).roleAssignments).sort();
const forget = () => rm(path.join(site.folder, '.keyturn'), { recursive: true, force: true });

/** Somebody changes the vault's policies meanwhile. */
function changePolicies(change: (policies: readonly JsonObject[]) => readonly JsonObject[]): void {
  const [vault] = site.sandbox.tenant.vaults.values();
  if (vault === undefined) throw new Error('the scenario has a vault');
  const properties = objectAt(vault.body, 'properties');
  vault.body = { ...vault.body, properties: { ...properties, accessPolicies: [...change(objectsAt(properties, 'accessPolicies'))] } };
}

describe('EA-52: a guided run that was left after staging and is run again', { timeout: 120_000 }, () => {
  test('shows what it made as its own, asks to create nothing, and its rollback removes all of it', async () => {
    site = await served('one-app-one-developer');
    const before = assignments();
    expect((await site.run(['migrate', 'kv-shop', '--quiet'], { terminal: true, answers: [true] })).code).toBe(130);
    const staged = assignments();
    expect(staged.length).toBeGreaterThan(before.length);
    const again = await site.run(['migrate', 'kv-shop'], { terminal: true, answers: ['kv-shop', false] });
    expect(again.code, again.out + again.err).toBe(0);
    expect(again.out).toContain('4 role assignments to make, 4 of them made already by keyturn');
    expect(again.out).not.toContain('roles that are held already');
    expect(again.err).toContain('nothing is left to make');
    expect(again.err).not.toContain('? Create');
    expect(assignments()).toEqual(staged);
    const back = await site.run(['rollback', 'kv-shop', '--remove-assignments', '--yes']);
    expect(back.out).toContain('4 role assignments deleted');
    expect(back.err).toContain('to be removed, as Azure lists it:\n  kv-shop: Key Vault');
    expect(assignments()).toEqual(before);
  });

  test('on another machine too', async () => {
    site = await served('one-app-one-developer');
    const before = assignments();
    await site.run(['migrate', 'kv-shop', '--quiet'], { terminal: true, answers: [true] });
    await forget();
    const again = await site.run(['migrate', 'kv-shop', '--quiet'], { terminal: true, answers: ['kv-shop', true] });
    expect(again.code, again.out + again.err).toBe(0);
    await forget();
    const back = await site.run(['rollback', 'kv-shop', '--remove-assignments', '--yes']);
    expect(back.code, back.out).toBe(0);
    expect(assignments()).toEqual(before);
  });

  test('EA-52: what a rollback on another machine took away is made again, although lists still show it as old enough', async () => {
    site = await served('shared-platform-vault');
    const decisions = path.join(scenariosFolder, 'shared-platform-vault/decisions.json');
    await site.run(['plan', '--decisions', decisions, '-o', 'plan.json', '--quiet']);
    const made = async (state: string) => {
      expect((await site.run(['apply', 'plan.json', '--yes', '--quiet', '--state', state])).code).toBe(0);
      return assignments();
    };
    Object.assign(site.sandbox.context.consistency, { listingLag: 0 });
    const all = await made('here');
    Object.assign(site.sandbox.context.consistency, { listingLag: 10 * 60_000 });
    expect((await site.run(['rollback', 'plan.json', '--yes', '--quiet', '--remove-assignments', '--state', 'here'])).code).toBe(0);
    expect(assignments().length).toBeLessThan(all.length);
    expect(await made('there')).toEqual(all);
    expect(await site.refused()).toBe(0);
  });

  test('asks only for what is left of a staging that was cut off', async () => {
    site = await served('one-app-one-developer');
    const before = new Set(assignments());
    await site.run(['migrate', 'kv-shop', '--quiet'], { terminal: true, answers: [true] });
    for (const key of assignments()
      .filter((one) => !before.has(one))
      .slice(0, 3))
      site.sandbox.tenant.roleAssignments.delete(key);
    const { err } = await site.run(['migrate', 'kv-shop'], { terminal: true, answers: [false] });
    expect(err).toContain('4 role assignments to make, 1 of them made already by keyturn');
    expect(err).toContain('? Create 3 role assignments now?');
  });
});

describe('EA-52: a plan that went stale after staging, and the new one', () => {
  async function staleAndNew(): Promise<readonly string[]> {
    site = await served('one-app-one-developer');
    const before = assignments();
    await site.run(['plan', 'kv-shop', '-o', 'p1.json', '--quiet']);
    expect((await site.run(['stage', 'p1.json', '--yes', '--quiet'])).code).toBe(0);
    changePolicies((policies) => policies.filter(({ permissions }) => JSON.stringify(permissions).includes('set')));
    const stale = await site.run(['flip', 'p1.json', '--yes', '--quiet']);
    expect(stale.out).toContain('PLAN_STALE');
    return before;
  }

  test('shows what stands and what is left over, in text and in Markdown, and the command that it names works', async () => {
    const before = await staleAndNew();
    const planned = await site.run(['plan', 'kv-shop', '-o', 'p2.json']);
    expect(planned.out).toMatch(/3 role assignments to make, 3 of them made already by keyturn/);
    expect(planned.out).toMatch(/warning PLN-LEFT-OVER/);
    const markdown = await site.run(['plan', 'kv-shop', '-o', 'p2.json', '--markdown']);
    expect(markdown.out).toContain('3 of them made already by keyturn');
    expect(markdown.out).toContain('PLN-LEFT-OVER');
    const [, command = ''] = /`keyturn (rollback kv-shop --remove-assignments)`/.exec(planned.out.replaceAll(/\s+/g, ' ')) ?? [];
    const back = await site.run([...command.split(' '), '--yes']);
    expect(back.code, back.out + back.err).toBe(0);
    expect(assignments()).toEqual(before);
    expect((await site.run(['plan', 'kv-shop', '-o', 'p2.json'])).out).not.toContain('PLN-LEFT-OVER');
  });

  test('what is left over is to be accepted by name; flipped by the new plan, a rollback of it removes all of both', async () => {
    const before = await staleAndNew();
    await site.run(['plan', 'kv-shop', '-o', 'p2.json', '--quiet']);
    const refused = await site.run(['apply', 'p2.json', '--yes', '--quiet'], { columns: 1_000 });
    expect(refused.out).toContain('GAIN_NOT_ACCEPTED');
    const [, command = ''] = /`keyturn (approve p2\.json [^`]*)`/.exec(refused.out) ?? [];
    expect((await site.run([...command.split(' '), '--quiet'])).code).toBe(0);
    expect((await site.run(['apply', 'p2.json', '--yes', '--quiet'])).code).toBe(0);
    const back = await site.run(['rollback', 'p2.json', '--remove-assignments', '--yes', '--quiet']);
    expect(back.code, back.out).toBe(0);
    expect(back.out).toContain('4 role assignments deleted');
    expect(assignments()).toEqual(before);
  });
});

test('a rollback that removes assignments asks after it has shown them, and removes nothing on a no', async () => {
  site = await served('one-app-one-developer');
  await site.run(['migrate', 'kv-shop', '--quiet'], { terminal: true, answers: [true] });
  const staged = assignments();
  const left = await site.run(['rollback', 'kv-shop', '--remove-assignments'], { terminal: true, answers: [] });
  expect(left.code).toBe(130);
  expect(left.err).toContain('Dana Developer');
  expect(assignments()).toEqual(staged);
});

test('a vault that nobody knows is told as such, with what is near', async () => {
  site = await served('one-app-one-developer');
  const { code, err } = await site.run(['rollback', 'kv-shp', '--remove-assignments', '--yes']);
  expect(code).toBe(2);
  expect(err).toMatch(/VAULT_UNKNOWN.*kv-shp/);
  expect(err).toContain('did you mean `kv-shop`?');
});
