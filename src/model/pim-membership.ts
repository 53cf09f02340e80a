import { type Guid, parseGuid } from '../base/guid.ts';
import { isObject } from '../base/json.ts';
import { strictly } from '../base/strict.ts';

/** A membership of a group that PIM for Groups manages (EA-61): one that is active, or one that somebody may activate. */
export interface PimMembership {
  readonly principalId: Guid;
  /** Somebody may also own a group, which gives him nothing that the group has. */
  readonly access: 'member' | 'owner';
  /** By an activation, which ends some day even where nobody says when. */
  readonly activated: boolean;
  /** Through a group that is a member itself. */
  readonly derived: boolean;
  /** ISO 8601; absent means that PIM does not say since when. */
  readonly startDateTime?: string;
  /** ISO 8601; absent means without an end. */
  readonly endDateTime?: string;
}

/**
 * @param kind eligible ones carry no `assignmentType`.
 * @returns undefined when a member that the judgement reads is not understood: an end of a wrong type is not "without an end".
 */
export function parsePimMembership(raw: unknown, groupId: Guid, kind: 'assignment' | 'eligibility'): PimMembership | undefined {
  if (!isObject(raw)) return undefined;
  const row = strictly(raw);
  const [principalId, group] = [parseGuid(row.text('principalId')), parseGuid(row.text('groupId'))];
  const access = oneOf(row.text('accessId'), ['member', 'owner'] as const);
  const memberType = oneOf(row.text('memberType'), ['direct', 'group'] as const);
  const assignmentType = kind === 'eligibility' ? 'assigned' : oneOf(row.text('assignmentType'), ['assigned', 'activated'] as const);
  const [startDateTime, endDateTime] = [row.timeOrNone('startDateTime'), row.timeOrNone('endDateTime')];
  if (principalId === undefined || group !== groupId || !row.understood()) return undefined;
  if (access === undefined || memberType === undefined || assignmentType === undefined) return undefined;
  return {
    ...{ principalId, access, activated: assignmentType === 'activated', derived: memberType === 'group' },
    ...(startDateTime !== undefined && { startDateTime }),
    ...(endDateTime !== undefined && { endDateTime }),
  };
}

/** Graph writes the words of these lists in either letter case. */
function oneOf<Word extends string>(text: string, words: readonly Word[]): Word | undefined {
  return words.find((word) => word === text.toLowerCase());
}
