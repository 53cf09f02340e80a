import { lastPart } from './findings/words-for.ts';
import { whereWords } from './scope-words.ts';

/** A role at a scope, with the group through which somebody has it, or may have it. */
export interface GrantNamed {
  readonly roleName: string;
  readonly scope: string;
  readonly throughGroup?: string;
  readonly groupName?: string;
}

/** Role, where, through whom and by which assignment. */
export function heldWords({ assignmentId, ...grant }: GrantNamed & { readonly assignmentId: string }): string {
  return `${grantWords(grant)} (assignment ${lastPart(assignmentId)})`;
}

/** Role, where and through whom: `eligible through PIM for …`. */
export function eligibleWords({ asMember, ...grant }: GrantNamed & { readonly asMember?: true }): string {
  if (asMember !== true) return `eligible through PIM for ${grantWords(grant)}`;
  const { roleName, scope, throughGroup = '', groupName = throughGroup } = grant;
  return `eligible through PIM for membership of the group \`${groupName}\`, which has \`${roleName}\` ${whereWords(scope)}`;
}

/** Role, where and through whom. */
export function grantWords({ roleName, scope, throughGroup, groupName = throughGroup }: GrantNamed): string {
  return `\`${roleName}\` ${whereWords(scope)}${groupName === undefined ? '' : ` through group \`${groupName}\``}`;
}
