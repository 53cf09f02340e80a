import { describe, expect, test } from 'vitest';
import type { JsonObject } from '../../src/base/json.ts';
import { read, unreadable } from '../../src/base/reading.ts';
import type { SubscriptionFacts } from '../../src/model/estate.ts';
import { parseLock, parsePolicyAssignment } from '../../src/model/governance.ts';
import type { PermissionBlock, RoleDefinition } from '../../src/model/role.ts';
import { parseScheduleInstance } from '../../src/model/schedule-instance.ts';
import { vaultBasis } from '../../src/plan/basis.ts';
import { compareBasis, movedLines } from '../../src/plan/compare-basis.ts';
import type { OwnSteps } from '../../src/plan/own-work.ts';
import { anAssignment, aSubscription, aVault, id, rawPolicy, rawVault, roleDefinitions, vaultResourceId } from '../builders/an-estate.ts';
import { roleId } from '../builders/the-catalogue.ts';

const one = rawPolicy(id('d', 1), { secrets: ['get'] });
const two = rawPolicy(id('d', 2), { keys: ['Get', 'wrapKey'] });
const vault = aVault(rawVault('kv-app', [one, two]));
const scope = vaultResourceId('kv-app');
const own: OwnSteps[number] = {
  kind: 'ensureRoleAssignment',
  name: id('7'),
  scope,
  principalId: id('d', 1),
  roleDefinitionId: roleId('Key Vault Secrets User'),
};

const named = "@Resource[Microsoft.KeyVault/vaults/secrets:name] StringEquals 'one'";

function moved(changed: Partial<SubscriptionFacts>, before: Partial<SubscriptionFacts> = {}, ours: OwnSteps = [own]) {
  return compareBasis(vaultBasis(vault, aSubscription(before), ours), vaultBasis(vault, aSubscription(changed), ours)).map(
    ({ field }) => field,
  );
}

describe('the basis of a vault', () => {
  test('does not move when the same facts come in another order, nor with the names of vault and id in another case', () => {
    const a = anAssignment(scope, id('d', 1), 'Key Vault Reader');
    const b = anAssignment(`/subscriptions/${id('b')}`, id('d', 2), 'Key Vault Administrator');
    const shuffled = aSubscription({ roleAssignments: read([b, a]), roleDefinitions: read(roleDefinitions.toReversed()) });
    const first = vaultBasis(vault, aSubscription({ roleAssignments: read([a, b]) }), [own]);
    expect(vaultBasis(vault, shuffled, [own])).toEqual(first);
    expect(vaultBasis({ ...vault, id: vault.id.toUpperCase() }, shuffled, [own]).fingerprint).toBe(first.fingerprint);
  });

  test('does not move when somebody else makes the very assignment that the plan asks for, and does when it is any other', () => {
    const same = anAssignment(scope.toUpperCase(), id('d', 1), 'Key Vault Secrets User');
    expect(moved({ roleAssignments: read([same]) })).toEqual([]);
    expect(moved({ roleAssignments: read([{ ...same, condition: 'x' }]) })).toEqual(['roleAssignments']);
    expect(moved({ roleAssignments: read([anAssignment(scope, id('d', 8), 'Key Vault Secrets User')]) })).toEqual(['roleAssignments']);
  });

  test('moves with every change of a policy, and says which lines', () => {
    const later = aVault(rawVault('kv-app', [one, rawPolicy(id('d', 2), { keys: ['get', 'wrapKey'] })]));
    const [change, ...more] = compareBasis(vaultBasis(vault, aSubscription(), []), vaultBasis(later, aSubscription(), []));
    expect(more).toEqual([]);
    expect(change).toMatchObject({
      field: 'accessPolicies',
      gone: [expect.stringContaining('"Get"')],
      came: [expect.stringContaining('"get"')],
    });
    expect(movedLines('kv-app', change === undefined ? [] : [change])).toEqual([
      '@@ kv-app: accessPolicies',
      expect.stringMatching(/^- \{.*"Get"/),
      expect.stringMatching(/^\+ \{.*"get"/),
    ]);
  });

  test('shows a mere reordering of the policies as moved, since the order is restored too', () => {
    const swapped = vaultBasis(aVault(rawVault('kv-app', [two, one])), aSubscription(), []);
    expect(compareBasis(vaultBasis(vault, aSubscription(), []), swapped)).toEqual([
      { field: 'accessPolicies', gone: [], came: [], reordered: true },
    ]);
  });

  test('leaves out the plan’s own assignments, so that staging does not make the plan stale', () => {
    const staged = anAssignment(scope, id('d', 1), 'Key Vault Secrets User', {}, id('7').toUpperCase());
    expect(moved({ roleAssignments: read([staged]) })).toEqual([]);
    expect(moved({ roleAssignments: read([staged]) }, {}, [])).toEqual(['roleAssignments', 'roleDefinitions']);
  });

  test.each([
    ['gained a condition', { condition: named, conditionVersion: '2.0' }, undefined],
    ['lost its condition', {}, named],
    ['got another condition', { condition: named.replace('one', 'two'), conditionVersion: '2.0' }, named],
  ])('moves when an assignment of the plan’s own %s, since it gives something else then', (_, now, condition) => {
    const ours = [{ ...own, ...(condition !== undefined && { condition }) }];
    const staged = (more: JsonObject) => anAssignment(scope, id('d', 1), 'Key Vault Secrets User', more, id('7'));
    expect(moved({ roleAssignments: read([staged(now)]) }, {}, ours)).toEqual(['roleAssignments']);
    const untouched = condition === undefined ? {} : { condition, conditionVersion: '2.0' };
    expect(moved({ roleAssignments: read([staged(untouched)]) }, {}, ours)).toEqual([]);
  });

  test('moves when somebody else’s assignment bears the name of a planned one', () => {
    const other = anAssignment(scope, id('d', 3), 'Key Vault Secrets User', {}, id('7'));
    expect(moved({ roleAssignments: read([other]) })).toEqual(['roleAssignments']);
  });

  test('moves when a custom role of the plan gives anything else than was planned, and not when it is made', () => {
    const signing = ['Microsoft.KeyVault/vaults/keys/sign/action', 'Microsoft.KeyVault/vaults/keys/read'];
    const role = { kind: 'ensureRoleDefinition', name: id('8'), dataActions: signing } as const;
    const block = { actions: [], notActions: [], dataActions: signing.toReversed(), notDataActions: [] };
    const withRole = (...permissions: readonly PermissionBlock[]) => {
      const made: RoleDefinition = { id: id('8'), name: 'ours', kind: 'custom', permissions, assignableScopes: [], raw: {} };
      return moved({ roleDefinitions: read([...roleDefinitions, made]) }, {}, [own, role]);
    };
    expect(withRole(block)).toEqual([]);
    expect(withRole({ ...block, dataActions: signing.slice(0, 1) }, { ...block, dataActions: signing.slice(1) })).toEqual([]);
    expect(withRole({ ...block, actions: ['*'] })).toEqual(['roleDefinitions']);
    expect(withRole({ ...block, dataActions: [...signing, 'Microsoft.KeyVault/vaults/keys/sign/*'] })).toEqual(['roleDefinitions']);
    expect(withRole({ ...block, dataActions: signing.slice(1) })).toEqual(['roleDefinitions']);
    expect(withRole({ ...block, notDataActions: signing.slice(1) })).toEqual(['roleDefinitions']);
    expect(withRole({ ...block, condition: named })).toEqual(['roleDefinitions']);
  });

  const rbacOnly = '/providers/Microsoft.Authorization/policyDefinitions/12d4fa5e-1f9f-4c21-97a9-b99b3c6611b5';
  test.each([
    ['denies', rbacOnly, { effect: { value: 'deny' } }, ['policyAssignments']],
    ['has a definition that nobody can read', 'd', {}, ['policyAssignments']],
    ['leaves its effect to a definition that audits', rbacOnly, {}, []],
    ['audits', rbacOnly, { effect: { value: 'Audit' } }, []],
  ])('moves with a policy assignment that %s only when it may refuse changes', (_, definition, parameters, expected) => {
    const raw = { id: 'p', properties: { scope: `/subscriptions/${id('b')}`, policyDefinitionId: definition, parameters } };
    const assignment = parsePolicyAssignment(raw);
    expect(moved({ policyAssignments: read(assignment === undefined ? [] : [assignment]) })).toEqual(expected);
  });

  test('leaves out the plan’s own flip', () => {
    const flipped = aVault(rawVault('kv-app', [one, two], { enableRbacAuthorization: true }));
    const [before, after] = [vaultBasis(vault, aSubscription(), []), vaultBasis(flipped, aSubscription(), [])];
    expect(after.fingerprint).not.toBe(before.fingerprint);
    expect(compareBasis(before, after)).toEqual([]);
  });

  test('moves when an assignment with data actions appears at, above or below the vault, and not beside it', () => {
    const at = (where: string, role = 'Key Vault Reader') => moved({ roleAssignments: read([anAssignment(where, id('d', 3), role)]) });
    for (const where of [scope, `${scope}/secrets/one`, `/subscriptions/${id('b')}`, '/']) expect(at(where)).toContain('roleAssignments');
    expect(at(`${scope}2`)).toEqual([]);
    expect(at(vaultResourceId('kv-other'))).toEqual([]);
  });

  test('moves with the definition of a role that the plan only means to assign', () => {
    const drifted = roleDefinitions.map((role) =>
      role.id === own.roleDefinitionId
        ? { ...role, permissions: [{ actions: [], notActions: [], dataActions: [], notDataActions: [] }] }
        : role,
    );
    expect(moved({ roleDefinitions: read(drifted) })).toEqual(['roleDefinitions']);
  });

  test('moves with deny assignments, ends of PIM instances, locks, and lists that stop being readable', () => {
    const instance = parseScheduleInstance({
      id: '/x/1',
      properties: { scope, roleDefinitionId: roleId('Key Vault Reader'), principalId: id('d', 1), endDateTime: '2026-12-01T00:00:00Z' },
    });
    const lock = parseLock({ id: `${scope}/providers/Microsoft.Authorization/locks/l1`, properties: { level: 'ReadOnly' } });
    expect(moved({ activeInstances: read(instance === undefined ? [] : [instance]) })).toEqual(['roleDefinitions', 'timeBound']);
    expect(moved({ locks: read(lock === undefined ? [] : [lock]) })).toEqual(['locks']);
    expect(moved({ denyAssignments: unreadable('no rights') })).toEqual(['unreadable']);
  });

  test('moves when the vault was made again or belongs to another tenant', () => {
    const again = aVault({ ...rawVault('kv-app', [one, two]), systemData: { createdAt: '2026-11-01T00:00:00Z' } });
    const elsewhere = aVault(rawVault('kv-app', [one, two], { tenantId: id('f') }));
    const before = vaultBasis(vault, aSubscription(), []);
    for (const other of [again, elsewhere]) {
      expect(compareBasis(before, vaultBasis(other, aSubscription(), [])).map(({ field }) => field)).toEqual(['vault']);
    }
  });

  test('can be taken of text that no digest could be made of', () => {
    const odd = aVault(rawVault('kv-app', [rawPolicy('\ud800', { secrets: ['get'] })]));
    expect(vaultBasis(odd, aSubscription(), []).fingerprint).toMatch(/^sha256:/);
  });
});
