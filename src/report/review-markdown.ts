import { answersOf } from '../review/answers.ts';
import { type Question, questions } from '../review/questions.ts';
import type { Review, ReviewFinding, ReviewVault } from '../review/review.ts';
import { reviewNames } from '../review/review-names.ts';
import { sortedFindings, toldDecisions, toldGains, toldHeadline, toldLosses } from '../review/told.ts';
import { nothingToDo } from '../words/finding-words.ts';
import { type ReviewedFiles, withFiles } from './parts/named-plan.ts';
import { tierLegend } from './parts/tiered-words.ts';
import { type ShownReview, vaultCounts } from './review-text.ts';
import { markdownSentence, markdownText } from './text/markdown-table.ts';
import { lengthOf, someLines } from './text/within.ts';

/** GitHub takes 65,536 characters; this leaves room for a line that a bot puts around. */
export const mostCharacters = 65_000;

/** Each part of what stands before the vaults may take so much. */
const partRoom = 7_000;
const tableRoom = 16_000;
/** For the sentence that says what is shown of which vaults. */
const noteRoom = 600;

/**
 * A review for a pull request, within what GitHub takes: headline, groups, a row for each vault, and folds with the vaults that need
 * a look most. What does not fit is counted, with the command that shows it.
 */
export function reviewMarkdown(shown: ShownReview, room = mostCharacters): readonly string[] {
  const { review, files } = shown;
  const say = withFiles(files);
  const head = headLines(shown, say);
  const vaults = mostConcernFirst(review);
  const rows = vaultRows(vaults, review);
  const folds = foldsWithin(vaults, review, room - lengthOf([...head, ...rows.lines]) - noteRoom, say);
  const { full, short } = folds;
  const rest = vaults.length - full - short;
  const tabled = Math.max(0, rows.shown - full - short);
  const note = [
    `Of ${vaults.length} vaults, ${full} are shown in full and ${short} in short`,
    ...(rest === 0 ? [] : [`${tabled} in the table alone, ${rest - tabled} are left out`]),
  ].join(', ');
  return [
    ...head,
    ...rows.lines,
    '',
    markdownSentence(
      say(`${note}. \`keyturn review PLAN VAULT\` shows a vault, \`keyturn review PLAN --split vaults\` writes a file for each.`),
    ),
    ...folds.lines,
  ];
}

/** The same as a page of the command. */
export function reviewPage(shown: ShownReview): readonly string[] {
  return reviewMarkdown(shown);
}

/** What a file with vaults alone begins with. */
export function vaultsTitle({ plan }: Review): readonly string[] {
  return ['# Vaults of a plan', '', `Plan ${code(plan.digest)}`];
}

/** One vault in full, as far as it fits into the room. */
export function vaultMarkdown(vault: ReviewVault, review: Review, files: ReviewedFiles, room: number): readonly string[] {
  return fullFold(vault, review, room, withFiles(files));
}

type Say = (sentence: string) => string;

function headLines({ review, of, search }: ShownReview, say: Say): readonly string[] {
  const matching = search === undefined ? '' : `, which match ${markdownText(search)}`;
  return [
    '# Review of a plan',
    '',
    `Plan ${code(review.plan.digest)}, made by keyturn ${markdownText(review.plan.toolVersion)} for tenant ${code(review.plan.tenantId)}.`,
    ...(review.vaults.length === of ? [] : ['', `Of ${of} vaults of the plan, ${review.vaults.length} are shown and counted${matching}.`]),
    '',
    ...toldHeadline(review).map(({ about, text }) => `- **${about}**: ${markdownSentence(say(text))}`),
    ...part('Gains, by assignment', toldGains(review).map(bullet), say('`keyturn review PLAN --by principal`')),
    ...(review.gains.length === 0 ? [] : ['', markdownText(tierLegend)]),
    ...part('Losses', toldLosses(review).map(bullet), say('`keyturn review PLAN --by principal`')),
    ...part('Decisions', toldDecisions(review).map(bullet), say('`keyturn review PLAN --by principal`')),
    ...part(
      'Findings',
      [
        ...review.planFindings.map((one) => findingLine(one, '')),
        ...sortedFindings(review).map((one) => findingLine(one, ` in ${one.vaults} of ${review.vaults.length} vaults`)),
      ],
      say('`keyturn review PLAN --by finding`'),
    ),
    ...part(
      'Could not be read',
      review.unreadable.map(({ subject, because }) => bullet(`${subject}: ${because}`)),
      say('`keyturn review PLAN --json`'),
    ),
  ];
}

function part(title: string, lines: readonly string[], command: string): readonly string[] {
  if (lines.length === 0) return [];
  return ['', `## ${title}`, '', ...someLines(lines, partRoom, (left) => `- and ${left} more: ${command} shows all`)];
}

function bullet(sentence: string): string {
  return `- ${markdownSentence(sentence)}`;
}

function findingLine({ severity, code: name, message, remedy }: ReviewFinding, where: string): string {
  const next = remedy === nothingToDo ? '' : ` Next: ${markdownSentence(remedy)}`;
  return `- **${severity} ${name}**${markdownText(where)}: ${markdownSentence(message)}.${next}`;
}

function vaultRows(vaults: readonly ReviewVault[], review: Review): { readonly lines: readonly string[]; readonly shown: number } {
  const title = [
    '',
    '## Vaults',
    '',
    '| vault | state | wave | gains A/B | lose | open | blockers | to make |',
    '| --- | --- | --- | --- | --- | --- | --- | --- |',
  ];
  const rows = vaults.map((vault) => {
    const { gains, loses, open, blockers, toMake } = vaultCounts(vault, review);
    const words = [vault.name, vault.state, vault.wave ?? '', ...[gains, loses, open, blockers, toMake].map(String)];
    return `| ${words.map(markdownText).join(' | ')} |`;
  });
  const shown = someLines(rows, tableRoom, () => '');
  const count = shown.length === rows.length ? rows.length : shown.length - 1;
  return { lines: [...title, ...shown.slice(0, count)], shown: count };
}

function mostConcernFirst(review: Review): readonly ReviewVault[] {
  const weighed = review.vaults.map((vault) => ({ vault, weight: concern(vault, review) }));
  return weighed.sort((a, b) => b.weight - a.weight).map(({ vault }) => vault);
}

/** What needs a look comes first: blocked, then losing and waiting, then gaining. */
function concern(vault: ReviewVault, review: Review): number {
  const { gains, loses, open, blockers } = vaultCounts(vault, review);
  return Math.min(blockers, 9) * 1000 + Math.min(open + loses, 99) * 10 + Math.min(gains, 9);
}

/** First every vault in short, as far as there is room; then those that need it most in full. */
function foldsWithin(vaults: readonly ReviewVault[], review: Review, room: number, say: Say) {
  let left = room;
  const lines: (readonly string[])[] = [];
  for (const vault of vaults) {
    const fold = shortFold(vault, review, say);
    if (lengthOf(fold) > left) break;
    left -= lengthOf(fold);
    lines.push(fold);
  }
  let full = 0;
  for (const [at, fold] of lines.entries()) {
    const vault = vaults[at];
    if (vault === undefined) break;
    const more = fullFold(vault, review, vaults.length === 1 ? left + lengthOf(fold) : Number.POSITIVE_INFINITY, say);
    if (lengthOf(more) - lengthOf(fold) > left) break;
    left -= lengthOf(more) - lengthOf(fold);
    lines[at] = more;
    full += 1;
  }
  return { lines: lines.flat(), full, short: lines.length - full };
}

/** Answers that are not the same for every vault, as far as they tell of something. */
const pressing: readonly Question[] = ['gains', 'losses', 'changed'];
const shortRoom = 900;

function shortFold(vault: ReviewVault, review: Review, say: Say): readonly string[] {
  const answers = answersOf(vault, review);
  const lines = pressing.flatMap((question) => answers[question].map((line) => bullet(say(line))));
  const told = someLines(lines, shortRoom, (more) => say(`- and ${more} more: \`keyturn review PLAN VAULT\` shows all`));
  return fold(vault, [...blockersOf(vault, review), ...told], review);
}

function fullFold(vault: ReviewVault, review: Review, room: number, say: Say): readonly string[] {
  const answers = answersOf(vault, review);
  const lines = [
    code(vault.id),
    ...Object.entries(questions).flatMap(([question, words]) => [
      '',
      `**${words}**`,
      '',
      ...answers[question as Question].map((line) => bullet(say(line))),
    ]),
    ...findingsOf(vault, review),
  ];
  const most = room - lengthOf(fold(vault, [], review));
  return fold(
    vault,
    someLines(lines, most, (left) => say(`\nand ${left} more lines: \`keyturn review PLAN VAULT\` shows all`)),
    review,
  );
}

function fold(vault: ReviewVault, lines: readonly string[], review: Review): readonly string[] {
  const { gains, loses, open } = vaultCounts(vault, review);
  const counts = [
    ...(gains === 0 ? [] : [`gains of tier A or B: ${gains}`]),
    ...(loses === 0 ? [] : [`lose something: ${loses}`]),
    ...(open === 0 ? [] : [`wait for a decision: ${open}`]),
  ];
  const summary = [vault.state, ...(vault.wave === undefined ? [] : [`wave ${vault.wave}`]), ...counts].map(markdownText).join(', ');
  return ['', `<details><summary><b>${markdownText(vault.name)}</b>: ${summary}</summary>`, '', ...lines, '', '</details>'];
}

function blockersOf(vault: ReviewVault, review: Review): readonly string[] {
  return findingsOf(vault, review, (one) => one.severity === 'blocker').slice(3);
}

function findingsOf({ findings }: ReviewVault, review: Review, test: (one: ReviewFinding) => boolean = () => true): readonly string[] {
  const names = reviewNames(review);
  const lines = findings.flatMap(({ finding, principal }) => {
    const one = review.findings[finding];
    if (one === undefined || !test(one)) return [];
    return [findingLine(one, principal === undefined ? '' : ` for ${names.principal(principal)}`)];
  });
  return lines.length === 0 ? [] : ['', '**Findings**', '', ...lines];
}

/** An id as code, where it is one. */
function code(text: string): string {
  return markdownSentence(`\`${text}\``);
}
