import { entrySubject } from '../model/entry-standing.ts';
import { type Finding, subjectText } from '../model/finding.ts';
import { findingWords } from '../words/finding-words.ts';
import type { InventoryReport, InventoryVault } from './inventory-report.ts';
import type { Look } from './look.ts';
import { findingLines, forWhom } from './parts/findings-text.ts';
import { sharedFindings } from './parts/shared-findings.ts';
import { permissionWords } from './permission-words.ts';
import { plainText } from './plain-text.ts';
import { identifiedPrincipal, principalName } from './principal-name.ts';
import { shortIds } from './short-ids.ts';
import { type Column, table } from './table.ts';
import { markdownTable, markdownText } from './text/markdown-table.ts';
import { wrapLine } from './wrap-line.ts';

const vaultColumns: readonly Column[] = [
  { title: 'VAULT', shrinkTo: 12 },
  { title: 'RESOURCE GROUP', shrinkTo: 8 },
  { title: 'MODEL' },
  { title: 'POLICIES', align: 'right' },
  { title: 'ROLES', align: 'right' },
  { title: 'DENIES', align: 'right' },
  { title: 'LOCKS', align: 'right' },
];

/** A table of vaults, then who has what by policy in each. */
export function inventoryText(report: InventoryReport, look: Look): readonly string[] {
  const rows = report.vaults.map((vault) => vaultRow(vault));
  const vaults = withFindings(report);
  const people = new Map(vaults.flatMap((vault) => [...peopleOf(vault)]));
  const shared = sharedFindings(vaults, people);
  const atEnd = shared.lines(look);
  return [
    ...table(vaultColumns, rows, look),
    ...vaults.flatMap((vault) => section(vault, shared.own(vault), look)),
    ...(atEnd.length === 0 ? [] : ['', ...atEnd]),
    ...ofEstate(report, look),
    ...unreadableLines(report, look),
    '',
    summary(report),
  ];
}

export function inventoryMarkdown(report: InventoryReport): readonly string[] {
  return [
    '# Vaults',
    '',
    summary(report),
    '',
    ...markdownTable(
      vaultColumns.map((column) => column.title.toLowerCase()),
      report.vaults.map((vault) => vaultRow(vault)),
    ),
    ...report.vaults.flatMap((vault) => [
      '',
      `## ${markdownText(vault.name)}`,
      '',
      ...markdownTable(
        ['principal', 'object id', 'permissions'],
        vault.accessPolicies.map((policy) => [who(policy), identity(policy), permissionWords(policy.permissions).join('; ')]),
      ),
    ]),
    ...report.unreadable.map(({ subject, because }) => `\n- could not be read: ${markdownText(subject)}: ${markdownText(because)}`),
    ...(report.findings.length === 0 ? [] : ['', '## Findings', '']),
    ...report.findings.map((finding) => {
      const { message, remedy } = findingWords(finding);
      return `- **${finding.severity} ${finding.code}**: ${markdownText(message)}. Next: ${markdownText(remedy)}`;
    }),
  ];
}

type Policy = InventoryVault['accessPolicies'][number];

function vaultRow(vault: InventoryVault): readonly string[] {
  const { roleAssignments, denyAssignments, locks } = vault.reachedBy;
  const shown = (count: number | null) => (count === null ? '?' : String(count));
  const model = vault.permissionModel === 'azureRbac' ? 'azureRbac' : 'accessPolicy';
  return [
    vault.name,
    vault.resourceGroup,
    model,
    String(vault.accessPolicies.length),
    shown(roleAssignments),
    shown(denyAssignments),
    shown(locks),
  ];
}

function withFindings({ vaults, findings }: InventoryReport): readonly (InventoryVault & { readonly findings: readonly Finding[] })[] {
  const byVault = new Map<string, Finding[]>();
  for (const finding of findings) {
    const id = finding.subject.vault ?? '';
    byVault.set(id, [...(byVault.get(id) ?? []), finding]);
  }
  return vaults.map((vault) => ({ ...vault, findings: byVault.get(vault.id) ?? [] }));
}

/** What is so for all of them, and is said once. */
function ofEstate({ vaults, findings }: InventoryReport, look: Look): readonly string[] {
  const ids = new Set(vaults.map(({ id }) => id));
  const others = findings.filter(({ subject }) => !ids.has(subject.vault ?? ''));
  return others.length === 0 ? [] : ['', ...findingLines(others, look, { indent: '' })];
}

function section(vault: InventoryVault, own: readonly Finding[], look: Look): readonly string[] {
  const policies = policyLines(vault, look);
  if (policies.length + own.length === 0) return [];
  const inert = vault.permissionModel === 'azureRbac' && policies.length > 0 ? ' (its policies are inert: it is on Azure RBAC)' : '';
  return [
    '',
    look.paint('bold', plainText(vault.name)) + inert,
    ...policies,
    ...findingLines(own, look, { about: forWhom(peopleOf(vault)) }),
  ];
}

function peopleOf({ id, accessPolicies }: InventoryVault): ReadonlyMap<string, string> {
  return new Map(accessPolicies.map((policy) => [subjectText(entrySubject(id, policy)), who(policy, 'short')]));
}

function policyLines(vault: InventoryVault, look: Look): readonly string[] {
  return vault.accessPolicies.flatMap((policy) => {
    const lines = [...permissionWords(policy.permissions), ...policy.oddities.map((oddity) => `not understood: ${plainText(oddity)}`)];
    return [
      ...wrapLine(`  ${who(policy, 'whole')}`, look.columns, '    '),
      ...(lines.length === 0 ? ['no permission'] : lines).flatMap((line) => wrapLine(`    ${line}`, look.columns, '      ')),
    ];
  });
}

function who(policy: Policy, ids?: 'whole' | 'short'): string {
  const { principal, objectId } = policy;
  const name = ids === undefined ? principalName(principal, objectId) : identifiedPrincipal(principal, objectId, ids);
  return policy.applicationId === undefined ? name : `${name} through application ${policy.applicationId}`;
}

function identity(policy: Policy): string {
  return policy.applicationId === undefined ? policy.objectId : `${policy.objectId} + ${policy.applicationId}`;
}

function unreadableLines(report: InventoryReport, look: Look): readonly string[] {
  if (report.unreadable.length === 0) return [];
  return [
    '',
    look.paint('yellow', 'could not be read'),
    ...report.unreadable.flatMap(({ subject, because }) =>
      wrapLine(`  ${shortIds(plainText(subject))}: ${shortIds(plainText(because))}`, look.columns, '    '),
    ),
  ];
}

function summary(report: InventoryReport): string {
  const waiting = report.vaults.filter((vault) => vault.permissionModel === 'accessPolicy').length;
  const unread = report.unreadable.length === 0 ? '' : `, ${report.unreadable.length} could not be read`;
  const plural = report.vaults.length === 1 ? '' : 's';
  return `${report.vaults.length} vault${plural}: ${waiting} on access policies, ${report.vaults.length - waiting} on Azure RBAC${unread}`;
}
