import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseGuid } from '../../src/base/guid.ts';
import { nameGuid } from '../../src/base/name-guid.ts';
import { customRole, customRoleBook, customRoleScope } from '../../src/mapping/custom-role.ts';
import { mapPermissions, offlineMapping, type PermissionAnswer } from '../../src/mapping/map-permissions.ts';
import { type PermissionSet, readPermissionSet } from '../../src/mapping/permission-set.ts';
import { objectTypes } from '../../src/model/access-policy.ts';
import { rootScope } from '../../src/model/scope.ts';
import { findingWords } from '../../src/words/finding-words.ts';
import { actionsOf, allWords, builtIn, catalogue, roleId, short } from '../builders/the-catalogue.ts';

const setOf = (value: unknown): PermissionSet => {
  const set = readPermissionSet(value);
  if (typeof set === 'string') throw new Error(set);
  return set;
};
// Made anew for each question: what one test was answered must not be remembered by the next.
const map = (value: unknown, how = offlineMapping(catalogue)): PermissionAnswer => mapPermissions(setOf(value), how);
const names = (answer: Pick<PermissionAnswer, 'roles'>) => answer.roles.map((role) => role.name.replace('Key Vault ', '')).sort();
const said = (answer: PermissionAnswer) => answer.findings.map((finding) => findingWords(finding));
const codes = (answer: PermissionAnswer) => answer.findings.map((finding) => finding.code);

describe('permissions asked about without any Azure', () => {
  test('are answered as an access policy entry would be, every finding about the set', () => {
    const answer = map({ secrets: ['set'] });
    expect(names(answer)).toEqual(['Secrets Officer']);
    expect([answer.uncovered, answer.price]).toEqual([[], 2311]);
    expect(short(answer.covered)).toEqual(['secrets/setSecret', 'secrets/update']);
    expect(codes(answer)).toEqual(['MAP-ONE-PERMISSION', 'MAP-PURGE', 'MAP-SECRET-VALUES', 'MAP-CONTROL-PLANE', 'MAP-CUSTOM-ROLE']);
    expect(answer.findings.map((finding) => finding.subject)).toEqual(answer.findings.map(() => ({})));
    expect(answer.customRole).toBeUndefined();
  });
  test('P11: that are missing or null ask for nothing', () => {
    const answer = map({ secrets: null });
    expect(answer).toMatchObject({ roles: [], covered: [], uncovered: [], excess: [], controlPlane: [], alternatives: [], price: 0 });
    expect(answer.because).toEqual([{ kind: 'nothingAsked' }]);
    expect(codes(answer)).toEqual(['MAP-EMPTY']);
  });
  test('P19: that nobody knows block, beside roles for the rest', () => {
    const answer = map({ secrets: ['get', 'list', 'frobnicate'] });
    expect(names(answer)).toEqual(['Secrets User']);
    expect(answer.findings).toMatchObject([{ severity: 'blocker', code: 'MAP-UNKNOWN-PERMISSION' }]);
  });
  test('P17, LP-3: of a compound identity block, and name both ids', () => {
    const [objectId, applicationId] = [nameGuid('someone'), nameGuid('app')];
    const answer = map({ objectId, applicationId, permissions: { secrets: ['get'] } });
    expect(answer.findings[0]).toMatchObject({ severity: 'blocker', code: 'PRN-COMPOUND' });
    expect(said(answer)[0]?.message).toContain(`\`${applicationId}\` acts for \`${objectId}\``);
    expect(said(map({ applicationId, permissions: { secrets: ['get'] } }))[0]?.message).toContain('acts for');
  });
  test('P17, LP-3: of an application whose id is not a GUID are compound all the same, and never the plain principal’s', () => {
    const answer = map({ applicationId: 'not-a-guid', permissions: { secrets: ['get'] } });
    expect(codes(answer)).toContain('PRN-COMPOUND');
    for (const none of ['', null, '00000000-0000-0000-0000-000000000000']) {
      expect(codes(map({ applicationId: none, permissions: { secrets: ['get'] } }))).toEqual([]);
    }
  });
  test('of an object id that is not a GUID are an entry that cannot be understood', () => {
    const answer = map({ objectId: 'someone', permissions: { secrets: ['get'] } });
    expect(answer.findings[0]).toMatchObject({ severity: 'blocker', code: 'INV-ENTRY-ODD' });
    expect(said(answer)[0]?.message).toContain('`someone` is not a GUID');
  });
  test.each(['objectId', 'applicationId', 'tenantId'])('whose %s is not text cannot be read', (key) => {
    expect(readPermissionSet({ [key]: 5, permissions: { secrets: ['get'] } })).toBe(`\`${key}\` is not text`);
    expect(typeof readPermissionSet({ [key]: null, permissions: { secrets: ['get'] } })).toBe('object');
  });
  test('P19: of which none is known are not called nothing', () => {
    expect(map({ secrets: ['frobnicate'] }).because).toEqual([{ kind: 'nothingKnown' }]);
    expect(map({ storage: ['get'] }).because).toEqual([{ kind: 'storageLeft' }]);
  });
  test('P23: on storage are left open, and what comes by chance is covered', () => {
    const answer = map({ keys: ['get'], storage: ['get', 'set'] });
    expect(names(answer)).toEqual(['Reader']);
    expect(short(answer.uncovered)).toEqual(['storageaccounts/set']);
    expect(codes(answer)).toContain('MAP-STORAGE');
  });
});

describe('roles that the principal has already', () => {
  test('are taken by name in any case, by id and by resource id', () => {
    const id = roleId('Secrets User');
    const spellings = ['key vault SECRETS user', ' Key Vault Secrets User ', id, id.toUpperCase(), `/subscriptions/s/providers/x/${id}`];
    for (const role of spellings) {
      const answer = map({ secrets: ['get'], existingRoles: [role] });
      expect([answer.roles, answer.findings, answer.because]).toEqual([[], [], [{ kind: 'heldAlready' }]]);
    }
  });
  test('give nothing when nobody knows them, and that is said', () => {
    const answer = map({ secrets: ['get'], existingRoles: ['Vault Wizard'] });
    expect(names(answer)).toEqual(['Secrets User']);
    expect(answer.findings).toEqual([{ severity: 'warning', code: 'MAP-EXISTING-UNKNOWN', subject: {}, facts: { role: 'Vault Wizard' } }]);
  });
  test('EA-37: give nothing that stands under a condition', () => {
    const roles = catalogue.roles.map((role) =>
      role.id === roleId('Secrets User') ? { ...role, permissions: role.permissions.map((block) => ({ ...block, condition: 'x' })) } : role,
    );
    expect(
      names(map({ secrets: ['get'], existingRoles: ['Key Vault Secrets User'] }, offlineMapping({ ...catalogue, roles }))),
    ).not.toEqual([]);
  });
});

describe('other roles that would cover the same', () => {
  test('are named with the price that kept them from being chosen, cheapest first', () => {
    const answer = map({ keys: ['get'], secrets: ['get'] });
    expect(names(answer)).toEqual(['Certificate User']);
    expect(answer.alternatives.map((one) => [names(one), one.price])).toEqual([[['Reader', 'Secrets User'], 6]]);
    const two = map({ keys: ['get', 'release'] });
    expect(two.alternatives.map((one) => [names(one), one.price])).toEqual([
      [['Crypto Service Encryption User', 'Crypto Service Release User'], 101],
      [['Crypto Officer'], 1934],
    ]);
  });
  test('are none where only one role gives it', () => {
    expect(map({ storage: ['set'], keys: ['get', 'list'], existingRoles: ['Key Vault Reader'] }).alternatives).toEqual([]);
    const few = { ...catalogue, roles: catalogue.roles.filter((role) => role.name === 'Key Vault Secrets User') };
    expect(map({ secrets: ['get'] }, offlineMapping(few)).alternatives).toEqual([]);
  });
  test('cover all of what the choice covers but storage, and are never cheaper', () => {
    fc.assert(
      fc.property(permissionSets, fc.subarray([...builtIn], { maxLength: 2 }), (lists, existing) => {
        const answer = map({ ...lists, existingRoles: existing.map((role) => role.id) });
        const held = new Set(existing.flatMap((role) => role.dataActions));
        for (const other of answer.alternatives) {
          expect(other.price).toBeGreaterThanOrEqual(answer.price);
          const gives = new Set(other.roles.flatMap(({ id }) => builtIn.find((role) => role.id === id)?.dataActions ?? []));
          const lost = answer.covered.filter((name) => !gives.has(name) && !held.has(name));
          expect(lost.filter((name) => !name.includes('/storageaccounts/'))).toEqual([]);
          expect(other.roles).not.toEqual(answer.roles);
        }
      }),
    );
  });
});

const scope = customRoleScope('/subscriptions/AAAA/');
const withCustomRoles = (limit = 5000) => offlineMapping(catalogue, customRoleBook(scope, limit));

describe('a custom role', () => {
  test('has exactly the data actions of the set, and is proposed only where built-in roles are not exact', () => {
    const how = withCustomRoles();
    const answer = map({ secrets: ['backup', 'restore'] }, how);
    expect(answer.customRole).toMatchObject({
      dataActions: actionsOf('secrets/backup', 'secrets/restore'),
      assignableScopes: ['/subscriptions/aaaa'],
    });
    expect(names(answer)).toEqual(['Secrets Officer']);
    expect(map({ secrets: ['get', 'list'] }, how).customRole).toBeUndefined();
    expect(map({ secrets: [] }, how).customRole).toBeUndefined();
  });
  test('is one for all sets of the same data actions, whatever their words', () => {
    const how = withCustomRoles();
    const one = map({ keys: ['get', 'Sign'] }, how).customRole;
    expect(map({ keys: ['SIGN', 'list'] }, how).customRole).toBe(one);
    expect(map({ keys: ['sign'] }, how).customRole?.name).not.toBe(one?.name);
    expect(map({ keys: ['get', 'sign'] }, withCustomRoles()).customRole).toEqual(one);
    expect(one?.name).toMatch(/^Key Vault custom [0-9a-f]{16}$/);
  });
  test('has an id and a name that follow from its data actions and where it can be assigned, and from nothing else', () => {
    const [one, two] = [actionsOf('keys/get', 'keys/sign'), actionsOf('keys/sign')];
    const role = customRole(scope, one);
    expect(customRole(scope, [...one.toReversed(), ...one])).toEqual(role);
    expect(
      customRole(
        scope,
        one.map((action) => action.toUpperCase()),
      ),
    ).toMatchObject({ id: role.id, name: role.name });
    expect(role).toMatchObject({ id: '233dfac8-76c2-5691-8fbd-110f53ddb62d', name: 'Key Vault custom b55a82b579940d46' });
    const others = [customRole(scope, two), customRole(customRoleScope('/subscriptions/bbbb'), one)];
    expect(new Set([role, ...others].map(({ id }) => id)).size).toBe(3);
    expect(new Set([role, ...others].map(({ name }) => name)).size).toBe(3);
  });
  test('EA-20: takes no further place where the tenant has it already', () => {
    const first = customRoleBook(scope, 1).propose(actionsOf('keys/sign'));
    const there = new Set(first === undefined ? [] : [first.id]);
    const book = customRoleBook(scope, 1, there);
    expect(book.propose(actionsOf('keys/sign'))).toEqual(first);
    expect(book.propose(actionsOf('keys/decrypt'))).toBeDefined();
    expect(book.propose(actionsOf('keys/wrapKey'))).toBeUndefined();
    expect(customRoleBook(scope, 0, there).propose(actionsOf('keys/sign'))).toEqual(first);
  });
  test('holds what no built-in role that is chosen covers: storage too', () => {
    expect(short(map({ keys: ['get', 'list'], storage: ['set'] }, withCustomRoles()).customRole?.dataActions ?? [])).toEqual([
      'keys/read',
      'storageaccounts/set',
    ]);
  });
  test('EA-20: is not proposed when a tenant could not hold one more; those proposed before stay', () => {
    const how = withCustomRoles(1);
    const first = map({ keys: ['sign'] }, how).customRole;
    const second = map({ keys: ['decrypt'] }, how);
    expect(second.customRole).toBeUndefined();
    expect(second.findings.find(({ code }) => code === 'MAP-CUSTOM-LIMIT')).toMatchObject({ severity: 'blocker', facts: { limit: 1 } });
    expect(map({ keys: ['sign'] }, how).customRole).toBe(first);
    expect(first).toBeDefined();
  });
  test('LP-10: that reads values without metadata says what is lost with deleted secrets', () => {
    expect(codes(map({ secrets: ['get', 'backup'] }, withCustomRoles()))).toContain('MAP-CUSTOM-DELETED');
    expect(codes(map({ secrets: ['get', 'list', 'backup'] }, withCustomRoles()))).not.toContain('MAP-CUSTOM-DELETED');
    expect(codes(map({ secrets: ['backup'] }, withCustomRoles()))).not.toContain('MAP-CUSTOM-DELETED');
  });
  test.each([
    rootScope,
    '/providers/Microsoft.Management/managementGroups/mg',
    '/subscriptions/s/resourceGroups/g/providers/Microsoft.KeyVault/vaults/v',
    'x',
  ])('EA-20: is not made assignable at `%s`', (wrong) => {
    expect(() => customRoleScope(wrong)).toThrow(expect.objectContaining({ code: 'CUSTOM_ROLE_SCOPE', outcome: 'usage' }));
  });
  test('may be assignable at a resource group', () => {
    expect(customRoleScope('/subscriptions/s/resourceGroups/G')).toBe('/subscriptions/s/resourcegroups/g');
  });
});

describe('a value that is to be a permission set', () => {
  test.each<[unknown, string]>([
    [3, 'it is not an object'],
    [null, 'it is not an object'],
    [['get'], 'it is not an object'],
    [{ wallets: ['get'] }, 'it has `wallets`; known are keys, secrets, certificates, storage, existingRoles'],
    [{ secrets: 7 }, '`secrets` is not a list of words'],
    [{ secrets: 'System.Collections.Generic.List`1[System.String]' }, 'add `-Depth 5` to ConvertTo-Json'],
    [{ secrets: ['get'], Secret_Permissions: ['list'] }, 'it gives `secrets` twice'],
    [{ secrets: ['get', 7] }, '`secrets` is not a list of words'],
    [{ existingRoles: 'Reader' }, '`existingRoles` is not a list of words'],
    [{ existingRoles: [null] }, '`existingRoles` is not a list of words'],
    [{ permissions: ['get'] }, '`permissions` is not an object'],
    [{ permissions: { wallets: [] } }, 'it has `wallets`; known are keys, secrets, certificates, storage, tenantId'],
    [{ permissions: {}, name: 'x' }, 'it has `name`'],
    [JSON.parse('{"__proto__":{"secrets":["get"]}}'), 'it has `__proto__`'],
  ])('%j is refused in words', (value, words) => {
    expect(readPermissionSet(value)).toContain(words);
  });
  test('keeps words verbatim, and takes a whole access policy as well', () => {
    const objectId = nameGuid('o');
    expect(
      readPermissionSet({
        tenantId: 't',
        objectId: objectId.toUpperCase(),
        applicationId: null,
        permissions: { keys: ['Get'] },
        existingRoles: ['r'],
      }),
    ).toEqual({
      permissions: { keys: ['Get'], secrets: [], certificates: [], storage: [] },
      existingRoles: ['r'],
      objectId,
    });
    expect(readPermissionSet({ objectId: 'nobody', permissions: {} })).not.toHaveProperty('objectId');
    expect(readPermissionSet({ secrets: ['list'] })).toEqual({
      permissions: { keys: [], secrets: ['list'], certificates: [], storage: [] },
      existingRoles: [],
    });
  });
  const of = (secrets: readonly string[], keys: readonly string[] = []) => ({ keys, secrets, certificates: [], storage: [] });
  test.each<[string, unknown, PermissionSet['permissions']]>([
    ['words of one text set apart by blanks or commas', { secrets: 'get, list', keys: 'get  list' }, of(['get', 'list'], ['get', 'list'])],
    ['several words in one item', { secrets: ['get list', 'set,delete'] }, of(['get', 'list', 'set', 'delete'])],
    ['words with a blank before them', { secrets: ['get', ' list'] }, of(['get', 'list'])],
    [
      'the lists of PowerShell',
      { PermissionsToSecrets: ['get'], PermissionsToKeys: 'Get List', DisplayName: 'x' },
      of(['get'], ['Get', 'List']),
    ],
    ["Terraform's lists", { secret_permissions: ['Get'], key_permissions: null, object_id: '' }, of(['Get'])],
    ['lists in capital letters', { Permissions: { Secrets: ['get'], keys: null } }, of(['get'])],
  ])('takes %s', (_, value, permissions) => {
    expect(readPermissionSet(value)).toMatchObject({ permissions });
  });
  test('says of words with blanks around them that Azure stores none such', () => {
    const answer = map({ secrets: ['get', ' list'] });
    expect(answer.roles.map(({ name }) => name)).toEqual(['Key Vault Secrets User']);
    expect(answer.findings).toEqual([{ severity: 'note', code: 'MAP-BLANKS', subject: {}, facts: { permissions: [' list'] } }]);
  });
  test('P19: names the word that may have been meant by one that nobody knows', () => {
    const answer = map({ secrets: ['gte', 'list'] });
    expect(answer.findings[0]).toMatchObject({ severity: 'blocker', code: 'MAP-UNKNOWN-PERMISSION' });
    expect(said(answer)[0]?.remedy).toContain('did you mean `secrets/get`');
  });
});

const wordsOf = (type: string) => allWords(type).map((word) => word.slice(type.length + 1));
const permissionSets = fc.record(
  Object.fromEntries(objectTypes.map((type) => [type, fc.subarray(wordsOf(type), type === 'storage' ? { maxLength: 1 } : {})])),
) as fc.Arbitrary<Record<(typeof objectTypes)[number], string[]>>;
const spelling = (word: string, upper: readonly boolean[]) =>
  Array.from(word, (sign, at) => (upper[at % upper.length] === true ? sign.toUpperCase() : sign.toLowerCase())).join('');

describe('whatever is asked', () => {
  test('order and casing of permissions never matter', () => {
    const casing = fc.array(fc.boolean(), { minLength: 1, maxLength: 7 });
    fc.assert(
      fc.property(permissionSets, casing, fc.boolean(), (lists, upper, twice) => {
        const other = Object.fromEntries(
          Object.entries(lists).map(([type, words]) => {
            const turned = [...words].reverse().map((word) => spelling(word, upper));
            return [type, twice ? [...turned, ...words] : turned];
          }),
        );
        const plain = (answer: PermissionAnswer) => JSON.stringify({ ...answer, findings: codes(answer) });
        expect(plain(map(other))).toBe(plain(map(lists)));
      }),
    );
  });
  test('adding a permission never removes coverage', () => {
    const more = fc.constantFrom(...objectTypes.flatMap((type) => wordsOf(type).map((word) => [type, word] as const)));
    fc.assert(
      fc.property(permissionSets, more, (lists, [type, word]) => {
        const covered = new Set(map({ ...lists, [type]: [...lists[type], word] }).covered);
        expect(map(lists).covered.filter((name) => !covered.has(name) && !name.includes('storageaccounts'))).toEqual([]);
      }),
    );
  });
  test('every required data action is covered or uncovered, and never both', () => {
    fc.assert(
      fc.property(permissionSets, (lists) => {
        const answer = map(lists);
        const asked = actionsOf(...objectTypes.flatMap((type) => lists[type].map((word) => `${type}/${word}`)));
        expect([...answer.covered, ...answer.uncovered].sort()).toEqual(asked);
      }),
    );
  });
  test('reuse never adds: no dearer, no role whose data actions are all held, nothing less covered', () => {
    fc.assert(
      fc.property(permissionSets, fc.subarray([...builtIn], { minLength: 1 }), (lists, existing) => {
        const [with_, without] = [map({ ...lists, existingRoles: existing.map((role) => role.name) }), map(lists)];
        const held = new Set(existing.flatMap((role) => role.dataActions));
        expect(with_.price).toBeLessThanOrEqual(without.price);
        // Storage is left for a person to decide (P23): what of it comes along by chance may go with a role that is not needed any more.
        const lost = without.covered.filter((name) => !with_.covered.includes(name) && !name.includes('/storageaccounts/'));
        expect(lost).toEqual([]);
        for (const { id } of with_.roles)
          expect(builtIn.find((role) => role.id === id)?.dataActions.every((name) => held.has(name))).toBe(false);
        expect(with_.excess.filter(({ dataAction }) => held.has(dataAction))).toEqual([]);
      }),
    );
  });
  test('roles are named by ids that the catalogue has', () => {
    fc.assert(
      fc.property(permissionSets, (lists) => {
        for (const { id, name } of map(lists).roles) expect(catalogue.roles.find((role) => role.id === parseGuid(id))?.name).toBe(name);
      }),
    );
  });
});
