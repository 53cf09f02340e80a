import { describe, expect, test } from 'vitest';
import { nameGuid } from '../../src/base/name-guid.ts';
import { read, unreadable } from '../../src/base/reading.ts';
import { candidateSet } from '../../src/mapping/candidate-set.ts';
import { candidateRoles } from '../../src/mapping/candidates.ts';
import { customRoleBook, customRoleScope } from '../../src/mapping/custom-role.ts';
import { mapPermissions, offlineMapping } from '../../src/mapping/map-permissions.ts';
import { readPermissionSet } from '../../src/mapping/permission-set.ts';
import { parseAccessPolicy } from '../../src/model/access-policy.ts';
import type { Finding } from '../../src/model/finding.ts';
import { parseRoleDefinition } from '../../src/model/role.ts';
import { choiceInWords } from '../../src/words/choice-words.ts';
import { findingWords } from '../../src/words/finding-words.ts';
import { mapOf } from '../builders/map-of.ts';
import { builtIn, catalogue, roleId } from '../builders/the-catalogue.ts';
import { wholeRole } from '../builders/whole-rows.ts';

// Reviewers decide by these sentences, so they are held word for word.
function answer(value: unknown) {
  const set = readPermissionSet(value);
  if (typeof set === 'string') throw new Error(set);
  const { because, ...rest } = mapPermissions(set, offlineMapping(catalogue, customRoleBook(customRoleScope('/subscriptions/s'), 0)));
  return { ...rest, because: choiceInWords(because) };
}
const lines = (findings: readonly Finding[], ...codes: readonly string[]) =>
  findings
    .filter(({ code }) => codes.includes(code))
    .map((finding) => [finding.severity, findingWords(finding)] as const)
    .map(([severity, { message, remedy }]) => `${severity}: ${message}. ${remedy}`);

describe('what a reviewer reads about a set', () => {
  test('that needs an Officer for one write', () => {
    const { because, findings } = answer({ secrets: ['set'] });
    expect(because).toBe(
      'Key Vault Secrets Officer is the narrowest cover of the entry, with extra access: secrets/getSecret, secrets/purge, secrets/backup, ' +
        'secrets/delete, secrets/restore, 1 on settings and undo and 1 on metadata or public keys.',
    );
    expect(lines(findings, 'MAP-ONE-PERMISSION', 'MAP-PURGE', 'MAP-SECRET-VALUES', 'MAP-CUSTOM-ROLE', 'MAP-CUSTOM-LIMIT')).toEqual([
      'blocker: no custom role is proposed: 0 different ones are the most that a tenant holds. use built-in roles for some of the sets',
      'warning: `secrets/set` alone forces `Key Vault Secrets Officer`: every narrower role covers the rest of the entry. ' +
        'find out whether `secrets/set` is used; without it a narrower role is enough, with it a custom role is exact',
      'warning: `Key Vault Secrets Officer` lets the principal destroy for good (secrets/purge), which the access policy does not. ' +
        'turn purge protection on, use a custom role, or accept it knowingly',
      'warning: `Key Vault Secrets Officer` lets the principal read the value of every secret, which the access policy does not. ' +
        'accept it knowingly, use a custom role, or drop what forces the role',
      'note: a custom role with exactly these 2 data actions would grant nothing extra. ' +
        'consider one when many entries ask for the same; a tenant holds 5,000',
    ]);
  });
  test('that needs two Officers, with roles that nobody knows', () => {
    const { because, findings } = answer({ secrets: ['get', 'set'], keys: ['create'], existingRoles: ['y'] });
    expect(because).toBe(
      'Key Vault Crypto Officer and Key Vault Secrets Officer are together the narrowest cover of the entry, with extra access: keys/purge, ' +
        'secrets/purge, keys/backup, keys/decrypt, keys/delete, keys/import, keys/release, keys/restore, keys/rotate, keys/sign, keys/unwrap, ' +
        'secrets/backup, secrets/delete, secrets/restore, 4 on settings and undo and 6 on metadata or public keys.',
    );
    expect(lines(findings, 'MAP-ONE-PERMISSION', 'MAP-PURGE', 'MAP-EXISTING-UNKNOWN')).toEqual([
      'warning: the existing role `y` is not in the catalogue, so nothing is taken to be held by it. ' +
        'use the name or id of a built-in role; `keyturn plan` reads custom roles from the tenant',
      'warning: `keys/create` alone forces `Key Vault Crypto Officer`: every narrower role covers the rest of the entry. ' +
        'find out whether `keys/create` is used; without it a narrower role is enough, with it a custom role is exact',
      'warning: `secrets/set` alone forces `Key Vault Secrets Officer`: every narrower role covers the rest of the entry. ' +
        'find out whether `secrets/set` is used; without it a narrower role is enough, with it a custom role is exact',
      'warning: `Key Vault Crypto Officer` with `Key Vault Secrets Officer` lets the principal destroy for good (keys/purge, secrets/purge), ' +
        'which the access policy does not. turn purge protection on, use a custom role, or accept it knowingly',
    ]);
  });
  test('on certificates, with their keys and without', () => {
    expect(lines(answer({ certificates: ['get'] }).findings, 'MAP-CERTIFICATE-METADATA')).toEqual([
      'note: the entry reads certificates without their private keys; a role that reads those would open every secret, so none is chosen. nothing to do',
    ]);
    expect(
      lines(answer({ certificates: ['get'], secrets: ['get'] }).findings, 'MAP-CERTIFICATE-SECRETS', 'MAP-CERTIFICATE-METADATA'),
    ).toEqual([
      'note: `Key Vault Certificate User` reads every secret of the vault, not only those behind certificates; so does the access policy. nothing to do',
    ]);
    // A role that brings secret values unasked is warned about once, as that.
    const both = answer({ certificates: ['get'], secrets: ['set'] }).findings;
    expect(lines(both, 'MAP-CERTIFICATE-SECRETS', 'MAP-CERTIFICATE-METADATA')).toEqual([]);
    expect(lines(answer({ certificates: ['all', 'purge'] }).findings, 'MAP-NEW-ACTION-ONLY')).toEqual([
      'note: the only extra access besides metadata is certificates/release, which no access policy permission covers. nothing to do',
    ]);
  });
  test('whose roles bring control-plane actions', () => {
    const [line, ...more] = lines(answer({ keys: ['release', 'get'] }).findings, 'MAP-CONTROL-PLANE');
    expect(more).toEqual([]);
    expect(line).toBe(
      'note: `Key Vault Crypto Service Release User` with `Key Vault Reader` also gives control-plane actions as soon as assigned, before the flip: ' +
        'Microsoft.Authorization/*/read, Microsoft.Insights/alertRules/*, Microsoft.KeyVault/checkNameAvailability/read, ' +
        'Microsoft.KeyVault/deletedVaults/read, Microsoft.KeyVault/locations/*/read, Microsoft.KeyVault/operations/read, ' +
        'Microsoft.KeyVault/vaults/*/read, Microsoft.Resources/subscriptions/resourceGroups/read, Microsoft.Support/*. nothing to do',
    );
  });
  test('with storage permissions', () => {
    expect(answer({ storage: ['get', 'set'], keys: ['get'] }).because).toBe(
      'Key Vault Reader is the narrowest cover of the entry; the extra data actions are low risk: 5 on metadata or public keys. ' +
        'Managing storage accounts is left for a person to decide.',
    );
  });
  test('that asks for nothing, and one that is held already', () => {
    expect(answer({}).because).toBe('The entry asks for nothing, so nothing is assigned.');
    expect(answer({ secrets: ['get'], existingRoles: ['Key Vault Secrets User'] }).because).toBe(
      'Existing assignments already give what is needed.',
    );
  });
  test('on all secrets by one word: it is no single permission that forces the Officer', () => {
    expect(lines(answer({ secrets: ['All'] }).findings, 'MAP-ONE-PERMISSION')).toEqual([]);
    expect(lines(answer({ secrets: [' Set ', 'set'] }).findings, 'MAP-ONE-PERMISSION')[0]).toContain('`secrets/Set` alone forces');
  });
});

describe('what a reviewer reads of an operator who may assign few roles', () => {
  const [tenantId, objectId] = [nameGuid('tenant'), nameGuid('someone')];
  const map = (permissions: Readonly<Record<string, readonly string[]>>, ...permitted: readonly string[]) =>
    mapOf(parseAccessPolicy({ tenantId, objectId, permissions }), {
      vaultId: 'v',
      vaultTenantId: tenantId,
      principal: { kind: 'user', objectId, displayName: '', guest: false },
      catalogue,
      held: [],
      candidates: candidateSet(builtIn, catalogue, (id) => permitted.map(roleId).includes(id)),
    });
  test('what stays uncovered, and what somebody else could assign', () => {
    const { choice, findings } = map({ keys: ['release', 'get'], secrets: ['get'] }, 'Reader');
    expect(choiceInWords(choice?.because ?? [])).toBe(
      'Key Vault Reader is the narrowest cover of what can be covered; the extra data actions are low risk: ' +
        '6 on metadata or public keys. No permitted role gives keys/release and secrets/getSecret.',
    );
    expect(lines(findings, 'MAP-UNCOVERED', 'MAP-OPERATOR-LIMIT')).toEqual([
      'blocker: no role that may be assigned gives keys/release, secrets/getSecret. ' +
        'ask someone who may assign more roles to do it, or decide which permissions to drop',
      'warning: you may not assign `Key Vault Crypto Service Release User` with `Key Vault Certificate User`, which would be narrower ' +
        '(price 2 against 6). ask someone with the right to assign it, or accept the wider roles',
    ]);
  });
  test('nothing covered at all is one sentence', () => {
    const { choice, findings } = map({ keys: ['release'] });
    expect(choiceInWords(choice?.because ?? [])).toBe('No permitted role gives keys/release.');
    expect(findings.map(({ code }) => code)).toEqual(['MAP-UNCOVERED', 'MAP-OPERATOR-LIMIT']);
  });
  test('an exact cover of a part', () => {
    expect(choiceInWords(map({ keys: ['release'], secrets: ['get', 'list'] }, 'Secrets User').choice?.because ?? [])).toBe(
      'Key Vault Secrets User is an exact cover of what can be covered. No permitted role gives keys/release.',
    );
  });
  test('nothing of a limit that costs nothing', () => {
    expect(lines(map({ secrets: ['get', 'list'] }, 'Secrets User').findings, 'MAP-OPERATOR-LIMIT')).toEqual([]);
  });
});

describe('what a reviewer reads of roles', () => {
  test('that a tenant does not offer, and of those that could not be read', () => {
    const missing = candidateRoles(catalogue, read([])).findings;
    expect(missing).toHaveLength(10);
    const reader = missing.filter(({ subject }) => subject.role === roleId('Reader'));
    expect(lines(reader, 'MAP-ROLE-MISSING')).toEqual([
      'note: this cloud or tenant does not offer `Key Vault Reader`, so it is not considered. nothing to do',
    ]);
    expect(lines(candidateRoles(catalogue, unreadable('403')).findings, 'MAP-ROLES-UNREAD')).toEqual([
      'warning: role definitions could not be read (403); roles are taken as they were on 2026-08-22. ' +
        'get the right to read role definitions, then run again',
    ]);
  });
  test('keep their catalogue name when the tenant gives none', () => {
    const known = catalogue.roles.find(({ id }) => id === roleId('Secrets User'));
    const live = parseRoleDefinition(
      wholeRole({ name: roleId('Secrets User'), properties: { roleName: '', permissions: known?.permissions } }),
    );
    expect(candidateRoles(catalogue, read(live === undefined ? [] : [live])).roles.map(({ name }) => name)).toEqual([
      'Key Vault Secrets User',
    ]);
  });
});

describe('the limits of the search', () => {
  test('are 64 data actions: one more is refused, and 64 are told apart', () => {
    const actions = (count: number) =>
      Array.from({ length: count }, (_, at) => ({
        name: `Microsoft.KeyVault/vaults/a${at}`,
        tier: 'C' as const,
        checkedAt: ['vault' as const],
      }));
    expect(() => candidateSet([], { ...catalogue, dataActions: actions(65) })).toThrow(
      'the catalogue has 65 data actions, and sets hold 64',
    );
    const { index } = candidateSet([], { ...catalogue, dataActions: actions(64) });
    for (const at of [0, 31, 32, 33, 63]) {
      const name = `Microsoft.KeyVault/vaults/a${at}`;
      expect(index.namesOf(index.setOf([name.toUpperCase()]))).toEqual([name]);
    }
    const all = index.setOf(actions(64).map(({ name }) => name));
    expect(index.priceOf(all.low, all.high)).toBe(640);
  });
});
