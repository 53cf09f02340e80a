import type { PairVerdict } from '../access/judgement.ts';
import { hinted, type Look, type Style } from './look.ts';
import { peopleMarkdown, peopleText } from './parts/people-text.ts';
import { tierLegend } from './parts/tiered-words.ts';
import { toldVaults } from './parts/verify-lines.ts';
import type { PeopleReport } from './people-rows.ts';
import { plainText } from './plain-text.ts';
import { shortIds } from './short-ids.ts';
import { table } from './table.ts';
import { markdownTable, markdownText } from './text/markdown-table.ts';
import type { VerifiedVault, VerifyReport } from './verified-vault.ts';
import { wrapLine } from './wrap-line.ts';

const styles: Record<VerifiedVault['state'], Style> = { covered: 'green', gap: 'red', undetermined: 'yellow' };
const titles = ['VAULT', 'STATE', 'MODEL', 'COVERED', 'GAPS', 'UNKNOWN', 'GAINS'] as const;

export function verifyText(report: VerifyReport, look: Look): readonly string[] {
  const columns = titles.map((title, at) => (at === 0 ? { title, shrinkTo: 12 } : at < 3 ? { title } : { title, align: 'right' as const }));
  const { vaults, shared, next } = toldVaults(report);
  const rows = vaults.map(({ vault }) => cells(vault).map((text, at) => (at === 1 ? { text, style: styles[vault.state] } : text)));
  const wrap = (line: string, indent = '', hanging = `${indent}  `) => wrapLine(indent + shortIds(plainText(line)), look.columns, hanging);
  const legend = vaults.some(({ vault }) => vault.gains.length > 0) ? wrapLine(tierLegend, look.columns, '  ') : [];
  return [
    ...table(columns, rows, look),
    ...vaults.flatMap(({ vault, lines }) => [
      ...(lines.length === 0 ? [] : ['', look.paint('bold', plainText(vault.name))]),
      ...lines.flatMap((line) => [
        ...wrap(line.text, '  '),
        ...(line.next === undefined ? [] : wrap(hinted(`next: ${line.next}`, look), '    ', '      ')),
      ]),
      ...(hasPeople(vault) ? peopleText(vault, look) : []),
    ]),
    ...apart(shared.flatMap((line) => wrap(line))),
    ...apart(legend.map((line) => look.paint('dim', line))),
    ...apart(report.unreadable.flatMap(({ subject, because }) => wrap(`could not be read: ${subject}: ${because}`))),
    ...apart(allNext(report, next).flatMap((line) => wrap(hinted(`next: ${line}`, look)))),
  ];
}

export function verifyMarkdown(report: VerifyReport): readonly string[] {
  const { vaults, shared, next } = toldVaults(report);
  return [
    '# Verification',
    '',
    `Read ${report.at}${report.planDigest === null ? '' : `, plan \`${report.planDigest}\``}.`,
    '',
    ...markdownTable(
      titles.map((title) => title.toLowerCase()),
      vaults.map(({ vault }) => cells(vault)),
    ),
    ...vaults.flatMap(({ vault, lines }) => [
      ...(lines.length === 0 ? [] : ['', `## ${markdownText(vault.name)}`, '']),
      ...bullets(lines.map((line) => line.text + (line.next === undefined ? '' : ` Next: ${line.next}.`))),
      ...(hasPeople(vault) ? peopleMarkdown(vault) : []),
    ]),
    ...apart(bullets(shared)),
    ...apart(vaults.some(({ vault }) => vault.gains.length > 0) ? [markdownText(tierLegend)] : []),
    ...apart(bullets(report.unreadable.map(({ subject, because }) => `could not be read: ${subject}: ${because}`))),
    ...apart(bullets(allNext(report, next).map((line) => `Next: ${line}`))),
  ];
}

function apart(lines: readonly string[]): readonly string[] {
  return lines.length === 0 ? [] : ['', ...lines];
}

function hasPeople(vault: VerifiedVault): vault is VerifiedVault & PeopleReport {
  return vault.people !== undefined && vault.membersUnknown !== undefined;
}

function allNext({ unreadable, peopleLeftOut = 0 }: VerifyReport, next: readonly string[]): readonly string[] {
  const rights = 'get the right to read what could not be read, then verify again';
  const people = `people are not listed for ${peopleLeftOut} vaults, too many for one run: verify fewer vaults at once by person`;
  return [...next, ...(unreadable.length === 0 || next.includes(rights) ? [] : [rights]), ...(peopleLeftOut > 0 ? [people] : [])];
}

/** Pairs of principal and data action: what may be checked in several places counts once, by the worst answer. */
function cells({ name, state, permissionModel, pairs, gains }: VerifiedVault): readonly string[] {
  const worst = new Map<string, PairVerdict['state']>();
  const order: readonly PairVerdict['state'][] = ['covered', 'unknown', 'uncovered'];
  for (const pair of pairs) {
    const key = `${pair.principalId} ${pair.dataAction}`;
    const known = worst.get(key) ?? 'covered';
    worst.set(key, order.indexOf(pair.state) > order.indexOf(known) ? pair.state : known);
  }
  const count = (wanted: PairVerdict['state']) => String([...worst.values()].filter((one) => one === wanted).length);
  return [name, state, permissionModel, count('covered'), count('uncovered'), count('unknown'), gainCell(gains)];
}

function gainCell(gains: VerifiedVault['gains']): string {
  const gained = new Set(gains.flatMap(({ principalId, dataActions }) => dataActions.map((action) => `${principalId} ${action.name}`)));
  const [worst] = gains.flatMap(({ dataActions }) => dataActions.map(({ tier }) => tier)).sort();
  return worst === undefined ? '0' : `${gained.size} (${worst})`;
}

function bullets(lines: readonly string[]): readonly string[] {
  return lines.map((line) => `- ${markdownText(shortIds(line))}`);
}
