import { describe, expect, test } from 'vitest';
import type { Guid } from '../../src/model/guid.ts';
import { plainLook } from '../../src/report/look.ts';
import { type VerifiedVault, type VerifyReport, verifyMarkdown, verifyText } from '../../src/report/verify-report.ts';

const pair = (state: 'covered' | 'uncovered' | 'unknown') =>
  ({ principalId: 'p' as Guid, dataAction: 'a', resource: { kind: 'vault' }, state, by: [], because: '' }) as const;
const vault = (name: string, state: VerifiedVault['state'], lines: readonly string[] = []): VerifiedVault => ({
  vaultId: `/vaults/${name}`,
  name,
  permissionModel: 'accessPolicy',
  state,
  pairs: [pair('covered'), pair('covered'), pair(state === 'gap' ? 'uncovered' : 'covered')],
  gains: [],
  doubts: [],
  lines,
});
const report: VerifyReport = {
  format: 'keyturn-verify',
  formatVersion: 1,
  at: '2026-11-23T10:00:00.000Z',
  planDigest: null,
  vaults: [vault('kv-b', 'gap', ['`Dana` would lose secrets/getSecret: no assignment']), vault('kv-a', 'covered')],
  unreadable: [],
};

describe('a verification', () => {
  test('is a table of vaults by name, then a line per gap and what to do about it', () => {
    expect(verifyText(report, plainLook)).toEqual([
      'VAULT  STATE    MODEL         COVERED  GAPS  UNKNOWN  GAINS',
      'kv-a   covered  accessPolicy        3     0        0      0',
      'kv-b   gap      accessPolicy        2     1        0      0',
      '',
      'kv-b',
      '  `Dana` would lose secrets/getSecret: no assignment',
      '',
      'next: run `keyturn plan`: it proposes the roles that are missing, or takes your decision to give the access up',
    ]);
  });

  test('in Markdown neutralises what came from Azure', () => {
    const hostile = { ...report, vaults: [vault('kv', 'gap', ['<img src=x> would lose'])] };
    expect(verifyMarkdown(hostile).join('\n')).not.toContain('<img');
  });

  test('never hides what could not be read', () => {
    const partial = { ...report, unreadable: [{ subject: 'kv-c', because: 'refused' }] };
    expect(verifyText(partial, plainLook)).toContain('could not be read: kv-c: refused');
    expect(verifyMarkdown(partial).join('\n')).toContain('could not be read: kv-c: refused');
  });
});
