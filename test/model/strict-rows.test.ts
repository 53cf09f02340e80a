import { describe, expect, test } from 'vitest';
import type { JsonObject, JsonValue } from '../../src/base/json.ts';
import { parseDenyAssignment } from '../../src/model/deny-assignment.ts';
import { parseRoleAssignment, parseRoleDefinition } from '../../src/model/role.ts';
import { parseScheduleInstance } from '../../src/model/schedule-instance.ts';

const [vault, who, role] = ['/subscriptions/s/resourceGroups/g/providers/Microsoft.KeyVault/vaults/kv', 'b'.repeat(32), 'c'.repeat(32)];
const roleDefinitionId = `/providers/Microsoft.Authorization/roleDefinitions/${role}`;

/** One row of each list, with every member that anybody's access is judged by, as Azure writes it. */
const rows: Readonly<
  Record<string, { readonly parse: (raw: unknown) => unknown; readonly row: JsonObject; readonly none: readonly string[] }>
> = {
  'a role assignment': {
    parse: parseRoleAssignment,
    row: {
      id: `${vault}/providers/Microsoft.Authorization/roleAssignments/1`,
      name: '1',
      properties: {
        scope: vault,
        principalId: who,
        principalType: 'User',
        roleDefinitionId,
        condition: 'c',
        conditionVersion: '2.0',
        createdOn: '2026-01-01T00:00:00Z',
        updatedOn: '2026-01-01T00:00:00Z',
      },
    },
    // Without a type anybody may be meant, and without a version it is 2.0: nothing is granted by leaving these out.
    none: ['properties.principalType', 'properties.conditionVersion', 'name'],
  },
  'a role definition': {
    parse: parseRoleDefinition,
    row: {
      id: roleDefinitionId,
      name: role,
      properties: {
        roleName: 'Reads',
        type: 'CustomRole',
        assignableScopes: ['/'],
        permissions: [
          { actions: ['a'], notActions: ['b'], dataActions: ['c'], notDataActions: ['d'], condition: 'c', conditionVersion: '2.0' },
        ],
      },
    },
    none: ['name', 'id', 'properties.roleName', 'properties.permissions.0.conditionVersion'],
  },
  'a deny assignment': {
    parse: parseDenyAssignment,
    row: {
      id: `${vault}/providers/Microsoft.Authorization/denyAssignments/1`,
      properties: {
        denyAssignmentName: 'Denies',
        scope: vault,
        doNotApplyToChildScopes: false,
        permissions: [{ actions: ['a'], notActions: [], dataActions: ['c'], notDataActions: ['d'] }],
        principals: [{ id: who, type: 'Group' }],
        excludePrincipals: [{ id: role, type: 'User' }],
        condition: 'c',
        conditionVersion: '2.0',
      },
    },
    none: [
      'properties.denyAssignmentName',
      'properties.conditionVersion',
      'properties.principals.0.type',
      'properties.excludePrincipals.0.type',
    ],
  },
  'a PIM instance': {
    parse: parseScheduleInstance,
    row: {
      id: `${vault}/providers/Microsoft.Authorization/roleAssignmentScheduleInstances/1`,
      properties: {
        scope: vault,
        principalId: who,
        roleDefinitionId,
        originRoleAssignmentId: '/x',
        roleAssignmentScheduleId: '/y',
        assignmentType: 'Assigned',
        startDateTime: '2026-01-01T00:00:00Z',
        endDateTime: '2027-01-01T00:00:00Z',
        condition: 'c',
        conditionVersion: '2.0',
      },
    },
    none: [
      'properties.originRoleAssignmentId',
      'properties.roleAssignmentScheduleId',
      'properties.assignmentType',
      'properties.startDateTime',
      'properties.endDateTime',
      'properties.conditionVersion',
    ],
  },
};

function paths(value: unknown, at: readonly string[] = []): readonly string[] {
  const own = at.length === 0 ? [] : [at.join('.')];
  if (typeof value !== 'object' || value === null) return own;
  return [...own, ...Object.entries(value).flatMap(([key, member]) => paths(member, [...at, key]))];
}

function changed(row: JsonObject, path: string, change: (holder: Record<string, JsonValue>, key: string) => void): JsonObject {
  const copy = structuredClone(row) as Record<string, JsonValue>;
  const keys = path.split('.');
  const holder = keys.slice(0, -1).reduce((at, key) => at[key] as Record<string, JsonValue>, copy);
  change(holder, keys.at(-1) ?? '');
  return copy;
}

const lies: Readonly<Record<string, (holder: Record<string, JsonValue>, key: string) => void>> = {
  'a number': (holder, key) => (holder[key] = 7),
  'an object': (holder, key) => (holder[key] = { odd: true }),
  'an empty text': (holder, key) => (holder[key] = ''),
  true: (holder, key) => (holder[key] = holder[key] === false ? 'false' : true),
};

describe.each(Object.entries(rows))('%s', (_, { parse, row, none }) => {
  const all = paths(row);

  test('is understood as Azure writes it, and with members of a later day', () => {
    expect(parse(row)).toBeDefined();
    expect(parse({ ...row, later: 1, properties: { ...(row.properties as JsonObject), alsoLater: [null] } })).toBeDefined();
  });

  test.each(Object.keys(lies))('is not understood with %s where something else belongs: it is never taken for none', (lie) => {
    const names = /roleName|denyAssignmentName|^name$|^id$/;
    const taken = all.filter((path) => !names.test(path) && parse(changed(row, path, lies[lie] ?? (() => undefined))) !== undefined);
    expect(taken).toEqual([]);
  });

  test('is not understood without a member that Azure always writes, or with null in its place', () => {
    const isItem = (path: string) => /\.\d+$/.test(path);
    const left = (value: JsonValue | undefined) =>
      all.filter((path) => {
        if (none.includes(path) || (isItem(path) && value === undefined)) return false;
        const lie = changed(row, path, (holder, key) => {
          if (value === undefined) Reflect.deleteProperty(holder, key);
          else holder[key] = value;
        });
        return parse(lie) !== undefined;
      });
    expect([left(undefined), left(null)]).toEqual([[], []]);
  });

  test('is not understood with a member in another letter case', () => {
    const names = /roleName|denyAssignmentName|^name$|^id$/;
    const miscased = all.filter((path) => {
      if (names.test(path) || /\.\d+$/.test(path)) return false;
      const lie = changed(row, path, (holder, key) => {
        holder[key.charAt(0).toUpperCase() + key.slice(1)] = holder[key] ?? null;
        Reflect.deleteProperty(holder, key);
      });
      return parse(lie) !== undefined;
    });
    expect(miscased).toEqual([]);
  });
});

const rowOf = (what: string): JsonObject => rows[what]?.row ?? {};

test('EA-12: the root is written with a slash; a scope that is empty or blank is none', () => {
  const row = rowOf('a role assignment');
  const at = (scope: string) => parseRoleAssignment({ ...row, properties: { ...(row.properties as JsonObject), scope } })?.scope;
  expect([at('/'), at(''), at('  ')]).toEqual(['', undefined, undefined]);
});

test('a condition is none when Azure writes null for it and for its version, and never when a version is left over', () => {
  const row = rowOf('a role assignment');
  const { properties } = row as { properties: JsonObject };
  const rest = Object.fromEntries(Object.entries(properties).filter(([name]) => !name.startsWith('condition')));
  const read = (condition: JsonObject) => parseRoleAssignment({ ...row, properties: { ...rest, ...condition } });
  expect(read({})).toBeDefined();
  expect(read({ condition: null, conditionVersion: null })).toMatchObject({ principalType: 'User' });
  expect(read({ condition: null, conditionVersion: null })).not.toHaveProperty('condition');
  for (const odd of [
    { conditionVersion: '2.0' },
    { condition: '' },
    { condition: ' ' },
    { condition: {} },
    { Condition: 'c' },
    { condition: ['c'] },
  ]) {
    expect(read(odd), JSON.stringify(odd)).toBeUndefined();
  }
});

test('a deny assignment that names nobody or denies nothing is a damaged row', () => {
  const row = rowOf('a deny assignment');
  for (const key of ['principals', 'permissions']) {
    expect(parseDenyAssignment({ ...row, properties: { ...(row.properties as JsonObject), [key]: [] } }), key).toBeUndefined();
  }
});
