import { expect, test } from 'vitest';
import { decideLegacy } from '../../src/access/decide-legacy.ts';
import { decideRbac } from '../../src/access/decide-rbac.ts';
import { judgeVault } from '../../src/access/judge-vault.ts';
import { operatorRights } from '../../src/access/operator-rights.ts';
import { read, unreadable } from '../../src/base/reading.ts';
import { sortedReasons, uniqueReasons } from '../../src/model/reason.ts';
import * as t from '../builders/a-tenant.ts';

const { anna, team, getSecret } = t;
const decide = (tenant: t.Tenant) => decideRbac(t.ask(anna, getSecret), t.facts(tenant));
const own = t.assign(anna, 'Secrets User');
const named = (of: { readonly id: string }) => ({ roleName: 'Key Vault Secrets User', scope: t.scope(t.vaultId), assignmentId: of.id });
const group = { id: team, name: 'group 11' };

test('EA-27: a list that could not be read is named by its kind, with the text of whoever refused it', () => {
  const answer = decide({ facts: { roleAssignments: unreadable('403') } });
  expect(answer).toEqual({ state: 'unknown', because: [{ kind: 'listUnread', list: 'roleAssignments', text: '403' }] });
});

test('EA-29: a group whose members are not known is named by id and name, with why they are not', () => {
  const tenant = { assignments: [t.assign(team, 'Secrets User')], principals: [t.user(anna), t.aGroup(team)] };
  expect(decide({ ...tenant, members: { [team]: unreadable('403') } })).toEqual({
    state: 'unknown',
    because: [{ kind: 'membersUnknown', group, why: { kind: 'unreadable', text: '403' } }],
  });
  expect(decide({ ...tenant, members: {} })).toEqual({
    state: 'unknown',
    because: [{ kind: 'membersUnknown', group, why: { kind: 'notAsked' } }],
  });
});

test('EA-25: a refusal names the deny assignment by id, and the assignment that would give it by its own', () => {
  const denial = t.deny(t.vaultId, [anna], [getSecret]);
  expect(decide({ assignments: [own], denies: [denial] })).toEqual({
    state: 'notGranted',
    because: { kind: 'denied', deny: { id: denial.id, name: denial.name, everyone: false } },
    nearest: { kind: 'wouldGive', assignment: named(own) },
    reason: 'DeniedByDenyAssignment',
  });
});

test('EA-37: what is no durable cover says of which assignment and by how much', () => {
  const requirements = [{ principalId: anna, dataActions: [getSecret] }];
  const young = t.assign(anna, 'Secrets User', t.vaultId, { createdOn: '2026-11-24T11:50:00Z', updatedOn: '2026-11-24T11:50:00Z' });
  const [pair] = judgeVault(t.question({ assignments: [young] }, { requirements, minimumAgeMinutes: 15 })).pairs;
  expect(pair?.because).toEqual([
    { kind: 'tooYoung', assignment: named(young), ageMinutes: 10, neededMinutes: 15, atManagementGroup: false },
  ]);
  const [none] = judgeVault(t.question({ assignments: [] }, { requirements })).pairs;
  expect(none?.because).toEqual([{ kind: 'assignmentNone' }]);
  const [covered] = judgeVault(t.question({ assignments: [own] }, { requirements })).pairs;
  expect(covered).toMatchObject({ state: 'covered', because: [] });
});

test('LP-1: under access policies the kind says that no policy gives it, and nothing of roles', () => {
  expect(decideLegacy({ principalId: anna, dataAction: getSecret }, t.vault([]), t.facts())).toEqual({
    state: 'notGranted',
    because: { kind: 'policyNone' },
  });
});

test('EA-42, EA-43: a right that the operator lacks names the action, and what comes nearest', () => {
  const { canDefineRoles } = operatorRights({
    ...t.sources({ assignments: [t.assign(anna, 'Key Vault Reader')] }),
    operator: { objectId: anna, groups: read([]) },
    vault: t.vault(),
    at: t.now,
  });
  expect(canDefineRoles()).toEqual({
    state: 'no',
    because: [{ kind: 'rightNotGiven', action: 'Microsoft.Authorization/roleDefinitions/write' }],
  });
});

test('reasons are told once each, in an order that does not hang on the order of the facts', () => {
  const [a, b] = [{ kind: 'policyNone' } as const, { kind: 'assignmentNone' } as const];
  expect(uniqueReasons([a, b, a])).toEqual([a, b]);
  expect(sortedReasons([a, b, a])).toEqual(sortedReasons([b, a]));
});
