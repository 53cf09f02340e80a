import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { type JsonObject, type JsonValue, objectAt, objectsAt, stringAt } from '../../src/base/json.ts';
import type { SandboxVault } from '../../src/sandbox/state.ts';
import { type Served, served } from '../cli/served.ts';
import { scenariosFolder } from './open-scenario.ts';

const sites: Served[] = [];
afterEach(async () => {
  await Promise.all(sites.splice(0).map((site) => site.close()));
});

/** A shop whose lock and deny assignment are put aside, so that they can appear later. */
interface Shop extends Served {
  readonly aside: {
    readonly locks: readonly (readonly [string, { body: JsonObject; since: number }])[];
    readonly denies: Shop['aside']['locks'];
  };
  readonly vault: SandboxVault;
}

async function shop(): Promise<Shop> {
  const site = await served('one-app-one-developer', {
    scenario: (scenario) => ({
      ...scenario,
      locks: [{ name: 'frozen', scope: 'resourceGroups/rg-shop', level: 'ReadOnly' }],
      denyAssignments: [
        { name: 'kept apart', scope: 'vaults/kv-shop', principals: ['everyone'], dataActions: ['Microsoft.KeyVault/vaults/secrets/*'] },
      ],
      assignments: [
        ...(scenario.assignments as object[]),
        { role: 'Key Vault Reader', principal: 'dana', scope: 'subscriptions/shop-production', ageDays: 30 },
        { role: 'Reader', principal: 'runner', scope: 'subscriptions/shop-production', ageDays: 30 },
      ],
    }),
  });
  sites.push(site);
  const { locks, denyAssignments, vaults } = site.sandbox.tenant;
  const aside = { locks: [...locks], denies: [...denyAssignments] };
  locks.clear();
  denyAssignments.clear();
  const [vault] = vaults.values();
  if (vault === undefined) throw new Error('the scenario has a vault');
  const decisions = path.join(scenariosFolder, 'one-app-one-developer/decisions.json');
  const planned = await site.run(['plan', '--decisions', decisions, '-o', 'plan.json', '--quiet']);
  expect(planned.code, planned.err).toBe(0);
  return { ...site, aside, vault };
}

function setProperties({ vault }: Shop, change: (properties: JsonObject) => JsonObject): void {
  vault.body = { ...vault.body, properties: change(objectAt(vault.body, 'properties')) };
}

const setPolicies = (site: Shop, change: (policies: readonly JsonObject[]) => readonly JsonValue[]): void => {
  setProperties(site, (properties) => ({ ...properties, accessPolicies: [...change(objectsAt(properties, 'accessPolicies'))] }));
};

/** Somebody removes whatever this principal holds through this role, for good. */
function unassign({ sandbox }: Shop, role: string, who: string): void {
  const { roleAssignments, roleDefinitions, directory } = sandbox.tenant;
  const found = [...roleAssignments].filter(([, { body }]) => {
    const properties = objectAt(body, 'properties');
    const definition = [...roleDefinitions.values()].find((one) =>
      stringAt(properties, 'roleDefinitionId')?.endsWith(stringAt(one.body, 'name') ?? '?'),
    );
    return (
      stringAt(objectAt(definition?.body ?? {}, 'properties'), 'roleName') === role &&
      directory.get(stringAt(properties, 'principalId')?.toLowerCase() ?? '')?.displayName === who
    );
  });
  expect(found).toHaveLength(1);
  for (const [key] of found) roleAssignments.delete(key);
}

/** What somebody else does, and how apply has to refuse: exit code, code, and what it has to name. */
const drifts: readonly [string, (site: Shop) => void, number, string, RegExp][] = [
  [
    'a policy was added',
    (site) => {
      setPolicies(site, (list) => [...list, { ...list[0], objectId: site.scenario.operator.objectId }]);
    },
    3,
    'PLAN_STALE',
    /`accessPolicies` of vault `kv-shop`/,
  ],
  [
    'a policy was changed',
    (site) => {
      setPolicies(site, (list) => list.map((one, at) => (at === 0 ? { ...one, permissions: { secrets: ['get', 'list', 'set'] } } : one)));
    },
    3,
    'PLAN_STALE',
    /`accessPolicies` of vault `kv-shop`/,
  ],
  [
    'the policies stand in another order',
    (site) => {
      setPolicies(site, (list) => list.toReversed());
    },
    3,
    'PLAN_STALE',
    /`accessPolicies` of vault `kv-shop`/,
  ],
  [
    'an assignment was removed',
    (site) => {
      unassign(site, 'Key Vault Reader', 'Dana Developer');
    },
    3,
    'PLAN_STALE',
    /`roleAssignments`, `roleDefinitions` of vault `kv-shop`/,
  ],
  [
    'a deny assignment appeared',
    (site) => {
      for (const [key, deny] of site.aside.denies) site.sandbox.tenant.denyAssignments.set(key, deny);
    },
    3,
    'PLAN_STALE',
    /`denyAssignments` of vault `kv-shop`/,
  ],
  [
    'a ReadOnly lock appeared',
    (site) => {
      for (const [key, lock] of site.aside.locks) site.sandbox.tenant.locks.set(key, lock);
    },
    3,
    'PLAN_STALE',
    /`locks` of vault `kv-shop`/,
  ],
  [
    'the vault was deleted',
    (site) => {
      site.sandbox.tenant.vaults.delete(site.vault.key);
    },
    3,
    'VAULT_GONE',
    /`kv-shop`/,
  ],
  [
    'the vault was deleted and made again',
    (site) => {
      site.vault.body = { ...site.vault.body, systemData: { createdAt: '2026-06-06T06:06:06Z' } };
    },
    3,
    'PLAN_STALE',
    /`vault` of vault `kv-shop`/,
  ],
  [
    'the operator lost Owner',
    (site) => {
      unassign(site, 'Owner', 'id-keyturn-runner');
    },
    3,
    'OPERATOR_RIGHTS',
    /at vault `kv-shop`: `Microsoft.+ is given by no role assignment/,
  ],
  [
    'the operator lost all roles',
    (site) => {
      unassign(site, 'Owner', 'id-keyturn-runner');
      unassign(site, 'Reader', 'id-keyturn-runner');
    },
    4,
    'VAULT_UNREADABLE',
    /`kv-shop`/,
  ],
  [
    'the application was deleted',
    (site) => {
      for (const one of site.sandbox.tenant.directory.values()) if (one.displayName === 'id-shop-web') one.deleted = true;
    },
    3,
    'PRINCIPAL_MOVED',
    /ServicePrincipal/,
  ],
];

const writes = ['RoleAssignments_Create', 'RoleAssignments_Delete', 'Vaults_Update', 'Vaults_UpdateAccessPolicy', 'Vaults_CreateOrUpdate'];

async function expectRefusal(
  site: Shop,
  command: readonly string[],
  [exit, code, names]: readonly [number, string, RegExp],
): Promise<void> {
  const state = site.sandbox.stateJson();
  site.sandbox.resetMetrics();
  const { code: ended, out, err } = await site.run([...command, 'plan.json', '--yes', '--quiet']);
  expect(out + err).toContain(` ${code}: `);
  expect(out + err).toMatch(names);
  expect(out).toMatch(/^ {2}next: \S/m);
  expect(ended, out).toBe(exit);
  const { operations } = site.sandbox.metrics();
  expect(writes.filter((write) => operations[write] !== undefined)).toEqual([]);
  expect(site.sandbox.stateJson() === state, 'nothing was written').toBe(true);
  const bundles = await readdir(path.join(site.folder, '.keyturn/bundles')).catch(() => []);
  expect(bundles).toEqual([]);
}

describe('P21: what moved between plan and apply is refused, named, and nothing is written', () => {
  test.each(drifts)('%s', async (_, change, exit, code, names) => {
    const site = await shop();
    change(site);
    await expectRefusal(site, ['apply'], [exit, code, names]);
  });
});

describe('P21: what moved between staging and flip is refused, named, and nothing is written', () => {
  test.each(drifts)('%s', async (_, change, exit, code, names) => {
    const site = await shop();
    const staged = await site.run(['apply', 'plan.json', '--through', 'verify', '--yes', '--quiet']);
    expect(staged.code, staged.out).toBe(0);
    change(site);
    await expectRefusal(site, ['flip'], [exit, code, names]);
  });
});

test('an assignment of ours that somebody removed after staging is made again and grows old before the flip', async () => {
  const site = await shop();
  expect((await site.run(['apply', 'plan.json', '--through', 'verify', '--yes', '--quiet'])).code).toBe(0);
  unassign(site, 'Key Vault Secrets User', 'id-shop-web');
  const { code, out } = await site.run(['flip', 'plan.json', '--yes', '--quiet']);
  expect(code, out).toBe(0);
  expect(await site.refused()).toBe(0);
  const [name = ''] = await readdir(path.join(site.folder, '.keyturn/journals'));
  const journal = await readFile(path.join(site.folder, '.keyturn/journals', name), 'utf8');
  expect(journal.match(/"outcome":"created"/g)).toHaveLength(3);
});
