import { describe, expect, test } from 'vitest';
import { accessFacts } from '../../src/access/access-facts.ts';
import { parseCondition } from '../../src/access/conditions/parse-condition.ts';
import { decideRbac } from '../../src/access/decide-rbac.ts';
import { roleRule } from '../../src/access/role-rule.ts';
import { read } from '../../src/base/reading.ts';
import type { PermissionBlock } from '../../src/model/role.ts';
import * as t from '../builders/a-tenant.ts';

const custom = t.id(77);
const { anna, getSecret, readMetadata } = t;
const never = "ActionMatches{'nothing'}";
const block = (more: Partial<PermissionBlock>): PermissionBlock => {
  return { actions: [], notActions: [], dataActions: [], notDataActions: [], ...more };
};

describe('a built-in role of which the catalogue knows a condition', () => {
  /** As it might be known: reading under a condition, listing and deleting without. */
  const known = [
    block({ dataActions: [readMetadata, t.secret('delete')] }),
    block({ dataActions: [getSecret], notDataActions: [t.secret('purge/action')], condition: never }),
  ];
  const catalogue = { ...t.catalogue, roles: [{ id: custom, name: 'newer', candidate: false, permissions: known }] };
  const state = (listed: readonly Partial<PermissionBlock>[], action: string, type = 'BuiltInRole') => {
    const definition = t.role(custom, listed, type);
    const tenant = { assignments: [t.assign(anna, custom)], facts: { roleDefinitions: read([definition]) } };
    return decideRbac(t.ask(anna, action), accessFacts({ ...t.sources(tenant), catalogue })).state;
  };
  const withoutCondition = [
    { dataActions: [getSecret], notDataActions: [t.secret('purge/action')] },
    { dataActions: [t.secret('delete'), ` ${readMetadata.toUpperCase()} `] },
  ];

  test('EA-19: keeps it on the block it stands on, whatever order and spelling Azure lists the blocks in', () => {
    expect(state(withoutCondition, getSecret)).toBe('notGranted');
    expect(state(withoutCondition, readMetadata)).toBe('granted');
  });
  test('EA-19: is held to it in every block that moved, in whichever list', () => {
    expect(state([{ dataActions: [readMetadata] }], readMetadata)).toBe('notGranted');
    expect(state([{ dataActions: [readMetadata, t.secret('backup/action')] }], readMetadata)).toBe('notGranted');
    for (const list of ['actions', 'notActions', 'notDataActions'] as const)
      expect(state([{ dataActions: [readMetadata, t.secret('delete')], [list]: ['x'] }], readMetadata)).toBe('notGranted');
  });
  test('EA-19: is judged by the condition that Azure shows, and a custom role by none that it lacks', () => {
    expect(state([{ dataActions: [getSecret], condition: "ActionMatches{'*'}" }], getSecret)).toBe('granted');
    expect(state(withoutCondition, getSecret, 'CustomRole')).toBe('granted');
  });
  test('EA-19: tells each block with the condition that it is judged by', () => {
    const rule = roleRule(custom, t.role(custom, withoutCondition, 'BuiltInRole'), catalogue, parseCondition);
    expect(rule?.conditions).toEqual([parseCondition(never), undefined]);
  });
});

describe('a role that nobody can open', () => {
  test('EA-18: leaves it open, and is told by its id', () => {
    expect(decideRbac(t.ask(anna, getSecret), t.facts({ assignments: [t.assign(anna, custom)] }))).toEqual({
      state: 'unknown',
      because: [{ kind: 'assignmentRoleUnread', assignment: expect.objectContaining({ roleName: custom }) as object }],
    });
  });
});

describe('a built-in role newer than the catalogue', () => {
  const rule = (more: Partial<PermissionBlock>) =>
    roleRule(custom, t.role(custom, [block(more)], 'BuiltInRole'), t.catalogue, parseCondition)?.conditions.map((one) => one?.state);
  test.each([
    ['gives data actions', { dataActions: [getSecret] }, 'unreadable'],
    ['may assign roles', { actions: ['Microsoft.Authorization/roleAssignments/write'] }, 'unreadable'],
    ['may remove assignments', { actions: ['Microsoft.Authorization/roleAssignments/delete'] }, 'unreadable'],
    ['may do neither', { actions: ['*'], notActions: ['Microsoft.Authorization/*'] }, undefined],
  ])('EA-19: may hide a condition where it %s', (_, more, state) => {
    expect(rule(more)).toEqual([state]);
  });
  test('EA-19: of which Azure shows one condition and may hide another is judged by neither', () => {
    const blocks = [{ dataActions: [getSecret], condition: 'odd' }, { dataActions: [getSecret] }];
    const tenant = { roles: [t.role(custom, blocks, 'BuiltInRole')], assignments: [t.assign(anna, custom)] };
    expect(decideRbac(t.ask(anna, getSecret), t.facts(tenant))).toEqual({
      state: 'unknown',
      because: [{ kind: 'conditionHidden', assignment: expect.objectContaining({ roleName: 'role 77' }) as object }],
    });
  });
});
