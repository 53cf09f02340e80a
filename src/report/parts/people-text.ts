import type { PermissionModel } from '../../model/vault.ts';
import { describeScope } from '../../words/scope-words.ts';
import type { Look } from '../look.ts';
import { lossCounts, type PeopleReport, type PersonGain, type PersonLoss, type PersonRow, worstTier } from '../people-rows.ts';
import { plainText } from '../plain-text.ts';
import { principalName } from '../principal-name.ts';
import { shortIds } from '../short-ids.ts';
import { type Column, table } from '../table.ts';
import { markdownTable, markdownText } from '../text/markdown-table.ts';
import { wrapLine } from '../wrap-line.ts';
import { someActions, someTiered } from './some-actions.ts';

/** Of more people only these are shown; machines get all. */
const mostShown = 50;

interface VaultWithPeople extends PeopleReport {
  readonly name: string;
  readonly permissionModel: PermissionModel;
}

const columns: readonly Column[] = [
  { title: 'PERSON', shrinkTo: 20 },
  { title: 'LOSES', align: 'right' },
  { title: 'MAY LOSE', align: 'right' },
  { title: 'GIVEN UP', align: 'right' },
  { title: 'BY PLAN', align: 'right' },
  { title: 'BY FLIP', align: 'right' },
];

/** One vault by person: a table of how many data actions, then by which routes, said once for all to whom the same applies. */
export function peopleText(vault: VaultWithPeople, look: Look): readonly string[] {
  const { name, permissionModel, people, membersUnknown } = vault;
  const [shown, groups] = [people.slice(0, mostShown), membersUnknown.slice(0, mostShown)];
  const names = namesOf(people);
  const told = (row: PersonRow) => routeLines(row, permissionModel);
  const line = (text: string, indent: string) => wrapLine(indent + shortIds(plainText(text)), look.columns, `${indent}  `);
  return [
    '',
    `${look.paint('bold', `${plainText(name)} by person`)}: ${summary(vault)}`,
    ...(shown.length === 0
      ? []
      : indentedTable(
          shown.map((row) => cells(row, names)),
          look,
        )),
    ...more(people.length - shown.length),
    ...(shown.some((row) => told(row).length > 0) ? [''] : []),
    ...alike(shown, told).flatMap(({ rows, lines }) => [
      ...wrapLine(`  ${plainText(rows.map((row) => names(row)).join(', '))}`, look.columns, '  '),
      ...lines.flatMap((each) => line(each, '    ')),
    ]),
    ...groups.flatMap((group) => [
      ...line(`the members of ${names(group)}, which are not known: ${group.because}`, '  '),
      ...told(group).flatMap((each) => line(each, '    ')),
    ]),
    ...more(membersUnknown.length - groups.length),
  ];
}

export function peopleMarkdown(vault: VaultWithPeople): readonly string[] {
  const { name, permissionModel, people, membersUnknown } = vault;
  const names = namesOf(people);
  const cell = (lines: readonly string[]) => lines.map(shortIds).join('; ') || 'nothing';
  const row = (one: PersonRow, who: string) => [
    who,
    cell(one.losses.map((loss) => lossWords(loss, permissionModel))),
    ...(['plan', 'flip'] as const).map((cause) => {
      return cell(one.gains.filter((gain) => gain.cause === cause).map((gain) => gainWords(gain, permissionModel)));
    }),
  ];
  return [
    '',
    `### ${markdownText(name)} by person`,
    '',
    `${summary(vault)}.`,
    '',
    ...markdownTable(
      ['person', 'loses', 'gains by the plan', 'gains by the flip'],
      [
        ...people.slice(0, mostShown).map((one) => row(one, names(one))),
        ...membersUnknown.slice(0, mostShown).map((one) => row(one, `the members of ${names(one)}: ${one.because}`)),
      ],
    ),
    ...more(Math.max(0, people.length - mostShown) + Math.max(0, membersUnknown.length - mostShown)).map((each) => `\n${each.trim()}`),
  ];
}

function indentedTable(rows: readonly (readonly string[])[], look: Look): readonly string[] {
  return table(columns, rows, { ...look, columns: Math.max(0, look.columns - 2) }).map((line) => `  ${line}`);
}

function summary({ people, membersUnknown }: PeopleReport): string {
  const count = (counts: (row: PersonRow) => boolean) => people.filter(counts).length;
  const unknown = membersUnknown.length;
  const parts = [
    `${people.length} in all`,
    `${count((row) => lossCounts(row).loses > 0)} lose`,
    `${count((row) => lossCounts(row).loses === 0 && lossCounts(row).mayLose > 0)} may lose`,
    `${count((row) => row.gains.length > 0)} gain`,
    ...(unknown === 0 ? [] : [`and the members of ${unknown} ${unknown === 1 ? 'group' : 'groups'} that could not be opened`]),
  ];
  return parts.join(', ');
}

function more(count: number): readonly string[] {
  return count > 0 ? [`  and ${count} more; --json has all`] : [];
}

/** Two people of one name are told apart by their ids: anybody may call himself anything. */
function namesOf(people: readonly PersonRow[]): (row: PersonRow) => string {
  const plain = (row: PersonRow) => principalName(row, row.principalId);
  const counts = new Map<string, number>();
  for (const row of people) counts.set(plain(row), (counts.get(plain(row)) ?? 0) + 1);
  return (row) => ((counts.get(plain(row)) ?? 0) > 1 ? `${plain(row)} ${row.principalId}` : plain(row));
}

function cells(row: PersonRow, names: (row: PersonRow) => string): readonly string[] {
  const { loses, mayLose, decided } = lossCounts(row);
  const gained = (cause: PersonGain['cause']) => {
    const gains = row.gains.filter((gain) => gain.cause === cause);
    const actions = new Set(gains.flatMap(({ dataActions }) => dataActions.map(({ dataAction }) => dataAction)));
    const worst = worstTier(gains);
    return worst === undefined ? '0' : `${actions.size} (${worst})`;
  };
  return [names(row), String(loses), String(mayLose), String(decided), gained('plan'), gained('flip')];
}

/** People of whom the same is to be told, in their order; nobody of whom nothing is. */
function alike(people: readonly PersonRow[], told: (row: PersonRow) => readonly string[]) {
  const groups = new Map<string, { readonly rows: PersonRow[]; readonly lines: readonly string[] }>();
  for (const row of people) {
    const lines = told(row);
    const known = groups.get(lines.join('\n'));
    if (known !== undefined) known.rows.push(row);
    else if (lines.length > 0) groups.set(lines.join('\n'), { rows: [row], lines });
  }
  return [...groups.values()];
}

function routeLines({ losses, gains }: PersonRow, model: PermissionModel): readonly string[] {
  return [...losses.map((loss) => lossWords(loss, model)), ...gains.map((gain) => gainWords(gain, model))];
}

function lossWords({ certain, decided, dataActions, entries, because }: PersonLoss, model: PermissionModel): string {
  const verbs = model === 'azureRbac' ? ['has not', 'may not have'] : ['loses', 'may lose'];
  const by = entries.map(({ objectId, displayName, throughGroup, applicationId }) => {
    const whose = throughGroup ? `the access policy of \`${displayName === '' ? objectId : displayName}\`` : 'its own access policy';
    return applicationId === undefined ? whose : `${whose} for application ${applicationId}`;
  });
  const why = decided ? `given up by decision; ${because}` : because;
  return `${certain ? verbs[0] : verbs[1]} ${someActions(dataActions)}, given by ${by.join(' and ')}: ${why}`;
}

function gainWords({ cause, certain, dataActions, roleName, scope, throughGroup, groupName }: PersonGain, model: PermissionModel): string {
  const verbs = model === 'azureRbac' && cause === 'flip' ? ['also has', 'may also have'] : ['gains', 'may gain'];
  const group = throughGroup === undefined ? '' : ` of \`${groupName === undefined || groupName === '' ? throughGroup : groupName}\``;
  const when = model === 'azureRbac' && cause === 'flip' ? '' : ` by the ${cause}`;
  return `${certain ? verbs[0] : verbs[1]}${when} ${someTiered(dataActions)}: \`${roleName}\`${group} ${describeScope(scope)}`;
}
