import { describe, expect, test } from 'vitest';
import type { JsonObject } from '../../src/base/json.ts';
import { policyKey } from '../../src/model/access-policy.ts';
import { parseVault, unreadablePolicies } from '../../src/model/vault.ts';

const tenant = '00000000-0000-0000-0000-0000000000aa';
const user = '00000000-0000-0000-0000-0000000000b1';
const app = '00000000-0000-0000-0000-0000000000c1';
const vault = (properties: JsonObject): JsonObject => ({
  id: '/subscriptions/s/resourceGroups/rg/providers/Microsoft.KeyVault/vaults/kv',
  properties: { tenantId: tenant, ...properties },
});
const policies = (...accessPolicies: JsonObject[]) => parseVault(vault({ accessPolicies }))?.accessPolicies ?? [];

describe('a vault', () => {
  test.each([true, false, null, undefined, 'true'])('authorizes by RBAC only when the flag is true, not when it is %s', (flag) => {
    const read = parseVault(vault(flag === undefined ? {} : { enableRbacAuthorization: flag }));
    expect(read?.permissionModel).toBe(flag === true ? 'azureRbac' : 'accessPolicy');
  });
  test('is kept raw, with what no model knows', () => {
    const raw = vault({ futureProperty: { deep: [1] } });
    expect(parseVault(raw)?.raw).toBe(raw);
  });
  test('is not a vault without a vault id', () => {
    for (const raw of [null, 'x', [], {}, { id: 7 }, { id: '/subscriptions/s' }]) expect(parseVault(raw)).toBeUndefined();
  });
});

describe('the access policies of a vault', () => {
  const why = (raw: JsonObject) => {
    const parsed = parseVault(raw);
    return parsed === undefined ? 'no vault' : unreadablePolicies(parsed);
  };
  test('can be read when Azure lists them, none included', () => {
    expect([why(vault({ accessPolicies: [] })), why(vault({ accessPolicies: [{ objectId: user }] }))]).toEqual([undefined, undefined]);
  });
  test.each<[string, JsonObject]>([
    ['are missing', vault({})],
    ['are null', vault({ accessPolicies: null })],
    ['are no list', vault({ accessPolicies: { 0: {} } })],
    ['are a text', vault({ accessPolicies: '[]' })],
    ['hold what is not an entry', vault({ accessPolicies: [{ objectId: user }, null] })],
    ['stand in another letter case', vault({ AccessPolicies: [] })],
    ['stand there twice', vault({ accessPolicies: [], AccessPolicies: [{ objectId: user }] })],
    ['come without the properties of the vault', { ...vault({}), properties: null }],
    ['come with properties in another letter case', { ...vault({ accessPolicies: [] }), Properties: {} }],
    ['come with a flag in another letter case', vault({ accessPolicies: [], EnableRbacAuthorization: true })],
  ])('that %s are unreadable, and not none', (_, raw) => {
    expect(why(raw)).toMatch(/./);
  });
  test('do not matter on Azure RBAC, where Azure may leave them out', () => {
    expect(why(vault({ enableRbacAuthorization: true }))).toBeUndefined();
    expect(why(vault({ enableRbacAuthorization: true, accessPolicies: [null] }))).toBeDefined();
  });
});

describe('an access policy', () => {
  test('P11: with missing or null lists has none of those permissions', () => {
    const [entry] = policies({ tenantId: tenant, objectId: user, permissions: { secrets: ['get'], keys: null } });
    expect(entry?.permissions).toEqual({ keys: [], secrets: ['get'], certificates: [], storage: [] });
    expect(entry?.oddities).toEqual([]);
  });
  test('keeps the spelling, order and duplicates of its permissions', () => {
    const [entry] = policies({ tenantId: tenant, objectId: user, permissions: { keys: ['WrapKey', 'get', 'Get'] } });
    expect(entry?.permissions.keys).toEqual(['WrapKey', 'get', 'Get']);
  });
  test('P17, LP-2: with an application id is another entry than without, whatever the case of the ids', () => {
    const [plain, compound, shouting] = policies(
      { tenantId: tenant, objectId: user, permissions: {} },
      { tenantId: tenant, objectId: user, applicationId: app, permissions: {} },
      { tenantId: tenant, objectId: user.toUpperCase(), permissions: {} },
    );
    if (plain === undefined || compound === undefined || shouting === undefined) throw new Error('three entries were given');
    expect(policyKey(plain)).not.toBe(policyKey(compound));
    expect(policyKey(shouting)).toBe(policyKey(plain));
  });
  test('with an empty or all-zero application id is a plain entry', () => {
    const entries = policies(
      { tenantId: tenant, objectId: user, applicationId: '', permissions: {} },
      { tenantId: tenant, objectId: user, applicationId: '00000000-0000-0000-0000-000000000000', permissions: {} },
    );
    expect(entries.map((entry) => entry.applicationId)).toEqual([undefined, undefined]);
  });
  test('is odd with an application id that is not text, or with a member in another letter case: neither is "none"', () => {
    const plain = { tenantId: tenant, objectId: user, permissions: {} };
    const odd = policies({ ...plain, applicationId: 7 }, { ...plain, ApplicationId: app }, { ...plain, applicationId: null }).map(
      (entry) => entry.oddities.length,
    );
    expect(odd).toEqual([1, 1, 0]);
  });
  test('says what of it nobody understands', () => {
    const [entry] = policies({ tenantId: tenant, objectId: 'x', permissions: { secrets: ['get', 7], future: ['get'] } });
    expect(entry?.oddities).toEqual([
      { kind: 'category', written: 'future' },
      { kind: 'list', category: 'secrets' },
      { kind: 'objectId', written: 'x' },
    ]);
  });
});
