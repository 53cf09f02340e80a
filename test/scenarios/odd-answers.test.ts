import { readdirSync, readFileSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { canonicalJson } from '../../src/base/canonical-json.ts';
import { type JsonObject, type JsonValue, objectAt } from '../../src/base/json.ts';
import { type Served, served } from '../cli/served.ts';
import { firstDifference } from './first-difference.ts';

const fixtures = path.resolve(import.meta.dirname, '../../fixtures/azure-answers');

interface OddAnswer {
  readonly about: string;
  readonly operation: string;
  /** What the operation answers, call after call. */
  readonly answers: readonly { readonly status: number; readonly headers: Record<string, string>; readonly body: JsonValue }[];
  /** How the inventory has to end. */
  readonly exit: number;
  /** Every vault, with the number of its access policies. */
  readonly vaults: Readonly<Record<string, number>>;
  readonly unreadable: number;
}

const names = readdirSync(fixtures).sort();
const sites: Served[] = [];
afterEach(async () => {
  await Promise.all(sites.splice(0).map((site) => site.close()));
});

/** The fixture with the ids and the address of the sandbox that serves it. */
function fixtureFor(name: string, { sandbox }: Served): OddAnswer {
  const subscription = [...sandbox.tenant.subscriptions.values()][0]?.id ?? '';
  const text = readFileSync(path.join(fixtures, name), 'utf8')
    .replaceAll('{subscription}', subscription)
    .replaceAll('{origin}', sandbox.origin);
  return JSON.parse(text) as OddAnswer;
}

function serveOnce({ sandbox }: Served, { operation, answers }: OddAnswer): void {
  for (const [at, { status, headers, body }] of answers.entries()) {
    sandbox.faults.add({ operation, nth: at + 1, action: { kind: 'answer', status, headers, body } });
  }
}

interface Report {
  readonly vaults: readonly {
    readonly name: string;
    readonly accessPolicies: readonly { readonly permissions: Readonly<Record<string, readonly string[]>> }[];
  }[];
  readonly unreadable: readonly unknown[];
}

describe("Resource Manager's odd answers reach the inventory without a lost vault or entry", () => {
  test('there are fixtures', () => {
    expect(names.length).toBeGreaterThanOrEqual(10);
  });

  test.each(names)('%s', async (name) => {
    const site = await served('one-app-one-developer');
    sites.push(site);
    const odd = fixtureFor(name, site);
    serveOnce(site, odd);
    const json = await site.run(['inventory', '--json', '--quiet']);
    expect(json.code, json.err).toBe(odd.exit);
    expect(site.sandbox.faults.pending, 'every answer was asked for').toEqual([]);
    const report = JSON.parse(json.out) as Report;
    expect(Object.fromEntries(report.vaults.map((vault) => [vault.name.toLowerCase(), vault.accessPolicies.length]))).toEqual(
      Object.fromEntries(Object.entries(odd.vaults).map(([vault, entries]) => [vault.toLowerCase(), entries])),
    );
    expect(report.unreadable).toHaveLength(odd.unreadable);

    for (const command of ['inventory', 'plan'] as const) {
      serveOnce(site, odd);
      const text = await site.run([command, '--quiet']);
      expect(command === 'plan' ? [0, 3, 4] : [0, 4], text.out + text.err).toContain(text.code);
      expect(text.err).not.toContain('BUG');
    }
  });

  test('a permission that nobody knows is shown as it is', async () => {
    const site = await served('one-app-one-developer');
    sites.push(site);
    serveOnce(site, fixtureFor('unknown-properties.json', site));
    const { out } = await site.run(['inventory', '--json', '--quiet']);
    expect((JSON.parse(out) as Report).vaults[0]?.accessPolicies[0]?.permissions.secrets).toContain('futurePermission');
  });
});

const web = 'f1e2d3c4-b5a6-4978-8899-aabbccddeeff';

const tenantId = '0d1c2b3a-4f5e-4d6c-8b7a-90a1b2c3d4e5';
/** The application's entry as nobody would write it today. */
const strange: JsonObject = { permissions: { secrets: ['GET', 'List', 'list'], keys: null }, objectId: web.toUpperCase(), tenantId };
/** One with members of a later day. */
const later: JsonObject = { expiresOn: '2031-01-01T00:00:00Z', ...strange, flags: [1, null, { deep: 'é\u2028' }] };

/** The shop with one entry, on a vault whose flag was never set. */
async function siteWith(raw: JsonObject): Promise<Served> {
  const site = await served('one-app-one-developer', {
    scenario: (scenario) => {
      const { principals, vaults, tenant } = scenario as Record<'principals' | 'vaults' | 'tenant', Record<string, object>>;
      const vault = { ...vaults['kv-shop'], model: 'unset', properties: { later: { setting: [1] } }, accessPolicies: [{ raw }] };
      return {
        ...scenario,
        tenant: { ...tenant, id: tenantId },
        principals: { ...principals, 'shop-web': { ...principals['shop-web'], id: web } },
        vaults: { 'kv-shop': vault },
        workloads: { 'shop-web': { principal: 'shop-web', calls: ['getSecret kv-shop/db-password', 'listSecrets kv-shop'] } },
      };
    },
  });
  sites.push(site);
  return site;
}

test.each([
  ['with members of a later day', later, false],
  ['with odd casing and a list that is null, and the policies moved meanwhile', strange, true],
])('an entry %s is kept word for word in the bundle, and the vault comes back with exactly that', async (_, raw, moved) => {
  const site = await siteWith(raw);
  const [stored] = site.sandbox.tenant.vaults.values();
  if (stored === undefined) throw new Error('the scenario has a vault');
  const before = canonicalJson(stored.body.properties);
  const planned = await site.run(['plan', '-o', 'plan.json', '--quiet']);
  expect(planned.code, planned.out + planned.err).toBe(0);
  const applied = await site.run(['apply', 'plan.json', '--yes', '--quiet']);
  expect(applied.code, applied.out + applied.err).toBe(0);
  expect(await site.refused()).toBe(0);

  const bundles = path.join(site.folder, '.keyturn/bundles');
  const [home = ''] = await readdir(bundles);
  const bundle = JSON.parse(await readFile(path.join(bundles, home, 'bundle.json'), 'utf8')) as JsonObject;
  expect(canonicalJson(bundle.accessPolicies)).toBe(canonicalJson([raw]));

  if (moved) {
    // While the vault is on Azure RBAC somebody tidies its policies up.
    const accessPolicies = [{ tenantId, objectId: web, permissions: { secrets: ['get'] } }];
    stored.body = { ...stored.body, properties: { ...objectAt(stored.body, 'properties'), accessPolicies } };
  }
  const back = await site.run(['rollback', 'plan.json', '--yes', '--quiet', '--remove-assignments']);
  expect(back.code, back.out + back.err).toBe(0);
  // The flag cannot be unset again through the API.
  const { enableRbacAuthorization, ...rest } = objectAt(stored.body, 'properties');
  expect(enableRbacAuthorization).toBe(false);
  expect(firstDifference(before, canonicalJson(rest))).toBeUndefined();
  expect(await site.refused()).toBe(0);
});
