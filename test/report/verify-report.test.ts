import { describe, expect, test } from 'vitest';
import type { Guid } from '../../src/base/guid.ts';
import { plainLook } from '../../src/report/look.ts';
import type { VerifiedVault, VerifyReport } from '../../src/report/verified-vault.ts';
import { verifyMarkdown, verifyText } from '../../src/report/verify-report.ts';

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
  gaps: lines.map((line) => ({ line, next: 'run `keyturn plan`' })),
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
      'kv-a   covered  accessPolicy        1     0        0      0',
      'kv-b   gap      accessPolicy        0     1        0      0',
      '',
      'kv-b',
      '  `Dana` would lose secrets/getSecret: no assignment',
      '',
      'next: run `keyturn plan`',
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

describe('many vaults', () => {
  const told = (name: string, more: Partial<VerifiedVault> = {}): VerifiedVault => ({ ...vault(name, 'covered'), ...more });
  const text = (vaults: readonly VerifiedVault[]) => verifyText({ ...report, vaults }, plainLook).slice(1 + vaults.length);
  const answers = (granting: readonly string[], gainedByFlip: readonly string[] = []) => ({ gainedByPlan: [], gainedByFlip, granting });

  test('have what they share said once, with where, and their own under their name', () => {
    const vaults = ['a', 'b', 'c', 'd'].map((name) => told(name, { answers: answers(['Owner may assign roles']) }));
    expect(text([...vaults, told('e', { answers: answers(['somebody else may']) })])).toEqual([
      '',
      'e',
      '  somebody else may',
      '',
      'in 4 of 5 vaults: Owner may assign roles',
    ]);
    expect(text(vaults.slice(0, 2))).toEqual(['', 'in a, b: Owner may assign roles']);
  });

  test('have a way out that several need said at the end, and one of their own after the lines that it is for', () => {
    const gap = (line: string, next: string) => ({ line, next });
    const withGaps = (name: string, ...gaps: readonly { readonly line: string; readonly next: string }[]) =>
      told(name, { state: 'gap', gaps, lines: gaps.map(({ line }) => line) });
    const plan = 'run `keyturn plan`';
    expect(
      text([
        withGaps('a', gap('one', plan), gap('two', 'wait'), gap('three', plan), gap('four', 'wait')),
        withGaps('b', gap('five', plan)),
      ]),
    ).toEqual(['', 'a', '  one', '  three', '  two', '  four', '    next: wait', '', 'b', '  five', '', 'next: run `keyturn plan`']);
  });

  test('tell what was in doubt also where nobody can lose anything', () => {
    expect(text([told('a', { doubts: ['members of `x` could not be read: refused'] })])).toContain(
      '  in doubt: members of `x` could not be read: refused',
    );
  });

  test('say of those on Azure RBAC what is there beyond the policies, not what a flip would bring', () => {
    const answered = answers([], ['app has secrets/getSecret (A): `Reader`']);
    expect(text([told('a', { permissionModel: 'azureRbac', answers: answered })])).toContain(
      '  beyond the policies: app has secrets/getSecret (A): `Reader`',
    );
  });

  test('fit 80 columns, and neutralise what came from Azure wherever it stands', () => {
    const evil = `\u001b[2J${'name '.repeat(40)}\u202e`;
    const vaults = ['a', 'b'].map((name) => told(name, { answers: answers([evil], [`${name} ${evil}`]), doubts: [evil] }));
    const lines = verifyText({ ...report, vaults }, { ...plainLook, columns: 80 });
    expect(lines.filter((line) => line.length > 80)).toEqual([]);
    for (const hidden of ['\u001b', '\u202e']) expect(lines.join('\n')).not.toContain(hidden);
  });
});
