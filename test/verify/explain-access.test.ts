import { describe, expect, test } from 'vitest';
import { read, unreadable } from '../../src/base/reading.ts';
import type { SubscriptionFacts } from '../../src/model/estate.ts';
import type { RoleAssignment } from '../../src/model/role.ts';
import { parseScheduleInstance } from '../../src/model/schedule-instance.ts';
import { buildPlan } from '../../src/plan/build-plan.ts';
import { toldExplanation } from '../../src/report/explain-report.ts';
import { explainText } from '../../src/report/explain-text.ts';
import { plainLook } from '../../src/report/look.ts';
import { explainAccess, principalsMeant } from '../../src/verify/explain-access.ts';
import {
  anAssignment,
  anEstate,
  aSubscription,
  aVault,
  id,
  rawPolicy,
  rawVault,
  subscriptionId,
  user,
  vaultResourceId,
} from '../builders/an-estate.ts';
import { catalogue, roleId } from '../builders/the-catalogue.ts';

const alice = id('1');
const get = 'Microsoft.KeyVault/vaults/secrets/getSecret/action';

function explain(
  assignments: readonly RoleAssignment[],
  properties = {},
  changes: Partial<SubscriptionFacts> = {},
  policies = [rawPolicy(alice, { secrets: ['get', 'list'] })],
) {
  const vault = aVault(rawVault('kv-a', policies, properties));
  const subscription = aSubscription({ roleAssignments: read(assignments), ...changes });
  const estate = { ...anEstate([vault], [user(alice, 'Alice')]), subscriptions: [subscription] };
  const plan = buildPlan(estate, { catalogue, decisions: [], settings: { minimumAgeMinutes: 15 }, toolVersion: '0' }).vaults[0];
  if (plan === undefined) throw new Error('no plan');
  return explainAccess({ estate, vault, subscription, catalogue, principalId: alice, dataActions: [get], plan });
}

describe('why a principal has an access', () => {
  test('EA-53: whoever has it by a group today keeps it by the group, and is not told of a loss', () => {
    const team = id('2');
    const vault = aVault(rawVault('kv-a', [rawPolicy(team, { secrets: ['get'] })]));
    const subscription = aSubscription({ roleAssignments: read([anAssignment(vaultResourceId('kv-a'), team, 'Key Vault Secrets User')]) });
    const group = { kind: 'group', objectId: team, displayName: 'Team', securityEnabled: true, dynamic: false } as const;
    const members = new Map([[team, read(new Set([alice]))]]);
    const estate = { ...anEstate([vault], [user(alice, 'Alice'), group]), subscriptions: [subscription], members };
    const [plan] = buildPlan(estate, { catalogue, decisions: [], settings: { minimumAgeMinutes: 15 }, toolVersion: '0' }).vaults;
    if (plan === undefined) throw new Error('no plan');
    const { actions } = explainAccess({ estate, vault, subscription, catalogue, principalId: alice, dataActions: [get], plan });
    expect(actions[0]?.after).toMatchObject({ state: 'covered', assignments: [{ throughGroup: team }] });
  });
  test('an assignment of the plan is told from one that exists, at the same scope too', () => {
    const planned = explain([anAssignment(vaultResourceId('kv-a'), alice, 'Key Vault Reader')]);
    expect(planned.actions[0]?.after.assignments).toMatchObject([{ roleName: 'Key Vault Secrets User', planned: true }]);
    const there = explain([anAssignment(vaultResourceId('kv-a'), alice, 'Key Vault Secrets User')]);
    expect(there.actions[0]?.after.assignments).toMatchObject([{ roleName: 'Key Vault Secrets User', planned: false }]);
    expect(there.roles).toEqual([
      {
        roleId: there.roles[0]?.roleId,
        roleName: 'Key Vault Secrets User',
        dataActions: [{ dataAction: 'Microsoft.KeyVault/vaults/secrets/readMetadata/action', tier: 'D' }],
        controlPlane: [],
      },
    ]);
  });
  test('at a vault on Azure RBAC access policies give nothing, and assignments give it today', () => {
    const rbac = { enableRbacAuthorization: true };
    expect(explain([], rbac).actions[0]?.today).toMatchObject({ state: 'notGranted', entries: [] });
    const granted = explain([anAssignment(vaultResourceId('kv-a'), alice, 'Key Vault Secrets User')], rbac).actions[0];
    expect([granted?.today.state, granted?.after.state]).toEqual(['granted', 'covered']);
  });
  test('at a vault on Azure RBAC today is what holds at this moment, and unknown stays unknown', () => {
    const rbac = { enableRbacAuthorization: true };
    const row = anAssignment(vaultResourceId('kv-a'), alice, 'Key Vault Secrets User');
    const unread = explain([row], rbac, { denyAssignments: unreadable('403') }).actions[0];
    expect([unread?.today.state, unread?.after.state]).toEqual(['unknown', 'unknown']);
    const ends = parseScheduleInstance({
      id: '/i/1',
      properties: {
        scope: vaultResourceId('kv-a'),
        roleDefinitionId: row.roleDefinitionId,
        principalId: alice,
        endDateTime: '2099-01-01T00:00:00Z',
        originRoleAssignmentId: row.id,
      },
    });
    const ending = explain([row], rbac, { activeInstances: read(ends === undefined ? [] : [ends]) }).actions[0];
    expect([ending?.today.state, ending?.after.state]).toEqual(['granted', 'uncovered']);
  });
  test('EA-34: what the principal may activate through PIM is told with role and scope, whether it has an entry or not', () => {
    const eligible = (principalId: string, role: string) => {
      const raw = { scope: `/subscriptions/${subscriptionId}`, roleDefinitionId: `/x/${roleId(role)}`, principalId };
      const one = parseScheduleInstance({ id: `/e/${role}`, properties: raw });
      return one === undefined ? [] : [one];
    };
    const own = eligible(alice, 'Key Vault Secrets Officer');
    const others = [...eligible(alice, 'Key Vault Crypto User'), ...eligible(id('9'), 'Key Vault Administrator')];
    for (const policies of [[rawPolicy(alice, { secrets: ['get'] })], []]) {
      const found = explain([], {}, { eligibleInstances: read([...own, ...others]) }, policies);
      expect(found.eligible).toEqual([
        { roleName: 'Key Vault Secrets Officer', scope: `/subscriptions/${subscriptionId}`, dataActions: [get] },
      ]);
      const who = { vaultId: '', vaultName: 'kv-a', principalId: alice, principal: { kind: 'user', displayName: 'Alice' } };
      const head = {
        format: 'keyturn-explain',
        formatVersion: 1,
        at: '',
        permissionModel: 'accessPolicy',
        permission: 'secrets/get',
      } as const;
      expect(explainText({ ...head, ...who, ...toldExplanation(found) }, plainLook).join(' ')).toContain(
        'eligible through PIM for `Key Vault Secrets Officer` at the subscription: gives secrets/getSecret only while it is activated',
      );
    }
    expect(explain([]).eligible).toEqual([]);
  });
  test('LP-3: what only a compound entry gives is told as that, and never as the principal’s own', () => {
    const application = id('e');
    const compound = rawPolicy(alice, { secrets: ['get'] }, { applicationId: application });
    const [action] = explain([], {}, {}, [compound]).actions;
    expect(action?.today).toMatchObject({ state: 'notGranted', throughApplications: [application] });
    const [both] = explain([], {}, {}, [compound, rawPolicy(alice, { secrets: ['get'] })]).actions;
    expect(both?.today).toMatchObject({ state: 'granted', throughApplications: [] });
  });
  test('what could not be read leaves the answer open, with the doubt named', () => {
    const open = explain([], {}, { denyAssignments: unreadable('403') });
    expect(open.actions[0]?.after.state).toBe('unknown');
    expect(open.doubts).toEqual([{ kind: 'listUnread', list: 'denyAssignments', text: '403' }]);
  });
  test('a principal is meant by its object id in any spelling, or by its display name', () => {
    const estate = {
      principals: new Map([
        [alice, user(alice, 'Alice')],
        [id('2'), user(id('2'), 'alice')],
        [id('3'), { kind: 'deleted', objectId: id('3'), displayName: 'Gone' } as const],
      ]),
    };
    expect(principalsMeant(alice.toUpperCase(), estate)).toEqual([alice]);
    expect(principalsMeant(' ALICE ', estate)).toEqual([alice, id('2')]);
    expect(principalsMeant('Gone', estate)).toEqual([]);
  });
  test('P24: a principal whose name hides characters is meant by what is shown of it, too', () => {
    const estate = { principals: new Map([[alice, user(alice, 'Al\u202eice')]]) };
    const shown = (name: string) => name.replace('\u202e', '');
    expect(principalsMeant('alice', estate, shown)).toEqual([alice]);
    expect(principalsMeant('al\u202eice', estate, shown)).toEqual([alice]);
  });
});
