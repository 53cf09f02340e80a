import { describe, expect, test } from 'vitest';
import type { Guid } from '../../src/base/guid.ts';
import type { JsonObject } from '../../src/base/json.ts';
import { nameGuid } from '../../src/base/name-guid.ts';
import { candidateSet } from '../../src/mapping/candidate-set.ts';
import type { EntryMapping } from '../../src/mapping/map-entry.ts';
import { uniteEntries } from '../../src/mapping/unite-entries.ts';
import { type AccessPolicy, parseAccessPolicy } from '../../src/model/access-policy.ts';
import type { Finding } from '../../src/model/finding.ts';
import type { OtherId, Principal } from '../../src/model/principal.ts';
import { choiceInWords } from '../../src/words/choice-words.ts';
import { findingWords } from '../../src/words/finding-words.ts';
import { type MapContext, mapOf } from '../builders/map-of.ts';
import { actionsOf, allWords, builtIn, catalogue, roleId, short } from '../builders/the-catalogue.ts';

const tenant = '00000000-0000-0000-0000-0000000000aa';
const objectId: Guid = nameGuid('someone');
const application: Guid = nameGuid('app');
const vaultId = '/subscriptions/s/resourceGroups/rg/providers/Microsoft.KeyVault/vaults/kv';
const user: Principal = { kind: 'user', objectId, displayName: 'Ada', guest: false };

type Lists = Partial<Record<'keys' | 'secrets' | 'certificates' | 'storage', readonly string[] | null>>;
const entry = (permissions: Lists, more: JsonObject = {}): AccessPolicy =>
  parseAccessPolicy({ tenantId: tenant, objectId, permissions: permissions, ...more });
const context = (more: Partial<MapContext> = {}): MapContext => ({
  vaultId,
  vaultTenantId: tenant,
  principal: user,
  catalogue,
  // Made anew: what one test was answered must not be remembered by the next.
  candidates: candidateSet(builtIn, catalogue),
  held: [],
  ...more,
});
const about = ({ findings }: EntryMapping, code: string): readonly Finding[] => findings.filter((finding) => finding.code === code);
const said = (mapping: EntryMapping, code = mapping.findings[0]?.code ?? '') =>
  about(mapping, code).map((finding) => findingWords(finding));
const map = (permissions: Lists, more: Partial<MapContext> = {}) => mapOf(entry(permissions), context(more));
const roles = (mapping: EntryMapping) => mapping.choice?.roles.map((role) => role.name.replace('Key Vault ', '')).sort();
const excess = (mapping: EntryMapping) => short(mapping.choice?.excess.map(({ dataAction }) => dataAction) ?? []);
const codes = (mapping: EntryMapping) => mapping.findings.map((finding) => finding.code);
const given = (name: string) => builtIn.find((role) => role.id === roleId(name))?.dataActions ?? [];

describe('an access policy entry maps to the narrowest roles', () => {
  test.each(['all', 'All', 'ALL '])(
    'P01, LP-5: `%s` on secrets is everything but purge, whatever its case, and Reader does not cover it',
    (word) => {
      const mapping = map({ secrets: [word] }, { held: given('Reader') });
      expect(short(mapping.required)).toEqual([
        'secrets/backup',
        'secrets/delete',
        'secrets/getSecret',
        'secrets/readMetadata',
        'secrets/recover',
        'secrets/restore',
        'secrets/setSecret',
        'secrets/update',
      ]);
      expect(mapping.outcome).toBe('reproducible');
      expect(roles(mapping)).toEqual(['Secrets Officer']);
      expect(excess(mapping)).toEqual(['secrets/purge']);
    },
  );
  test('P02: keys get and release take Release User beside Reader', () => {
    const mapping = map({ keys: ['get', 'release'] });
    expect(roles(mapping)).toEqual(['Crypto Service Release User', 'Reader']);
    expect(mapping.choice?.uncovered).toEqual([]);
  });
  test('P03: keys get, encrypt and release take Crypto User or less beside Release User, never Crypto Officer', () => {
    const mapping = map({ keys: ['get', 'encrypt', 'release'] });
    expect(roles(mapping)).toEqual(['Crypto Service Release User', 'Crypto User']);
    expect(mapping.choice?.uncovered).toEqual([]);
  });
  test('P04: certificates get and list take Reader, with a word on why nothing that reads secrets was chosen', () => {
    const mapping = map({ certificates: ['get', 'list'] });
    expect(roles(mapping)).toEqual(['Reader']);
    expect(excess(mapping)).not.toContain('secrets/getSecret');
    expect(codes(mapping)).toContain('MAP-CERTIFICATE-METADATA');
  });
  test('P05: secrets get, keys get and decrypt, certificates get take two User roles, never Administrator', () => {
    const mapping = map({ secrets: ['get'], keys: ['get', 'decrypt'], certificates: ['get'] });
    expect(roles(mapping)).toEqual(['Certificate User', 'Crypto User']);
  });
  test('P06: keys get with secrets get keep keys/read', () => {
    const mapping = map({ keys: ['get'], secrets: ['get'] });
    expect(roles(mapping)).toEqual(['Certificate User']);
    expect(short(mapping.choice?.covered ?? [])).toEqual(['keys/read', 'secrets/getSecret']);
    expect(mapping.choice?.price).toBe(2);
  });
  test('P07: keys get and list take Reader, not a role that uses keys', () => {
    expect(roles(map({ keys: ['get', 'list'] }))).toEqual(['Reader']);
  });
  test('P08: secrets backup and restore take Secrets Officer, flagged, beside the exact custom role', () => {
    const mapping = map({ secrets: ['backup', 'restore'] });
    expect(roles(mapping)).toEqual(['Secrets Officer']);
    expect(codes(mapping)).toEqual(expect.arrayContaining(['MAP-SECRET-VALUES', 'MAP-PURGE', 'MAP-CUSTOM-ROLE']));
  });
  test('P09: manageissuers and getissuers write issuers, so Reader is not enough', () => {
    const mapping = map({ certificates: ['manageissuers', 'getissuers'] });
    expect(roles(mapping)).toEqual(['Certificates Officer']);
    expect(short(mapping.required)).toEqual(['certificatecas/delete', 'certificatecas/read', 'certificatecas/write']);
  });
  test('P10: the permissions of SQL encryption are an exact fit, in any casing', () => {
    const mapping = map({ keys: ['Get', 'list', 'wrapkey', 'UNWRAPKEY'] });
    expect(roles(mapping)).toEqual(['Crypto Service Encryption User']);
    expect(mapping.choice?.price).toBe(0);
    expect(mapping.outcome).toBe('reproducible');
  });
  test('P11: missing and null lists are empty', () => {
    for (const lists of [{ secrets: ['get', 'list'] }, { secrets: ['get', 'list'], keys: null, storage: null }]) {
      const mapping = map(lists);
      expect([mapping.outcome, roles(mapping), mapping.choice?.price]).toEqual(['reproducible', ['Secrets User'], 0]);
    }
  });
  test('takes what is held already, and assigns nothing when nothing is left', () => {
    const partly = map({ secrets: ['get', 'list'], keys: ['get', 'list'] }, { held: given('Reader') });
    expect(roles(partly)).toEqual(['Secrets User']);
    expect(partly.choice?.price).toBe(0);
    const whole = map({ secrets: ['get', 'list'] }, { held: given('Secrets Officer') });
    expect([whole.outcome, roles(whole), whole.choice?.uncovered]).toEqual(['reproducible', [], []]);
  });
});

describe('an entry that cannot simply be reproduced', () => {
  test('P17: with an application is an entry of its own and needs a decision; the plain one is not widened', () => {
    const plain = entry({ secrets: ['list'] });
    const compound = entry({ secrets: ['get'] }, { applicationId: application });
    const united = uniteEntries([plain, compound]);
    expect(united).toHaveLength(2);
    const [first, second] = united.map((one) => mapOf(one, context()));
    expect([first?.outcome, first?.required]).toEqual(['reproducible', actionsOf('secrets/list')]);
    expect(second?.outcome).toBe('needsDecision');
    expect(second?.findings.find((finding) => finding.code === 'PRN-COMPOUND')).toMatchObject({
      severity: 'blocker',
      subject: { vault: vaultId, principal: objectId, application },
    });
  });
  test('P17: says so when the application is the principal’s own, which never worked', () => {
    const principal: Principal = {
      kind: 'servicePrincipal',
      objectId,
      displayName: 'a',
      appId: application.toUpperCase(),
      managedIdentity: false,
    };
    const mapping = mapOf(entry({ secrets: ['get'] }, { applicationId: application }), context({ principal }));
    expect(said(mapping, 'PRN-COMPOUND')[0]?.message).toContain('never worked');
    const other = mapOf(entry({ secrets: ['get'] }, { applicationId: application }), context());
    expect(said(other, 'PRN-COMPOUND')[0]?.message).not.toContain('never worked');
  });
  test('P19: a word nobody knows stops, and the rest is still mapped', () => {
    const mapping = map({ secrets: ['get', 'list', 'frobnicate'] });
    expect(mapping.outcome).toBe('needsDecision');
    expect(roles(mapping)).toEqual(['Secrets User']);
    expect(mapping.findings[0]).toMatchObject({ severity: 'blocker', code: 'MAP-UNKNOWN-PERMISSION' });
    expect(said(mapping)[0]?.message).toContain('`secrets/frobnicate`');
  });
  test('P19: nothing but unknown words is not an empty entry', () => {
    expect(map({ secrets: ['frobnicate'] }).outcome).toBe('needsDecision');
  });
  test('P22, EA-32: an unresolved principal needs a decision, and so does one that was not looked up', () => {
    const principal: Principal = { kind: 'unresolved', objectId, why: { kind: 'deletedUnread', because: 'the directory leaves it out' } };
    for (const who of [principal, undefined]) {
      const mapping = map({ secrets: ['get'] }, { principal: who });
      expect([mapping.outcome, codes(mapping)]).toEqual(['needsDecision', ['PRN-UNRESOLVED']]);
      expect(mapping.findings[0]?.severity).toBe('blocker');
    }
  });
  test('EA-32: a deleted principal needs a decision', () => {
    const principal: Principal = { kind: 'deleted', objectId, displayName: 'Old' };
    expect(map({ secrets: ['get'] }, { principal })).toMatchObject({ outcome: 'needsDecision', findings: [{ code: 'PRN-DELETED' }] });
  });
  test('P23: storage permissions are set aside for a person, and the secrets get their own narrow role', () => {
    const mapping = map({ secrets: ['get', 'list'], storage: ['regeneratekey'] });
    expect(mapping.outcome).toBe('needsDecision');
    expect(roles(mapping)).toEqual(['Secrets User']);
    expect(mapping.choice?.price).toBe(0);
    expect(short(mapping.choice?.uncovered ?? [])).toEqual(['storageaccounts/regeneratekey']);
    expect(codes(mapping)).toEqual(['MAP-STORAGE']);
  });
  test('P23: what a chosen role gives of storage by chance is covered, and is no excess', () => {
    const mapping = map({ keys: ['get', 'list'], storage: ['get', 'set'] });
    expect(roles(mapping)).toEqual(['Reader']);
    expect(short(mapping.choice?.covered ?? [])).toEqual(['keys/read', 'storageaccounts/read']);
    expect(short(mapping.choice?.uncovered ?? [])).toEqual(['storageaccounts/set']);
    expect(excess(mapping)).not.toContain('storageaccounts/read');
  });
  test('names what no role that may be assigned gives', () => {
    const mapping = map({ keys: ['release'] }, { candidates: candidateSet(builtIn, catalogue, (id) => id === roleId('Reader')) });
    expect([mapping.outcome, roles(mapping)]).toEqual(['needsDecision', []]);
    expect(about(mapping, 'MAP-UNCOVERED')).toMatchObject([{ severity: 'blocker', facts: { dataActions: actionsOf('keys/release') } }]);
  });
  test.each<[string, JsonObject]>([
    ['a tenant that is not a GUID', { tenantId: 'x' }],
    ['an object id that is not a GUID', { objectId: 'someone' }],
    ['permissions that are no object', { permissions: 'get' }],
    ['a category nobody knows', { permissions: { secrets: ['get'], wallets: ['get'] } }],
    ['a list with something else than words', { permissions: { secrets: ['get', 7] } }],
  ])('is one that cannot be understood: %s', (_what, more) => {
    const mapping = mapOf(entry({ secrets: ['get'] }, more), context());
    expect(mapping.outcome).toBe('needsDecision');
    expect(codes(mapping)).toContain('INV-ENTRY-ODD');
  });
});

describe('an entry that grants nothing today', () => {
  test('LP-2: names another tenant, whatever else is odd about it', () => {
    const policy = entry({ secrets: ['get', 'frobnicate'] }, { tenantId: nameGuid('elsewhere'), applicationId: application });
    const mapping = mapOf(policy, context({ principal: undefined }));
    expect([mapping.outcome, codes(mapping), mapping.choice]).toEqual(['inert', ['PRN-FOREIGN-TENANT'], undefined]);
    expect(mapping.findings[0]?.severity).toBe('warning');
  });
  test('LP-2: is not inert because its tenant is spelt otherwise', () => {
    expect(mapOf(entry({ secrets: ['get'] }, { tenantId: tenant.toUpperCase() }), context()).outcome).toBe('reproducible');
  });
  test('EA-28: names an app registration instead of its service principal, and names who was probably meant', () => {
    const principal: Principal = { kind: 'application', objectId, displayName: 'a', appId: application };
    const mapping = map({ secrets: ['get'] }, { principal });
    expect([mapping.outcome, codes(mapping), mapping.choice]).toEqual(['inert', ['PRN-APPLICATION-OBJECT'], undefined]);
    expect(said(mapping)[0]?.remedy).toContain(application);
  });
  test.each<[string, OtherId, string]>([
    ['PRN-APPLICATION-ID', { what: 'application', name: 'a', servicePrincipal: 'b' }, 'the application (client) id of `a` (object id `b`)'],
    ['PRN-NO-PRINCIPAL', { what: 'device', name: 'a' }, 'a device (`a`)'],
  ])('EA-28: names an id that is no principal’s (%s), says what it is, and gives nobody anything', (code, is, what) => {
    const mapping = map({ secrets: ['get'] }, { principal: { kind: 'noPrincipal', objectId, displayName: 'a', is } });
    expect([mapping.outcome, codes(mapping), mapping.choice]).toEqual(['inert', [code], undefined]);
    expect(said(mapping)[0]?.message).toContain(`\`${objectId}\` is ${what}`);
    expect(said(mapping)[0]?.remedy).toMatch(/^nothing is lost; /);
  });
  test('lists no permission', () => {
    const mapping = map({ secrets: [], keys: null });
    expect([mapping.outcome, mapping.findings.map(({ code, severity }) => [code, severity])]).toEqual(['inert', [['MAP-EMPTY', 'note']]]);
  });
});

describe('what the price alone does not say', () => {
  test('is the same facts for all entries that ask for the same, so that thousands of entries hold them once', () => {
    const candidates = candidateSet(builtIn, catalogue);
    const [, second, third] = [1, 2, 3].map(() => map({ secrets: ['set'] }, { candidates }).findings.map(({ facts }) => facts));
    expect(second).not.toEqual([]);
    expect(third?.every((facts, at) => facts === second?.[at])).toBe(true);
  });
  test('secret values and purge that become possible', () => {
    const mapping = map({ secrets: ['set'] });
    expect(codes(mapping)).toEqual(expect.arrayContaining(['MAP-SECRET-VALUES', 'MAP-PURGE']));
    expect(about(mapping, 'MAP-PURGE')).toMatchObject([
      { facts: { roles: ['Key Vault Secrets Officer'], dataActions: actionsOf('secrets/purge') } },
    ]);
    const reader = map({ secrets: ['list'] });
    expect(codes(reader)).not.toContain('MAP-SECRET-VALUES');
    expect(codes(reader)).not.toContain('MAP-PURGE');
  });
  test('neither is said when the principal holds them already', () => {
    const mapping = map({ secrets: ['set'] }, { held: actionsOf('secrets/get', 'secrets/purge') });
    expect(codes(mapping)).not.toContain('MAP-SECRET-VALUES');
    expect(codes(mapping)).not.toContain('MAP-PURGE');
  });
  test('that a reader of certificates with their keys reads every secret, as the entry does', () => {
    expect(codes(map({ certificates: ['get'], secrets: ['get'] }))).toContain('MAP-CERTIFICATE-SECRETS');
    expect(codes(map({ secrets: ['get'] }))).not.toContain('MAP-CERTIFICATE-SECRETS');
  });
  test('the one permission that forces a wide role', () => {
    const mapping = map({ secrets: ['get', 'list', 'Set'] });
    expect(about(mapping, 'MAP-ONE-PERMISSION')).toMatchObject([
      { severity: 'warning', facts: { permission: 'secrets/Set', roleName: 'Key Vault Secrets Officer' } },
    ]);
    expect(codes(map({ secrets: ['set', 'delete'] }))).not.toContain('MAP-ONE-PERMISSION');
    expect(codes(map({ secrets: ['get', 'list'] }))).not.toContain('MAP-ONE-PERMISSION');
  });
  test('each of two wide roles that one permission forces', () => {
    const mapping = map({ secrets: ['get', 'set'], keys: ['get', 'create'] });
    expect(about(mapping, 'MAP-ONE-PERMISSION').map(({ facts }) => facts)).toEqual([
      { permission: 'keys/create', roleName: 'Key Vault Crypto Officer' },
      { permission: 'secrets/set', roleName: 'Key Vault Secrets Officer' },
    ]);
  });
  test('a custom role beside the choice where more than metadata comes along', () => {
    expect(codes(map({ secrets: ['set'] }))).toContain('MAP-CUSTOM-ROLE');
    expect(codes(map({ secrets: ['list'] }))).not.toContain('MAP-CUSTOM-ROLE');
  });
  test('a note instead where only certificates/release comes along, which no permission stands for', () => {
    const certificates = allWords('certificates').map((word) => word.slice('certificates/'.length));
    const mapping = map({ certificates });
    expect(excess(mapping)).toEqual(['certificates/release']);
    expect(mapping.findings.find(({ code }) => code === 'MAP-NEW-ACTION-ONLY')?.severity).toBe('note');
    expect(codes(mapping)).not.toContain('MAP-CUSTOM-ROLE');
  });
  test('control-plane actions that work as soon as a role is assigned', () => {
    const mapping = map({ secrets: ['set'] });
    expect(about(mapping, 'MAP-CONTROL-PLANE')).toMatchObject([
      { facts: { patterns: expect.arrayContaining(['Microsoft.Resources/deployments/*']) as readonly string[] } },
    ]);
    expect(codes(map({ secrets: ['get'] }))).not.toContain('MAP-CONTROL-PLANE');
  });
  test('P20, EA-42: that the operator may not assign the narrower roles', () => {
    const restricted = candidateSet(builtIn, catalogue, (id) => id !== roleId('Certificate User'));
    const mapping = map({ secrets: ['get', 'list'], keys: ['get', 'list'] }, { candidates: restricted });
    expect(roles(mapping)).toEqual(['Reader', 'Secrets User']);
    expect(about(mapping, 'MAP-OPERATOR-LIMIT')).toMatchObject([{ facts: { roles: ['Key Vault Certificate User'] } }]);
    expect(codes(map({ secrets: ['get', 'list'] }, { candidates: restricted }))).not.toContain('MAP-OPERATOR-LIMIT');
  });
  test('that a principal is a guest, a group that follows a rule or one that tokens may not carry', () => {
    const group: Principal = { kind: 'group', objectId, displayName: 'g', securityEnabled: false, dynamic: true };
    expect(codes(map({ secrets: ['get', 'list'] }, { principal: { ...user, guest: true } }))).toEqual(['PRN-GUEST']);
    const mapping = map({ secrets: ['get', 'list'] }, { principal: group });
    expect([mapping.outcome, codes(mapping)]).toEqual(['reproducible', ['PRN-GROUP-NOT-SECURITY', 'PRN-GROUP-DYNAMIC']]);
    expect(codes(map({ secrets: ['get', 'list'] }, { principal: { ...group, securityEnabled: true, dynamic: false } }))).toEqual([]);
  });
});

describe('one sentence says why', () => {
  test.each<[string, Lists, string]>([
    ['exact', { secrets: ['get', 'list'] }, 'Key Vault Secrets User is an exact cover of the entry.'],
    [
      'only metadata beside',
      { keys: ['get', 'list'] },
      'Key Vault Reader is the narrowest cover of the entry; the extra data actions are low risk: 6 on metadata or public keys.',
    ],
    [
      'much beside',
      { secrets: ['get', 'list', 'set', 'delete', 'recover', 'backup', 'restore'] },
      'Key Vault Secrets Officer is the narrowest cover of the entry, with extra access: secrets/purge.',
    ],
  ])('%s', (_what, lists, sentence) => {
    expect(choiceInWords(map(lists).choice?.because ?? [])).toBe(sentence);
  });
  test('two roles', () => {
    const because = choiceInWords(map({ secrets: ['set'], keys: ['create'] }).choice?.because ?? []);
    expect(because).toMatch(
      /^Key Vault Crypto Officer and Key Vault Secrets Officer are together the narrowest cover of the entry, with extra access: keys/,
    );
  });
  test('existing assignments, and what is missing', () => {
    const { choice } = map({ secrets: ['get'] }, { held: actionsOf('secrets/get') });
    expect(choiceInWords(choice?.because ?? [])).toBe('Existing assignments already give what is needed.');
    const none = map({ keys: ['release', 'get'] }, { candidates: candidateSet(builtIn, catalogue, (id) => id === roleId('Reader')) });
    expect(choiceInWords(none.choice?.because ?? [])).toContain('No permitted role gives keys/release.');
  });
});

describe('entries of one principal', () => {
  test('LP-8: are united whatever the case of their ids and words, with the first spelling kept', () => {
    const first = entry({ secrets: ['Get', 'list'], keys: ['get'] });
    const second = entry({ secrets: ['get', 'set'] }, { objectId: objectId.toUpperCase(), tenantId: tenant.toUpperCase() });
    const [united, ...others] = uniteEntries([first, second]);
    expect(others).toEqual([]);
    expect(united?.permissions).toEqual({ keys: ['get'], secrets: ['Get', 'list', 'set'], certificates: [], storage: [] });
    expect(united?.raw).toBe(first.raw);
  });
  test('stay as they are when they differ, in their order', () => {
    const other = entry({ secrets: ['get'] }, { objectId: nameGuid('other') });
    const one = entry({ keys: ['get'] });
    expect(uniteEntries([other, one])).toEqual([other, one]);
    expect(uniteEntries([other, one])[0]).toBe(other);
  });
  test('keep what could not be understood in any of them', () => {
    const odd = entry({}, { permissions: { wallets: [] } });
    expect(uniteEntries([entry({ secrets: ['get'] }), odd])[0]?.oddities).toEqual(odd.oddities);
  });
});
