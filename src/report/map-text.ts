import type { PermissionAnswer } from '../mapping/map-permissions.ts';
import type { PermissionSet } from '../mapping/permission-set.ts';
import { shortAction } from '../model/data-action.ts';
import type { Finding } from '../model/finding.ts';
import { choiceInWords } from '../words/choice-words.ts';
import type { Look } from './look.ts';
import { findingLines } from './parts/findings-text.ts';
import { permissionWords } from './permission-words.ts';
import { plainText } from './plain-text.ts';
import { table } from './table.ts';
import { wrapLine } from './wrap-line.ts';

export interface MappedSet {
  readonly set: PermissionSet;
  readonly answer: PermissionAnswer;
}

/** One set in full; several as a table, with what is to be known about each below. */
export function mapText(sets: readonly MappedSet[], look: Look): readonly string[] {
  const [only, ...more] = sets;
  if (only === undefined) return ['nothing to map'];
  if (more.length === 0) return oneSet(only, look);
  return [...manySets(sets, look), ...sets.flatMap((one, index) => remarks(one, index, look))];
}

function oneSet({ set, answer }: MappedSet, look: Look): readonly string[] {
  const rows = answer.roles.map(({ name, id }) => [name, id]);
  const roles = rows.length === 0 ? ['no role'] : table([{ title: 'ROLE', shrinkTo: 20 }, { title: 'ID' }], rows, look);
  const facts: readonly (readonly [string, string])[] = [
    ['replaces', permissionWords(set.permissions).join('; ') || 'nothing'],
    ['uncovered', answer.uncovered.map(shortAction).join(', ')],
    ['extra access', excessWords(answer)],
    ['control plane', answer.controlPlane.join(', ')],
    ['custom role', customRoleWords(answer)],
    ...answer.alternatives.map((one) => ['instead', `${names(one.roles)}, price ${one.price} against ${answer.price}`] as const),
  ];
  return [
    ...roles,
    '',
    ...wrapLine(plainText(choiceInWords(answer.because)), look.columns, ''),
    ...facts.flatMap(([title, words]) => (words === '' ? [] : wrapLine(`  ${title.padEnd(15)}${plainText(words)}`, look.columns, hanging))),
    ...findingLines(answer.findings, look),
  ];
}

const hanging = ' '.repeat(17);

function excessWords({ excess }: PermissionAnswer): string {
  return excess.map(({ dataAction, tier }) => `${shortAction(dataAction)} (${tier})`).join(', ') || 'nothing';
}

function customRoleWords({ customRole }: PermissionAnswer): string {
  if (customRole === undefined) return '';
  return `\`${customRole.name}\` with ${customRole.dataActions.map(shortAction).join(', ')}, assignable at ${customRole.assignableScopes.join(', ')}`;
}

function names(roles: readonly { readonly name: string }[]): string {
  return roles.map((role) => role.name.replace(/^Key Vault /, '')).join(' + ');
}

function manySets(sets: readonly MappedSet[], look: Look): readonly string[] {
  const ofVaults = sets.some(({ set }) => set.vault !== undefined);
  const columns = [
    { title: '#', align: 'right' as const },
    ...(ofVaults
      ? [
          { title: 'VAULT', shrinkTo: 12 },
          { title: 'OBJECT ID', shrinkTo: 9 },
        ]
      : []),
    { title: 'PERMISSIONS', shrinkTo: 16 },
    { title: 'ROLES', shrinkTo: 16 },
    { title: 'EXCESS' },
    { title: 'OPEN', align: 'right' as const },
  ];
  const rows = sets.map(({ set, answer }, index) => [
    String(index),
    ...(ofVaults ? [set.vault ?? '', set.objectId ?? ''] : []),
    permissionWords(set.permissions).join('; ') || 'none',
    names(answer.roles) || 'none',
    tiers(answer),
    String(openOf(answer)),
  ]);
  return table(columns, rows, look);
}

/** What no role gives, and where nothing is known to be asked for, what else a person has to decide. */
function openOf({ uncovered, findings }: PermissionAnswer): number {
  return Math.max(uncovered.length, findings.filter((finding) => finding.severity === 'blocker').length);
}

/** `2A 5B 1D`: how many data actions of each tier come along. */
function tiers({ excess }: PermissionAnswer): string {
  const words = (['A', 'B', 'C', 'D'] as const).flatMap((tier) => {
    const count = excess.filter((action) => action.tier === tier).length;
    return count === 0 ? [] : [`${count}${tier}`];
  });
  return words.join(' ') || 'none';
}

function remarks({ answer }: MappedSet, index: number, look: Look): readonly string[] {
  const worth = answer.findings.filter((finding: Finding) => finding.severity !== 'note');
  if (worth.length === 0 && answer.customRole === undefined) return [];
  const custom = customRoleWords(answer);
  return [
    '',
    ...wrapLine(`${look.paint('bold', `#${index}`)} ${plainText(choiceInWords(answer.because))}`, look.columns, '  '),
    ...(custom === '' ? [] : wrapLine(`  custom role ${plainText(custom)}`, look.columns, '    ')),
    ...findingLines(worth, look),
  ];
}
