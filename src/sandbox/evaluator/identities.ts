import type { DirectoryObject, TenantState } from '../state.ts';

const askers: readonly DirectoryObject['kind'][] = ['user', 'group', 'servicePrincipal'];

/**
 * The ids under which a caller may hold access: its own and those of its groups, through every nesting (EA-29). Nobody
 * signs in as a deleted object, as an id that the directory does not know, or as what is no principal, such as an app registration
 * (EA-28, EA-32): those hold nothing at all. A group without security (a mail list) is in no token.
 */
export function identitiesOf(directory: TenantState['directory'], objectId: string): ReadonlySet<string> {
  const own = objectId.toLowerCase();
  const caller = directory.get(objectId) ?? directory.get(own);
  if (caller === undefined || caller.deleted || !askers.includes(caller.kind)) return new Set();
  const ids = new Set([own]);
  for (let before = 0; before < ids.size; ) {
    before = ids.size;
    for (const group of directory.by('kind', 'group')) {
      if (group.deleted || group.properties.securityEnabled === false || ids.has(group.id.toLowerCase())) continue;
      if (group.members.some((member) => ids.has(member.toLowerCase()))) ids.add(group.id.toLowerCase());
    }
  }
  return ids;
}
