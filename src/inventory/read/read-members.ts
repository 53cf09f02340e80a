import type { Guid } from '../../base/guid.ts';
import { unreadable } from '../../base/reading.ts';
import type { Principal } from '../../model/principal.ts';
import type { RelevantPrincipals } from '../../model/relevant-principals.ts';
import { unresolvedWords } from '../../words/principal-words.ts';
import type { Directory } from '../directory-ports.ts';
import { type AskMembers, openGroups, type People } from './open-groups.ts';

/**
 * Transitive members of every group that holds a data role or stands in a deny assignment (EA-29). Where it is open whether somebody
 * in a deny is a group, the members are unreadable rather than none: a deny that may bite must not be read as one that does not.
 */
export async function readMembers(
  relevant: RelevantPrincipals,
  principals: ReadonlyMap<Guid, Principal>,
  directory: Directory,
): Promise<People> {
  const ids = [...new Set([...relevant.inAssignments.keys(), ...relevant.inDenies])];
  const asks = ids.flatMap((id): readonly (readonly [Guid, AskMembers])[] => {
    const principal = principals.get(id);
    if (principal?.kind === 'group') return [[id, () => directory.transitiveMembers(id)]];
    if (principal?.kind !== 'unresolved') return [];
    const stated = relevant.inAssignments.get(id)?.toLowerCase();
    if (stated === 'foreigngroup') return [[id, () => Promise.resolve(unreadable('it is a group of another tenant'))]];
    if (stated === 'group') return [[id, () => directory.transitiveMembers(id)]];
    return relevant.inDenies.has(id) ? [[id, () => Promise.resolve(unreadable(`who it is: ${unresolvedWords(principal.why)}`))]] : [];
  });
  return openGroups(new Map(asks), { principals, members: new Map() }, directory);
}
