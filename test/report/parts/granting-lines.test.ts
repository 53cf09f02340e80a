import { describe, expect, test } from 'vitest';
import type { Grantor, WhoCanGrant } from '../../../src/access/who-can-grant.ts';
import type { Guid } from '../../../src/base/guid.ts';
import { nameGuid } from '../../../src/base/name-guid.ts';
import type { Principal } from '../../../src/model/principal.ts';
import type { Scope } from '../../../src/model/scope.ts';
import { grantingLines } from '../../../src/report/parts/granting-lines.ts';

const [ann, bob, owners, role] = ['ann', 'bob', 'owners', 'role'].map((name) => nameGuid(name)) as [Guid, Guid, Guid, Guid];
const user = (objectId: Guid, displayName: string): [Guid, Principal] => [objectId, { kind: 'user', objectId, displayName, guest: false }];
const names = { principals: new Map([user(ann, 'Ann'), user(bob, 'Bob')]), roleName: () => 'Owner' };
const grantor = (principalId: Guid, restricted = false): Grantor => ({
  principalId,
  route: { assignmentId: '', roleDefinitionId: role, scope: '/subscriptions/1' as Scope },
  restricted,
});
const lines = (granting: Partial<WhoCanGrant>, model: 'accessPolicy' | 'azureRbac' = 'accessPolicy') =>
  grantingLines({ today: [], losingIt: [], afterwards: [], unread: [], ...granting }, names, model);

describe('who may hand out access', () => {
  test('is told before and after the flip, with who loses the way, by name and by role', () => {
    const granting = {
      today: [grantor(ann), grantor(bob)],
      losingIt: [{ ...grantor(bob), mayFlipBack: false, unlessIn: [] }],
      afterwards: [grantor(ann, true)],
    };
    expect(lines(granting)).toEqual([
      'may write access policies today, also for themselves: Ann (user) by `Owner` at the subscription; Bob (user) by `Owner` at the subscription; at the flip that way is lost by Bob (user)',
      'may assign roles, and so grant access after the flip: Ann (user) by `Owner` at the subscription, restricted',
    ]);
  });
  test('EA-43: of whoever may write the vault it is told as open, with both pages of Microsoft', () => {
    const losingIt = [
      { ...grantor(ann), mayFlipBack: true, unlessIn: [] },
      { ...grantor(bob), mayFlipBack: false, unlessIn: [] },
    ];
    const [first] = lines({ today: [grantor(ann), grantor(bob)], losingIt });
    expect(first).toMatch(
      /that way is lost by Bob \(user\); whether it is lost as well by Ann \(user\) is open: .*access-control-default.*rbac-guide/,
    );
    expect(lines({ today: [grantor(ann)], losingIt: losingIt.slice(0, 1) }, 'azureRbac')[0]).toMatch(
      /themselves: Ann [^;]*; whether it is lost as well to Ann \(user\) is open/,
    );
  });
  test('on a vault that is flipped is told as what was and what is', () => {
    expect(lines({ today: [grantor(ann)], afterwards: [grantor(ann)] }, 'azureRbac')).toEqual([
      'could write access policies before the flip, also for themselves: Ann (user) by `Owner` at the subscription; nobody lost this right: everyone who had it may also assign roles',
      'may assign roles, and so grant access: Ann (user) by `Owner` at the subscription',
    ]);
  });
  test('keeps open what a group that nobody opened may give', () => {
    const [first] = lines({
      today: [grantor(bob)],
      losingIt: [{ ...grantor(bob), mayFlipBack: false, unlessIn: [owners] }],
      afterwards: [grantor(owners)],
    });
    expect(first).toContain(`lost by Bob (user) (unless it is in ${owners})`);
  });
  test('says nobody only when everything was read', () => {
    expect(lines({})).toEqual(['nobody may assign roles here, so nobody can grant access after the flip']);
    expect(lines({ unread: [{ kind: 'listUnread', list: 'roleAssignments', text: 'refused' }] })).toEqual([
      'could not determine everyone who may grant access: role assignments could not be read: refused',
    ]);
  });
  test('is bounded', () => {
    const many = Array.from({ length: 30 }, (_, n) => grantor(nameGuid('many', String(n))));
    expect(lines({ afterwards: many })[0]).toMatch(/ and 20 more$/);
  });
});
