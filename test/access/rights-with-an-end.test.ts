import { describe, expect, test } from 'vitest';
import { read, unreadable } from '../../src/base/reading.ts';
import * as t from '../builders/a-tenant.ts';
import { operatorRights } from './in-words.ts';

const { anna } = t;
const rights = (tenant: t.Tenant) =>
  operatorRights({ ...t.sources(tenant), operator: { objectId: anna, groups: read([]) }, vault: t.vault(), at: t.now });

describe('rights with an end', () => {
  const owner = t.assign(anna, 'Owner', t.subscription);
  const until = '2026-11-24T16:00:00Z';
  test('EA-38: are told with their end', () => {
    const { canFlip } = rights({ assignments: [owner], active: [t.instance(owner, { assignmentType: 'Activated', endDateTime: until })] });
    expect(canFlip).toMatchObject({ state: 'yes', until });
    expect(canFlip.because).toContain(`which ends ${until}`);
  });
  test('EA-38: count by the grant that lasts, and of several that end by the last', () => {
    const [sooner, later] = [t.assign(anna, 'Owner', t.group), t.assign(anna, 'Owner', t.vaultId)];
    const active = [
      t.instance(owner, { endDateTime: until }),
      t.instance(sooner, { endDateTime: '2026-11-24T15:00:00Z' }),
      t.instance(later, { endDateTime: '2026-11-24T20:00:00Z' }),
    ];
    const byOwner = (more: t.Tenant) => rights(more).canAssign(t.roleId('Reader'), 'User');
    for (const assignments of [
      [owner, sooner, later],
      [later, sooner, owner],
    ])
      expect(byOwner({ assignments, active })).toMatchObject({ state: 'yes', until: '2026-11-24T20:00:00Z' });
    const lasting = t.assign(anna, 'Owner', '/');
    expect(byOwner({ assignments: [owner, sooner, lasting], active })).toStrictEqual({
      state: 'yes',
      because: '`Microsoft.Authorization/roleAssignments/write` by `Owner` at the root',
    });
    expect(byOwner({ assignments: [owner], active })).toStrictEqual({
      state: 'yes',
      because: `\`Microsoft.Authorization/roleAssignments/write\` by \`Owner\` at the subscription, which ends ${until}`,
      until,
    });
    const endless = [...active.slice(0, 1), t.instance(sooner, { assignmentType: 'Activated' })];
    expect(byOwner({ assignments: [owner, sooner], active: endless }).because).toContain(', which may end at a time that is not known');
  });
  test('EA-38: end with the right that ends first, unless another lasts', () => {
    const writer = t.assign(anna, 'Key Vault Contributor', t.group);
    const active = [t.instance(owner, { endDateTime: until }), t.instance(writer, { endDateTime: '2026-11-24T18:00:00Z' })];
    expect(rights({ assignments: [owner, writer], active }).canFlip.until).toBe(until);
    expect(rights({ assignments: [owner, t.assign(anna, 'Owner', t.group)], active }).canFlip.until).toBeUndefined();
  });
  test('EA-38: say so when the end is not known', () => {
    const { canFlip } = rights({ assignments: [owner], facts: { activeInstances: unreadable('403') } });
    expect(canFlip).toMatchObject({ state: 'yes' });
    expect(canFlip.because).toContain('may end at a time that is not known');
  });
  test('EA-34: eligible is no right, and is named', () => {
    const { canFlip } = rights({ eligible: [t.instance(owner, {})] });
    expect(canFlip.state).toBe('no');
    expect(canFlip.because).toContain('`Owner` at the subscription is only eligible');
  });
});
