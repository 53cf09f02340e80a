import { describe, expect, test } from 'vitest';
import type { Guid } from '../../../src/base/guid.ts';
import { read, unreadable } from '../../../src/base/reading.ts';
import { endingMemberships, type GroupTree } from '../../../src/inventory/read/ending-memberships.ts';
import type { PimMembership } from '../../../src/model/pim-membership.ts';
import { person } from '../fake-azure.ts';

const [ann, team, inner, deep] = ['ann', 'team', 'inner', 'deep'].map(person) as [Guid, Guid, Guid, Guid];
const now = '2026-11-24T12:00:00Z';
const [soon, later] = ['2026-11-24T16:00:00Z', '2026-12-24T00:00:00Z'];

const row = (principalId: Guid, more: Partial<PimMembership> = {}): PimMembership => {
  return { principalId, access: 'member', activated: false, derived: false, ...more };
};

interface Shape {
  readonly pim: Readonly<Record<string, readonly PimMembership[]>>;
  readonly members?: Readonly<Record<string, readonly Guid[]>>;
  readonly unread?: readonly Guid[];
}

/** Ann and the inner groups are in the team, unless said otherwise. */
function ending({ pim, members = { [team]: [ann] }, unread = [] }: Shape) {
  const groups = [inner, deep];
  const nestedIn = (group: Guid) => (members[group] ?? []).filter((id) => groups.includes(id));
  const tree: GroupTree = {
    group: team,
    nested: nestedIn(team),
    nestedIn,
    now,
    pim: new Map(Object.entries(pim) as [Guid, readonly PimMembership[]][]),
    members: new Map([
      ...(Object.entries(members) as [Guid, readonly Guid[]][]).map(([id, list]) => [id, read(new Set(list))] as const),
      ...unread.map((id) => [id, unreadable('refused')] as const),
    ]),
  };
  return endingMemberships([ann], tree);
}

describe('EA-61: a membership of one group', () => {
  test.each<[string, readonly PimMembership[], readonly object[]]>([
    ['that nothing manages lasts', [], []],
    ['without an end lasts', [row(ann)], []],
    ['with an end ends then', [row(ann, { endDateTime: soon })], [{ principalId: ann, until: soon }]],
    ['by an activation without an end ends some day', [row(ann, { activated: true })], [{ principalId: ann }]],
    ['lasts where one of two has no end', [row(ann, { endDateTime: soon, activated: true }), row(ann)], []],
    [
      'ends with the later of two',
      [row(ann, { endDateTime: soon }), row(ann, { endDateTime: later })],
      [{ principalId: ann, until: later }],
    ],
    [
      'does not last by one that begins later',
      [row(ann, { endDateTime: soon }), row(ann, { startDateTime: later })],
      [{ principalId: ann, until: soon }],
    ],
    ['does not end with an ownership', [row(ann, { access: 'owner', endDateTime: soon })], []],
    [
      'does not last by an ownership',
      [row(ann, { access: 'owner' }), row(ann, { endDateTime: soon })],
      [{ principalId: ann, until: soon }],
    ],
    ['does not end with that of somebody else', [row(person('ben'), { endDateTime: soon })], []],
  ])('%s', (_, rows, expected) => {
    expect(ending({ pim: { [team]: rows } })).toEqual(expected);
  });
});

describe('EA-61: a membership through groups', () => {
  const nested = { [team]: [inner, ann], [inner]: [ann] };
  test('ends at the step that ends first', () => {
    const pim = { [inner]: [row(ann, { endDateTime: later })], [team]: [row(inner, { endDateTime: soon })] };
    expect(ending({ pim, members: nested })).toEqual([{ principalId: ann, until: soon }]);
    expect(ending({ pim: { [inner]: [row(ann, { endDateTime: later })] }, members: nested })).toEqual([{ principalId: ann, until: later }]);
  });

  test('lasts where each step does, whatever ends beside it', () => {
    expect(ending({ pim: { [team]: [row(ann, { endDateTime: soon })] }, members: nested })).toEqual([]);
    expect(ending({ pim: { [inner]: [row(ann)], [team]: [row(inner), row(ann, { activated: true })] }, members: nested })).toEqual([]);
    const chain = { [team]: [inner, deep, ann], [inner]: [deep, ann], [deep]: [ann] };
    expect(ending({ pim: { [team]: [row(ann, { endDateTime: soon })] }, members: chain })).toEqual([]);
    expect(ending({ pim: { [inner]: [row(deep, { endDateTime: soon })] }, members: chain })).toEqual([{ principalId: ann, until: soon }]);
  });

  test('is not called lasting by a group that was not opened, nor by an assignment that only the group around has', () => {
    const pim = { [team]: [row(ann, { endDateTime: soon })] };
    expect(ending({ pim, members: { [team]: [inner, ann] }, unread: [inner] })).toEqual([{ principalId: ann, until: soon }]);
    const derived = { [team]: [row(ann, { derived: true }), row(inner)], [inner]: [row(ann, { endDateTime: soon })] };
    expect(ending({ pim: derived, members: nested })).toEqual([{ principalId: ann, until: soon }]);
  });

  test('comes to an end where groups hold each other', () => {
    const circle = { [team]: [inner, deep, ann], [inner]: [deep, inner, ann], [deep]: [inner, deep, ann] };
    expect(ending({ pim: { [team]: [row(inner, { endDateTime: soon })] }, members: circle })).toEqual([{ principalId: ann, until: soon }]);
  });
});
