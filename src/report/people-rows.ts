import type { Gain } from '../access/judgement.ts';
import type { Loss, OwnGain, PersonVerdict, VaultPeople } from '../access/people-verdict.ts';
import { compareText } from '../base/compare-text.ts';
import type { Guid } from '../base/guid.ts';
import type { RiskTier } from '../model/catalogue.ts';
import type { Reason } from '../model/reason.ts';
import { unreadInWords } from '../words/reason-words.ts';
import { toldReasons } from '../words/told-reasons.ts';
import type { Names } from './names.ts';
import { namedPrincipal, principalName } from './principal-name.ts';

interface TieredAction {
  readonly dataAction: string;
  readonly tier: RiskTier;
}

export interface PersonLoss {
  /** False: may lose, since a fact is missing. */
  readonly certain: boolean;
  readonly decided: boolean;
  readonly dataActions: readonly TieredAction[];
  readonly entries: readonly {
    readonly objectId: string;
    readonly displayName: string;
    readonly throughGroup: boolean;
    readonly applicationId?: string;
  }[];
  readonly because: string;
  readonly reasons?: readonly Reason[];
}

export interface PersonGain {
  readonly cause: Gain['cause'];
  readonly certain: boolean;
  readonly dataActions: readonly TieredAction[];
  readonly assignmentId: string;
  readonly roleId: string;
  readonly roleName: string;
  readonly scope: Gain['route']['scope'];
  readonly throughGroup?: string;
  readonly groupName?: string;
}

/** What the flip means for one person, service principal or, where nobody knows who is in it, group. */
export interface PersonRow {
  readonly principalId: string;
  readonly kind: string;
  readonly displayName: string;
  readonly losses: readonly PersonLoss[];
  readonly gains: readonly PersonGain[];
}

export interface PeopleReport {
  /** Who loses most first, then by the worst that is gained, then by name. */
  readonly people: readonly PersonRow[];
  /** Groups whose members are not known, and why: the row is about whoever is in them. */
  readonly membersUnknown: readonly (PersonRow & { readonly because: string })[];
}

export function peopleReport({ people, unread }: VaultPeople, names: Names): PeopleReport {
  const told = sharedRows(names);
  return {
    people: byWeight(people.map((person) => personRow(person, told, names))),
    membersUnknown: byWeight(
      unread.map(({ because, ...group }) => ({ ...personRow(group, told, names), because: unreadInWords(because) })),
    ),
  };
}

type LossAndGainRows = Pick<PersonRow, 'losses' | 'gains'>;

/** What is the same for many is made once and kept once. */
function sharedRows(names: Names): (verdict: Pick<PersonVerdict, 'losses' | 'gains'>) => LossAndGainRows {
  const known = new Map<PersonVerdict['losses'], LossAndGainRows>();
  return ({ losses, gains }) => {
    const told = known.get(losses) ?? {
      losses: losses
        .map((loss) => lossRow(loss, names))
        .sort((a, b) => Number(b.certain) - Number(a.certain) || compareText(a.because, b.because)),
      gains: gains.map((gain) => gainRow(gain, names)),
    };
    known.set(losses, told);
    return told;
  };
}

/** Distinct data actions that are lost for sure, that may be lost, and that were given up. */
export function lossCounts({ losses }: Pick<PersonRow, 'losses'>): Readonly<Record<'loses' | 'mayLose' | 'decided', number>> {
  const count = (counts: (loss: PersonLoss) => boolean) => losses.filter(counts).reduce((sum, loss) => sum + loss.dataActions.length, 0);
  return {
    loses: count(({ certain, decided }) => certain && !decided),
    mayLose: count(({ certain, decided }) => !certain && !decided),
    decided: count(({ decided }) => decided),
  };
}

/** The worst tier among gains; undefined when nothing is gained. */
export function worstTier(gains: readonly PersonGain[]): RiskTier | undefined {
  return gains.flatMap(({ dataActions }) => dataActions.map(({ tier }) => tier)).sort(compareText)[0];
}

/** Worked out once a row: a vault may have tens of thousands of people. */
function byWeight<Row extends PersonRow>(rows: readonly Row[]): readonly Row[] {
  const weighed = rows.map((row) => ({
    row,
    ...lossCounts(row),
    worst: worstTier(row.gains) ?? 'none',
    name: principalName(row, row.principalId),
  }));
  const sorted = weighed.sort(
    (a, b) =>
      b.loses - a.loses ||
      b.mayLose - a.mayLose ||
      b.decided - a.decided ||
      compareText(a.worst, b.worst) ||
      compareText(a.name, b.name) ||
      compareText(a.row.principalId, b.row.principalId),
  );
  return sorted.map(({ row }) => row);
}

function personRow(
  { principalId, ...verdict }: PersonVerdict,
  told: (verdict: Omit<PersonVerdict, 'principalId'>) => LossAndGainRows,
  names: Names,
): PersonRow {
  return { principalId, ...namedPrincipal(names.principals.get(principalId)), ...told(verdict) };
}

function lossRow({ dataActions, entries, ...loss }: Loss, { principals }: Names): PersonLoss {
  return {
    ...loss,
    ...toldReasons(loss.because),
    dataActions: tiered(dataActions),
    entries: entries.map((entry) => ({ ...entry, displayName: namedPrincipal(principals.get(entry.objectId)).displayName })),
  };
}

function gainRow({ cause, certain, dataActions, route }: OwnGain, { principals, roleName }: Names): PersonGain {
  const { assignmentId, roleDefinitionId, scope, throughGroup } = route;
  const named = (group: Guid) => ({ throughGroup: group, groupName: namedPrincipal(principals.get(group)).displayName });
  return {
    ...{ cause, certain, dataActions: tiered(dataActions), assignmentId, roleId: roleDefinitionId },
    ...{ roleName: roleName(roleDefinitionId), scope },
    ...(throughGroup !== undefined && named(throughGroup)),
  };
}

function tiered(actions: readonly { readonly name: string; readonly tier: RiskTier }[]): readonly TieredAction[] {
  return actions.map(({ name, tier }) => ({ dataAction: name, tier }));
}
