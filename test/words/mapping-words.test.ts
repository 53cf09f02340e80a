import { describe, expect, test } from 'vitest';
import { finding } from '../../src/model/finding.ts';
import { type FindingCode, type FindingFacts, findingFacts } from '../../src/model/finding-facts.ts';
import { mappingFacts } from '../../src/model/findings/mapping-facts.ts';
import { findingWords } from '../../src/words/finding-words.ts';

type Row = { [C in FindingCode]: readonly [code: C, facts: FindingFacts[C], message: string, remedy: string] }[FindingCode];

const nothing = 'nothing to do';
const action = (short: string) => `Microsoft.KeyVault/vaults/${short}/action`;
const [officer, user] = ['Key Vault Secrets Officer', 'Key Vault Crypto User'];
const drift = { roleName: 'Key Vault Secrets User', came: [], strange: [], gone: [], controlPlane: [], stops: false };
const changed = 'Azure has changed `Key Vault Secrets User` since this version of keyturn was made: it now gives';
const backup = { ...drift, came: [action('secrets/backup')] };
const service = {
  service: 'Azure App Service',
  roles: ['Key Vault Certificate User'],
  customRole: false,
  roleEvidence: 'documented',
} as const;
const look = 'look for what uses the vault through it before the flip, and check it a day after';
const needs = "find out whether the entry gives what the service needs: the choice reproduces the entry, not the service's documents";

const rows: readonly Row[] = [
  [
    'MAP-BLANKS',
    { permissions: [' get', 'list '] },
    '` get`, `list ` stand with blanks around them, and are read without',
    'write them without: Azure refuses such words, so no vault stores them',
  ],
  [
    'MAP-CERTIFICATE-METADATA',
    {},
    'the entry reads certificates without their private keys; a role that reads those would open every secret, so none is chosen',
    nothing,
  ],
  [
    'MAP-CERTIFICATE-SECRETS',
    { roles: [officer] },
    '`Key Vault Secrets Officer` reads every secret of the vault, not only those behind certificates; so does the access policy',
    nothing,
  ],
  [
    'MAP-CONTROL-PLANE',
    { roles: [officer, user], patterns: ['Microsoft.Support/*', 'Microsoft.Insights/alertRules/*'] },
    '`Key Vault Secrets Officer` with `Key Vault Crypto User` also gives control-plane actions as soon as assigned, before the flip: ' +
      'Microsoft.Support/*, Microsoft.Insights/alertRules/*',
    nothing,
  ],
  [
    'MAP-CUSTOM-DELETED',
    {},
    'the custom role reads values but not metadata: anyone who also looks at deleted secrets would lose that',
    'add `list` to the set before the role is made, unless deleted secrets are not looked at',
  ],
  [
    'MAP-CUSTOM-LIMIT',
    { limit: 2000 },
    'no custom role is proposed: 2000 different ones are the most that a tenant holds',
    'use built-in roles for some of the sets',
  ],
  [
    'MAP-CUSTOM-ROLE',
    { count: 3 },
    'a custom role with exactly these 3 data actions would grant nothing extra',
    'consider one when many entries ask for the same; a tenant holds 5,000',
  ],
  [
    'MAP-EXISTING-UNKNOWN',
    { role: 'Vault Wizard' },
    'the existing role `Vault Wizard` is not in the catalogue, so nothing is taken to be held by it',
    'use the name or id of a built-in role; `keyturn plan` reads custom roles from the tenant',
  ],
  [
    'MAP-LIST-LOST',
    { permissions: ['secrets/list', 'storage/get'] },
    'what is checked at the vault ends at the flip: `secrets/list`, `storage/get`',
    'add it to `keep`, unless it is not listed or used',
  ],
  [
    'MAP-NAME-CONDITION',
    {},
    'conditions on the names of secrets are a preview, compare letters with case, and reach no secret that is made later under another name',
    'call the vault once as this principal soon after the flip',
  ],
  [
    'MAP-NEW-ACTION-ONLY',
    { dataActions: [action('certificates/release')] },
    'the only extra access besides metadata is certificates/release, which no access policy permission covers',
    nothing,
  ],
  [
    'MAP-OBJECT-SCOPE',
    {},
    'access is limited to the objects named: nothing reaches an object that is made later, and each takes assignments of its own',
    'Microsoft advises against assignments on objects, but for single objects that are shared; a vault of its own is the other way',
  ],
  [
    'MAP-OBJECT-UNSURE',
    { dataActions: [action('secrets/recover'), 'Microsoft.KeyVault/vaults/keys/read'] },
    'whether Azure checks secrets/recover, keys/read on the object or at the vault is not documented',
    'keep them for the whole vault if in doubt',
  ],
  [
    'MAP-OBJECT-WRITE',
    { dataActions: [action('secrets/setSecret')] },
    'Microsoft says that roles on single objects are for reading alone, so whether secrets/setSecret works by them is in doubt',
    'keep what writes for the whole vault, or try it as this principal soon after the flip',
  ],
  [
    'MAP-ONE-PERMISSION',
    { permission: 'secrets/Set', roleName: officer },
    '`secrets/Set` alone forces `Key Vault Secrets Officer`: every narrower role covers the rest of the entry',
    'find out whether `secrets/Set` is used; without it a narrower role is enough, with it a custom role is exact',
  ],
  [
    'MAP-OPERATOR-LIMIT',
    { roles: [officer, user], price: 2, chosenPrice: 6 },
    'you may not assign `Key Vault Secrets Officer` with `Key Vault Crypto User`, which would be narrower (price 2 against 6)',
    'ask someone with the right to assign it, or accept the wider roles',
  ],
  [
    'MAP-PURGE',
    { roles: [officer], dataActions: [action('secrets/purge')] },
    '`Key Vault Secrets Officer` lets the principal destroy for good (secrets/purge), which the access policy does not',
    'turn purge protection on, use a custom role, or accept it knowingly',
  ],
  [
    'MAP-PURGE',
    { roles: [officer], dataActions: [action('keys/purge'), action('secrets/purge')], onlyNamed: true },
    '`Key Vault Secrets Officer` lets the principal destroy for good what is named (keys/purge, secrets/purge), which the access policy does not',
    'turn purge protection on, use a custom role, or accept it knowingly',
  ],
  ['MAP-ROLE-DRIFT', backup, `${changed} secrets/backup too`, 'nothing to do, but to know it'],
  [
    'MAP-ROLE-DRIFT',
    {
      ...backup,
      strange: ['Microsoft.KeyVault/vaults/teleport/*'],
      gone: [action('secrets/getSecret'), 'Microsoft.KeyVault/vaults/secrets/readMetadata/action'],
      controlPlane: ['Microsoft.KeyVault/vaults/deploy/action', 'Microsoft.Support/*'],
      instead: [],
      stops: true,
    },
    `${changed} secrets/backup too; it now gives teleport/*, which this version of keyturn does not know; ` +
      'it no longer gives secrets/getSecret, secrets/readMetadata without a condition; ' +
      'it now gives Microsoft.KeyVault/vaults/deploy/action, Microsoft.Support/* on the control plane, which is live as soon as it is assigned, ' +
      'and no other role gives all that the entry needs',
    'look at what changed; then accept it under `acceptances` in the decisions file, or decide for `customRole`',
  ],
  [
    'MAP-ROLE-DRIFT',
    { ...backup, instead: [officer, user] },
    `${changed} secrets/backup too, so \`Key Vault Secrets Officer\` with \`Key Vault Crypto User\` would be assigned instead`,
    'nothing to do, but to know it',
  ],
  [
    'MAP-ROLE-MISSING',
    { roleName: officer },
    'this cloud or tenant does not offer `Key Vault Secrets Officer`, so it is not considered',
    nothing,
  ],
  [
    'MAP-ROLES-UNREAD',
    { because: 'Azure answers 403', asOf: '2026-08-22' },
    'role definitions could not be read (Azure answers 403); roles are taken as they were on 2026-08-22',
    'get the right to read role definitions, then run again',
  ],
  [
    'MAP-SECRET-VALUES',
    { roles: [officer] },
    '`Key Vault Secrets Officer` lets the principal read the value of every secret, which the access policy does not',
    'accept it knowingly, use a custom role, or drop what forces the role',
  ],
  [
    'MAP-SECRET-VALUES',
    { roles: [officer], onlyNamed: true },
    '`Key Vault Secrets Officer` lets the principal read the value of what is named, which the access policy does not',
    'accept it knowingly, use a custom role, or drop what forces the role',
  ],
  [
    'MAP-SERVICE',
    { ...service, appIdEvidence: 'documented', source: 'a page', note: 'Pages differ.' },
    'the principal is Azure App Service; Microsoft documents `Key Vault Certificate User` (a page)',
    `${look}. Pages differ.`,
  ],
  [
    'MAP-SERVICE',
    { ...service, customRole: true, roleEvidence: 'reported', appIdEvidence: 'reported', source: 'a page' },
    'the principal is Azure App Service, if its application id is what it is said to be; ' +
      'users report that it needs `Key Vault Certificate User` or a custom role (a page)',
    look,
  ],
  [
    'MAP-SERVICE',
    { ...service, roles: [], appIdEvidence: 'documented', source: 'a page' },
    'the principal is Azure App Service; no role is documented for it (a page)',
    look,
  ],
  [
    'MAP-SERVICE-ROLE',
    { ...service, chosen: [officer, user] },
    'Microsoft documents `Key Vault Certificate User` for Azure App Service, while the narrowest cover of this entry is ' +
      '`Key Vault Secrets Officer` with `Key Vault Crypto User`',
    needs,
  ],
  [
    'MAP-SERVICE-ROLE',
    { ...service, roles: [], customRole: true, roleEvidence: 'unverified', chosen: [] },
    'it is said, without proof, to need a custom role for Azure App Service, while the narrowest cover of this entry is no role',
    needs,
  ],
  [
    'MAP-TENANT-ROLE',
    { roles: ['Own', 'Ours'] },
    '`Own`, `Ours` is a custom role of this tenant: anyone who may change it changes this access',
    nothing,
  ],
  [
    'MAP-UNCOVERED',
    { dataActions: [action('keys/release'), action('secrets/getSecret')] },
    'no role that may be assigned gives keys/release, secrets/getSecret',
    'ask someone who may assign more roles to do it, or decide which permissions to drop',
  ],
  [
    'MAP-UNCOVERED',
    { dataActions: [action('secrets/setSecret')], underCondition: true },
    'no role that may stand under a condition on names gives secrets/setSecret',
    'decide for `objectScope`, or keep these for the whole vault',
  ],
];

describe('what is said of roles', () => {
  test.each(rows)('%s: %j', (code, facts, message, remedy) => {
    expect(findingFacts[code].parse(facts)).toEqual(facts);
    expect(findingWords(finding('note', code, {}, facts))).toEqual({ message, remedy });
  });
  test('is told of every code but those of an entry by itself', () => {
    const ofEntries = ['MAP-EMPTY', 'MAP-STORAGE', 'MAP-UNKNOWN-PERMISSION'];
    expect([...new Set([...rows.map(([code]) => code), ...ofEntries])].sort()).toEqual(Object.keys(mappingFacts).sort());
  });
});
