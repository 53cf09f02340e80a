import type { DirectoryObject } from '../state.ts';
import type { GraphContext } from './graph-answer.ts';

/** Live direct members of a group; of one that hides them nobody is shown, as if there were none. */
export function directMembers(context: GraphContext, group: DirectoryObject): readonly DirectoryObject[] {
  if (hidesMembers(group)) return [];
  return group.members.flatMap((id) => {
    const member = context.state.directory.get(id);
    return member === undefined || member.deleted ? [] : [member];
  });
}

/** Everything below a group, nested groups included, each once; a group that contains itself ends. */
export function transitiveMembers(context: GraphContext, group: DirectoryObject): readonly DirectoryObject[] {
  const seen = new Map<string, DirectoryObject>();
  const open = [group];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    for (const member of directMembers(context, next)) {
      if (seen.has(member.id) || member.id === group.id) continue;
      seen.set(member.id, member);
      open.push(member);
    }
  }
  return [...seen.values()];
}

/** Every group above an object; one that hides its members is not told. */
export function transitiveGroups(context: GraphContext, object: DirectoryObject): readonly DirectoryObject[] {
  const groups = context.state.directory.by('kind', 'group').filter((candidate) => !candidate.deleted);
  const found = new Map<string, DirectoryObject>();
  const open = [object];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const below = next.id;
    for (const group of groups) {
      if (!group.members.includes(below) || found.has(group.id) || group.id === object.id) continue;
      found.set(group.id, group);
      open.push(group);
    }
  }
  return [...found.values()].filter((group) => !hidesMembers(group));
}

function hidesMembers({ properties }: DirectoryObject): boolean {
  return properties.visibility === 'HiddenMembership';
}
