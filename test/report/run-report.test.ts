import { describe, expect, test } from 'vitest';
import type { RunReport } from '../../src/formats/run-report.ts';
import { runReportMarkdown, runReportText } from '../../src/report/run-report.ts';

const hostile = '`<img src=x>` | [a](http://x) \u001b[2J\u202e\n# owned';
const id = (name: string) => `/subscriptions/s/resourceGroups/g/providers/Microsoft.KeyVault/vaults/${name}`;
const report: RunReport = {
  format: 'keyturn-run',
  formatVersion: 1,
  toolVersion: '0.1.0',
  command: `keyturn apply ${hostile}`,
  plan: { file: hostile, digest: 'sha256:00', vaults: 2 },
  cloud: 'public',
  tenantId: 't',
  operatorId: 'o',
  through: 'watch',
  began: '2026-11-24T09:00:00.000Z',
  ended: '2026-11-24T09:20:00.000Z',
  exitCode: 3,
  stopped: 'the run stopped after 1 vault that was blocked',
  waves: [
    { name: hostile, vaults: [id('kv-a'), id('kv-b')], began: '2026-11-24T09:00:00.000Z' },
    { name: 'later', vaults: [id('kv-c')] },
  ],
  vaults: [
    {
      vaultId: id('kv-a'),
      name: 'kv-a',
      wave: '1',
      outcome: 'done',
      because: 'the vault is on Azure RBAC',
      phase: 'watch',
      permissionModel: { before: 'accessPolicy', after: 'azureRbac' },
      assignments: { planned: 2, made: [{ id: `${id('kv-a')}/a`, roleName: 'R', principalId: 'p', scope: id('kv-a') }] },
    },
    {
      vaultId: id('kv-b'),
      name: 'kv-b',
      wave: '1',
      outcome: 'blocked',
      code: 'PLAN_STALE',
      because: `moved: ${hostile}`,
      remedy: 'plan again',
      lines: ['- one', '+ two'],
      permissionModel: { after: 'unknown' },
      assignments: { planned: 0, made: [] },
    },
  ],
  remaining: [id('kv-b'), id('kv-c')],
  next: ['`keyturn apply plan.json` goes on'],
};

describe('the report of a run', () => {
  test('as text tells the run, its waves, each vault with its permission model before and after, why, and what remains', () => {
    const text = runReportText(report).join('\n');
    expect(text).toMatch(/^result +2 vaults: 1 done, 1 blocked; exit code 3$/m);
    expect(text).toMatch(/^changed +1 vault flipped to Azure RBAC, 1 role assignment made$/m);
    expect(text).toMatch(/^ +kv-a +1 +done +watch +access policies +Azure RBAC +1 of 2 +\/subscriptions\/s/m);
    expect(text).toMatch(/^ +kv-b +1 +blocked +PLAN_STALE +not known +0 of 0/m);
    expect(text).toMatch(/^ +later +not begun +1 vault$/m);
    expect(text).toContain('  kv-b: moved: ');
    expect(text).toContain('. Next: plan again\n  kv-b: - one\n  kv-b: + two');
    expect(text).toContain('what remains\n  2 vaults: kv-b, kv-c\n  `keyturn apply plan.json` goes on');
  });

  test('shows no hostile text as anything but text', () => {
    const text = runReportText(report);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: none of them may be there
    expect(text.filter((line) => /[\u0000-\u001f\u202e]/.test(line))).toEqual([]);
    const markdown = runReportMarkdown(report).join('\n');
    expect(markdown).not.toMatch(/<img|\]\(http|^# owned|`/m);
    expect(markdown.split('\n').filter((line) => line.startsWith('#'))).toEqual([
      '# Report of a run of keyturn',
      '## Waves',
      '## Vaults',
      '## Why',
      '## What remains',
    ]);
    const cells = markdown.split('\n').filter((line) => line.startsWith('| kv-'));
    expect(new Set(cells.map((line) => line.split('|').length))).toEqual(new Set([11]));
  });
});
