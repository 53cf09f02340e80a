import { compareText } from '../base/compare-text.ts';
import type { EntryPlan, Plan, VaultPlan } from '../formats/plan.ts';
import { entrySubject } from '../model/entry-standing.ts';
import { type Finding, subjectText } from '../model/finding.ts';
import { type MadeAlready, nothingMade } from '../plan/made-already.ts';
import type { Look, Style } from './look.ts';
import { madeLine, toMakeWords } from './made-words.ts';
import { findingLines, forWhom } from './parts/findings-text.ts';
import { gainLine, toldGains } from './parts/gain-lines.ts';
import { sharedFindings } from './parts/shared-findings.ts';
import { tierLegend } from './parts/tiered-words.ts';
import { plainText } from './plain-text.ts';
import { type DiffLine, entryTitle, planDiff } from './plan-diff.ts';
import { askedFor } from './selection-words.ts';
import { shortIds } from './short-ids.ts';
import { table } from './table.ts';
import { wrapLine } from './wrap-line.ts';

/** Above this many vaults the diffs would bury what matters: a table, and only the blocked vaults in full. */
export const inFull = 25;

const stateStyle: Record<VaultPlan['state'], Style> = { ready: 'green', blocked: 'red', repair: 'yellow', alreadyOnRbac: 'dim' };
const stateWords: Record<VaultPlan['state'], string> = {
  ready: 'ready',
  blocked: 'blocked',
  repair: 'on Azure RBAC, to repair',
  alreadyOnRbac: 'on Azure RBAC already',
};
const signStyle: Record<DiffLine['sign'], Style | undefined> = { ' ': undefined, '-': 'red', '+': 'green', '?': 'yellow' };

/** @param made what keyturn has made of it already, as Azure was read for the plan. */
export function planText(plan: Plan, look: Look, made: MadeAlready = nothingMade): readonly string[] {
  const vaults = [...plan.vaults].sort((a, b) => compareText(a.name, b.name) || compareText(a.vaultId, b.vaultId));
  const shown = vaults.length <= inFull ? vaults : vaults.filter((vault) => vault.state === 'blocked');
  const findings = sharedFindings(vaults, new Map(vaults.flatMap((vault) => [...peopleOf(vault, 'short')])), shown);
  const gains = toldGains(vaults, shown, gainStyle);
  return [
    ...(vaults.length > inFull ? [...vaultTable(vaults, look), ''] : []),
    ...shown.flatMap((vault) => [...vaultLines(vault, look, made, { findings: findings.own(vault), gains: gains.own(vault) }), '']),
    ...gapAfter(sharedGains(gains.shared, look)),
    ...gapAfter(findings.lines(look)),
    ...plan.unreadable.flatMap(({ subject, because }) =>
      wrapLine(`could not be read: ${shortIds(plainText(subject))}: ${shortIds(plainText(because))}`, look.columns, '  '),
    ),
    ...findingLines(plan.findings, look, { indent: '' }),
    ...(vaults.some(showsTiers) ? gapAfter(legendLines(look)) : []),
    ...wrapLine(planSummary(plan, made), look.columns, '  '),
    ...askedFor(plan).flatMap((line) => wrapLine(plainText(line), look.columns, '  ')),
  ];
}

const gainStyle = { ids: 'short', besideEntries: true } as const;

function gapAfter(lines: readonly string[]): readonly string[] {
  return lines.length === 0 ? [] : [...lines, ''];
}

function sharedGains(lines: readonly string[], look: Look): readonly string[] {
  if (lines.length === 0) return [];
  return [look.paint('yellow', 'gained access'), ...lines.flatMap((line) => wrapLine(`  ${line}`, look.columns, '    '))];
}

/** What the letters behind data actions mean. */
function legendLines(look: Look): readonly string[] {
  return wrapLine(tierLegend, look.columns, '  ').map((line) => look.paint('dim', line));
}

/** What those are called whom findings about a vault's entries are about, by the findings' subject. */
export function peopleOf({ vaultId, entries }: VaultPlan, ids: 'whole' | 'short'): ReadonlyMap<string, string> {
  return new Map(entries.map((entry) => [subjectText(entrySubject(vaultId, entry)), entryTitle(entry, ids)]));
}

/** One vault: what changes, who gains, what stands in the way. Findings and gains are its own where nothing is told elsewhere. */
function vaultLines(
  vault: VaultPlan,
  look: Look,
  made: MadeAlready,
  { findings, gains }: { readonly findings: readonly Finding[]; readonly gains: readonly string[] } = {
    findings: vault.findings,
    gains: vault.gains.map((gain) => gainLine(gain, vault, gainStyle)),
  },
): readonly string[] {
  const standing = madeLine(vault.steps, made);
  return [
    `${look.paint('bold', plainText(vault.name))}  ${look.paint(stateStyle[vault.state], stateWords[vault.state])}${waveWords(vault)}`,
    ...planDiff(vault).flatMap((line) => diffLine(line, look)),
    ...(standing === '' ? [] : wrapLine(`  ${standing}`, look.columns, '    ')),
    ...(gains.length === 0 ? [] : [look.paint('yellow', '  gained access')]),
    ...gains.flatMap((line) => wrapLine(`    ${line}`, look.columns, '      ')),
    ...findingLines(findings, look, { about: forWhom(peopleOf(vault, 'short')) }),
    ...handOffLines(vault, look),
  ];
}

/** The wave that the plan gives the vault, to stand behind its state. */
export function waveWords({ wave }: Pick<VaultPlan, 'wave'>): string {
  return wave === undefined ? '' : `, wave ${plainText(wave)}`;
}

/** One vault with nothing told elsewhere: where no others are shown. */
export function vaultAlone(vault: VaultPlan, look: Look, made: MadeAlready = nothingMade): readonly string[] {
  return [...vaultLines(vault, look, made), ...(showsTiers(vault) ? ['', ...legendLines(look)] : [])];
}

/** Commands are not wrapped: they are to be copied. */
function handOffLines({ handOff = [] }: VaultPlan, look: Look): readonly string[] {
  if (handOff.length === 0) return [];
  return [
    look.paint('yellow', '  to be run by someone with the rights, before this plan is applied'),
    ...handOff.map(({ command }) => `    ${plainText(command)}`),
  ];
}

/** Whether letters stand behind data actions in what is told of the vault. */
export function showsTiers({ entries, gains }: VaultPlan): boolean {
  return gains.length > 0 || entries.some((entry) => entry.outcome === 'reproduce' && bringsMore(entry));
}

function bringsMore({ choice, conditioned, objects = [] }: EntryPlan): boolean {
  return [choice, conditioned, ...objects].some((part) => (part?.excess.length ?? 0) > 0);
}

export function planSummary(plan: Plan, made: MadeAlready = nothingMade): string {
  const count = (state: VaultPlan['state']) => plan.vaults.filter((vault) => vault.state === state).length;
  const unread = plan.unreadable.length === 0 ? '' : `, ${plan.unreadable.length} could not be read`;
  const repair = count('repair') === 0 ? '' : `${count('repair')} to repair, `;
  const states = `${count('ready')} ready, ${count('blocked')} blocked, ${repair}${count('alreadyOnRbac')} already on Azure RBAC${unread}`;
  const steps = plan.vaults.flatMap((vault) => vault.steps);
  return `${plan.vaults.length} vault${plan.vaults.length === 1 ? '' : 's'}: ${states}; ${toMakeWords(steps, made)}`;
}

function diffLine({ sign, text }: DiffLine, look: Look): readonly string[] {
  const style = signStyle[sign];
  const hanging = `      ${/^ */.exec(text)?.[0] ?? ''}`;
  const lines = wrapLine(`  ${sign === '?' ? ' ' : sign} ${text}`, look.columns, hanging);
  return style === undefined ? lines : lines.map((line) => look.paint(style, line));
}

function vaultTable(vaults: readonly VaultPlan[], look: Look): readonly string[] {
  const inWaves = vaults.some(({ wave }) => wave !== undefined);
  const columns = [
    { title: 'VAULT', shrinkTo: 12 },
    { title: 'STATE' },
    ...(inWaves ? [{ title: 'WAVE', shrinkTo: 4 }] : []),
    { title: 'ENTRIES', align: 'right' as const },
    { title: 'GAINS', align: 'right' as const },
    { title: 'BLOCKERS', align: 'right' as const },
  ];
  const rows = vaults.map(({ name, state, wave = '', entries, gains, findings }) => [
    name,
    { text: stateWords[state], style: stateStyle[state] },
    ...(inWaves ? [wave] : []),
    String(entries.length),
    String(gains.length),
    String(findings.filter((finding) => finding.severity === 'blocker').length),
  ]);
  return table(columns, rows, look);
}
