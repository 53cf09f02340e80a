import { grouped } from '../base/grouped.ts';
import type { Guid } from '../base/guid.ts';
import { accessFacts } from './access-facts.ts';
import type { Gain } from './judgement.ts';
import { legacyEntries } from './legacy-entries.ts';
import { membershipIn } from './membership.ts';
import { peopleNear } from './people/people-near.ts';
import { coverOf, type LossGround, personLosses } from './people/person-losses.ts';
import { samePeople } from './people/same-people.ts';
import type { PersonVerdict, VaultPeople } from './people-verdict.ts';
import { plannedStanding } from './planned-assignments.ts';
import { findGains, type GainSource, gainSources, gainsBy } from './rbac/find-gains.ts';
import type { VaultQuestion } from './vault-question.ts';

/** A vault's question, and what decisions of the plan give up and keep, by the key of the entry. */
export type PeopleQuestion = VaultQuestion & Pick<LossGround, 'givenUp' | 'keptOnObjects' | 'byGroups'>;

/**
 * What the flip means for each person and service principal that the vault's policies and gains speak of. Each is asked
 * about with all entries, groups and assignments that reach him: what a group loses, its members may keep another way.
 */
export function judgePeople(question: PeopleQuestion): VaultPeople {
  const facts = accessFacts(question);
  const planned = plannedStanding(question.planned, facts);
  const gains = findGains(question, facts, planned);
  const { missing } = planned;
  const { givenUp, keptOnObjects, byGroups } = question;
  const ground = { question, facts, missing };
  const losing: LossGround = { ...ground, givenUp, keptOnObjects, byGroups, groupKeeps: groupKeeps(byGroups, ground) };
  const sources = newsOf(gains, gainSources(question, facts, planned));
  const judge = (principalId: Guid): Omit<PersonVerdict, 'principalId'> => ({
    losses: personLosses(principalId, losing),
    gains: sources.flatMap((source) => {
      const { principalId: grantee, principalType } = source.standing.assignment;
      const membership = membershipIn(grantee, principalType, { principalId }, facts);
      if (membership.state === 'notMember') return [];
      const own = gainsBy(source, { principalId, membership }, { question, facts, planned }, source.actions);
      return own.map(({ route, dataActions, certain, cause }) => ({ route, dataActions, certain, cause }));
    }),
  });
  const near = peopleNear(question, gains, facts);
  const alike = samePeople(question, facts);
  const known = new Map<string, Omit<PersonVerdict, 'principalId'>>();
  const people = near.people.map((principalId): PersonVerdict => {
    const key = alike(principalId);
    const verdict = known.get(key) ?? judge(principalId);
    known.set(key, verdict);
    return { principalId, ...verdict };
  });
  const unread = near.unread.map(({ groupId, because }) => ({ principalId: groupId, because, ...judge(groupId) }));
  return { people, unread };
}

type NewGainSource = GainSource & { readonly actions: ReadonlySet<string> };

/** Assignments that give something new to whom they name: they can give nothing else that is new to whoever is in it. */
function newsOf(gains: readonly Gain[], sources: readonly GainSource[]): readonly NewGainSource[] {
  const byAssignment = grouped(gains, (gain) => gain.route.assignmentId);
  return sources.flatMap((source) => {
    const told = byAssignment.get(source.standing.assignment.id);
    return told === undefined ? [] : [{ ...source, actions: new Set(told.flatMap((gain) => gain.dataActions.map(({ name }) => name))) }];
  });
}

/** As the group's own entries are judged: by what is assigned to the group itself, and by groups around it where that was decided. */
function groupKeeps(
  byGroups: PeopleQuestion['byGroups'],
  ground: Pick<LossGround, 'question' | 'facts' | 'missing'>,
): LossGround['groupKeeps'] {
  const covers = new Map<Guid, ReturnType<typeof coverOf>>();
  const { question, facts } = ground;
  return (group, dataAction, object) => {
    const entries = legacyEntries(question.vault, facts.catalogue).filter((entry) => entry.objectId === group);
    const around = entries.every((entry) => byGroups.has(entry.key)) ? { alsoByGroups: true as const } : {};
    const wanted = { principalId: group, ...around };
    if (object !== undefined) return coverOf({ ...wanted, dataActions: [dataAction], object }, ground).get(dataAction)?.state === 'covered';
    const actions = [...new Set(entries.flatMap((entry) => entry.actions))];
    const cover = covers.get(group) ?? coverOf({ ...wanted, dataActions: actions }, ground);
    covers.set(group, cover);
    return cover.get(dataAction)?.state === 'covered';
  };
}
