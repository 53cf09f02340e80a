import { grouped } from '../base/grouped.ts';
import type { AcceptanceRow } from '../formats/acceptance-row.ts';
import type { DecisionRow } from '../formats/decisions.ts';
import type { GainRow } from '../formats/gain-row.ts';
import type { RuleRow } from '../formats/rule-row.ts';
import { byRule, type EntryToDecide, type ToDecide } from '../plan/decisions-skeleton.ts';
import { permissionWords } from '../report/permission-words.ts';
import { entryName } from '../report/plan-diff.ts';
import { choiceWords } from './choice-words.ts';
import { jsonDocument } from './output/json.ts';

/** A decisions file whose reasons are still to be written. */
export interface Skeleton {
  readonly formatVersion: 1;
  readonly decisions: readonly DecisionRow[];
  readonly rules: readonly RuleRow[];
  readonly acceptances: readonly AcceptanceRow[];
  readonly gains: readonly GainRow[];
}

/** A file without it cannot be read: whoever decides has to say why. */
const reason = '';

/** So many vaults of a rule or a gain are named. */
const named = 10;

export function skeletonOf(found: readonly ToDecide[]): Skeleton {
  const { rules, single } = byRule(found.flatMap(({ entries }) => entries));
  return {
    formatVersion: 1,
    decisions: single.map(decisionRow),
    rules: rules.map(({ rule, entries }) => ({
      ...rule,
      reason,
      about: { entries: entries.length, vaults: vaultNames(entries.map(({ vault }) => vault.name)) },
    })),
    acceptances: found.flatMap(({ acceptances }) => acceptances.map((row) => ({ ...row, reason }))),
    gains: gainRows(found),
  };
}

function decisionRow({ vault, entry, why, codes, choices }: EntryToDecide): DecisionRow {
  const { objectId, applicationId, choice, permissions } = entry;
  const [recommended = 'drop'] = choices;
  // What needs more than a word is not filled in for anybody: without it the plan stays as it is.
  const [first = 'drop'] = why === 'wide' ? ['reproduce' as const] : choices.filter((one) => one !== 'narrow');
  return {
    vault: vault.vaultId,
    principal: objectId,
    ...(applicationId !== undefined && { applicationId }),
    choice: first,
    reason,
    about: {
      vault: vault.name,
      principal: entryName(entry),
      permissions: permissionWords(permissions).join('; '),
      why: why === 'undecided' ? `undecided: ${codes.join(', ')}` : 'nobody has to decide: look at what comes with its roles',
      ...(choice !== undefined && {
        roles: choice.roles.map(({ name }) => name).join(', '),
        price: choice.price,
        extraAccess: choice.excess
          .map(({ dataAction, tier }) => `${dataAction.replace('Microsoft.KeyVault/vaults/', '')} [${tier}]`)
          .join(', '),
      }),
      recommended,
      choices: Object.fromEntries(choices.map((one) => [one, choiceWords[one].description])),
    },
  };
}

/** Once for each assignment: its gains in all vaults are one thing to decide. */
function gainRows(found: readonly ToDecide[]): readonly GainRow[] {
  const all = found.flatMap(({ gains }) => gains);
  return [...grouped(all, ({ gain }) => `${gain.assignmentId} ${gain.principalId}`.toLowerCase()).values()].flatMap((same) => {
    const [first] = same;
    if (first === undefined) return [];
    const { assignmentId, principalId, principal, roleName = '', scope, dataActions } = first.gain;
    const vaults = [...new Set(same.map(({ vault }) => vault.name))];
    return [
      {
        assignment: assignmentId,
        principal: principalId,
        vault: vaults.length === 1 ? first.vault.vaultId : '*',
        reason,
        about: {
          principal: `${principal.displayName} (${principal.kind})`,
          role: `${roleName} at ${scope}`,
          gains: dataActions.map(({ dataAction, tier }) => `${dataAction.replace('Microsoft.KeyVault/vaults/', '')} [${tier}]`).join(', '),
          vaults: vaultNames(vaults),
        },
      },
    ];
  });
}

function vaultNames(names: readonly string[]): string {
  const all = [...new Set(names)];
  return all.length > named ? `${all.slice(0, named).join(', ')} and ${all.length - named} more` : all.join(', ');
}

/** YAML where the file's name says so, else JSON. */
export async function decisionsDocument(skeleton: Skeleton, file: string): Promise<string> {
  const { decisions, rules, acceptances, gains } = skeleton;
  const some = Object.fromEntries(Object.entries({ rules, decisions, acceptances, gains }).filter(([, rows]) => rows.length > 0));
  const value = { formatVersion: 1, ...some };
  if (!/\.ya?ml$/i.test(file)) return jsonDocument(value).join('');
  const { stringify } = await import('yaml');
  return `# Fill in each reason, and change choices where you decide otherwise; rows that you do not want can go. What stands under "about" is not read.\n${stringify(value, { lineWidth: 0 })}`;
}
