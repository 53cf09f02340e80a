import { describe, expect, it } from 'vitest';
import { candidateRoles } from '../../src/mapping/candidates.ts';
import type { Guid } from '../../src/model/guid.ts';
import { read, unreadable } from '../../src/model/reading.ts';
import { type PermissionBlock, parseRoleDefinition, type RoleDefinition } from '../../src/model/role.ts';
import { catalogue, roleId, short } from './the-catalogue.ts';

const proposed = catalogue.roles.filter((role) => role.candidate);
const definition = (id: Guid, name: string, permissions: readonly Partial<PermissionBlock>[]): RoleDefinition => {
  const parsed = parseRoleDefinition({
    id: `/subscriptions/s/providers/Microsoft.Authorization/roleDefinitions/${id}`,
    properties: { roleName: name, type: 'BuiltInRole', permissions },
  });
  if (parsed === undefined) throw new Error('the test’s own definition cannot be read');
  return parsed;
};
const asKnown = proposed.map((role) => definition(role.id, role.name, role.permissions));
const changed = (name: string, permissions: readonly Partial<PermissionBlock>[]) =>
  candidateRoles(catalogue, read(asKnown.map((role) => (role.id === roleId(name) ? definition(role.id, role.name, permissions) : role))));

describe('the roles that may be proposed', () => {
  it('EA-17: are the ten of the catalogue, expanded, when the tenant defines them alike', () => {
    const { roles, findings } = candidateRoles(catalogue, read(asKnown));
    expect(findings).toEqual([]);
    expect(roles.map((role) => role.dataActions.length).sort((a, b) => a - b)).toEqual([1, 2, 3, 4, 7, 9, 9, 14, 19, 53]);
  });
  it('EA-18: are the same when the tenant says the same in another order, case or spacing', () => {
    const permissions = [
      { dataActions: ['microsoft.keyvault/VAULTS/secrets/readMetadata/action', ' Microsoft.KeyVault/vaults/secrets/getSecret/action '] },
      { actions: ['x/read'] },
    ];
    expect(changed('Secrets User', permissions).findings).toEqual([]);
  });
  it.each<[string, readonly Partial<PermissionBlock>[]]>([
    ['more', [{ dataActions: ['Microsoft.KeyVault/vaults/secrets/*'] }]],
    ['less', [{ dataActions: ['Microsoft.KeyVault/vaults/secrets/getSecret/action'] }]],
    [
      'something nobody knows',
      [
        {
          dataActions: [
            'Microsoft.KeyVault/vaults/secrets/getSecret/action',
            'Microsoft.KeyVault/vaults/secrets/readMetadata/action',
            'Microsoft.KeyVault/vaults/secrets/new/action',
          ],
        },
      ],
    ],
    [
      'a subtraction',
      [
        {
          dataActions: ['Microsoft.KeyVault/vaults/secrets/getSecret/action', 'Microsoft.KeyVault/vaults/secrets/readMetadata/action'],
          notDataActions: ['*/x'],
        },
      ],
    ],
  ])('EA-18: stop the run when a role of the same id gives %s, and the live one is used', (_what, permissions) => {
    const { roles, findings } = changed('Secrets User', permissions);
    expect(findings).toMatchObject([{ severity: 'blocker', code: 'MAP-ROLE-DRIFT', subject: roleId('Secrets User') }]);
    expect(findings[0]?.message).toContain('secrets/getSecret');
    const role = roles.find(({ id }) => id === roleId('Secrets User'));
    expect(short(role?.dataActions ?? []).includes('secrets/readMetadata')).toBe(_what !== 'less');
  });
  it('EA-19: leave out a role that gives data under a condition, and say so', () => {
    const known = proposed.find((role) => role.id === roleId('Secrets User'))?.permissions ?? [];
    const { roles, findings } = changed('Secrets User', [{ ...known[0], condition: '@Resource[x:name] StringEquals 1' }]);
    expect(roles.some(({ id }) => id === roleId('Secrets User'))).toBe(false);
    expect(findings).toMatchObject([{ code: 'MAP-ROLE-DRIFT' }]);
    expect(findings[0]?.message).toContain('under a condition');
  });
  it('leave out a role that this cloud does not offer', () => {
    const { roles, findings } = candidateRoles(catalogue, read(asKnown.filter(({ id }) => id !== roleId('Crypto Service Release User'))));
    expect(roles).toHaveLength(9);
    expect(findings).toMatchObject([{ severity: 'note', code: 'MAP-ROLE-MISSING' }]);
  });
  it('EA-18: fall back to the catalogue, with a warning, when definitions cannot be read', () => {
    const { roles, findings } = candidateRoles(catalogue, unreadable('403'));
    expect(roles).toHaveLength(10);
    expect(findings).toMatchObject([{ severity: 'warning', code: 'MAP-ROLES-UNREAD' }]);
    expect(findings[0]?.message).toContain('403');
  });
  it('take name and control-plane actions from the live definition', () => {
    const known = proposed.find((role) => role.id === roleId('Reader'))?.permissions[0];
    const renamed = definition(roleId('Reader'), 'Key Vault Metadata Reader', [{ ...known, actions: ['a/read', 'a/read'] }]);
    const { roles } = candidateRoles(catalogue, read([...asKnown.filter((role) => role.id !== renamed.id), renamed]));
    expect(roles.find(({ id }) => id === renamed.id)).toMatchObject({ name: 'Key Vault Metadata Reader', controlPlane: ['a/read'] });
  });
});
