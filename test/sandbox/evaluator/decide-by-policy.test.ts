import { beforeEach, describe, expect, test } from 'vitest';
import type { JsonObject } from '../../../src/base/json.ts';
import { decideByPolicy } from '../../../src/sandbox/evaluator/decide-by-policy.ts';
import type { TenantState } from '../../../src/sandbox/state.ts';
import { addPrincipal, emptyTenant, guid, tenantId, viewOf } from './estate.ts';

const alice = guid(1);
const app = guid(2);
const foreign = '00000000-0000-0000-0000-0000000000ff';
let state: TenantState;

beforeEach(() => {
  state = emptyTenant();
  addPrincipal(state, alice);
});

interface Entry {
  readonly objectId?: string;
  readonly tenantId?: string;
  readonly applicationId?: string;
  readonly permissions?: JsonObject;
}

function entry({
  objectId = alice,
  tenantId: tenant = tenantId,
  applicationId,
  permissions = { secrets: ['get'] },
}: Entry = {}): JsonObject {
  return { tenantId: tenant, objectId, permissions, ...(applicationId !== undefined && { applicationId }) };
}

function ask(entries: readonly JsonObject[], permission = 'get', caller: { appId?: string; onBehalfOf?: string; tenantId?: string } = {}) {
  const vault = { properties: { tenantId: tenantId.toUpperCase(), accessPolicies: entries } };
  return decideByPolicy(vault, { objectId: alice, appId: guid(9), tenantId, ...caller }, viewOf(state), 'secrets', permission);
}

describe('access policies', () => {
  test('LP-6: no entry for the caller and an entry without the permission are two refusals', () => {
    expect(ask([])).toBe('noEntry');
    expect(ask([entry({ objectId: guid(7) })])).toBe('noEntry');
    expect(ask([entry()], 'set')).toBe('noPermission');
    expect(ask([entry({ permissions: { keys: ['get'] } })])).toBe('noPermission');
  });

  test('LP-2: names, object ids and tenants compare without case', () => {
    expect(ask([entry({ objectId: alice.toUpperCase(), permissions: { secrets: ['Get'] } })])).toBe('allowed');
    expect(ask([entry({ permissions: { secrets: ['GET'] } })], 'get')).toBe('allowed');
  });

  test('LP-2: an entry of another tenant is inert, and so is a caller of one', () => {
    expect(ask([entry({ tenantId: foreign })])).toBe('noEntry');
    expect(ask([entry()], 'get', { tenantId: foreign })).toBe('noEntry');
  });

  test('LP-3, LP-8: all matching entries count together', () => {
    const entries = [entry({ permissions: { secrets: ['list'] } }), entry({ permissions: { secrets: null } }), entry()];
    expect([ask(entries, 'get'), ask(entries, 'list'), ask(entries, 'set')]).toEqual(['allowed', 'allowed', 'noPermission']);
  });

  test('LP-4: groups count, nested ones too; deleted ones do not', () => {
    const inner = addPrincipal(state, guid(0x21), { kind: 'group', members: [alice] });
    const outer = addPrincipal(state, guid(0x22), { kind: 'group', members: [inner] });
    expect(ask([entry({ objectId: outer })])).toBe('allowed');
    addPrincipal(state, inner, { kind: 'group', members: [alice], deleted: true });
    expect(ask([entry({ objectId: outer })])).toBe('noEntry');
  });

  test('LP-5: `all` is everything but purge', () => {
    const all = [entry({ permissions: { secrets: ['All'] } })];
    expect([ask(all, 'get'), ask(all, 'restore'), ask(all, 'purge')]).toEqual(['allowed', 'allowed', 'noPermission']);
    expect(ask([...all, entry({ permissions: { secrets: ['purge'] } })], 'purge')).toBe('allowed');
  });

  test('LP-3: a compound entry needs its application on behalf of its user', () => {
    const compound = [entry({ applicationId: app.toUpperCase() })];
    expect(ask(compound)).toBe('needsOnBehalfOf');
    expect(ask(compound, 'get', { appId: app })).toBe('needsOnBehalfOf');
    expect(ask(compound, 'get', { appId: guid(3), onBehalfOf: alice })).toBe('noEntry');
    expect(ask(compound, 'get', { appId: app, onBehalfOf: alice })).toBe('allowed');
    expect(ask(compound, 'set', { appId: app, onBehalfOf: alice })).toBe('noPermission');
  });

  test('LP-3: a compound caller also has what the plain entry of its user gives', () => {
    const entries = [entry({ applicationId: app }), entry({ permissions: { secrets: ['list'] } })];
    expect(ask(entries, 'list', { appId: app, onBehalfOf: alice })).toBe('allowed');
    expect(ask(entries, 'get')).toBe('noPermission');
  });

  test('LP-3: an application id of zeros is none', () => {
    expect(ask([entry({ applicationId: guid(0) })])).toBe('allowed');
  });

  test('EA-32: a deleted principal has nothing', () => {
    addPrincipal(state, alice, { deleted: true });
    expect(ask([entry()])).toBe('noEntry');
  });
});
