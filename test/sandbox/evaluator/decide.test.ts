import { beforeEach, describe, expect, test } from 'vitest';
import { decide, hasUnrestricted, permissionBlocks } from '../../../src/sandbox/evaluator/decide.ts';
import type { Question, Verdict } from '../../../src/sandbox/evaluator/types.ts';
import type { TenantState } from '../../../src/sandbox/state.ts';
import { addDeny, addPrincipal, addRole, assign, emptyTenant, guid, subscriptionId, tenantId, vault, viewOf } from './estate.ts';

const getSecret = 'Microsoft.KeyVault/vaults/secrets/getSecret/action';
const readMetadata = 'Microsoft.KeyVault/vaults/secrets/readMetadata/action';
const alice = guid(1);
const everyRole = guid(0xee);
let state: TenantState;

beforeEach(() => {
  state = emptyTenant();
  addPrincipal(state, alice);
  addRole(state, everyRole, [{ actions: ['*'], notActions: [], dataActions: ['Microsoft.KeyVault/vaults/secrets/*'], notDataActions: [] }]);
});

interface Asked {
  readonly who?: string;
  readonly plane?: 'control' | 'data';
  readonly action?: string;
  readonly resource?: string;
  readonly attributes?: Question['attributes'];
  readonly now?: number;
  readonly propagation?: number;
}

function ask({
  who = alice,
  plane = 'data',
  action = getSecret,
  resource = `${vault}/secrets/s1`,
  attributes = {},
  now,
  propagation,
}: Asked = {}): Verdict {
  const caller = { objectId: who, appId: guid(2), tenantId };
  return decide(viewOf(state, now, propagation), { caller, plane, action, resource, attributes });
}

describe('role assignments', () => {
  test('EA-3: nobody has access without an assignment', () => {
    expect(ask()).toEqual({ allowed: false, reason: 'DeniedWithNoValidRBAC' });
  });

  test('EA-5: one assignment that contains the action is enough, and is named', () => {
    const id = assign(state, { principal: alice, role: everyRole });
    expect(ask()).toEqual({ allowed: true, assignmentId: id, reason: 'GrantedByRBAC' });
  });

  test('EA-4: what a block subtracts is gone from that block only', () => {
    const both = { dataActions: ['Microsoft.KeyVault/vaults/secrets/*'], notDataActions: [getSecret] };
    const role = addRole(state, guid(0x11), [both, { dataActions: [getSecret.toUpperCase()], notDataActions: [readMetadata] }]);
    assign(state, { principal: alice, role });
    expect(ask().allowed).toBe(true);
    expect(ask({ action: readMetadata }).allowed).toBe(true);
    addRole(state, guid(0x11), [both]);
    expect(ask().allowed).toBe(false);
  });

  test('EA-6: a subtraction in one role is no deny for another', () => {
    const role = addRole(state, guid(0x11), [{ dataActions: ['*'], notDataActions: [getSecret] }]);
    assign(state, { principal: alice, role });
    expect(ask().allowed).toBe(false);
    assign(state, { principal: alice, role: everyRole });
    expect(ask().allowed).toBe(true);
  });

  test('EA-7: actions give nothing on the data plane and data actions nothing on the control plane', () => {
    const read = 'Microsoft.KeyVault/vaults/keys/read';
    const control = addRole(state, guid(0x11), [{ actions: ['*'] }]);
    const data = addRole(state, guid(0x12), [{ dataActions: ['*'] }]);
    const bob = addPrincipal(state, guid(3));
    assign(state, { principal: alice, role: control });
    assign(state, { principal: bob, role: data });
    expect([ask({ action: read }).allowed, ask({ action: read, plane: 'control' }).allowed]).toEqual([false, true]);
    expect([ask({ who: bob, action: read }).allowed, ask({ who: bob, action: read, plane: 'control' }).allowed]).toEqual([true, false]);
  });

  test('an assignment of a role that does not exist gives nothing', () => {
    assign(state, { principal: alice, role: guid(0x99) });
    expect(ask().allowed).toBe(false);
  });
});

describe('wildcards', () => {
  const cases: readonly [string, string, boolean][] = [
    ['Microsoft.KeyVault/vaults/*/read', 'microsoft.keyvault/vaults/keys/READ', true],
    ['Microsoft.KeyVault/vaults/*/read', 'Microsoft.KeyVault/vaults/storageaccounts/sas/read', true],
    ['Microsoft.KeyVault/vaults/*/read', 'Microsoft.KeyVault/vaults/read', false],
    ['*/read', 'Microsoft.KeyVault/vaults/keys/read', true],
    ['Microsoft.KeyVault/vaults/keys/*', 'Microsoft.KeyVault/vaults/keys/read', true],
    ['Microsoft.KeyVault/vaults/keys/rea?', 'Microsoft.KeyVault/vaults/keys/read', false],
    ['Microsoft.KeyVault/vaults/keys/rea.', 'Microsoft.KeyVault/vaults/keys/read', false],
    ['Microsoft.KeyVault/vaults/keys/read ', 'Microsoft.KeyVault/vaults/keys/read', true],
    ['Microsoft.KeyVault/vaults/keys', 'Microsoft.KeyVault/vaults/keys/read', false],
    ['Microsoft.KeyVault/**/keys/read', 'Microsoft.KeyVault/vaults/keys/read', true],
  ];
  test.each(cases)('EA-9, EA-10: `%s` on `%s` is %s', (pattern, action, allowed) => {
    const role = addRole(state, guid(0x11), [{ dataActions: [pattern] }]);
    assign(state, { principal: alice, role });
    expect(ask({ action }).allowed).toBe(allowed);
  });
});

describe('scope', () => {
  const group = `/subscriptions/${subscriptionId}/resourceGroups/RG-A`;
  const cases: readonly [string, string, boolean][] = [
    ['/', `${vault}/secrets/s1`, true],
    [`/subscriptions/${subscriptionId}`, vault, true],
    [group, `${vault}/secrets/s1`, true],
    [`${vault.toUpperCase()}/`, `${vault}/secrets/s1`, true],
    [vault, `${vault}0/secrets/s1`, false],
    [`${vault}/secrets/s1`, `${vault}/secrets/s10`, false],
    [`${vault}/secrets/s1`, `${vault}/secrets/S1`, true],
    [`${vault}/secrets/s1`, vault, false],
    [`${vault}/certificates/s1`, `${vault}/secrets/s1`, false],
    ['/providers/Microsoft.Management/managementGroups/Platform', `${vault}/secrets/s1`, true],
    ['/providers/Microsoft.Management/managementGroups/root', vault, true],
    ['/providers/Microsoft.Management/managementGroups/other', vault, false],
    ['/subscriptions/00000000-0000-0000-0000-000000000002', vault, false],
  ];
  test.each(cases)('EA-12, EA-13, EA-15: an assignment at %s reaches %s: %s', (scope, resource, allowed) => {
    assign(state, { principal: alice, role: everyRole, scope });
    expect(ask({ resource }).allowed).toBe(allowed);
  });
});

describe('principals', () => {
  test('EA-29: groups count through every nesting, and a circle of groups ends', () => {
    const inner = addPrincipal(state, guid(0x21), { kind: 'group', members: [alice.toUpperCase(), guid(0x23)] });
    const middle = addPrincipal(state, guid(0x22), { kind: 'group', members: [inner] });
    const outer = addPrincipal(state, guid(0x23), { kind: 'group', members: [middle] });
    assign(state, { principal: outer.toUpperCase(), role: everyRole });
    expect(ask().allowed).toBe(true);
  });

  test('EA-32: a deleted principal, a deleted group and an unknown id hold nothing', () => {
    const ghost = addPrincipal(state, guid(0x30), { deleted: true });
    const group = addPrincipal(state, guid(0x31), { kind: 'group', members: [alice], deleted: true });
    for (const principal of [ghost, group, guid(0x32)]) assign(state, { principal, role: everyRole });
    expect([ask(), ask({ who: ghost }), ask({ who: guid(0x32) })].map(({ allowed }) => allowed)).toEqual([false, false, false]);
  });

  test('EA-29: a group that is no security group carries nothing', () => {
    const list = addPrincipal(state, guid(0x24), { kind: 'group', members: [alice], properties: { securityEnabled: false } });
    assign(state, { principal: list, role: everyRole });
    expect(ask().allowed).toBe(false);
  });

  test("EA-28: an app registration's own object id is nobody", () => {
    const application = addPrincipal(state, guid(0x33), { kind: 'application' });
    assign(state, { principal: application, role: everyRole });
    expect(ask({ who: application }).allowed).toBe(false);
  });
});

describe('time', () => {
  test('EA-54: one at a management group, or at the root, reaches data planes later than the control plane', () => {
    for (const scope of ['/', '/providers/Microsoft.Management/managementGroups/platform']) {
      state.roleAssignments.clear();
      assign(state, { principal: alice, role: everyRole, scope, since: 1000 });
      const view = (now: number) => ({
        ...viewOf(state, now, 600),
        consistency: { ...viewOf(state).consistency, managementGroupPropagation: 5000 },
      });
      const allowed = (now: number, plane: 'control' | 'data', action: string) =>
        decide(view(now), { caller: { objectId: alice, appId: guid(2), tenantId }, plane, action, resource: vault, attributes: {} })
          .allowed;
      expect([1600, 5999, 6000].map((now) => allowed(now, 'data', readMetadata))).toEqual([false, false, true]);
      expect(allowed(1600, 'control', 'Microsoft.KeyVault/vaults/read')).toBe(true);
    }
  });

  test('an assignment works when it has propagated, and a removed one until its removal has', () => {
    assign(state, { principal: alice, role: everyRole, since: 1000, removedAt: 5000 });
    const allowed = [1000, 1599, 1600, 5599, 5600].map((now) => ask({ now, propagation: 600 }).allowed);
    expect(allowed).toEqual([false, false, true, true, false]);
  });

  test('EA-34, EA-35: an assignment that PIM stands behind works from its start to its end; an eligible one never', () => {
    const id = assign(state, { principal: alice, role: everyRole });
    const properties = {
      originRoleAssignmentId: id.toUpperCase(),
      startDateTime: new Date(1000).toISOString(),
      endDateTime: new Date(2000).toISOString(),
    };
    state.activeInstances.set('a', { body: { id: 'a', properties }, since: 0 });
    expect([999, 1000, 1999, 2000].map((now) => ask({ now }).allowed)).toEqual([false, true, true, false]);
    state.activeInstances.set('b', { body: { id: 'b', properties: { originRoleAssignmentId: id, endDateTime: null } }, since: 0 });
    expect(ask({ now: 2000 }).allowed).toBe(true);
    const bob = addPrincipal(state, guid(3));
    const eligible = { scope: vault, principalId: bob, roleDefinitionId: `/x/${everyRole}` };
    state.eligibleInstances.set('e', { body: { properties: eligible }, since: 0 });
    expect(ask({ who: bob }).allowed).toBe(false);
  });
});

describe('deny assignments', () => {
  const forbidden = [{ dataActions: ['Microsoft.KeyVault/vaults/secrets/*'], notDataActions: [readMetadata] }];
  const nobody = '00000000000000000000000000000000';

  beforeEach(() => {
    assign(state, { principal: alice, role: everyRole, scope: '/' });
  });

  test('EA-2, EA-22: a deny beats every grant, but not for what it leaves out', () => {
    const id = addDeny(state, { permissions: forbidden, principals: [{ id: alice.replaceAll('-', '') }] });
    expect(ask()).toEqual({ allowed: false, denyAssignmentId: id, reason: 'DeniedByDenyAssignment' });
    expect(ask({ action: readMetadata }).allowed).toBe(true);
    expect(ask({ plane: 'control' }).allowed).toBe(true);
  });

  test('EA-22: the zero id is everyone; a principal or group that is excluded is spared', () => {
    addDeny(state, {
      permissions: forbidden,
      principals: [{ id: nobody, type: 'SystemDefined' }],
      excludePrincipals: [{ id: guid(0x41) }],
    });
    expect(ask().allowed).toBe(false);
    addPrincipal(state, guid(0x41), { kind: 'group', members: [alice] });
    expect(ask().allowed).toBe(true);
  });

  test('EA-22, EA-23: doNotApplyToChildScopes keeps a deny at its own scope', () => {
    addDeny(state, { permissions: forbidden, principals: [{ id: nobody }], doNotApplyToChildScopes: true });
    expect(ask().allowed).toBe(true);
    expect(ask({ resource: vault }).allowed).toBe(false);
  });

  test('EA-25: only a condition that is false lifts a deny', () => {
    const condition = "@Resource[Microsoft.KeyVault/vaults/secrets:name] StringEquals 's1'";
    addDeny(state, { permissions: forbidden, principals: [{ id: nobody }], condition });
    const named = (name: string) => ask({ attributes: { '@resource[microsoft.keyvault/vaults/secrets:name]': name } }).allowed;
    expect([named('s1'), named('s2'), ask().allowed]).toEqual([false, true, false]);
  });
});

describe('conditions on grants', () => {
  const name = '@resource[microsoft.keyvault/vaults/secrets:name]';
  const onlyS1 = "@Resource[Microsoft.KeyVault/vaults/secrets:name] StringEquals 's1'";

  test('EA-5, EA-40: true grants, false and a missing attribute do not, each with its reason', () => {
    const id = assign(state, { principal: alice, role: everyRole, condition: onlyS1 });
    expect(ask({ attributes: { [name]: 's1' } })).toEqual({ allowed: true, assignmentId: id, reason: 'GrantedByABAC' });
    expect(ask({ attributes: { [name]: 's2' } }).reason).toBe('DeniedWithABACEvaluationInRA');
    expect(ask()).toEqual({ allowed: false, reason: 'DeniedWithMissingAttributesInRA' });
  });

  test('EA-19: a condition inside the role must hold as well as the one on the assignment', () => {
    const role = addRole(state, guid(0x11), [{ dataActions: [getSecret], condition: onlyS1 }, { dataActions: [readMetadata] }]);
    assign(state, { principal: alice, role, condition: `!(${onlyS1})` });
    expect(ask({ attributes: { [name]: 's1' } }).allowed).toBe(false);
    expect(ask({ attributes: { [name]: 's2' } }).allowed).toBe(false);
    expect(ask({ action: readMetadata, attributes: { [name]: 's2' } }).allowed).toBe(true);
  });

  test('EA-43: an action under a condition is not unrestricted, and a deny takes it away', () => {
    const write = 'Microsoft.Authorization/roleAssignments/write';
    const caller = { objectId: alice, appId: guid(2), tenantId };
    const restricted = () => hasUnrestricted(viewOf(state), caller, write, vault);
    assign(state, { principal: alice, role: everyRole, condition: "ActionMatches{'*'}" });
    expect([ask({ plane: 'control', action: write }).allowed, restricted()]).toEqual([true, false]);
    assign(state, { principal: alice, role: everyRole });
    expect(restricted()).toBe(true);
    addDeny(state, { permissions: [{ actions: ['*/write'] }], principals: [{ id: alice }] });
    expect(restricted()).toBe(false);
  });

  test("EA-48: a caller's permissions are its blocks with every condition on the way", () => {
    const role = addRole(state, guid(0x11), [{ actions: ['a'], condition: onlyS1 }]);
    assign(state, { principal: alice, role, condition: "ActionMatches{'*'}" });
    expect(permissionBlocks(viewOf(state), { objectId: alice, appId: guid(2), tenantId }, vault)).toEqual([
      { actions: ['a'], notActions: [], dataActions: [], notDataActions: [], condition: `(ActionMatches{'*'}) AND (${onlyS1})` },
    ]);
  });
});
