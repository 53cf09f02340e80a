import { entrySubject } from '../model/entry-standing.ts';
import { compareText, type Finding } from '../model/finding.ts';
import type { Plan, PlannedGain, VaultPlan } from '../plan/plan.ts';
import { findingLines, forWhom } from './findings-text.ts';
import type { Look, Style } from './look.ts';
import { markdownText } from './markdown-table.ts';
import { plainText } from './plain-text.ts';
import { type DiffLine, entryName, planDiff } from './plan-diff.ts';
import { principalName } from './principal-name.ts';
import { sharedFindings } from './shared-findings.ts';
import { shortIds } from './short-ids.ts';
import { table } from './table.ts';
import { tieredWords, tierLegend } from './tiered-words.ts';
import { wrapLine } from './wrap-line.ts';

/** Above this many vaults the diffs would bury what matters: a table, and only the blocked vaults in full. */
const inFull = 25;

const stateStyle: Record<VaultPlan['state'], Style> = { ready: 'green', blocked: 'red', alreadyOnRbac: 'dim' };
const stateWords: Record<VaultPlan['state'], string> = { ready: 'ready', blocked: 'blocked', alreadyOnRbac: 'on Azure RBAC already' };
const signStyle: Record<DiffLine['sign'], Style | undefined> = { ' ': undefined, '-': 'red', '+': 'green', '?': 'yellow' };

export function planText(plan: Plan, look: Look): readonly string[] {
  const vaults = [...plan.vaults].sort((a, b) => compareText(a.name, b.name) || compareText(a.vaultId, b.vaultId));
  const shown = vaults.length <= inFull ? vaults : vaults.filter((vault) => vault.state === 'blocked');
  const shared = sharedFindings(shown);
  return [
    ...(vaults.length > inFull ? [...vaultTable(vaults, look), ''] : []),
    ...shown.flatMap((vault) => [...vaultLines(vault, look, shared.own(vault)), '']),
    ...gapAfter(shared.lines(look)),
    ...plan.unreadable.flatMap(({ subject, because }) =>
      wrapLine(`could not be read: ${shortIds(plainText(subject))}: ${shortIds(plainText(because))}`, look.columns, '  '),
    ),
    ...findingLines(plan.findings, look, { indent: '' }),
    ...(shown.some(showsTiers) ? gapAfter(wrapLine(tierLegend, look.columns, '  ').map((line) => look.paint('dim', line))) : []),
    ...wrapLine(planSummary(plan), look.columns, '  '),
  ];
}

function gapAfter(lines: readonly string[]): readonly string[] {
  return lines.length === 0 ? [] : [...lines, ''];
}

/** One vault: what changes, who gains, what stands in the way. */
export function vaultLines(vault: VaultPlan, look: Look, findings: readonly Finding[] = vault.findings): readonly string[] {
  const people = new Map(vault.entries.map((entry) => [entrySubject(vault.vaultId, entry), entryName(entry)]));
  const gains = vault.gains.filter((gain) => !isToldByEntry(gain, vault));
  return [
    `${look.paint('bold', plainText(vault.name))}  ${look.paint(stateStyle[vault.state], stateWords[vault.state])}`,
    ...planDiff(vault).flatMap((line) => diffLine(line, look)),
    ...(gains.length === 0 ? [] : [look.paint('yellow', '  gained access')]),
    ...gains.flatMap((gain) => wrapLine(`    ${gainWords(gain)}`, look.columns, '      ')),
    ...findingLines(findings, look, { about: forWhom(people) }),
    ...handOffLines(vault, look),
  ];
}

/** Commands are not wrapped: they are to be copied. */
function handOffLines({ handOff = [] }: VaultPlan, look: Look): readonly string[] {
  if (handOff.length === 0) return [];
  return [
    look.paint('yellow', '  for somebody who may, before this plan is applied'),
    ...handOff.map(({ command }) => `    ${plainText(command)}`),
  ];
}

/** What a planned role gives beside is told under the entry already, as what comes along. */
function isToldByEntry({ cause, certain, principalId, throughGroup, dataActions }: PlannedGain, { entries }: VaultPlan): boolean {
  if (cause !== 'plan' || !certain || throughGroup !== undefined) return false;
  const told = entries
    .filter((entry) => entry.outcome === 'reproduce' && entry.objectId === principalId)
    .flatMap(({ choice, conditioned, objects }) => [choice, conditioned, ...(objects ?? [])])
    .flatMap((part) => part?.excess.map((action) => action.dataAction) ?? []);
  return dataActions.every((action) => told.includes(action.dataAction));
}

function showsTiers({ entries, gains }: VaultPlan): boolean {
  return gains.length > 0 || entries.some((entry) => entry.outcome === 'reproduce' && (entry.choice?.excess.length ?? 0) > 0);
}

/** The same for a pull request: GitHub and Azure DevOps colour a diff block. */
export function planMarkdown(plan: Plan): readonly string[] {
  return [
    '# Plan',
    '',
    planSummary(plan),
    '',
    `Digest: \`${plan.digest}\``,
    ...plan.vaults.flatMap((vault) => [
      '',
      `## ${markdownText(vault.name)}: ${vault.state}`,
      '',
      ...fenced(
        'diff',
        planDiff(vault).map(({ sign, text }) => `${sign === '?' ? '!' : sign} ${text}`),
      ),
      ...(vault.gains.length === 0 ? [] : ['', 'Gained access:', '']),
      ...vault.gains.map((gain) => `- ${markdownText(gainWords(gain))}`),
      ...(vault.findings.length === 0 ? [] : ['', 'Findings:', '']),
      ...vault.findings.map(
        ({ severity, code, message, remedy }) => `- **${severity} ${code}**: ${markdownText(message)}. Next: ${markdownText(remedy)}`,
      ),
      ...(vault.handOff === undefined
        ? []
        : ['', 'For somebody who may, before this plan is applied:', '', ...handOffBlock(vault.handOff)]),
    ]),
  ];
}

function handOffBlock(handOff: NonNullable<VaultPlan['handOff']>): readonly string[] {
  return fenced(
    'sh',
    handOff.map(({ command }) => plainText(command)),
  );
}

export function planSummary(plan: Plan): string {
  const count = (state: VaultPlan['state']) => plan.vaults.filter((vault) => vault.state === state).length;
  const stepsOf = (kind: VaultPlan['steps'][number]['kind']) =>
    new Set(plan.vaults.flatMap((vault) => vault.steps).flatMap((step) => (step.kind === kind ? step.id : []))).size;
  const steps = stepsOf('ensureRoleAssignment');
  const roles = stepsOf('ensureRoleDefinition');
  const unread = plan.unreadable.length === 0 ? '' : `, ${plan.unreadable.length} could not be read`;
  const states = `${count('ready')} ready, ${count('blocked')} blocked, ${count('alreadyOnRbac')} already on Azure RBAC${unread}`;
  const making = `${steps} role assignment${steps === 1 ? '' : 's'}${roles === 0 ? '' : ` and ${roles} custom role${roles === 1 ? '' : 's'}`} to make`;
  return `${plan.vaults.length} vault${plan.vaults.length === 1 ? '' : 's'}: ${states}; ${making}`;
}

/** A fence longer than any run of backticks inside, so that no name can end it. */
function fenced(language: string, lines: readonly string[]): readonly string[] {
  const longest = Math.max(2, ...[...lines.join('\n').matchAll(/`+/g)].map(([run]) => run.length));
  const fence = '`'.repeat(longest + 1);
  return [`${fence}${language}`, ...lines, fence];
}

function diffLine({ sign, text }: DiffLine, look: Look): readonly string[] {
  const style = signStyle[sign];
  const hanging = `      ${/^ */.exec(text)?.[0] ?? ''}`;
  const lines = wrapLine(`  ${sign === '?' ? ' ' : sign} ${text}`, look.columns, hanging);
  return style === undefined ? lines : lines.map((line) => look.paint(style, line));
}

function gainWords({ principal, principalId, dataActions, certain, cause, throughGroup }: PlannedGain): string {
  const what = tieredWords(dataActions);
  const how = throughGroup === undefined ? '' : `, through group ${plainText(throughGroup)}`;
  const why = cause === 'plan' ? 'by this plan' : 'by an assignment that wakes up at the flip';
  return `${principalName(principal, principalId)} ${certain ? 'gains' : 'may gain'} ${what}${how}, ${why}`;
}

function vaultTable(vaults: readonly VaultPlan[], look: Look): readonly string[] {
  const columns = [
    { title: 'VAULT', shrinkTo: 12 },
    { title: 'STATE' },
    { title: 'ENTRIES', align: 'right' as const },
    { title: 'GAINS', align: 'right' as const },
    { title: 'BLOCKERS', align: 'right' as const },
  ];
  const rows = vaults.map(({ name, state, entries, gains, findings }) => [
    name,
    { text: stateWords[state], style: stateStyle[state] },
    String(entries.length),
    String(gains.length),
    String(findings.filter((finding) => finding.severity === 'blocker').length),
  ]);
  return table(columns, rows, look);
}
