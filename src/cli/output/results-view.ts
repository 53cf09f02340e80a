import { exitCode, interruptedExit } from '../../base/known-error.ts';
import type { VaultOutcome } from '../../migrate/ports.ts';
import type { VaultResult } from '../../migrate/vault-result.ts';
import { hinted, type Look, type Style } from '../../report/look.ts';
import { plainText } from '../../report/plain-text.ts';
import { shortIds } from '../../report/short-ids.ts';
import { wrapLine } from '../../report/wrap-line.ts';
import { alikeResults } from './alike-results.ts';
import { jsonLine } from './json.ts';

const styles: Record<VaultOutcome, Style> = {
  done: 'green',
  failed: 'red',
  blocked: 'red',
  undetermined: 'yellow',
  interrupted: 'yellow',
  skipped: 'dim',
};
const signs: Readonly<Record<string, Style>> = { '-': 'red', '+': 'green', '@': 'cyan' };

/** How each vault ended, with the lines that explain it and what to do next. */
export function resultLines(results: readonly VaultResult[], look: Look): readonly string[] {
  const repeated = repeatedRemedies(results);
  const lines = alikeResults(byOutcome(results)).flatMap(({ results: alike, because }) => {
    const [{ name, outcome, code, remedy, lines }] = alike;
    const who = alike.length === 1 ? plainText(name) : `${alike.length} vaults`;
    const head = `${outcome}  ${who}  ${code === undefined ? '' : `${code}: `}${shortIds(plainText(because))}`;
    const [first = '', ...more] = wrapLine(head, look.columns, '  ');
    return [
      look.paint(styles[outcome], outcome) + first.slice(outcome.length),
      ...more,
      ...(alike.length === 1 ? [] : wrapLine(`    ${namesIn(alike)}`, look.columns, '    ')),
      ...lines.flatMap((line) => explained(line, look)),
      ...(remedy === undefined || repeated.has(remedy)
        ? []
        : wrapLine(`  next: ${hinted(shortIds(plainText(remedy)), look)}`, look.columns, '    ')),
    ];
  });
  if (results.length < 2) return lines;
  const next = [...repeated].flatMap(([remedy, count]) =>
    wrapLine(`  next, for ${count} vaults: ${hinted(shortIds(plainText(remedy)), look)}`, look.columns, '    '),
  );
  return [...lines, '', summary(results), ...next];
}

/** So many vaults are named before the rest is counted. */
const named = 20;

function namesIn(alike: readonly VaultResult[]): string {
  const names = alike.slice(0, named).map(({ name }) => plainText(name));
  return `${names.join(', ')}${alike.length > named ? ` and ${alike.length - named} more` : ''}`;
}

/** What several vaults need done is said once, with their number. */
function repeatedRemedies(results: readonly VaultResult[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const { remedy } of results) if (remedy !== undefined) counts.set(remedy, (counts.get(remedy) ?? 0) + 1);
  return new Map([...counts].filter(([, count]) => count > 1));
}

const order: readonly VaultOutcome[] = ['done', 'skipped', 'undetermined', 'blocked', 'failed', 'interrupted'];

/** What went well first, so that what needs a person stands last, where it is seen. */
function byOutcome(results: readonly VaultResult[]): readonly VaultResult[] {
  return order.flatMap((outcome) => results.filter((result) => result.outcome === outcome));
}

function summary(results: readonly VaultResult[]): string {
  const counts = order.map((outcome) => [results.filter((result) => result.outcome === outcome).length, outcome] as const);
  const shown = counts.filter(([count]) => count > 0).map(([count, outcome]) => `${count} ${outcome}`);
  return `${results.length} vaults: ${shown.join(', ')}`;
}

/** A line of a diff keeps its sign at the front and its colour. */
function explained(line: string, look: Look): readonly string[] {
  const style = signs[line.charAt(0)];
  // A diff is exact: whoever looks for what moved needs the whole id.
  const shown = wrapLine(`    ${style === undefined ? shortIds(plainText(line)) : plainText(line)}`, look.columns, '      ');
  return style === undefined ? shown : shown.map((one) => look.paint(style, one));
}

/** A stopped run is 130, as shells have it. Else the worst of the vaults: a bug, then failed, blocked, undetermined. */
export function exitOfResults(results: readonly VaultResult[], interrupted: boolean): number {
  if (interrupted) return interruptedExit;
  if (results.some((result) => result.bug !== undefined)) return exitCode.bug;
  for (const outcome of ['failed', 'blocked', 'undetermined'] as const) {
    if (results.some((result) => result.outcome === outcome)) return exitCode[outcome];
  }
  return exitCode.done;
}

/** For `--json`: everything but what only a bug report needs, as the last line of events. */
export function resultsJson(results: readonly VaultResult[]): readonly string[] {
  return [jsonLine({ kind: 'results', vaults: results.map(resultRecord) })];
}

function resultRecord({ bug, ...rest }: VaultResult) {
  return { ...rest, ...(bug !== undefined && { unexpected: true }) };
}
