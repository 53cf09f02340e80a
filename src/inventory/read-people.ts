import pLimit from 'p-limit';
import type { Estate } from '../model/estate.ts';
import { compareText } from '../model/finding.ts';
import type { Guid } from '../model/guid.ts';
import type { Principal } from '../model/principal.ts';
import { namePrincipals } from '../principals/name-principals.ts';
import type { Directory } from '../principals/ports.ts';
import type { RelevantPrincipals } from './relevant-principals.ts';

type People = Pick<Estate, 'principals' | 'members'>;

/**
 * What a view by person needs beside: who is in the groups of the policies, and the names of all in groups that policies or
 * assignments name. A call a group that was not opened yet and one a thousand names, whatever the number of vaults.
 */
export async function readPeople(relevant: RelevantPrincipals, known: People, directory: Directory): Promise<People> {
  const ofPolicies = [...relevant.inPolicies].filter((id) => known.principals.get(id)?.kind === 'group');
  const opened = await openGroups(ofPolicies, known, directory);
  const wanted = new Set([...ofPolicies, ...relevant.inAssignments.keys()]);
  const inside = [...wanted].flatMap((id) => {
    const reading = opened.get(id);
    return reading?.state === 'read' ? [...reading.value] : [];
  });
  const unnamed = [...new Set(inside)].filter((id) => !known.principals.has(id));
  const principals = new Map([...known.principals, ...(await namePrincipals(unnamed, directory))]);
  // Whoever comes through a dynamic group is no firm member of the group around it, so who that is has to be known (EA-37).
  const dynamic = [...new Set(inside)].filter((id) => isDynamic(principals.get(id)));
  return { principals, members: await openGroups(dynamic, { principals, members: opened }, directory) };
}

async function openGroups(ids: readonly Guid[], { members }: People, directory: Directory): Promise<People['members']> {
  const limit = pLimit(4);
  const closed = ids.filter((id) => !members.has(id)).sort(compareText);
  const opened = await limit.map(closed, async (id) => [id, await directory.transitiveMembers(id)] as const);
  return new Map([...members, ...opened]);
}

function isDynamic(principal: Principal | undefined): boolean {
  return principal?.kind === 'group' && principal.dynamic;
}
