import { describe, expect, test } from 'vitest';
import { resultLines } from '../../../src/cli/output/results-view.ts';
import type { VaultResult } from '../../../src/migrate/vault-result.ts';
import { plainLook } from '../../../src/report/look.ts';

const vaultId = '/subscriptions/29a7cd43-d35d-5f66-ade6-9d2a58856a63/resourceGroups/rg/providers/Microsoft.KeyVault/vaults/kv-app';
const result = (name: string, outcome: VaultResult['outcome'], more: Partial<VaultResult> = {}): VaultResult => ({
  vaultId,
  name,
  outcome,
  because: 'so it ended',
  lines: [],
  ...more,
});

describe('how vaults ended', () => {
  test('of one vault is told without a summary', () => {
    expect(resultLines([result('kv-a', 'done')], plainLook)).toEqual(['done  kv-a  so it ended']);
  });

  test('of several ends with what needs a person, and counts', () => {
    const results = [result('kv-a', 'failed'), result('kv-b', 'done'), result('kv-c', 'blocked'), result('kv-d', 'skipped')];
    const lines = resultLines(results, plainLook);
    expect(lines.map((line) => line.split('  ')[1])).toEqual(['kv-b', 'kv-d', 'kv-c', 'kv-a', undefined, undefined]);
    expect(lines.at(-1)).toBe('4 vaults: 1 done, 1 skipped, 1 blocked, 1 failed');
  });

  test('of many that another run holds, or that were not begun, is told once, with their names', () => {
    const held = (name: string, since: string, pid = 7) =>
      result(name, 'blocked', {
        vaultId: name,
        code: 'VAULT_BUSY',
        because: `another run of keyturn is working on \`${name}\`: …`,
        remedy: 'wait',
        holder: { pid, host: 'build-1', since },
      });
    const skipped = ['a', 'b', 'c', 'd'].map((name) =>
      result(`kv-s${name}`, 'skipped', { vaultId: name, because: 'the run stopped after 1 vault' }),
    );
    const results = [
      ...skipped,
      held('kv-a', '2026-11-24T09:00:03.5Z'),
      held('kv-b', '2026-11-24T09:00:01.0Z'),
      held('kv-c', '2026-11-24T09:00:01.0Z', 8),
    ];
    expect(resultLines(results, plainLook)).toEqual([
      'skipped  4 vaults  the run stopped after 1 vault',
      '    kv-sa, kv-sb, kv-sc, kv-sd',
      'blocked  2 vaults  VAULT_BUSY: they are held by process 7 on `build-1` since 2026-11-24 09:00:01 UTC',
      '    kv-a, kv-b',
      'blocked  kv-c  VAULT_BUSY: another run of keyturn is working on `kv-c`: …',
      '',
      '7 vaults: 4 skipped, 3 blocked',
      '  next, for 3 vaults: wait',
    ]);
  });

  test('says once what several of them need done', () => {
    const lines = resultLines(
      [result('kv-a', 'blocked', { remedy: 'plan again' }), result('kv-b', 'blocked', { remedy: 'plan again' })],
      plainLook,
    );
    expect(lines.filter((line) => line.includes('plan again'))).toEqual(['  next, for 2 vaults: plan again']);
  });

  test('fits the terminal, with short ids where a sentence has long ones, and a diff as it is', () => {
    const lock = `could not remove \`${vaultId}/providers/Microsoft.Authorization/roleAssignments/1\``;
    const lines = resultLines([result('kv-a', 'blocked', { because: lock, lines: [`+ ${vaultId}`], remedy: `look at ${vaultId}` })], {
      ...plainLook,
      columns: 80,
    });
    expect(lines).toEqual([
      'blocked  kv-a  could not remove `…/vaults/kv-app/roleAssignments/1`',
      '    +',
      `      ${vaultId}`,
      '  next: look at …/vaults/kv-app',
    ]);
  });
});
