import type { Gain, PairVerdict } from '../access/judgement.ts';
import type { WhoCanGrant } from '../access/who-can-grant.ts';
import { compareText } from '../model/finding.ts';
import type { PermissionModel } from '../model/vault.ts';
import type { Look, Style } from './look.ts';
import { markdownTable, markdownText } from './markdown-table.ts';
import type { PeopleReport } from './people-rows.ts';
import { peopleMarkdown, peopleText } from './people-text.ts';
import { plainText } from './plain-text.ts';
import { shortIds } from './short-ids.ts';
import { table } from './table.ts';
import type { VerifyAnswers } from './verify-answers.ts';
import { wrapLine } from './wrap-line.ts';

export interface VerifiedVault {
  readonly vaultId: string;
  readonly name: string;
  readonly permissionModel: PermissionModel;
  readonly state: 'covered' | 'gap' | 'undetermined';
  readonly pairs: readonly PairVerdict[];
  readonly gains: readonly Gain[];
  readonly doubts: readonly string[];
  /** What keeps the vault from being covered, in words. */
  readonly lines: readonly string[];
  /** What a flip changes besides loss; absent when the vault could not be judged. */
  readonly answers?: VerifyAnswers;
  readonly granting?: WhoCanGrant;
  /** Azure's own judgement, where it was asked: what it has against the vault's being covered, and what changes nothing. */
  readonly secondOpinion?: { readonly against: readonly string[]; readonly remarks: readonly string[] };
  readonly proofDigest?: string;
  /** On request: what the flip means for each person, and for whoever is in a group that could not be opened. */
  readonly people?: PeopleReport['people'];
  readonly membersUnknown?: PeopleReport['membersUnknown'];
}

/** What `verify` prints, version 1: each access that the policies give, and what covers it. */
export interface VerifyReport {
  readonly format: 'keyturn-verify';
  readonly formatVersion: 1;
  readonly at: string;
  readonly planDigest: string | null;
  readonly vaults: readonly VerifiedVault[];
  readonly unreadable: readonly { readonly subject: string; readonly because: string }[];
}

const styles: Record<VerifiedVault['state'], Style> = { covered: 'green', gap: 'red', undetermined: 'yellow' };
const titles = ['VAULT', 'STATE', 'MODEL', 'COVERED', 'GAPS', 'UNKNOWN', 'GAINS'] as const;

export function verifyText(report: VerifyReport, look: Look): readonly string[] {
  const columns = titles.map((title, at) => (at === 0 ? { title, shrinkTo: 12 } : at < 3 ? { title } : { title, align: 'right' as const }));
  const rows = sorted(report).map((vault) => cells(vault).map((text, at) => (at === 1 ? { text, style: styles[vault.state] } : text)));
  return [
    ...table(columns, rows, look),
    ...sorted(report).flatMap((vault) => [...explained(vault, look), ...(hasPeople(vault) ? peopleText(vault, look) : [])]),
    ...report.unreadable.flatMap(({ subject, because }) =>
      wrapLine(`could not be read: ${shortIds(plainText(subject))}: ${shortIds(plainText(because))}`, look.columns, '  '),
    ),
    ...nextLines(report, look),
  ];
}

export function verifyMarkdown(report: VerifyReport): readonly string[] {
  return [
    '# Verification',
    '',
    `Read ${report.at}${report.planDigest === null ? '' : `, plan \`${report.planDigest}\``}.`,
    '',
    ...markdownTable(
      titles.map((title) => title.toLowerCase()),
      sorted(report).map(cells),
    ),
    ...sorted(report).flatMap((vault) => [
      ...(vault.lines.length + answerLines(vault).length === 0
        ? []
        : ['', `## ${markdownText(vault.name)}`, '', ...bullets([...vault.lines, ...answerLines(vault)])]),
      ...(hasPeople(vault) ? peopleMarkdown(vault) : []),
    ]),
    ...bullets(report.unreadable.map(({ subject, because }) => `could not be read: ${subject}: ${because}`)),
  ];
}

function hasPeople(vault: VerifiedVault): vault is VerifiedVault & PeopleReport {
  return vault.people !== undefined && vault.membersUnknown !== undefined;
}

function explained(vault: VerifiedVault, look: Look): readonly string[] {
  const open = vault.state === 'covered' ? [] : [...vault.lines, ...vault.doubts.map((doubt) => `in doubt: ${doubt}`)];
  const lines = [...open, ...answerLines(vault)];
  if (lines.length === 0) return [];
  return [
    '',
    look.paint('bold', plainText(vault.name)),
    ...lines.flatMap((line) => wrapLine(`  ${shortIds(plainText(line))}`, look.columns, '    ')),
  ];
}

function answerLines({ answers, secondOpinion }: VerifiedVault): readonly string[] {
  return [
    ...(answers?.gainedByPlan ?? []).map((line) => `by the plan: ${line}`),
    ...(answers?.gainedByFlip ?? []).map((line) => `by the flip: ${line}`),
    ...(answers?.granting ?? []),
    ...(secondOpinion?.remarks ?? []).map((line) => `second opinion: ${line}`),
  ];
}

/** Said once, whatever the number of vaults. */
function nextLines({ vaults, planDigest }: VerifyReport, look: Look): readonly string[] {
  const has = (state: VerifiedVault['state']) => vaults.some((vault) => vault.state === state);
  const gap =
    planDigest === null
      ? 'run `keyturn plan`: it proposes the roles that are missing, or takes your decision to give the access up'
      : 'run `keyturn apply` with the plan for what is planned and not made yet, and `keyturn plan` again for the rest';
  const against = ({ secondOpinion }: VerifiedVault) => secondOpinion?.against.length ?? 0;
  // Lines beyond those of the second opinion are our own.
  const unread = vaults.some((vault) => vault.state === 'undetermined' && vault.lines.length > against(vault));
  const lines = [
    ...(has('gap') ? [gap] : []),
    ...(unread ? ['get the rights to read what could not be read, then verify again'] : []),
    ...(vaults.some((vault) => against(vault) > 0)
      ? ['flip nothing before the second opinion is explained: look at what Azure names, or at why it gave none, then verify again']
      : []),
  ];
  return lines.length === 0 ? [] : ['', ...lines.flatMap((line) => wrapLine(`next: ${line}`, look.columns, '  '))];
}

function cells({ name, state, permissionModel, pairs, gains }: VerifiedVault): readonly string[] {
  const count = (wanted: PairVerdict['state']) => String(pairs.filter((pair) => pair.state === wanted).length);
  return [name, state, permissionModel, count('covered'), count('uncovered'), count('unknown'), String(gains.length)];
}

function sorted(report: VerifyReport): readonly VerifiedVault[] {
  return [...report.vaults].sort((a, b) => compareText(a.name, b.name) || compareText(a.vaultId, b.vaultId));
}

function bullets(lines: readonly string[]): readonly string[] {
  return lines.map((line) => `- ${markdownText(line)}`);
}
