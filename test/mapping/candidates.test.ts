import { describe, expect, test } from 'vitest';
import type { Guid } from '../../src/base/guid.ts';
import { read, unreadable } from '../../src/base/reading.ts';
import { candidateRoles } from '../../src/mapping/candidates.ts';
import { type PermissionBlock, parseRoleDefinition, type RoleDefinition } from '../../src/model/role.ts';
import { catalogue, roleId, short } from '../builders/the-catalogue.ts';
import { wholeRole } from '../builders/whole-rows.ts';

const proposed = catalogue.roles.filter((role) => role.candidate);
const definition = (id: Guid, name: string, permissions: readonly Partial<PermissionBlock>[]): RoleDefinition => {
  const parsed = parseRoleDefinition(
    wholeRole({
      id: `/subscriptions/s/providers/Microsoft.Authorization/roleDefinitions/${id}`,
      properties: { roleName: name, permissions },
    }),
  );
  if (parsed === undefined) throw new Error('the test’s own definition cannot be read');
  return parsed;
};
const asKnown = proposed.map((role) => definition(role.id, role.name, role.permissions));
const changed = (name: string, permissions: readonly Partial<PermissionBlock>[]) =>
  candidateRoles(catalogue, read(asKnown.map((role) => (role.id === roleId(name) ? definition(role.id, role.name, permissions) : role))));

describe('the roles that may be proposed', () => {
  test('EA-17: are the ten of the catalogue, expanded, when the tenant defines them alike', () => {
    const { roles, drifts, findings } = candidateRoles(catalogue, read(asKnown));
    expect([drifts, findings]).toEqual([[], []]);
    expect(roles.map((role) => role.dataActions.length).sort((a, b) => a - b)).toEqual([1, 2, 3, 4, 7, 9, 9, 14, 19, 53]);
  });
  test.each<[string, readonly Partial<PermissionBlock>[]]>([
    [
      'in another order, case or spacing',
      [
        { dataActions: ['microsoft.keyvault/VAULTS/secrets/readMetadata/action', ' Microsoft.KeyVault/vaults/secrets/getSecret/action '] },
        { notActions: ['x/read'] },
      ],
    ],
    ['less something that it never gave', [{ dataActions: ['*/getSecret/action', '*/readMetadata/action'], notDataActions: ['*/x'] }]],
  ])('EA-18: are the same when the tenant says the same %s', (_what, permissions) => {
    expect(changed('Secrets User', permissions).drifts.map(({ came, strange, gone }) => [came, strange, gone])).toEqual([]);
  });
  test.each<
    [string, readonly Partial<PermissionBlock>[], Partial<Record<'came' | 'strange' | 'gone' | 'controlPlane', readonly string[]>>]
  >([
    [
      'more',
      [{ dataActions: ['Microsoft.KeyVault/vaults/secrets/getSecret/action', '*/secrets/readMetadata/action', '*/secrets/purge/action'] }],
      { came: ['secrets/purge'] },
    ],
    ['less', [{ dataActions: ['Microsoft.KeyVault/vaults/secrets/getSecret/action'] }], { gone: ['secrets/readMetadata'] }],
    [
      'something nobody knows',
      [{ dataActions: ['*/getSecret/action', '*/readMetadata/action', 'Microsoft.KeyVault/vaults/secrets/new/action'] }],
      { strange: ['secrets/new'] },
    ],
    [
      'more of the control plane',
      [{ actions: ['Microsoft.KeyVault/vaults/deploy/action'], dataActions: ['*/getSecret/action', '*/readMetadata/action'] }],
      { controlPlane: ['Microsoft.KeyVault/vaults/deploy/action'] },
    ],
  ])(
    'EA-18: are what the tenant defines now where a role of the same id gives %s, and how it differs is told',
    (_what, permissions, told) => {
      const { roles, drifts } = changed('Secrets User', permissions);
      const [drift] = drifts;
      expect(drifts).toHaveLength(1);
      expect(drift).toMatchObject({ id: roleId('Secrets User'), name: 'Key Vault Secrets User' });
      const lists = { came: drift?.came, strange: drift?.strange, gone: drift?.gone, controlPlane: drift?.controlPlane };
      const shown = Object.entries(lists).flatMap(([name, list]) =>
        list?.length ? [[name, name === 'controlPlane' ? list : short(list)]] : [],
      );
      expect(Object.fromEntries(shown)).toEqual(told);
      const role = roles.find(({ id }) => id === roleId('Secrets User'));
      expect(short(role?.dataActions ?? []).includes('secrets/readMetadata')).toBe(told.gone === undefined);
    },
  );
  test('EA-19: leave out a role that gives data under a condition, and count all of it as gone', () => {
    const known = proposed.find((role) => role.id === roleId('Secrets User'))?.permissions ?? [];
    const { roles, drifts } = changed('Secrets User', [{ ...known[0], condition: '@Resource[x:name] StringEquals 1' }]);
    expect(roles.some(({ id }) => id === roleId('Secrets User'))).toBe(false);
    expect(short(drifts[0]?.gone ?? [])).toEqual(['secrets/getSecret', 'secrets/readMetadata']);
  });
  test('leave out a role that this cloud does not offer', () => {
    const { roles, findings } = candidateRoles(catalogue, read(asKnown.filter(({ id }) => id !== roleId('Crypto Service Release User'))));
    expect(roles).toHaveLength(9);
    expect(findings).toMatchObject([
      { severity: 'note', code: 'MAP-ROLE-MISSING', facts: { roleName: 'Key Vault Crypto Service Release User' } },
    ]);
  });
  test('EA-18: fall back to the catalogue, with a warning, when definitions cannot be read', () => {
    const { roles, findings } = candidateRoles(catalogue, unreadable('403'));
    expect(roles).toHaveLength(10);
    expect(findings).toMatchObject([{ severity: 'warning', code: 'MAP-ROLES-UNREAD', facts: { because: '403' } }]);
  });
  test('take name and control-plane actions from the live definition', () => {
    const known = proposed.find((role) => role.id === roleId('Reader'))?.permissions[0];
    const renamed = definition(roleId('Reader'), 'Key Vault Metadata Reader', [{ ...known, actions: ['a/read', 'a/read'] }]);
    const { roles } = candidateRoles(catalogue, read([...asKnown.filter((role) => role.id !== renamed.id), renamed]));
    expect(roles.find(({ id }) => id === renamed.id)).toMatchObject({ name: 'Key Vault Metadata Reader', controlPlane: ['a/read'] });
  });
});
