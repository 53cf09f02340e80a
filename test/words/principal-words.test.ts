import { describe, expect, test } from 'vitest';
import { finding } from '../../src/model/finding.ts';
import { type FindingCode, type FindingFacts, findingFacts } from '../../src/model/finding-facts.ts';
import { principalFacts } from '../../src/model/findings/principal-facts.ts';
import { findingWords } from '../../src/words/finding-words.ts';

type Row = { [C in FindingCode]: readonly [code: C, facts: FindingFacts[C], message: string, remedy: string] }[FindingCode];

const about = { vault: '/vaults/kv', principal: 'p', application: 'a' };
const nothing = 'nothing to do';
const read = 'get the right to read the directory, then run again; or find out who it is, and decide `drop` with a reason';
const byRule = (when: string, choice: string) =>
  `for all vaults at once, put \`{ "when": ${when}, "choice": "${choice}", "reason": "…" }\` under \`rules\` in the decisions file`;
const [ofClient, ofOne] = [
  'nothing is lost; an entry for the object id of its service principal would be a new grant',
  'nothing is lost; an entry for the one who was meant would be a new grant',
];
const is = (what: string) => `\`p\` is ${what}, which no token carries as an object id: the entry grants nothing today`;
const unsaid = (why: string) => `who \`p\` is could not be determined: ${why}`;
const noId = (facts: FindingFacts['PRN-NO-PRINCIPAL'], what: string): Row => ['PRN-NO-PRINCIPAL', facts, is(what), ofOne];
const clientId = (facts: FindingFacts['PRN-APPLICATION-ID'], what: string): Row => ['PRN-APPLICATION-ID', facts, is(what), ofClient];

const rows: readonly Row[] = [
  clientId({ what: 'application', name: 'app', servicePrincipal: 's' }, 'the application (client) id of `app` (object id `s`)'),
  clientId({ what: 'application' }, 'the application (client) id of an application, which has no service principal in this tenant'),
  noId({ what: 'device', name: 'laptop' }, 'a device (`laptop`)'),
  noId({ what: 'device' }, 'a device'),
  noId({ what: 'mailContact' }, 'a mail contact'),
  noId({ what: 'administrativeUnit' }, 'an administrative unit'),
  noId({ what: 'directoryRole' }, 'a directory role'),
  noId({ what: 'organization', name: 'Contoso' }, 'the tenant itself (`Contoso`)'),
  noId({ what: 'allZero' }, 'the all-zero id, which belongs to no principal'),
  noId({ what: 'role', name: 'Reader' }, 'the id of the role `Reader`'),
  noId({ what: 'subscription', name: 'Prod' }, 'the id of the subscription `Prod`'),
  noId({ what: 'tenant' }, 'the id of the tenant'),
  [
    'PRN-APPLICATION-OBJECT',
    { applicationId: 'x' },
    '`p` is the object id of an app registration, which no token carries: the entry grants nothing today',
    'nothing is lost; if the application was meant, its service principal (application id `x`) would be a new grant',
  ],
  [
    'PRN-COMPOUND',
    { ownApplication: false },
    'the entry holds only while application `a` acts for `p`; Azure RBAC has no such grant',
    'decide `drop`; to give the access to the principal or the application by itself, add an access policy for it first',
  ],
  [
    'PRN-COMPOUND',
    { ownApplication: true },
    'the entry holds only while application `a` acts for `p`; Azure RBAC has no such grant; ' +
      'the application is the principal’s own, so the entry probably never worked',
    'decide `drop`: what gives the principal access is an entry of its own, without the application',
  ],
  [
    'PRN-DELETED',
    { since: '2026-11-01T00:00:00Z' },
    '`p` was deleted: it lies among the directory’s deleted items since 2026-11-01T00:00:00Z',
    `restore the principal, or decide \`drop\`; ${byRule('{ "principal": "deleted" }', 'drop')}`,
  ],
  [
    'PRN-DELETED',
    {},
    '`p` was deleted: it lies among the directory’s deleted items',
    `restore the principal, or decide \`drop\`; ${byRule('{ "principal": "deleted" }', 'drop')}`,
  ],
  [
    'PRN-FOREIGN-TENANT',
    { tenant: 't', vaultTenant: 'v' },
    'the entry names tenant `t`, the vault belongs to `v`: the entry grants nothing today',
    'nothing is lost; to give that party access, use a guest or a multi-tenant application of the vault’s own tenant',
  ],
  ['PRN-GROUP-DYNAMIC', {}, 'membership of the group follows a rule and may change after approval', nothing],
  [
    'PRN-GROUP-NOT-SECURITY',
    {},
    'the group is not security-enabled: its members’ tokens may not carry it',
    'check whether this entry is still used',
  ],
  ['PRN-GUEST', {}, 'the principal is a guest of the tenant', nothing],
  ['PRN-UNRESOLVED', { kind: 'notLookedUp' }, unsaid('it was not looked up'), read],
  [
    'PRN-UNRESOLVED',
    { kind: 'absent' },
    unsaid('the directory does not know it, not even as deleted; it may belong to another tenant or be hidden from you'),
    'find out who it is: not being found does not prove that it was deleted; then decide `drop`; ' +
      byRule('{ "principal": "unresolved" }', 'drop'),
  ],
  ['PRN-UNRESOLVED', { kind: 'memberUnnamed' }, unsaid('a group has it as a member, and the directory does not say who it is'), read],
  ['PRN-UNRESOLVED', { kind: 'unsaid' }, unsaid('the directory leaves it out and did not say whether it was deleted'), read],
  ['PRN-UNRESOLVED', { kind: 'otherType', type: '#x' }, unsaid('the directory knows it as `#x`, which cannot hold a role'), read],
  ['PRN-UNRESOLVED', { kind: 'directoryUnread', because: '403' }, unsaid('the directory could not be read: 403'), read],
  [
    'PRN-UNRESOLVED',
    { kind: 'deletedUnread', because: '403' },
    unsaid('the directory leaves it out, and its deleted items could not be read: 403'),
    read,
  ],
];

const ofEntries: readonly Row[] = [
  ['MAP-EMPTY', {}, 'the entry lists no permission', nothing],
  [
    'MAP-STORAGE',
    { permissions: ['get', 'set'] },
    'the entry manages storage accounts (`get`, `set`), a feature Azure has deprecated',
    `decide \`dropStorage\`, or \`reproduce\`, for which only the widest role exists; ${byRule('{ "storage": true }', 'dropStorage')}`,
  ],
  [
    'MAP-UNKNOWN-PERMISSION',
    { permissions: ['secrets/gett', 'keys/x'], near: ['secrets/get', 'secrets/set'] },
    'unknown permission: `secrets/gett`, `keys/x` stands for',
    'correct the entry in the vault (did you mean `secrets/get`, `secrets/set`), or decide `narrow` and name the permissions to keep',
  ],
  [
    'MAP-UNKNOWN-PERMISSION',
    { permissions: ['keys/frobnicate'], near: [] },
    'unknown permission: `keys/frobnicate` stands for',
    'correct the entry in the vault, or decide `narrow` and name the permissions to keep',
  ],
];

describe('what is said of entries and of whom they name', () => {
  test.each([...rows, ...ofEntries])('%s: %j', (code, facts, message, remedy) => {
    expect(findingFacts[code].parse(facts)).toEqual(facts);
    expect(findingWords(finding('note', code, about, facts))).toEqual({ message, remedy });
  });
  test('is told of every code of principals', () => {
    expect([...new Set(rows.map(([code]) => code))].sort()).toEqual(Object.keys(principalFacts).sort());
  });
});
