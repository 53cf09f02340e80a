import type { EntryPlan } from '../formats/plan.ts';
import { entrySubject } from '../model/entry-standing.ts';
import type { Estate } from '../model/estate.ts';
import { type Finding, findingsAbout, type Remark } from '../model/finding.ts';
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
  return findingsAbout(
    entrySubject(vault.id, entry),
    byGroups.map((grant) => groupCover(grant, estate)),
  );
}

function groupCover(grant: HeldGrant, { pimForGroups }: Pick<Estate, 'pimForGroups'>): Remark {
  const { roleName, scope, throughGroup, groupName = throughGroup, dataActions, assignmentId } = grant;
  const unread = pimForGroups?.state === 'unreadable' && pimForGroups.groups.some((id) => id === throughGroup);
  const facts = {
    roleName,
    scope,
    ...(groupName !== undefined && { groupName }),
    assignmentId,
    dataActions,
    // What is known of the end of the membership (EA-61).
    ...(unread && { pimUnread: true as const }),
  };
  return ['note', 'PLN-GROUP-COVER', facts];
}
