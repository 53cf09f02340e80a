import { describe, expect, test } from 'vitest';
import { vaultStatus } from '../../src/cli/vault-status.ts';
import type { JournalEntry, JournalEvent } from '../../src/migrate/ports.ts';
import type { VaultPlan } from '../../src/plan/plan.ts';

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
  because: '',
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
  steps: [assign('a1'), assign('a2'), { id: 'flip', kind: 'flip', vaultId, because: '', undo: { kind: 'flipBack', vaultId } }],
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

describe('how far a vault has come', () => {
  test.each([
    ['planned', [], 'accessPolicy'],
    ['staging', [entry('began', 'a1')], 'accessPolicy'],
    ['staging', [entry('began', 'a1'), entry('failed', 'a1')], 'accessPolicy'],
    ['staged', staged, 'accessPolicy'],
    ['settled', [...staged, entry('settled')], 'accessPolicy'],
    ['verified', [...staged, entry('settled'), entry('verified')], 'accessPolicy'],
    ['verified', [...staged, entry('verified'), entry('bundleWritten')], 'accessPolicy'],
    [
      'rolledBack',
      [...staged, entry('began', 'flip'), entry('done', 'flip'), entry('undoBegan', 'flip'), entry('undone', 'flip')],
      'accessPolicy',
    ],
  ] as const)('is %s', (state, entries, model) => {
    expect(vaultStatus(plan, entries, model).state).toBe(state);
  });

  test('is flipped when Azure says so, whatever the journal lost', () => {
    expect(vaultStatus(plan, [...staged, entry('began', 'flip')], 'azureRbac')).toMatchObject({ state: 'flipped', open: ['flip'] });
  });

  test('is not flipped because the journal says so, when Azure does not', () => {
    expect(vaultStatus(plan, [...staged, entry('began', 'flip'), entry('done', 'flip')], 'accessPolicy').state).not.toBe('flipped');
  });

  test('counts what is done and names what is open', () => {
    const status = vaultStatus(plan, [...staged.slice(0, 2), entry('began', 'a2')], null);
    expect(status).toMatchObject({ permissionModel: null, assignments: { done: 1, planned: 2 }, open: ['a2'] });
  });

  test('a vault that the plan blocks stays blocked', () => {
    expect(vaultStatus({ ...plan, state: 'blocked' }, [], 'accessPolicy').state).toBe('blocked');
  });
});
