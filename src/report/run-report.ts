import { grouped } from '../base/grouped.ts';
import type { RunReport, RunReportVault } from '../formats/run-report.ts';
import { plainLook } from './look.ts';
import { plainText } from './plain-text.ts';
import { table } from './table.ts';
import { markdownTable, markdownText } from './text/markdown-table.ts';

const order = ['done', 'skipped', 'undetermined', 'blocked', 'failed', 'interrupted'] as const;
const modelWords = { accessPolicy: 'access policies', azureRbac: 'Azure RBAC', unknown: 'not known' } as const;

/** The report of a run as text, for a change record. Every id in it is whole. */
export function runReportText(report: RunReport): readonly string[] {
  const facts = factsOf(report);
  const width = Math.max(...facts.map(([name]) => name.length));
  const part = (title: string, lines: readonly string[]) => (lines.length === 0 ? [] : ['', title, ...lines.map((line) => `  ${line}`)]);
  const tableOf = ({ titles, rows }: Rows) =>
    rows.length === 0
      ? []
      : table(
          titles.map((title) => ({ title: title.toUpperCase() })),
          rows,
          plainLook,
        );
  return [
    'keyturn: report of a run',
    '',
    ...facts.map(([name, value]) => `${name.padEnd(width)}  ${plainText(value)}`),
    ...part('waves', tableOf(waveRows(report))),
    ...part('vaults', tableOf(vaultRows(report))),
    ...part('approvals', approvalLines(report).map(plainText)),
    ...part('why', whyLines(report).map(plainText)),
    ...part('what remains', whatRemains(report).map(plainText)),
  ];
}

/** The same for a pull request or a page; nothing that came from Azure or a file can become markup. */
export function runReportMarkdown(report: RunReport): readonly string[] {
  const part = (title: string, lines: readonly string[]) => (lines.length === 0 ? [] : ['', `## ${title}`, '', ...lines]);
  const tableOf = ({ titles, rows }: Rows) => (rows.length === 0 ? [] : markdownTable(titles, rows));
  const bullets = (lines: readonly string[]) => lines.map((line) => `- ${markdownText(line)}`);
  return [
    '# Report of a run of keyturn',
    '',
    ...markdownTable(['', ''], factsOf(report)),
    ...part('Waves', tableOf(waveRows(report))),
    ...part('Vaults', tableOf(vaultRows(report))),
    ...part('Approvals', bullets(approvalLines(report))),
    ...part('Why', bullets(whyLines(report))),
    ...part('What remains', bullets(whatRemains(report))),
  ];
}

interface Rows {
  readonly titles: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

function factsOf(report: RunReport): readonly (readonly [string, string])[] {
  const { plan, vaults } = report;
  const made = vaults.reduce((sum, { assignments }) => sum + assignments.made.length, 0);
  const flipped = vaults.filter(({ permissionModel: { before, after } }) => before === 'accessPolicy' && after === 'azureRbac').length;
  return [
    ['command', report.command],
    ['plan', `${plan.file}, ${counted(plan.vaults, 'vault')}`],
    ['digest', plan.digest],
    ['tenant', `${report.tenantId} (${report.cloud})`],
    ['operator', report.operatorId],
    ['began', report.began],
    ['ended', report.ended],
    ['result', vaults.length === 0 ? `exit code ${report.exitCode}` : `${outcomeCounts(vaults)}; exit code ${report.exitCode}`],
    ...(report.error === undefined ? [] : [['error', `${report.error.code}: ${report.error.message}`] as const]),
    ...(report.stopped === undefined ? [] : [['stopped', report.stopped] as const]),
    ['changed', `${counted(flipped, 'vault')} flipped to Azure RBAC, ${counted(made, 'role assignment')} made`],
    ['keyturn', report.toolVersion],
  ];
}

function outcomeCounts(vaults: readonly Pick<RunReportVault, 'outcome'>[]): string {
  const counts = order.map((outcome) => [vaults.filter((vault) => vault.outcome === outcome).length, outcome] as const);
  const shown = counts.filter(([count]) => count > 0).map(([count, outcome]) => `${count} ${outcome}`);
  return `${counted(vaults.length, 'vault')}: ${shown.join(', ')}`;
}

function waveRows({ waves, vaults }: RunReport): Rows {
  const byId = new Map(vaults.map((vault) => [vault.vaultId, vault]));
  const rows = waves.map(({ name, vaults: ids, began }) => {
    const ended = ids.flatMap((id) => byId.get(id) ?? []);
    return [name, began ?? 'not begun', ended.length === 0 ? counted(ids.length, 'vault') : outcomeCounts(ended)];
  });
  return { titles: ['wave', 'began', 'vaults'], rows };
}

function vaultRows({ vaults }: RunReport): Rows {
  const rows = vaults.map(({ name, wave, outcome, code = '', phase = '', permissionModel: { before, after }, assignments, vaultId }) => [
    name,
    wave,
    outcome,
    code,
    phase,
    before === undefined ? '' : modelWords[before],
    after === undefined ? '' : modelWords[after],
    `${assignments.made.length} of ${assignments.planned}`,
    vaultId,
  ]);
  return { titles: ['vault', 'wave', 'outcome', 'code', 'phase', 'before', 'after', 'assignments made', 'resource id'], rows };
}

/** Who approved what, each approval once. */
function approvalLines({ vaults }: RunReport): readonly string[] {
  const rows = vaults.flatMap(({ name, approvals = [] }) => approvals.map((one) => ({ name, key: JSON.stringify(one), one })));
  return [...grouped(rows, ({ key }) => key).values()].flatMap((same) => {
    const [first] = same;
    if (first === undefined) return [];
    const { approver, at, file, signed, byAuthor, gains, note } = first.one;
    const parts = [
      `${approver} approved ${counted(same.length, 'vault')} at ${at}`,
      ...(byAuthor === true ? ['who made the plan, which the config allows'] : []),
      ...(signed ? ['signed'] : []),
      ...(gains > 0 ? [`${counted(gains, 'gain')} at the flip accepted`] : []),
      `in ${file}`,
      ...(note === undefined ? [] : [`note: ${note}`]),
    ];
    return [parts.join('; ')];
  });
}

/** The reason of each vault; for those that ended well it is said in the table. */
function whyLines({ vaults }: RunReport): readonly string[] {
  return vaults.flatMap(({ name, outcome, because, remedy, lines = [] }) =>
    outcome === 'done'
      ? []
      : [`${name}: ${because}${remedy === undefined ? '' : `. Next: ${remedy}`}`, ...lines.map((line) => `${name}: ${line}`)],
  );
}

function whatRemains({ vaults, remaining, next }: RunReport): readonly string[] {
  const names = new Map(vaults.map(({ vaultId, name }) => [vaultId, name]));
  const open = remaining.map((id) => names.get(id) ?? id.slice(id.lastIndexOf('/') + 1));
  return [...(open.length === 0 ? [] : [`${counted(open.length, 'vault')}: ${open.join(', ')}`]), ...next];
}

function counted(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? '' : 's'}`;
}
