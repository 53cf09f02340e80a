import type { Plan, VaultPlan } from '../formats/plan.ts';
import type { Finding } from '../model/finding.ts';
import { type MadeAlready, nothingMade } from '../plan/made-already.ts';
import { findingWords, nothingToDo } from '../words/finding-words.ts';
import { madeLine } from './made-words.ts';
import { forWhom, inSameWords } from './parts/findings-text.ts';
import { toldGains } from './parts/gain-lines.ts';
import { tierLegend } from './parts/tiered-words.ts';
import { plainText } from './plain-text.ts';
import { planDiff } from './plan-diff.ts';
import { peopleOf, planSummary, showsTiers, waveWords } from './plan-text.ts';
import { askedFor } from './selection-words.ts';
import { markdownText } from './text/markdown-table.ts';

/** The plan for a pull request: GitHub and Azure DevOps colour a diff block. Every id in it is whole. */
export function planMarkdown(plan: Plan, made: MadeAlready = nothingMade): readonly string[] {
  const gains = toldGains(plan.vaults, plan.vaults, { ids: 'whole', besideEntries: false });
  return [
    '# Plan',
    '',
    [planSummary(plan, made), ...askedFor(plan).map(markdownText)].join('; '),
    '',
    `Digest: \`${plan.digest}\``,
    ...plan.vaults.flatMap((vault) => vaultSection(vault, gains.own(vault), made)),
    ...section('## Gained access in several vaults', bullets(gains.shared)),
    ...section('## Findings about the plan', findingBullets(plan.findings)),
    ...section('## Could not be read', bullets(plan.unreadable.map(({ subject, because }) => `${subject}: ${because}`))),
    ...(plan.vaults.some(showsTiers) ? ['', markdownText(tierLegend)] : []),
  ];
}

function vaultSection(vault: VaultPlan, gains: readonly string[], made: MadeAlready): readonly string[] {
  const standing = madeLine(vault.steps, made);
  return [
    '',
    `## ${markdownText(vault.name)}: ${vault.state}${markdownText(waveWords(vault))}`,
    '',
    ...fenced(
      'diff',
      planDiff(vault).map(({ sign, text }) => `${sign === '?' ? '!' : sign} ${text}`),
    ),
    ...(standing === '' ? [] : ['', `${standing}.`]),
    ...section('Gained access:', bullets(gains)),
    ...section('Findings:', findingBullets(vault.findings, forWhom(peopleOf(vault, 'whole')))),
    ...(vault.handOff === undefined
      ? []
      : ['', 'To be run by someone with the rights, before this plan is applied:', '', ...handOffBlock(vault.handOff)]),
  ];
}

function section(title: string, lines: readonly string[]): readonly string[] {
  return lines.length === 0 ? [] : ['', title, '', ...lines];
}

function bullets(lines: readonly string[]): readonly string[] {
  return lines.map((line) => `- ${markdownText(line)}`);
}

function findingBullets(findings: readonly Finding[], about: (same: readonly Finding[]) => string = () => ''): readonly string[] {
  return inSameWords(findings).map((group) => {
    const [{ severity, code }] = group;
    const { message, remedy } = findingWords(group[0]);
    const whom = about(group);
    const next = remedy === nothingToDo ? '' : ` Next: ${markdownText(remedy)}`;
    return `- **${severity} ${code}**${whom === '' ? '' : ` ${markdownText(whom)}`}: ${markdownText(message)}.${next}`;
  });
}

function handOffBlock(handOff: NonNullable<VaultPlan['handOff']>): readonly string[] {
  return fenced(
    'sh',
    handOff.map(({ command }) => plainText(command)),
  );
}

/** A fence longer than any run of backticks inside, so that no name can end it. */
function fenced(language: string, lines: readonly string[]): readonly string[] {
  const longest = Math.max(2, ...[...lines.join('\n').matchAll(/`+/g)].map(([run]) => run.length));
  const fence = '`'.repeat(longest + 1);
  return [`${fence}${language}`, ...lines, fence];
}
