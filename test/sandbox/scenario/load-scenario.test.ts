import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { JsonObject } from '../../../src/base/json.ts';
import { parseDenyAssignment } from '../../../src/model/deny-assignment.ts';
import { parseLock, parsePolicyAssignment } from '../../../src/model/governance.ts';
import { parseRoleAssignment, parseRoleDefinition } from '../../../src/model/role.ts';
import { parseScheduleInstance } from '../../../src/model/schedule-instance.ts';
import { parseVault } from '../../../src/model/vault.ts';
import { loadScenario } from '../../../src/sandbox/scenario/load-scenario.ts';
import { minimalScenario, now, scenarioCatalogue, scenarioFolder, scenarioNames } from './minimal-scenario.ts';

const load = (scenario: unknown, decisions?: string) =>
  loadScenario(
    [
      { name: 'scenario.json', text: typeof scenario === 'string' ? scenario : JSON.stringify(scenario) },
      ...(decisions === undefined ? [] : [{ name: 'decisions.json', text: decisions }]),
    ],
    { catalogue: scenarioCatalogue, now },
  );

/** Every place of a JSON document, as its path. */
function placesOf(value: unknown, path: readonly string[] = []): string[][] {
  const below = typeof value === 'object' && value !== null ? Object.entries(value) : [];
  return below.flatMap(([key, item]) => [[...path, key], ...placesOf(item, [...path, key])]);
}

function put(document: Record<string, unknown>, [first = '', ...rest]: readonly string[], value: unknown): void {
  if (rest.length === 0) document[first] = value;
  else put(document[first] as Record<string, unknown>, rest, value);
}

describe('every scenario that comes with keyturn', () => {
  test.each(scenarioNames)('%s: loads, and everything in it parses as what Azure answers', async (name) => {
    const { tenant, title, story, workloads } = await loadScenario(scenarioFolder(name), { catalogue: scenarioCatalogue, now });
    expect(title).not.toBe('');
    expect(story.length).toBeGreaterThan(80);
    const unparsed = [
      ...[...tenant.vaults.values()].map(({ body }) => parseVault(body)),
      ...[...tenant.roleDefinitions.values()].map(({ body }) => parseRoleDefinition(body)),
      ...[...tenant.roleAssignments.values()].map(({ body }) => parseRoleAssignment(body)),
      ...[...tenant.denyAssignments.values()].map(({ body }) => parseDenyAssignment(body)),
      ...[...tenant.activeInstances.values(), ...tenant.eligibleInstances.values()].map(({ body }) => parseScheduleInstance(body)),
      ...[...tenant.locks.values()].map(({ body }) => parseLock(body)),
      ...[...tenant.policyAssignments.values()].map(({ body }) => parsePolicyAssignment(body)),
    ].filter((parsed) => parsed === undefined);
    expect(unparsed).toEqual([]);
    expect(workloads.length).toBeGreaterThan(0);
  });

  test.each(scenarioNames)('%s: its decisions name access policies that its vaults hold', async (name) => {
    const { tenant, decisions } = await loadScenario(scenarioFolder(name), { catalogue: scenarioCatalogue, now });
    const rows = (decisions as { decisions: { vault: string; principal: string }[] } | undefined)?.decisions ?? [];
    const entries = [...tenant.vaults.values()].flatMap(({ body }) => {
      const vault = parseVault(body);
      return (vault?.accessPolicies ?? []).map((policy) => `${vault?.name ?? ''} ${policy.objectId}`);
    });
    expect(rows.map((row) => `${row.vault} ${row.principal}`).filter((row) => !entries.includes(row))).toEqual([]);
  });

  test.each(scenarioNames)('%s: what is expected of its vaults names each of them, and no other', async (name) => {
    const { tenant } = await loadScenario(scenarioFolder(name), { catalogue: scenarioCatalogue, now });
    const text = readFileSync(join(scenarioFolder(name), 'expected', 'vaults.json'), 'utf8');
    const expected = JSON.parse(text) as { vaults: Record<string, string> };
    expect(Object.keys(expected.vaults).sort()).toEqual([...tenant.vaults.values()].map(({ body }) => parseVault(body)?.name).sort());
    const onRbac = [...tenant.vaults.values()].filter(({ body }) => parseVault(body)?.permissionModel === 'azureRbac');
    const said = Object.entries(expected.vaults).filter(([, outcome]) => outcome === 'alreadyOnRbac');
    expect(said.map(([vault]) => vault).sort()).toEqual(onRbac.map(({ body }) => parseVault(body)?.name).sort());
  });

  test('the estate has three subscriptions, thirty vaults, and an administrator whom only the flip wakes', async () => {
    const { tenant } = await loadScenario(scenarioFolder('estate'), { catalogue: scenarioCatalogue, now });
    expect(tenant.subscriptions.size).toBe(3);
    expect(tenant.vaults.size).toBe(30);
    const finance = [...tenant.subscriptions.values()].find((subscription) => subscription.displayName === 'Contoso Finance');
    expect(finance?.managementGroups.map((id) => id.split('/').at(-1))).toEqual(['mg-business', 'mg-landing-zones', 'mg-contoso']);
    const operations = [...tenant.directory.values()].find((object) => object.displayName === 'sec-finance-operations');
    const policies = [...tenant.vaults.values()].flatMap(({ body }) => parseVault(body)?.accessPolicies ?? []);
    expect(policies.some((policy) => policy.objectId === operations?.id)).toBe(false);
    const assignments = [...tenant.roleAssignments.values()].map(({ body }) => parseRoleAssignment(body));
    expect(assignments.some((one) => one?.principalId === operations?.id && one?.scope === `/subscriptions/${finance?.id ?? ''}`)).toBe(
      true,
    );
  });
});

describe('loading a scenario', () => {
  test('gives the same ids on every load', async () => {
    const first = await load(minimalScenario());
    const second = await load(minimalScenario());
    expect([...second.tenant.vaults.keys()]).toEqual([...first.tenant.vaults.keys()]);
    expect([...second.tenant.roleAssignments.keys()]).toEqual([...first.tenant.roleAssignments.keys()]);
    expect([...second.tenant.directory.keys()]).toEqual([...first.tenant.directory.keys()]);
  });

  test('keeps permissions, ids and missing lists of an access policy as they are written', async () => {
    const scenario = minimalScenario();
    const upper = 'A7B0C1D2-E3F4-4A5B-8C6D-7E8F9A0B1C2D';
    const raw = { tenantId: 'x', objectId: 'y', permissions: { secrets: null }, future: [1, { a: null }] };
    Object.assign(scenario.vaults['kv-one'] ?? {}, { accessPolicies: [{ principal: upper, secrets: ['Get', 'GET', 'List'] }, { raw }] });
    const { tenant } = await load(scenario);
    const [vault] = tenant.vaults.values();
    const properties = vault?.body.properties as JsonObject;
    expect(properties.accessPolicies).toEqual([
      { tenantId: tenant.tenantId, objectId: upper, permissions: { secrets: ['Get', 'GET', 'List'] } },
      raw,
    ]);
  });

  test('a row that nobody can judge by is an error of the scenario, and is named', async () => {
    const scenario = minimalScenario();
    scenario.assignments = [...scenario.assignments, { role: 'Reader', principal: 'app', scope: '/nowhere/in/Azure' }];
    await expect(load(scenario)).rejects.toMatchObject({
      code: 'SCENARIO_UNREADABLE',
      message: expect.stringMatching(/roleAssignments.*\/nowhere\/in\/Azure.*`scope` is not a scope/) as string,
    });
  });

  test('a vault whose model is unset has no flag at all', async () => {
    const scenario = minimalScenario();
    Object.assign(scenario.vaults['kv-one'] ?? {}, { model: 'unset' });
    const [vault] = (await load(scenario)).tenant.vaults.values();
    expect(vault?.body.properties).not.toHaveProperty('enableRbacAuthorization');
  });

  test('EA-32: a principal that is gone keeps its object id in policies while the directory has never heard of it', async () => {
    const scenario = minimalScenario();
    Object.assign(scenario.principals.app ?? {}, { deleted: 'gone' });
    const { tenant } = await load(scenario);
    const [vault] = tenant.vaults.values();
    const objectId = parseVault(vault?.body)?.accessPolicies[0]?.objectId ?? '';
    expect(objectId).toMatch(/^[0-9a-f-]{36}$/);
    expect(tenant.directory.has(objectId)).toBe(false);
  });

  test('EA-35: a time-bound assignment has an instance with its end, a permanent one an instance without', async () => {
    const scenario = minimalScenario();
    scenario.assignments.push({ role: 'Key Vault Reader', principal: 'app', scope: 'vaults/kv-one', endsInHours: 2 });
    const { tenant } = await load(scenario);
    const ends = [...tenant.activeInstances.values()].map(({ body }) => parseScheduleInstance(body)?.endDateTime);
    expect(ends).toEqual([undefined, new Date(now + 2 * 3600_000).toISOString()]);
    const origins = [...tenant.activeInstances.values()].map(({ body }) =>
      parseScheduleInstance(body)?.originRoleAssignmentId?.toLowerCase(),
    );
    expect(origins).toEqual([...tenant.roleAssignments.keys()]);
  });

  test('facts are as old as the scenario says, counted from its own clock when it sets one', async () => {
    const scenario = { ...minimalScenario(), clock: '2026-01-31T00:00:00Z' };
    Object.assign(scenario.assignments[0] ?? {}, { ageDays: 30 });
    const loaded = await load(scenario);
    expect(loaded.startsAt).toBe(Date.parse('2026-01-31T00:00:00Z'));
    const [assignment] = loaded.tenant.roleAssignments.values();
    expect(parseRoleAssignment(assignment?.body)?.createdOn).toBe('2026-01-01T00:00:00.000Z');
  });

  test('a custom role is found by its name', async () => {
    const scenario = {
      ...minimalScenario(),
      roles: { Ours: { assignableScopes: ['subscriptions/main'], permissions: [{ dataActions: ['Microsoft.KeyVault/*'] }] } },
    };
    scenario.assignments.push({ role: 'Ours', principal: 'app', scope: 'vaults/kv-one/secrets/db' });
    const { tenant } = await load(scenario);
    const assignment = parseRoleAssignment([...tenant.roleAssignments.values()].at(-1)?.body);
    const role = [...tenant.roleDefinitions.values()].map(({ body }) => parseRoleDefinition(body)).find((each) => each?.name === 'Ours');
    expect(assignment?.roleDefinitionId).toBe(role?.id);
    expect(assignment?.scope).toMatch(/\/vaults\/kv-one\/secrets\/db$/);
    expect(role?.kind).toBe('custom');
  });

  test('EA-15: vaults hold what the scenario says, and a certificate is a key and a secret of its name too', async () => {
    const scenario = minimalScenario();
    Object.assign(scenario.vaults['kv-one'] ?? {}, { objects: { secrets: { db: 'v' }, keys: { k: 'EC' }, certificates: { tls: 'CN=x' } } });
    const [vault] = (await load(scenario)).tenant.vaults.values();
    expect([...(vault?.secrets.keys() ?? [])]).toEqual(['db', 'tls']);
    expect([...(vault?.keys.keys() ?? [])]).toEqual(['k', 'tls']);
    expect([...(vault?.certificates.keys() ?? [])]).toEqual(['tls']);
    expect(vault?.secrets.get('db')?.versions[0]?.value).toBe('v');
  });

  test('decisions.json is handed on unread', async () => {
    expect((await load(minimalScenario(), '{"anything":[1]}')).decisions).toEqual({ anything: [1] });
  });
});

describe('a scenario that cannot be used', () => {
  const broken: readonly (readonly [string, (scenario: ReturnType<typeof minimalScenario>) => unknown, RegExp])[] = [
    ['no JSON', () => '{', /`scenario.json`: /],
    ['another format version', (s) => ({ ...s, formatVersion: 2 }), /at `formatVersion`/],
    ['a field nobody knows', (s) => ({ ...s, vualts: {} }), /vualts/],
    [
      'an access policy for an unknown principal',
      (s) => withPolicy(s, { principal: 'nobody' }),
      /`vaults.kv-one.accessPolicies.0.principal`.*`nobody`/,
    ],
    [
      'a principal named like a built-in of JavaScript',
      (s) => withPolicy(s, { principal: 'constructor' }),
      /no principal is called `constructor`/,
    ],
    ['a vault in an unknown resource group', (s) => ({ ...s, resourceGroups: {} }), /no resource group is called `rg`/],
    [
      'an unknown role',
      (s) => ({ ...s, assignments: [{ role: 'Emperor', principal: 'app', scope: '/' }] }),
      /`assignments.0.role`.*`Emperor`/,
    ],
    [
      'an unknown scope',
      (s) => ({ ...s, locks: [{ name: 'l', scope: 'planets/mars', level: 'ReadOnly' }] }),
      /`locks.0.scope`.*`planets\/mars`/,
    ],
    [
      'management groups in a ring',
      (s) => ({ ...s, managementGroups: { a: 'b', b: 'a' }, subscriptions: { main: { displayName: 'M', managementGroup: 'a' } } }),
      /stands above itself/,
    ],
    [
      'an operator that is gone',
      (s) => ({ ...s, principals: { ...s.principals, runner: { ...s.principals.runner, deleted: 'gone' } } }),
      /`operator`/,
    ],
    [
      'a registration that is its own service principal',
      (s) => ({ ...s, principals: { ...s.principals, loop: { kind: 'application', displayName: 'L', servicePrincipal: 'loop' } } }),
      /`principals.loop.servicePrincipal`/,
    ],
    ['a workload calling for an object that is not there', (s) => withCall(s, 'getSecret kv-one/none'), /`workloads.app.calls.0`.*`none`/],
    ['a workload listing an object', (s) => withCall(s, 'listSecrets kv-one/db'), /takes no object/],
    ['a workload with an unknown operation', (s) => withCall(s, 'stealSecret kv-one/db'), /`workloads.app.calls.0`/],
  ];
  const withPolicy = (s: ReturnType<typeof minimalScenario>, policy: object) => ({
    ...s,
    vaults: { 'kv-one': { ...s.vaults['kv-one'], accessPolicies: [policy] } },
  });
  const withCall = (s: ReturnType<typeof minimalScenario>, call: string) => ({
    ...s,
    workloads: { app: { principal: 'app', calls: [call] } },
  });

  test.each(broken)('%s: is refused with the file and the path in it', async (_, change, expected) => {
    await expect(load(change(minimalScenario()))).rejects.toMatchObject({
      name: 'KnownError',
      code: 'SCENARIO_UNREADABLE',
      outcome: 'usage',
      message: expect.stringMatching(expected) as string,
    });
  });

  test('an access policy with a misspelt list names the list', async () => {
    const scenario = withPolicy(minimalScenario(), { principal: 'app', secrets: 'get' });
    await expect(load(scenario)).rejects.toThrow(/`vaults.kv-one.accessPolicies.0.secrets`/);
  });

  test('whatever is put in any place of it, it loads or is refused in words, and nothing else', async () => {
    const places = placesOf(minimalScenario());
    const junk = fc.oneof(fc.jsonValue(), fc.constantFrom('__proto__', 'constructor', '/', '\u001b[31m', 'vaults/', 'subscriptions/main'));
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...places), junk, async (place, value) => {
        const scenario = structuredClone(minimalScenario()) as unknown as Record<string, unknown>;
        put(scenario, place, value);
        const error: unknown = await load(scenario).then(
          () => undefined,
          (thrown: unknown) => thrown,
        );
        if (error !== undefined) expect(error).toMatchObject({ code: 'SCENARIO_UNREADABLE' });
        expect(Object.keys(Object.prototype)).toEqual([]);
      }),
      { numRuns: 300 },
    );
  });

  test('a certificate whose subject is none is refused by its vault', async () => {
    const scenario = minimalScenario();
    Object.assign(scenario.vaults['kv-one'] ?? {}, { objects: { secrets: { db: 'v' }, certificates: { tls: 'ZZ=nothing' } } });
    await expect(load(scenario)).rejects.toMatchObject({
      code: 'SCENARIO_UNREADABLE',
      message: expect.stringContaining('vaults.kv-one.objects') as string,
    });
  });

  test('a folder that is not there is refused by its name', async () => {
    const folder = join(dirname(fileURLToPath(import.meta.url)), 'no-such-folder');
    await expect(loadScenario(folder, { catalogue: scenarioCatalogue, now })).rejects.toThrow(/no-such-folder/);
    expect(readdirSync(dirname(folder))).not.toContain('no-such-folder');
  });
});
