import { describe, expect, test } from 'vitest';
import { type VaultSeen, type VaultStatus, vaultStatus } from '../../src/cli/vault-status.ts';
import type { JournalEntry, JournalEvent } from '../../src/formats/journal.ts';
import type { VaultPlan } from '../../src/formats/plan.ts';
import type { PermissionModel } from '../../src/model/vault.ts';

const vaultId = '/subscriptions/s/resourceGroups/g/providers/Microsoft.KeyVault/vaults/kv';
const assign = (id: string): VaultPlan['steps'][number] => ({
  id,
  kind: 'ensureRoleAssignment',
  vaultId,
  scope: vaultId,
  name: id,
  roleDefinitionId: 'r',
  roleName: 'Key Vault Secrets User',
  principalId: 'p',
  principalType: 'User',
  because: [],
  undo: { kind: 'deleteRoleAssignment', assignmentId: id },
});
const plan: VaultPlan = {
  vaultId,
  name: 'kv',
  state: 'ready',
  basis: { fingerprint: '', fields: {} },
  entries: [],
  gains: [],
  findings: [],
  steps: [assign('a1'), assign('a2'), { id: 'flip', kind: 'flip', vaultId, undo: { kind: 'flipBack', vaultId } }],
};
const entry = (event: JournalEvent, step?: string, outcome?: string): JournalEntry => ({
  v: 1,
  at: '2026-11-23T10:00:00.000Z',
  event,
  vaultId,
  ...(step !== undefined && { step }),
  ...(outcome !== undefined && { outcome }),
});
const staged = ['a1', 'a2'].flatMap((step) => [entry('began', step), entry('done', step, 'created')]);

const seen = (permissionModel: PermissionModel, standing: readonly string[] = [], more: object = {}): VaultSeen => ({
  kind: 'seen',
  permissionModel,
  standing: new Set(standing),
  ...more,
});
const both = ['a1', 'a2'];
const flip = [entry('began', 'flip'), entry('done', 'flip')];
const back = [...flip, entry('undoBegan', 'flip'), entry('undone', 'flip')];

describe('how far a vault has come is told by what Azure lists', () => {
  test.each<[VaultStatus['state'], readonly JournalEntry[], VaultSeen]>([
    ['planned', [], seen('accessPolicy')],
    ['staging', [entry('began', 'a1')], seen('accessPolicy')],
    ['staging', [entry('began', 'a1'), entry('failed', 'a1')], seen('accessPolicy')],
    ['staging', [], seen('accessPolicy', ['a1'])],
    ['staged', [], seen('accessPolicy', both)],
    ['staged', staged, seen('accessPolicy', both)],
    ['staging', staged, seen('accessPolicy', ['a1'])],
    ['settled', [...staged, entry('settled')], seen('accessPolicy', both)],
    ['verified', [...staged, entry('settled'), entry('verified')], seen('accessPolicy', both)],
    ['verified', [...staged, entry('verified'), entry('bundleWritten')], seen('accessPolicy', both)],
    ['staging', [...staged, entry('settled'), entry('verified')], seen('accessPolicy', ['a2'])],
    ['rolledBack', [...staged, ...back], seen('accessPolicy', both)],
    ['flippedBack', [...staged, ...flip], seen('accessPolicy', both)],
    ['flipped', [...staged, entry('began', 'flip')], seen('azureRbac', both)],
    ['flipped', [], seen('azureRbac', both)],
    ['gone', staged, { kind: 'gone' }],
  ])('%s', (state, entries, what) => {
    expect(vaultStatus(plan, entries, what).state).toBe(state);
  });

  test('and by the journal only where Azure cannot be asked, which is said', () => {
    const status = vaultStatus(plan, staged, { kind: 'unread', because: '403 Forbidden' });
    expect(status).toMatchObject({ state: 'staged', permissionModel: null, assignments: { done: null, planned: 2, journalled: 2 } });
    expect(status).toMatchObject({ wrong: [], unknown: ['403 Forbidden'] });
    expect(vaultStatus(plan, staged, { kind: 'seen', permissionModel: 'accessPolicy', standing: undefined }).unknown).toHaveLength(1);
  });

  test('counts what Azure lists, not what the journal calls done, and names what has no end', () => {
    const status = vaultStatus(plan, [...staged.slice(0, 2), entry('began', 'a2')], seen('accessPolicy', []));
    expect(status).toMatchObject({ assignments: { done: 0, planned: 2, journalled: 1 }, open: ['a2'] });
    expect(vaultStatus(plan, [entry('began', 'a2')], seen('accessPolicy', ['a2'])).open).toEqual([]);
  });

  test.each<[string, readonly JournalEntry[], VaultSeen, RegExp]>([
    ['an assignment that was made is gone', staged, seen('accessPolicy', ['a1']), /^1 of the role assignments that were made is gone$/],
    ['somebody else flipped it', staged, seen('azureRbac', both), /^it was flipped elsewhere/],
    ['it is on access policies again', [...staged, ...flip], seen('accessPolicy', both), /is on access policies again/],
    ['it is gone', staged, { kind: 'gone' }, /no such vault/],
    [
      'its access is not covered',
      [...staged, ...flip],
      seen('azureRbac', both, { lacking: ['A person lacks keys/read'] }),
      /^A person lacks/,
    ],
  ])('says what is wrong when %s', (_, entries, what, words) => {
    expect(vaultStatus(plan, entries, what).wrong).toEqual([expect.stringMatching(words)]);
  });

  test.each<[string, readonly JournalEntry[], VaultSeen]>([
    ['all is as it should be after the flip', [...staged, ...flip], seen('azureRbac', both)],
    ['another machine did it all', [], seen('azureRbac', both)],
    ['apply found it flipped elsewhere, and all covered', [...staged, entry('done', 'flip', 'elsewhere')], seen('azureRbac', both)],
    ['a rollback removed what was made', [...staged, ...back], seen('accessPolicy', [])],
    ['nothing was begun', [], seen('accessPolicy', [])],
  ])('says nothing is wrong when %s', (_, entries, what) => {
    expect(vaultStatus(plan, entries, what)).toMatchObject({ wrong: [], unknown: [] });
  });

  test('a repair is done when all that it makes stands', () => {
    const repair: VaultPlan = { ...plan, state: 'repair', steps: plan.steps.slice(0, 2) };
    expect(vaultStatus(repair, [], seen('azureRbac', [])).state).toBe('planned');
    expect(vaultStatus(repair, [], seen('azureRbac', ['a1'])).state).toBe('staging');
    expect(vaultStatus(repair, [], seen('azureRbac', both)).state).toBe('repaired');
  });

  test('a vault that the plan blocks stays blocked', () => {
    expect(vaultStatus({ ...plan, state: 'blocked' }, [], seen('accessPolicy')).state).toBe('blocked');
  });
});
