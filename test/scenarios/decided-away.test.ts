import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { type JsonObject, objectAt, objectsAt, stringAt } from '../../src/base/json.ts';
import type { Plan } from '../../src/formats/plan.ts';
import type { WorkloadCall } from '../../src/sandbox/data-plane/workload.ts';
import { type Served, served } from '../cli/served.ts';
import { scenariosFolder } from './open-scenario.ts';
import { planIn } from './plan-in.ts';
import { sdkWorkloads } from './sdk-workloads.ts';

let site: Served;
afterEach(() => site.close());

const decisions = path.join(scenariosFolder, 'every-decision/decisions.json');

async function start(scenario?: (given: Record<string, unknown>) => Record<string, unknown>): Promise<Plan> {
  site = await served('every-decision', scenario === undefined ? {} : { scenario });
  const { code, err } = await site.run(['plan', '--decisions', decisions, '-o', 'plan.json', '--quiet']);
  expect(code, err).toBe(0);
  return planIn(site.folder, 'plan.json');
}

async function run(...words: readonly string[]) {
  return site.run([...words, 'plan.json', '--yes', '--quiet']);
}

/** How the call ends through Microsoft's SDK, as the scenario's principal: `ok` or `refused`, with anything else an error. */
async function calls(who: number, operation: WorkloadCall['operation'], vault: string, object?: string): Promise<'ok' | 'refused'> {
  const principal = `d1000000-0000-4000-8000-00000000000${who}`;
  const call = { operation, vault, ...(object !== undefined && { object }) };
  const [result] = await sdkWorkloads([{ name: 'one call', principal, calls: [call] }], site.sandbox).round();
  if (result?.failed !== 0) throw new Error(result?.firstRefusal ?? 'no result');
  return result.refused === 0 ? 'ok' : 'refused';
}

const [orders, web, billing, signer, enclave, intern, labels, feed] = [1, 2, 3, 4, 5, 6, 7, 8];

/** What today's policies give, and the decisions give up. */
const decidedAway = [
  ['the order service, another secret', orders, 'getSecret', 'kv-orders', 'payments-token'],
  ['the web front end, another secret', web, 'getSecret', 'kv-orders', 'payments-token'],
  ['billing, another secret', billing, 'getSecret', 'kv-orders', 'payments-token'],
  ['billing, writing another secret', billing, 'setSecret', 'kv-orders', 'payments-token'],
  ['billing, writing a new secret', billing, 'setSecret', 'kv-orders', 'payments-new'],
  ['the intern, a secret', intern, 'getSecret', 'kv-orders', 'orders-db'],
  ['the intern, the list', intern, 'listSecrets', 'kv-orders', undefined],
] as const;

/** What the policies never gave, and no decision may bring along. */
const neverGiven = [
  ['a signer that decrypts', signer, 'decrypt', 'kv-stock', 'labels'],
  ['a signer that reads secrets', signer, 'getSecret', 'kv-orders', 'orders-db'],
  ['a label printer that wraps', labels, 'wrapKey', 'kv-stock', 'labels'],
  ['a feed that reads what it wrote', feed, 'getSecret', 'kv-stock', 'feed-token'],
  ['an order service that writes its secret', orders, 'setSecret', 'kv-orders', 'orders-db'],
] as const;

/** What stays, beside what the scenario's own workloads do all through. */
const stays = [
  ['the order service, its secret', orders, 'getSecret', 'kv-orders', 'orders-db'],
  ['the order service, the list', orders, 'listSecrets', 'kv-orders', undefined],
  ['the web front end, the private part of its certificate', web, 'getSecret', 'kv-orders', 'shop-tls'],
  ['the web front end, its certificate', web, 'getCertificate', 'kv-orders', 'shop-tls'],
  ['billing, its secret in capital letters', billing, 'getSecret', 'kv-orders', 'Billing-Key'],
  ['billing, writing it', billing, 'setSecret', 'kv-orders', 'Billing-Key'],
  ['billing, the list', billing, 'listSecrets', 'kv-orders', undefined],
  ['signing in one vault', signer, 'sign', 'kv-orders', 'invoices'],
  ['signing in the other, by the same role', labels, 'sign', 'kv-stock', 'labels'],
  ['an enclave with one wide role', enclave, 'getKey', 'kv-orders', 'invoices'],
  ['a feed that writes', feed, 'setSecret', 'kv-stock', 'feed-token'],
] as const;

test('EA-13..15, EA-39..41: after the flip what was decided away is refused and everything else works, through Microsoft’s SDKs; after a rollback all of it works', async () => {
  await start();
  const ask = async (table: readonly (readonly [string, number, WorkloadCall['operation'], string, string | undefined])[]) => {
    const found = new Map<string, string>();
    for (const [what, who, operation, vault, object] of table) found.set(what, await calls(who, operation, vault, object));
    return Object.fromEntries(found);
  };
  const all = (table: readonly (readonly [string, ...unknown[]])[], end: string) => Object.fromEntries(table.map(([what]) => [what, end]));
  expect(await ask(decidedAway)).toEqual(all(decidedAway, 'ok'));
  expect((await run('apply')).code).toBe(0);
  expect(await ask(decidedAway)).toEqual(all(decidedAway, 'refused'));
  expect(await ask(neverGiven)).toEqual(all(neverGiven, 'refused'));
  expect(await ask(stays)).toEqual(all(stays, 'ok'));
  expect((await run('rollback', '--remove-assignments')).code).toBe(0);
  expect(await ask(decidedAway)).toEqual(all(decidedAway, 'ok'));
});

describe('between staging and flip', () => {
  const edited = (
    rows: Map<string, { body: JsonObject }>,
    which: (properties: JsonObject) => boolean,
    change: (properties: JsonObject) => JsonObject,
  ) => {
    const found = [...rows.values()].filter(({ body }) => which(objectAt(body, 'properties')));
    expect(found).toHaveLength(1);
    for (const row of found) row.body = { ...row.body, properties: change(objectAt(row.body, 'properties')) };
  };
  const roles = () => site.sandbox.tenant.roleDefinitions;
  const signing = (properties: JsonObject) =>
    stringAt(properties, 'type') === 'CustomRole' && JSON.stringify(properties).includes('keys/sign');
  const withBlock = (change: object) => (properties: JsonObject) => {
    const [block] = objectsAt(properties, 'permissions');
    return { ...properties, permissions: [{ ...block, ...change }] };
  };
  const reading = 'Microsoft.KeyVault/vaults/keys/read';

  test.each<[string, () => void, string, readonly string[]]>([
    [
      'a custom role that gives more',
      () => {
        edited(roles(), signing, withBlock({ dataActions: ['Microsoft.KeyVault/vaults/keys/*'] }));
      },
      'roleDefinitions',
      ['kv-orders', 'kv-stock'],
    ],
    [
      'a custom role that gives less',
      () => {
        edited(roles(), signing, withBlock({ dataActions: [reading] }));
      },
      'roleDefinitions',
      ['kv-orders', 'kv-stock'],
    ],
    [
      'a custom role that manages resources',
      () => {
        edited(roles(), signing, withBlock({ actions: ['*'] }));
      },
      'roleDefinitions',
      ['kv-orders', 'kv-stock'],
    ],
    [
      'an assignment without its condition',
      () => {
        edited(
          site.sandbox.tenant.roleAssignments,
          (properties) => stringAt(properties, 'condition') !== undefined,
          (properties) => ({ ...properties, condition: null, conditionVersion: null }),
        );
      },
      'roleAssignments',
      ['kv-orders'],
    ],
  ])('EA-18, EA-39: %s stops the flip, and the diff is shown', async (_, change, field, stopped) => {
    await start();
    expect((await run('apply', '--through', 'verify')).code).toBe(0);
    change();
    const { code, out } = await run('flip');
    expect(code, out).toBe(3);
    for (const vault of stopped) {
      expect(out).toMatch(new RegExp(`^blocked +${vault} .*PLAN_STALE: the plan is stale: \`${field}\` of vault \`${vault}\` moved`, 'm'));
      expect(out).toContain(`@@ ${vault}: ${field}`);
    }
    expect(out.match(/^done /gm) ?? []).toHaveLength(2 - stopped.length);
    expect(await site.refused()).toBe(0);
  });
});

describe('two subscriptions', () => {
  const apart = (scenario: Record<string, unknown>) => {
    const { subscriptions, resourceGroups, vaults, assignments } = scenario as Record<string, object>;
    const stock = (vaults as Record<string, object>)['kv-stock'];
    return {
      ...scenario,
      subscriptions: { ...subscriptions, stock: { displayName: 'Stock' } },
      resourceGroups: { ...resourceGroups, 'rg-stock': { subscription: 'stock', location: 'westeurope' } },
      vaults: { ...vaults, 'kv-stock': { ...stock, resourceGroup: 'rg-stock' } },
      assignments: [...(assignments as unknown as object[]), { role: 'Owner', principal: 'runner', scope: 'subscriptions/stock' }],
    };
  };

  test('EA-20: share no custom role, since each can be assigned in its own only; there and back', async () => {
    const plan = await start(apart);
    const roles = plan.vaults.flatMap(({ steps }) => steps.filter((step) => step.kind === 'ensureRoleDefinition'));
    const signing = roles.filter(({ dataActions }) => dataActions.some((action) => action.includes('/sign/')));
    expect(signing).toHaveLength(2);
    expect(signing[0]?.dataActions).toEqual(signing[1]?.dataActions);
    for (const member of ['name', 'roleName', 'scope'] as const) expect(new Set(signing.map((role) => role[member])).size).toBe(2);
    const before = site.sandbox.stateJson();
    expect((await run('apply')).code).toBe(0);
    const custom = [...site.sandbox.tenant.roleDefinitions.values()].filter(
      ({ body }) => stringAt(objectAt(body, 'properties'), 'type') === 'CustomRole',
    );
    expect(custom).toHaveLength(3);
    expect(await site.refused()).toBe(0);
    expect((await run('rollback', '--remove-assignments')).code).toBe(0);
    const roleIds = (state: string) => Object.keys((JSON.parse(state) as { roleDefinitions: object }).roleDefinitions);
    expect(roleIds(site.sandbox.stateJson())).toEqual(roleIds(before));
  });
});

test('a rollback tells which custom role stays for another vault, and the bundle beside it tells whoever goes back by hand', async () => {
  const plan = await start();
  const role = plan.vaults[0]?.steps.find((step) => step.kind === 'ensureRoleDefinition');
  expect((await run('apply')).code).toBe(0);
  const bundles = path.join(site.folder, '.keyturn/bundles');
  const folder = (await readdir(bundles)).find((name) => name.includes('kv-orders')) ?? '';
  const page = await readFile(path.join(bundles, folder, 'rollback.md'), 'utf8');
  expect(page).toContain('## Custom roles of the plan');
  expect(page).toMatch(/\| secrets\/orders-db \|/);
  const first = await site.run(['rollback', 'kv-orders', '--yes', '--remove-assignments']);
  expect(first.code, first.out).toBe(0);
  expect(first.out).toContain(`custom role \`${role?.roleName ?? ''}\` left, since somebody is still assigned it`);
  const last = await site.run(['rollback', 'kv-stock', '--yes', '--remove-assignments']);
  expect(last.out).toContain(`custom role \`${role?.roleName ?? ''}\` deleted`);
});
