import { compareText } from '../../base/compare-text.ts';
import type { Guid } from '../../base/guid.ts';
import type { Unread } from '../../model/reason.ts';
import type { AccessFacts } from '../access-facts.ts';
import type { Gain } from '../judgement.ts';
import { legacyEntries } from '../legacy-entries.ts';
import { whyUnread } from '../membership.ts';
import type { VaultQuestion } from '../vault-question.ts';

export interface PeopleNear {
  /** Users and service principals, and whoever nobody knows to be something else; sorted. */
  readonly people: readonly Guid[];
  /** Groups whose members could not be read, and why; sorted. */
  readonly unread: readonly { readonly groupId: Guid; readonly because: Unread }[];
}

/** Whom a vault's policies and gains name, by themselves or as members of a group, however deeply nested (EA-29, LP-4). */
export function peopleNear({ vault }: Pick<VaultQuestion, 'vault'>, gains: readonly Gain[], facts: AccessFacts): PeopleNear {
  const named = new Set([
    ...legacyEntries(vault, facts.catalogue).map((entry) => entry.objectId),
    ...gains.map((gain) => gain.principalId),
  ]);
  const people = new Set<Guid>();
  const unread: PeopleNear['unread'][number][] = [];
  for (const id of named) {
    const members = facts.members.get(id);
    const isGroup = facts.principals.get(id)?.kind === 'group' || members !== undefined;
    if (!isGroup) people.add(id);
    else if (members?.state === 'read') for (const member of members.value) people.add(member);
    else unread.push({ groupId: id, because: whyUnread(members) });
  }
  return {
    people: [...people].filter((id) => mayAsk(id, facts)).sort(compareText),
    unread: unread.sort((a, b) => compareText(a.groupId, b.groupId)),
  };
}

/** Groups ask for nothing by themselves, and no token speaks for who is deleted or for an id of anything else (EA-28, EA-32). */
function mayAsk(id: Guid, { principals }: AccessFacts): boolean {
  const kind = principals.get(id)?.kind;
  return kind !== 'group' && kind !== 'deleted' && kind !== 'application' && kind !== 'noPrincipal';
}
