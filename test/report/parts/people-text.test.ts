import { describe, expect, test } from 'vitest';
import type { Scope } from '../../../src/model/scope.ts';
import { plainLook } from '../../../src/report/look.ts';
import { peopleMarkdown, peopleText } from '../../../src/report/parts/people-text.ts';
import { type PeopleReport, type PersonGain, type PersonLoss, type PersonRow, peopleReport } from '../../../src/report/people-rows.ts';

const id = (n: number) => `a0000000-0000-4000-8000-${String(n).padStart(12, '0')}`;
const actions = (...names: readonly string[]) => {
  return names.map((name) => ({
    dataAction: `Microsoft.KeyVault/vaults/${name}`,
    tier: name.includes('purge') ? ('A' as const) : ('D' as const),
  }));
};
const loss = (more: Partial<PersonLoss> = {}): PersonLoss => ({
  certain: true,
  decided: false,
  dataActions: actions('keys/read'),
  entries: [{ objectId: id(90), displayName: 'sec-team', throughGroup: true }],
  because: 'no role assignment gives it',
  ...more,
});
const gain = (more: Partial<PersonGain> = {}): PersonGain => ({
  cause: 'flip',
  certain: true,
  dataActions: actions('secrets/purge', 'keys/read'),
  assignmentId: '/assignment',
  roleId: id(91),
  roleName: 'Key Vault Administrator',
  scope: '/subscriptions/1' as Scope,
  throughGroup: id(92),
  groupName: 'sec-admins',
  ...more,
});
const person = (n: number, displayName: string, more: Partial<PersonRow> = {}): PersonRow => {
  return { principalId: id(n), kind: 'user', displayName, losses: [], gains: [], ...more };
};
const vault = (
  people: readonly PersonRow[],
  more: Partial<PeopleReport> = {},
  permissionModel: 'accessPolicy' | 'azureRbac' = 'accessPolicy',
) => {
  return { name: 'kv', permissionModel, people, membersUnknown: [], ...more };
};
const at80 = { ...plainLook, columns: 80 };

describe('people of a vault', () => {
  test('are a table of counts, then routes said once for all to whom they apply', () => {
    const same = { losses: [loss()], gains: [gain()] };
    const rows = [
      person(1, 'Ann', same),
      person(2, 'Bob', same),
      person(3, 'Cid', { losses: [loss({ decided: true })] }),
      person(4, 'Dan'),
    ];
    expect(peopleText(vault(rows), at80)).toEqual([
      '',
      'kv by person: 4 in all, 2 lose, 0 may lose, 2 gain',
      '  PERSON      LOSES  MAY LOSE  GIVEN UP  BY PLAN  BY FLIP',
      '  Ann (user)      1         0         0        0    2 (A)',
      '  Bob (user)      1         0         0        0    2 (A)',
      '  Cid (user)      0         0         1        0        0',
      '  Dan (user)      0         0         0        0        0',
      '',
      '  Ann (user), Bob (user)',
      '    loses keys/read, given by the access policy of `sec-team`: no role',
      '      assignment gives it',
      '    gains by the flip secrets/purge (A); keys/read (D): `Key Vault',
      '      Administrator` of `sec-admins` at the subscription',
      '  Cid (user)',
      '    loses keys/read, given by the access policy of `sec-team`: given up by',
      '      decision; no role assignment gives it',
    ]);
  });

  test('on a vault that is flipped already are told what is missing and what is there beside', () => {
    const rows = [person(1, 'Ann', { losses: [loss()], gains: [gain({ certain: false })] })];
    const text = peopleText(vault(rows, {}, 'azureRbac'), plainLook).join('\n');
    expect(text).toContain('has not keys/read, given by the access policy of `sec-team`');
    expect(text).toContain('may also have secrets/purge (A); keys/read (D): `Key Vault Administrator`');
  });

  test('of whom nobody knows who they are stand as the group that they are in', () => {
    const group = { ...person(9, 'sec-closed', { kind: 'group', losses: [loss()] }), because: 'refused' };
    const text = peopleText(vault([], { membersUnknown: [group] }), plainLook);
    expect(text.slice(1, 4)).toEqual([
      'kv by person: 0 in all, 0 lose, 0 may lose, 0 gain, and the members of 1 group that could not be opened',
      '  the members of sec-closed (group), which are not known: refused',
      '    loses keys/read, given by the access policy of `sec-team`: no role assignment gives it',
    ]);
    expect(peopleMarkdown(vault([], { membersUnknown: [group] })).join('\n')).toContain(
      'the members of sec-closed &#40;group&#41;: refused',
    );
  });

  test('are bounded: of more than fifty the first ones are shown, and how many more there are', () => {
    const rows = Array.from({ length: 53 }, (_, n) => person(n, `User ${n}`, { losses: [loss()] }));
    const text = peopleText(vault(rows), plainLook);
    expect(text.filter((line) => /^ {2}User \d+ \(user\) +\d/.test(line))).toHaveLength(50);
    expect(text).toContain('  and 3 more; --json has all');
    const markdown = peopleMarkdown(vault(rows)).join('\n');
    expect(markdown).toContain('and 3 more; --json has all');
    expect(markdown.match(/^\| User/gm)).toHaveLength(50);
  });

  test('of many data actions the worst are named, and how many more there are', () => {
    const many = actions('secrets/purge', ...Array.from({ length: 14 }, (_, n) => `keys/k${String(n).padStart(2, '0')}`));
    const text = peopleText(vault([person(1, 'Ann', { gains: [gain({ dataActions: many })] })]), plainLook).join('\n');
    expect(text).toContain('secrets/purge (A); keys/k00, keys/k01, keys/k02, keys/k03, keys/k04, keys/k05, keys/k06 (D) and 7 more');
  });

  test('P24: hostile names change nothing but the look of a cell, and namesakes are told apart by id', () => {
    const evil = '\u001b[31mAnn\u202e\n| <img src=x> |';
    const rows = [
      person(1, evil, { losses: [loss({ entries: [{ objectId: id(2), displayName: evil, throughGroup: true }] })] }),
      person(2, 'Bob'),
      person(3, 'Bob'),
    ];
    const text = peopleText(vault(rows), plainLook).join('\n');
    for (const hidden of ['\u001b', '\u202e']) expect(text).not.toContain(hidden);
    expect(text.split('\n').filter((line) => line.includes('Ann'))).toHaveLength(3);
    expect(text).toContain(`Bob (user) ${id(2)}`);
    const markdown = peopleMarkdown(vault(rows)).join('\n');
    expect(markdown).not.toContain('<img');
    expect(markdown.split('\n').filter((line) => line.startsWith('|'))).toHaveLength(5);
  });
});

test('rows come by loss, then by the worst that is gained, then by name', () => {
  const tiers = { A: 'secrets/purge', D: 'keys/read' } as const;
  const verdict = (n: number, losses: number, worst?: keyof typeof tiers) => ({
    principalId: id(n) as never,
    losses:
      losses === 0
        ? []
        : [
            {
              ...{ certain: true, decided: false, because: [], entries: [] },
              dataActions: Array.from({ length: losses }, (_, at) => ({ name: `keys/k${at}`, tier: 'D' as const })),
            },
          ],
    gains:
      worst === undefined
        ? []
        : [
            {
              principalId: id(n) as never,
              route: { assignmentId: '', roleDefinitionId: id(91) as never, scope: '' as Scope },
              dataActions: [{ name: tiers[worst], tier: worst }],
              certain: true,
              cause: 'flip' as const,
            },
          ],
  });
  const people = [verdict(5, 0), verdict(4, 0), verdict(3, 0, 'D'), verdict(2, 1, 'A'), verdict(1, 3), verdict(6, 1), verdict(7, 0, 'A')];
  const { people: rows } = peopleReport({ people, unread: [] }, { principals: new Map(), roleName: (role) => role });
  expect(rows.map(({ principalId }) => Number(principalId.slice(-2)))).toEqual([1, 2, 6, 7, 3, 4, 5]);
});
