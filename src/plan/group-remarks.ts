import { describeScope } from '../access/describe-assignment.ts';
import { shortAction } from '../model/data-action.ts';
import { entrySubject } from '../model/entry-standing.ts';
import type { Finding } from '../model/finding.ts';
import { parseScope, rootScope } from '../model/scope.ts';
import { type Held, type HeldGrant, heldOf } from './held-at-vault.ts';
import type { EntryPlan } from './plan.ts';

/**
 * What the entry's principal has through groups already, where the plan does not rely on it (EA-53): PIM for Groups, access packages
 * and access reviews end memberships, so a reviewer is told of the choice.
 */
export function remarksOnGroups(entry: EntryPlan, { own, withGroups }: Held, vaultId: string): readonly Finding[] {
  if (!(entry.outcome === 'reproduce' || entry.outcome === 'undecided') || entry.applicationId !== undefined) return [];
  const missing = entry.required.filter((action) => !own.dataActions.includes(action) && !entry.dropped.includes(action));
  const byGroups = heldOf(missing, withGroups.by) ?? [];
  return byGroups.map((grant): Finding => {
    return {
      severity: 'note',
      code: 'PLN-GROUP-COVER',
      subject: entrySubject(vaultId, entry),
      message: `${heldWords(grant)} gives ${grant.dataActions.map(shortAction).join(', ')} already, and does not count: a membership may end`,
      remedy:
        'nothing to do; to rely on the group instead of a new assignment, make sure that the membership is not activated for a time only (PIM for Groups is not read) and decide `keepExisting`',
    };
  });
}

/** Role, where, through whom and by which assignment. */
export function heldWords({ roleName, scope, throughGroup, groupName, assignmentId }: HeldGrant): string {
  const where = describeScope(parseScope(scope) ?? rootScope);
  const through = throughGroup === undefined ? '' : ` through group \`${groupName ?? throughGroup}\``;
  return `\`${roleName}\` ${where}${through} (assignment ${assignmentId.slice(assignmentId.lastIndexOf('/') + 1)})`;
}
