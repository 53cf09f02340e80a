import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { caseEstate, openCase } from '../field-cases/open-case.ts';
import type { OpenScenario } from './open-scenario.ts';

const perSubscription = 30;
const subscriptions = ['one', 'two'];
const principals = ['a', 'b', 'c'];
const count = subscriptions.length * perSubscription;
const assignments = count * principals.length;

let site: OpenScenario;

beforeAll(async () => {
  const apps = Object.fromEntries(principals.map((name) => [name, { kind: 'managedIdentity' as const, displayName: `id-${name}` }]));
  const vault = (subscription: string) => ({
    resourceGroup: `rg-${subscription}`,
    accessPolicies: principals.map((principal, at) => ({
      principal,
      secrets: at === 0 ? ['get'] : ['get', 'list'],
      keys: at === 2 ? ['get'] : [],
    })),
    objects: { secrets: { one: 'value' } },
  });
  const names = subscriptions.flatMap((one) => Array.from({ length: perSubscription }, (_, at) => [`kv-${one}-${at}`, one] as const));
  const scenario = caseEstate({
    subscriptions: Object.fromEntries(
      subscriptions.map((name, at) => [name, { displayName: name, id: `5b000000-0000-4000-8000-00000000001${at}` }]),
    ),
    resourceGroups: Object.fromEntries(subscriptions.map((name) => [`rg-${name}`, { subscription: name, location: 'westeurope' }])),
    principals: { runner: { kind: 'managedIdentity', displayName: 'id-keyturn-runner' }, ...apps },
    vaults: Object.fromEntries(names.map(([name, subscription]) => [name, vault(subscription)])),
    assignments: subscriptions.map((name) => ({ role: 'Owner', principal: 'runner', scope: `subscriptions/${name}` })),
    workloads: { a: { principal: 'a', calls: ['getSecret kv-one-0/one', `getSecret kv-two-${perSubscription - 1}/one`] } },
  });
  site = await openCase(scenario);
  const planned = await site.keyturn('plan', '-o', 'plan.json', '--quiet');
  expect(planned.code, planned.stderr).toBe(0);
}, 300_000);
afterAll(() => site.close());

/** What a command calls, by operation; tokens and workloads left out. */
async function callsOf(...words: readonly string[]): Promise<{ readonly of: (name: string) => number; readonly all: number }> {
  site.sandbox.resetMetrics();
  const ran = await site.keyturn(...words, '--yes', '--quiet');
  expect(ran.code, ran.stdout + ran.stderr).toBe(0);
  const operations = Object.entries(site.sandbox.metrics().operations).filter(([name]) => /_|^graph /.test(name));
  const calls = new Map(operations);
  return { of: (name) => calls.get(name) ?? 0, all: operations.reduce((sum, [, calls]) => sum + calls, 0) };
}

describe('the calls of a plan over the vaults of two subscriptions', { timeout: 300_000 }, () => {
  test('RF-2: staging takes one PUT an assignment, no look for any, and next to nothing besides', async () => {
    const { of, all } = await callsOf('apply', 'plan.json', '--through', 'stage');
    expect(of('RoleAssignments_Create')).toBe(assignments);
    expect(of('RoleAssignments_Get')).toBe(0);
    expect(all - assignments, 'a share that does not grow with the vaults').toBeLessThan(subscriptions.length * 30);
  });

  test('staging what stands already takes no write at all', async () => {
    const { of, all } = await callsOf('apply', 'plan.json', '--through', 'stage');
    expect(of('RoleAssignments_Create')).toBe(0);
    expect(all).toBeLessThan(subscriptions.length * 30);
  });

  test('RF-3: settling and verifying take a few readings of each subscription, whatever the number of vaults', async () => {
    const { of, all } = await callsOf('apply', 'plan.json', '--through', 'verify');
    expect(of('Vaults_Update') + of('RoleAssignments_Create')).toBe(0);
    expect(of('RoleAssignments_ListForScope'), 'two calls a reading').toBeLessThanOrEqual(subscriptions.length * 2 * 5);
    expect(all).toBeLessThan(subscriptions.length * 150);
  });

  test('RF-4, RF-5, RF-6: a flip takes a reading before, a reading after, and for each vault a GET, a PATCH and a GET', async () => {
    const { of, all } = await callsOf('flip', 'plan.json');
    expect(of('Vaults_Update')).toBe(count);
    expect(of('Vaults_Get')).toBe(2 * count);
    expect(of('Permissions_ListForScope'), 'RF-7').toBeLessThanOrEqual(subscriptions.length * 2);
    expect(of('ManagementLocks_ListByScope'), 'each list').toBeLessThanOrEqual(subscriptions.length * 2);
    expect(all / count).toBeLessThanOrEqual(5);
    expect(all - 3 * count, 'a share that does not grow with the vaults').toBeLessThan(subscriptions.length * 60);
    expect(site.sandbox.denials()).toEqual([]);
  });

  test('a second time finds all done, by two readings', async () => {
    const { all, of } = await callsOf('apply', 'plan.json');
    expect(of('Vaults_Update') + of('RoleAssignments_Create')).toBe(0);
    expect(all).toBeLessThan(subscriptions.length * 60);
  });
});
