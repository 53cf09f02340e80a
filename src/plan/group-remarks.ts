import type { EntryPlan } from '../formats/plan.ts';
import { shortAction } from '../model/data-action.ts';
import { entrySubject } from '../model/entry-standing.ts';
import type { Estate } from '../model/estate.ts';
import type { Finding } from '../model/finding.ts';
import { parseScope, rootScope } from '../model/scope.ts';
import { describeScope } from '../words/scope-words.ts';
import { type Held, type HeldGrant, heldOf } from './entry/held-at-vault.ts';
import type { VaultSetting } from './vault-setting.ts';

/**
 * What the entry's principal has through groups already, where the plan does not rely on it (EA-53): PIM for Groups, access packages
 * and access reviews end memberships, so a reviewer is told of the choice.
 */
export function remarksOnGroups(
  entry: EntryPlan,
  { own, withGroups }: Held,
  { vault, estate }: Pick<VaultSetting, 'vault' | 'estate'>,
): readonly Finding[] {
  if (!(entry.outcome === 'reproduce' || entry.outcome === 'undecided') || entry.applicationId !== undefined) return [];
  const missing = entry.required.filter((action) => !own.dataActions.includes(action) && !entry.dropped.includes(action));
  const byGroups = heldOf(missing, withGroups.by) ?? [];
  return byGroups.map((grant): Finding => {
    return {
      severity: 'note',
      code: 'PLN-GROUP-COVER',
      subject: entrySubject(vault.id, entry),
      facts: {
        message: `${heldWords(grant)} gives ${grant.dataActions.map(shortAction).join(', ')} already, and does not count: a membership may end`,
        remedy: `nothing to do; to rely on the group instead of a new assignment, make sure that nothing ends the membership (${pimWords(grant, estate)}; access packages and access reviews are not read) and decide \`keepExisting\``,
      },
    };
  });
}

/** What is known of the end of the membership (EA-61). */
function pimWords({ throughGroup }: HeldGrant, { pimForGroups }: Pick<Estate, 'pimForGroups'>): string {
  const unread = pimForGroups?.state === 'unreadable' && pimForGroups.groups.some((id) => id === throughGroup);
  return unread ? 'PIM for Groups could not be read' : 'PIM for Groups names no end';
}

/** Role, where, through whom and by which assignment. */
export function heldWords({ roleName, scope, throughGroup, groupName, assignmentId }: HeldGrant): string {
  const where = describeScope(parseScope(scope) ?? rootScope);
  const through = throughGroup === undefined ? '' : ` through group \`${groupName ?? throughGroup}\``;
  return `\`${roleName}\` ${where}${through} (assignment ${assignmentId.slice(assignmentId.lastIndexOf('/') + 1)})`;
}
