import type { Guid } from '../../base/guid.ts';
import type { RelevantPrincipals } from '../../model/relevant-principals.ts';
import type { Directory } from '../directory-ports.ts';
import { namePrincipals } from '../principals/name-principals.ts';
import { openGroups, type People } from './open-groups.ts';

/**
 * What a view by person needs beside: who is in the groups of the policies, and the names of all in groups that policies or
 * assignments name. A call a group that was not opened yet and one a thousand names, whatever the number of vaults.
 */
export async function readPeople(relevant: RelevantPrincipals, known: People, directory: Directory): Promise<People> {
  const ofPolicies = [...relevant.inPolicies].filter((id) => known.principals.get(id)?.kind === 'group');
  const closed = ofPolicies.filter((id) => !known.members.has(id));
  const opened = await openGroups(new Map(closed.map((id) => [id, () => directory.transitiveMembers(id)])), known, directory);
  const inside = new Set([...ofPolicies, ...relevant.inAssignments.keys()].flatMap((id) => membersOf(id, opened)));
  const unnamed = [...inside].filter((id) => !opened.principals.has(id));
  return { ...opened, principals: new Map([...opened.principals, ...(await namePrincipals(unnamed, directory))]) };
}

function membersOf(group: Guid, { members }: People): readonly Guid[] {
  const reading = members.get(group);
  return reading?.state === 'read' ? [...reading.value] : [];
}
