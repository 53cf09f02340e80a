import { describe, expect, test } from 'vitest';
import type { JsonObject, JsonValue } from '../../../src/base/json.ts';
import { readPolicyIdentity, wordsOf } from '../../../src/sandbox/readers/access-policy.ts';
import { readMappingFiles } from '../../../src/sandbox/readers/built-in-roles.ts';
import { readDenyAssignment } from '../../../src/sandbox/readers/deny-assignment.ts';
import { readLock } from '../../../src/sandbox/readers/lock.ts';
import { holds, isManagementGroup, placeOf, placeOfOwner, samePlace } from '../../../src/sandbox/readers/place.ts';
import { readRoleAssignment } from '../../../src/sandbox/readers/role-assignment.ts';
import { readRoleBlocks } from '../../../src/sandbox/readers/role-definition.ts';
import { readInstance } from '../../../src/sandbox/readers/schedule-instance.ts';
import { UnreadableRow } from '../../../src/sandbox/readers/stored-row.ts';

const one = '00000000-0000-0000-0000-0000000000b1';
const scope = '/subscriptions/S/resourceGroups/rg-a';
const at = (type: string) => `${scope}/providers/Microsoft.Authorization/${type}/x`;
const block = { actions: [], notActions: [], dataActions: ['*'], notDataActions: ['a/b'] };

const assignment = { scope: `${scope}/`, principalId: one.replaceAll('-', '').toUpperCase(), roleDefinitionId: `/any/${one}` };
const deny = {
  scope,
  permissions: [block],
  principals: [{ id: one, type: 'User' }],
  excludePrincipals: [],
  doNotApplyToChildScopes: true,
};

interface Kind {
  readonly type: string;
  readonly read: (body: JsonObject) => unknown;
  readonly properties: JsonObject;
  /** Members without which, or with something else in which, nobody can judge. */
  readonly odd: readonly (readonly [string, JsonValue | undefined])[];
}

const kinds: readonly Kind[] = [
  {
    type: 'roleAssignments',
    read: readRoleAssignment,
    properties: assignment,
    odd: [
      ['scope', undefined],
      ['scope', ' '],
      ['scope', '/nowhere'],
      ['principalId', 'somebody'],
      ['roleDefinitionId', '/any/role'],
      ['condition', ''],
      ['condition', 7],
      ['Condition', 'true'],
      ['conditionVersion', '2.0'],
    ],
  },
  {
    type: 'roleDefinitions',
    read: readRoleBlocks,
    properties: { permissions: [block] },
    odd: [
      ['permissions', undefined],
      ['permissions', ['*']],
      ['permissions', [{ ...block, notDataActions: null }]],
      ['permissions', [{ ...block, dataActions: [7] }]],
      ['permissions', [{ ...block, condition: {} }]],
    ],
  },
  {
    type: 'denyAssignments',
    read: readDenyAssignment,
    properties: deny,
    odd: [
      ['principals', []],
      ['principals', [{ type: 'User' }]],
      ['permissions', []],
      ['excludePrincipals', undefined],
      ['doNotApplyToChildScopes', 'true'],
      ['denyAssignmentEffect', 'sometimes'],
    ],
  },
  {
    type: 'roleAssignmentScheduleInstances',
    read: readInstance,
    properties: { endDateTime: null },
    odd: [
      ['endDateTime', 7],
      ['endDateTime', 'soon'],
      ['startDatetime', '2026-01-01T00:00:00Z'],
      ['originRoleAssignmentId', ''],
    ],
  },
  { type: 'locks', read: readLock, properties: { level: 'ReadOnly' }, odd: [['level', 'Frozen']] },
];

describe.each(kinds)('a stored row of $type', ({ type, read, properties, odd }) => {
  test('is read as Azure writes it', () => {
    expect(() => read({ id: at(type), properties })).not.toThrow();
  });

  test.each(odd)('with `%s` as %j is an error that names it, and never "no access"', (key, value) => {
    expect(() => read({ id: at(type), properties: { ...properties, [key]: value } })).toThrow(UnreadableRow);
    expect(() => read({ id: at(type), properties: { ...properties, [key]: value } })).toThrow(at(type));
  });

  test('without properties, or without an id, is an error', () => {
    expect(() => read({ id: at(type) })).toThrow(UnreadableRow);
    expect(() => read({ properties })).toThrow('a row without an id');
  });
});

test('ids, scopes and times of rows are comparable whatever their spelling', () => {
  expect(readRoleAssignment({ id: at('roleAssignments'), properties: assignment })).toEqual({
    id: at('roleAssignments'),
    place: ['subscriptions', 's', 'resourcegroups', 'rg-a'],
    roleId: one,
    principalId: one,
  });
  const told = readDenyAssignment({ id: 'd', properties: { ...deny, denyAssignmentEffect: 'Audit', condition: 'c' } });
  expect(told).toMatchObject({ below: false, onlyAudits: true, principals: [one], excepted: [], condition: 'c' });
  const ends = readInstance({ id: 'i', properties: { originRoleAssignmentId: '/A/B', endDateTime: '1970-01-01T00:00:01Z' } });
  expect(ends).toEqual({ assignment: '/a/b', start: undefined, end: 1000 });
  expect(readLock({ id: at('locks'), properties: { level: 'cannotDelete' } })).toMatchObject({ place: placeOf(scope), stops: 'deletes' });
});

describe('places', () => {
  const place = (id: string) => placeOf(id) ?? ['?'];

  test('EA-12: case, doubled slashes and a slash at the end say nothing; the root has no segments', () => {
    expect(placeOf('//Subscriptions/A//resourceGroups/B/')).toEqual(['subscriptions', 'a', 'resourcegroups', 'b']);
    expect(placeOf('/')).toEqual([]);
    expect(['/subscriptions', '/tenants/a', 'x'].map(placeOf)).toEqual([undefined, undefined, undefined]);
  });

  test('EA-12: a place holds what stands below it, by whole segments', () => {
    expect(holds(place('/subscriptions/a'), place('/subscriptions/a/resourceGroups/b'))).toBe(true);
    expect(holds(place('/subscriptions/a'), place('/subscriptions/ab'))).toBe(false);
    expect(holds(place('/'), place('/subscriptions/a'))).toBe(true);
    expect(samePlace(place('/subscriptions/a'), place('/subscriptions/a/b'))).toBe(false);
  });

  test('a thing of Microsoft.Authorization hangs on what its id begins with', () => {
    expect(placeOfOwner('/subscriptions/a/providers/Microsoft.Authorization/locks/l')).toEqual(['subscriptions', 'a']);
    expect(placeOfOwner('/providers/Microsoft.Authorization/roleAssignments/r')).toEqual([]);
    expect(isManagementGroup(place('/providers/Microsoft.Management/managementGroups/g'))).toBe(true);
    expect(isManagementGroup(place('/providers/Microsoft.Management/managementGroups'))).toBe(false);
  });
});

describe('entries of an access policy', () => {
  const upper = one.toUpperCase();

  test.each([undefined, null, '', '00000000-0000-0000-0000-000000000000'])('LP-3: the application id %j is none', (applicationId) => {
    expect(readPolicyIdentity({ tenantId: upper, objectId: upper, ...(applicationId !== undefined && { applicationId }) })).toEqual({
      tenantId: one,
      objectId: one,
    });
  });

  test('LP-3: an application id that is a text counts, and one that is anything else is an error', () => {
    expect(readPolicyIdentity({ tenantId: one, objectId: 'X', applicationId: upper })).toEqual({
      tenantId: one,
      objectId: 'x',
      applicationId: one,
    });
    expect(() => readPolicyIdentity({ tenantId: one, objectId: one, applicationId: 7 })).toThrow(UnreadableRow);
  });

  test('LP-2: words come without case; a missing and a null list have none, anything else is an error', () => {
    expect(wordsOf({ permissions: { keys: ['wrapKey', 'ALL'], secrets: null } }, 'keys')).toEqual(['wrapkey', 'all']);
    expect(wordsOf({ permissions: { secrets: null } }, 'secrets')).toEqual([]);
    expect(wordsOf({ permissions: {} }, 'storage')).toEqual([]);
    for (const permissions of [{ keys: 'all' }, { keys: [7] }, 'all'] as JsonValue[])
      expect(() => wordsOf({ permissions }, 'keys')).toThrow(UnreadableRow);
  });
});

test('a mapping without what the sandbox takes from it is an error', () => {
  const role = { id: one, name: 'Reader', permissions: [block] };
  const files = { roles: { roles: [role] }, dataActions: { dataActions: [{ name: 'a/b' }] } };
  expect(readMappingFiles(files)).toEqual({ roles: [role], dataActions: ['a/b'] });
  expect(() => readMappingFiles({ ...files, roles: [] })).toThrow(UnreadableRow);
  expect(() => readMappingFiles({ ...files, roles: { roles: [{ ...role, id: 'x' }] } })).toThrow('`id` is not a GUID');
});
