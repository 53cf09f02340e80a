import { answersOf } from '../review/answers.ts';
import { byPrincipal } from '../review/by-principal.ts';
import { type Question, questions } from '../review/questions.ts';
import type { Review, ReviewVault } from '../review/review.ts';
import { reviewNames } from '../review/review-names.ts';
import { sortedFindings, toldDecisions, toldGains, toldHeadline, toldLosses } from '../review/told.ts';
import { nothingToDo } from '../words/finding-words.ts';
import { hinted, type Look, type Style } from './look.ts';
import { type ReviewedFiles, withFiles } from './parts/named-plan.ts';
import { tierLegend } from './parts/tiered-words.ts';
import { plainText } from './plain-text.ts';
import { shortIds } from './short-ids.ts';
import { table } from './table.ts';
import { wrapLine } from './wrap-line.ts';

/** What of a review is shown, and of how much. */
export interface ShownReview {
  readonly review: Review;
  readonly by?: 'vault' | 'principal' | 'finding';
  /** How many vaults the plan holds, of which some are shown. */
  readonly of: number;
  readonly search?: string;
  /** For commands that are named. */
  readonly files: ReviewedFiles;
}

/** Up to so many vaults are shown one by one when nobody asked for it. */
const fewVaults = 3;
const mostTold = 20;
const mostRows = 200;

/** Headline first; then by vault, by principal or by finding, or all of it in short. */
export function reviewText(shown: ShownReview, terminal: Look): readonly string[] {
  const { review, by } = shown;
  const name = withFiles(shown.files);
  const look: Look = { ...terminal, hint: (text) => hinted(name(text), terminal) };
  const view = by ?? (review.vaults.length <= fewVaults ? 'vault' : undefined);
  return [
    ...headlineText(review, look),
    ...partText(shown, look),
    ...(view === 'vault' ? review.vaults.flatMap((vault) => ['', ...vaultText(vault, review, look)]) : []),
    ...(view === 'principal' ? principalText(review, look) : []),
    ...(view === 'finding' ? findingText(review, look) : []),
    ...(view === undefined ? overview(review, look) : []),
    ...unreadText(review, look),
    ...(review.gains.length === 0 ? [] : ['', ...wrapLine(tierLegend, look.columns, '  ').map((line) => look.paint('dim', line))]),
  ];
}

function headlineText(review: Review, look: Look): readonly string[] {
  const lines = toldHeadline(review).flatMap(({ about, text }) =>
    wrapLine(`${about.padEnd(11)}${hinted(harmless(text), look)}`, look.columns, ' '.repeat(11)),
  );
  const title = wrapLine(`review of the plan ${plainText(review.plan.digest)}`, look.columns, '  ');
  return [...title.map((line) => look.paint('bold', line)), ...lines];
}

function partText({ review, of, search }: ShownReview, look: Look): readonly string[] {
  if (review.vaults.length === of) return [];
  const one = review.vaults.length === 1;
  const matching = search === undefined ? '' : `, which ${one ? 'matches' : 'match'} \`${plainText(search)}\``;
  const text = `of ${of} vaults of the plan, ${review.vaults.length} ${one ? 'is' : 'are'} shown and counted${matching}`;
  return wrapLine(text, look.columns, '  ');
}

/** One vault with an answer to each question. */
function vaultText(vault: ReviewVault, review: Review, look: Look): readonly string[] {
  const answers = answersOf(vault, review);
  return [
    `${look.paint('bold', plainText(vault.name))}  ${stateText(vault, look)}`,
    ...wrapLine(`  ${plainText(vault.id)}`, look.columns, '  ').map((line) => look.paint('dim', line)),
    ...Object.entries(questions).flatMap(([question, words]) => [
      look.paint('cyan', `  ${words}`),
      ...answers[question as Question].flatMap((line) => wrapLine(`    ${hinted(plainText(line), look)}`, look.columns, '      ')),
    ]),
    ...vaultFindings(vault, review, look),
  ];
}

const stateStyles = { ready: 'green', blocked: 'red', repair: 'yellow', alreadyOnRbac: 'dim' } as const satisfies Record<string, Style>;
const stateWords = { ready: 'ready', blocked: 'blocked', repair: 'to repair', alreadyOnRbac: 'on Azure RBAC' } as const;

function stateText({ state, wave }: ReviewVault, look: Look): string {
  return look.paint(stateStyles[state], stateWords[state]) + (wave === undefined ? '' : `, wave ${plainText(wave)}`);
}

function vaultFindings({ findings }: ReviewVault, review: Review, look: Look): readonly string[] {
  const whom = new Map<number, (number | undefined)[]>();
  for (const { finding, principal } of findings) whom.set(finding, [...(whom.get(finding) ?? []), principal]);
  const names = reviewNames(review);
  return [
    ...(whom.size === 0 ? [] : [look.paint('cyan', '  Findings')]),
    ...sortedFindings(review).flatMap((one) => {
      const about = whom.get(one.at);
      if (about === undefined) return [];
      const people = about.flatMap((at) => (at === undefined ? [] : [names.principal(at)]));
      return findingLines(one, people.length === 0 ? '' : ` for ${people.join(', ')}`, '    ', look);
    }),
  ];
}

const severityStyles = { blocker: 'red', warning: 'yellow', note: 'dim' } as const satisfies Record<string, Style>;

function findingLines(one: Review['findings'][number], about: string, indent: string, look: Look): readonly string[] {
  const { severity, code, message, remedy } = one;
  const [first = '', ...more] = wrapLine(`${indent}${severity} ${harmless(`${code}${about}: ${message}`)}`, look.columns, `${indent}  `);
  return [
    indent + look.paint(severityStyles[severity], severity) + first.slice(indent.length + severity.length),
    ...more,
    ...(remedy === nothingToDo ? [] : wrapLine(`${indent}  next: ${hinted(harmless(remedy), look)}`, look.columns, `${indent}    `)),
  ];
}

function principalText(review: Review, look: Look): readonly string[] {
  return byPrincipal(review).flatMap(({ title, rows }) => [
    '',
    ...wrapLine(plainText(title), look.columns, '  ').map((line) => look.paint('bold', line)),
    ...rows.flatMap(({ text, vaults }) => wrapLine(`  ${namesText(vaults)}: ${harmless(text)}`, look.columns, '    ')),
  ]);
}

const mostNamed = 3;

function namesText(names: readonly string[]): string {
  const more = names.length - mostNamed;
  return `in ${names.slice(0, mostNamed).map(plainText).join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}

function findingText(review: Review, look: Look): readonly string[] {
  const where = new Map<number, string[]>();
  for (const { name, findings } of review.vaults) {
    for (const at of new Set(findings.map(({ finding }) => finding))) where.set(at, [...(where.get(at) ?? []), name]);
  }
  return [
    '',
    ...sortedFindings(review).flatMap((one) => findingLines(one, ` ${namesText(where.get(one.at) ?? [])}`, '', look)),
    ...review.planFindings.flatMap((one) => findingLines(one, '', '', look)),
  ];
}

function overview(review: Review, look: Look): readonly string[] {
  const findings = sortedFindings(review);
  const left = findings.length - mostTold;
  return [
    ...section('gains, by assignment', toldGains(review), '`keyturn review PLAN --by principal` shows all', look),
    ...section('losses', toldLosses(review), '`keyturn review PLAN --by principal` shows all', look),
    ...section('decisions', toldDecisions(review), '`keyturn review PLAN --by principal` shows all', look),
    ...(findings.length === 0 ? [] : ['', look.paint('cyan', 'findings')]),
    ...findings.slice(0, mostTold).flatMap((one) => findingLines(one, ` in ${one.vaults} of ${review.vaults.length} vaults`, '  ', look)),
    ...(left > 0 ? wrapLine(hinted(`  and ${left} more: \`keyturn review PLAN --by finding\` shows all`, look), look.columns, '    ') : []),
    ...review.planFindings.flatMap((one) => findingLines(one, '', '  ', look)),
    '',
    ...vaultTable(review, look),
  ];
}

function section(title: string, lines: readonly string[], more: string, look: Look): readonly string[] {
  if (lines.length === 0) return [];
  const left = lines.length - mostTold;
  return [
    '',
    look.paint('cyan', title),
    ...lines.slice(0, mostTold).flatMap((line) => wrapLine(`  ${harmless(line)}`, look.columns, '    ')),
    ...(left > 0 ? wrapLine(`  and ${left} more: ${hinted(more, look)}`, look.columns, '    ') : []),
  ];
}

function vaultTable(review: Review, look: Look): readonly string[] {
  const columns = [
    { title: 'VAULT', shrinkTo: 12 },
    { title: 'STATE' },
    ...['GAINS A/B', 'LOSE', 'OPEN', 'BLOCKERS', 'TO MAKE'].map((title) => ({ title, align: 'right' as const })),
  ];
  const rows = review.vaults.slice(0, mostRows).map((vault) => {
    const { gains, loses, open, blockers, toMake } = vaultCounts(vault, review);
    const state = { text: stateWords[vault.state], style: stateStyles[vault.state] };
    return [vault.name, state, ...[gains, loses, open, blockers, toMake].map(String)];
  });
  const left = review.vaults.length - mostRows;
  const more = `and ${left} more vaults: \`keyturn review PLAN VAULT\` shows one, and \`--search TEXT\` finds some`;
  return [...table(columns, rows, look), ...(left > 0 ? wrapLine(hinted(more, look), look.columns, '  ') : [])];
}

/** Of one vault: gains of tier A and B, access policies that lose something or wait, blockers, and assignments to make. */
export function vaultCounts({ entries, gains, findings, assign }: ReviewVault, review: Review) {
  const changes = entries.flatMap(({ change }) => review.changes[change] ?? []);
  return {
    gains: gains.filter(({ gain }) => (review.gains[gain]?.tier ?? 'D') <= 'B').length,
    loses: changes.filter(({ outcome, lost }) => outcome !== 'undecided' && lost.length > 0).length,
    open: changes.filter(({ outcome }) => outcome === 'undecided').length,
    blockers: findings.filter(({ finding }) => review.findings[finding]?.severity === 'blocker').length,
    toMake: assign.length,
  };
}

function unreadText({ unreadable }: Review, look: Look): readonly string[] {
  return unreadable.flatMap(({ subject, because }) =>
    wrapLine(`could not be read: ${harmless(subject)}: ${harmless(because)}`, look.columns, '  '),
  );
}

/** Resource ids are cut to what a person tells them apart by; the whole ones are in `--json`. */
function harmless(text: string): string {
  return shortIds(plainText(text));
}
