import { describe, expect, test } from 'vitest';
import { nameGuid } from '../../src/base/name-guid.ts';
import { candidateSet } from '../../src/mapping/candidate-set.ts';
import { customRole } from '../../src/mapping/custom-role.ts';
import { tenantRoles } from '../../src/mapping/tenant-roles.ts';
import { parseAccessPolicy } from '../../src/model/access-policy.ts';
import type { PermissionBlock, RoleDefinition } from '../../src/model/role.ts';
import type { Scope } from '../../src/model/scope.ts';
import { mapOf } from '../builders/map-of.ts';
import { actionsOf, builtIn, catalogue } from '../builders/the-catalogue.ts';

const subscription = '/subscriptions/5b000000-0000-0000-0000-000000000001';
const vault = `${subscription}/resourcegroups/rg-app/providers/microsoft.keyvault/vaults/kv-app` as Scope;
const block = (changes: Partial<PermissionBlock> = {}): PermissionBlock => ({
  actions: [],
  notActions: [],
  dataActions: actionsOf('secrets/get'),
  notDataActions: [],
  ...changes,
});
const role = (permissions: readonly PermissionBlock[], changes: Partial<RoleDefinition> = {}): RoleDefinition => ({
  id: nameGuid('own'),
  name: 'Own',
  kind: 'custom',
  permissions,
  assignableScopes: [subscription],
  raw: {},
  ...changes,
});
const taken = (definition: RoleDefinition) => tenantRoles([definition], vault, catalogue);

describe('the tenant’s own roles', () => {
  test('EA-4: give what their blocks list less what they take out, wildcards written out', () => {
    const wide = block({ dataActions: ['Microsoft.KeyVault/vaults/secrets/*'], notDataActions: ['*/purge/action'] });
    const [found] = taken(role([wide, block({ dataActions: actionsOf('keys/sign') })]));
    expect(found?.dataActions).toEqual(expect.arrayContaining([...actionsOf('secrets/get', 'secrets/delete', 'keys/sign')]));
    expect(found?.dataActions).not.toEqual(expect.arrayContaining([...actionsOf('secrets/purge')]));
    expect(found).toMatchObject({ name: 'Own', custom: true, controlPlane: [] });
  });
  test.each([
    ['the subscription', subscription],
    ['its resource group in another spelling', `${subscription.toUpperCase()}/resourceGroups/RG-App/`],
    ['the vault', vault],
    ['the root', '/'],
  ])('EA-20: are taken when they can be assigned at %s', (_, scope) => {
    expect(taken(role([block()], { assignableScopes: ['/subscriptions/other', scope] }))).toHaveLength(1);
  });
  test.each([
    ['another subscription', ['/subscriptions/5b000000-0000-0000-0000-000000000002']],
    ['a resource group whose name begins alike', [`${subscription}/resourceGroups/rg-app-2`]],
    ['a management group', ['/providers/Microsoft.Management/managementGroups/mg']],
    ['no scope that can be read', ['?']],
    ['nothing', []],
  ])('EA-20: are left when they can be assigned at %s', (_, assignableScopes) => {
    expect(taken(role([block()], { assignableScopes }))).toEqual([]);
  });
  test('are left when they bring control-plane actions beside reading, in whichever block', () => {
    expect(taken(role([block({ actions: ['Microsoft.KeyVault/vaults/read', '*/READ '] })]))).toHaveLength(1);
    for (const action of ['*', 'Microsoft.KeyVault/*', 'Microsoft.KeyVault/vaults/write', 'Microsoft.KeyVault/vaults/readwrite'])
      expect(taken(role([block(), block({ actions: [action] })]))).toEqual([]);
  });
  test('EA-19: are left when a block stands under a condition', () => {
    expect(taken(role([block(), block({ condition: 'true' })]))).toEqual([]);
  });
  test('are left when they give no vault data action, or are built in', () => {
    expect(taken(role([block({ dataActions: ['Microsoft.Storage/storageAccounts/blobServices/containers/blobs/read'] })]))).toEqual([]);
    expect(taken(role([block()], { kind: 'builtIn' }))).toEqual([]);
  });
  test('are named to the reviewer when they are chosen, and only then', () => {
    const candidates = candidateSet([...builtIn, ...taken(role([block()]))], catalogue);
    const id = nameGuid('somebody');
    const principal = { kind: 'user', objectId: id, displayName: '', guest: false } as const;
    const map = (secrets: readonly string[]) => {
      const policy = parseAccessPolicy({ tenantId: nameGuid('t'), objectId: id, permissions: { secrets: [...secrets] } });
      return mapOf(policy, { vaultId: 'v', vaultTenantId: nameGuid('t'), principal, catalogue, candidates, held: [] });
    };
    const said = map(['get']).findings.filter((finding) => finding.code === 'MAP-TENANT-ROLE');
    expect(said).toMatchObject([{ severity: 'note', facts: { roles: ['Own'] } }]);
    expect(map(['get', 'list']).findings.map((finding) => finding.code)).not.toContain('MAP-TENANT-ROLE');
  });
});

describe('a custom role', () => {
  test('bears one id and one name for one set of data actions at one scope', () => {
    const actions = actionsOf('secrets/get', 'keys/sign');
    const one = customRole(subscription as Scope, actions);
    expect(customRole(subscription as Scope, [...actions, ...actions].reverse())).toEqual(one);
    expect(customRole(subscription as Scope, actions.slice(1)).id).not.toBe(one.id);
    expect(customRole('/subscriptions/another' as Scope, actions)).not.toMatchObject({ id: one.id });
    expect(customRole('/subscriptions/another' as Scope, actions)).not.toMatchObject({ name: one.name });
    expect(one.name).toMatch(/^Key Vault custom [0-9a-f]{16}$/);
    expect(one.assignableScopes).toEqual([subscription]);
  });
});
