import { describe, expect, test } from 'vitest';
import { whoCanGrant } from '../../src/access/who-can-grant.ts';
import { unreadable } from '../../src/base/reading.ts';
import {
  anna,
  app,
  assign,
  ben,
  deny,
  division,
  group,
  id,
  instance,
  now,
  role,
  sources,
  subscription,
  type Tenant,
  team,
  vault,
  vaultId,
} from '../builders/a-tenant.ts';
import { roleId } from '../builders/the-catalogue.ts';

const ask = (tenant: Tenant) => {
  const { today, losingIt, afterwards } = whoCanGrant({ ...sources(tenant), vault: vault(), at: now });
  const ids = (rows: typeof today) => rows.map((row) => `${row.principalId}${row.restricted ? ' restricted' : ''}`);
  return { today: ids(today), losingIt: ids(losingIt), afterwards: ids(afterwards) };
};

describe('LP-8: who can hand out access to a vault', () => {
  test('EA-43: a contributor can write himself a policy today, and whether he loses that way at the flip is open', () => {
    const granting = whoCanGrant({
      ...sources({ assignments: [assign(anna, roleId('Contributor'), subscription)] }),
      vault: vault(),
      at: now,
    });
    expect(granting.losingIt).toMatchObject([{ principalId: anna, mayFlipBack: true }]);
    expect(ask({ assignments: [assign(anna, roleId('Contributor'), subscription)] })).toEqual({
      today: [anna],
      losingIt: [anna],
      afterwards: [],
    });
  });

  test('an owner keeps a way, by assigning roles; a group is named as one', () => {
    const rows = [assign(team, roleId('Owner'), group), assign(ben, roleId('User Access Administrator'), subscription)];
    expect(ask({ assignments: rows })).toEqual({ today: [team], losingIt: [], afterwards: [ben, team] });
  });

  test('EA-29: whoever is in a group that may assign roles loses nothing; where nobody knows, it is told', () => {
    const rows = [assign(anna, roleId('Contributor'), subscription), assign(team, roleId('Owner'), subscription)];
    expect(ask({ assignments: rows, members: { [team]: [anna] } }).losingIt).toEqual([]);
    expect(ask({ assignments: rows, members: { [team]: [ben] } }).losingIt).toEqual([anna]);
    const unread = whoCanGrant({ ...sources({ assignments: rows }), vault: vault(), at: now });
    expect(unread.losingIt).toMatchObject([{ principalId: anna, unlessIn: [team] }]);
  });

  test('lists that could not be read are told: an empty answer is no nobody', () => {
    const tenant = { facts: { roleAssignments: unreadable('refused') } };
    const granting = whoCanGrant({ ...sources(tenant), vault: vault(), at: now });
    expect(granting.unread).toEqual([{ kind: 'listUnread', list: 'roleAssignments', text: 'refused' }]);
  });

  test('accessPolicies/write alone is enough today', () => {
    const writer = role(id(70), [{ actions: ['Microsoft.KeyVault/vaults/accessPolicies/*'] }]);
    expect(ask({ roles: [writer], assignments: [assign(app, id(70))] })).toEqual({ today: [app], losingIt: [app], afterwards: [] });
    const tenant = { roles: [writer], assignments: [assign(app, id(70))] };
    expect(whoCanGrant({ ...sources(tenant), vault: vault(), at: now }).losingIt).toMatchObject([{ principalId: app, mayFlipBack: false }]);
  });

  test('EA-42: a right under a condition, and one that ends, are told as restricted, unless there is a better one', () => {
    const delegate = assign(anna, 'Data Access Administrator', group);
    const ending = assign(ben, roleId('Contributor'), subscription);
    const active = [instance(ending, { originRoleAssignmentId: ending.id, endDateTime: '2026-12-01T00:00:00Z' })];
    expect(ask({ assignments: [delegate, ending], active })).toEqual({
      today: [`${ben} restricted`],
      losingIt: [`${ben} restricted`],
      afterwards: [`${anna} restricted`],
    });
    const better = assign(ben, roleId('Contributor'), vaultId);
    expect(ask({ assignments: [ending, better], active }).today).toEqual([ben]);
  });

  test('LP-8: the way that is told is the least restricted, and of those the nearest to the vault', () => {
    const ending = assign(ben, roleId('Contributor'), vaultId);
    const active = [instance(ending, { originRoleAssignmentId: ending.id, endDateTime: '2026-12-01T00:00:00Z' })];
    const lasting = [group, subscription].map((at) => assign(ben, roleId('Contributor'), at));
    const { today } = whoCanGrant({ ...sources({ assignments: [ending, ...lasting], active }), vault: vault(), at: now });
    expect(today).toEqual([
      {
        principalId: ben,
        route: { assignmentId: lasting[0]?.id, roleDefinitionId: roleId('Contributor'), scope: lasting[0]?.scope },
        restricted: false,
      },
    ]);
  });

  test('EA-18: a role that nobody can open may hand out access', () => {
    expect(ask({ assignments: [assign(anna, id(71))] })).toEqual({ today: [anna], losingIt: [], afterwards: [anna] });
  });

  test('EA-25: a deny that cannot be judged takes no way from anybody', () => {
    const permissions = [{ actions: ['*'] }];
    const denies = [deny(vaultId, [anna], [], { permissions, condition: 'odd' })];
    expect(ask({ assignments: [assign(anna, roleId('Contributor'))], denies }).today).toEqual([anna]);
  });

  test('EA-29: he may keep it by a group that nobody knows, and only such groups are named', () => {
    const assignments = [
      assign(anna, roleId('Contributor')),
      assign(team, roleId('Owner')),
      assign(division, roleId('Owner'), vaultId, { principalType: 'Group' }),
      assign(ben, roleId('Owner')),
    ];
    const tenant = { assignments, members: { [division]: [ben] } };
    const { losingIt } = whoCanGrant({ ...sources(tenant), vault: vault(), at: now });
    expect(losingIt.map(({ principalId, unlessIn }) => [principalId, unlessIn])).toEqual([[anna, [team]]]);
  });

  test('EA-34: what has ended hands out nothing', () => {
    const ended = assign(ben, roleId('Owner'));
    const active = [instance(ended, { originRoleAssignmentId: ended.id, endDateTime: now })];
    expect(ask({ assignments: [ended], active })).toEqual({ today: [], losingIt: [], afterwards: [] });
  });

  test('data roles, other scopes, denied and deleted principals hand out nothing', () => {
    const rows = [
      assign(anna, 'Administrator'),
      assign(ben, roleId('Owner'), `${subscription}/resourceGroups/other`),
      assign(app, roleId('Owner')),
    ];
    const blocks = [{ actions: ['*'], notActions: [], dataActions: [], notDataActions: [] }];
    const denies = [deny(vaultId, [app], [], { permissions: blocks })];
    const nobody = { today: [], losingIt: [], afterwards: [] };
    expect(ask({ assignments: rows, denies })).toEqual(nobody);
    const gone = { kind: 'deleted', objectId: app, displayName: 'gone' } as const;
    expect(ask({ assignments: [assign(app, roleId('Owner'))], principals: [gone] })).toEqual(nobody);
  });
});
