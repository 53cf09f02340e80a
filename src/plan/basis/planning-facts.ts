import type { Guid } from '../../base/guid.ts';
import { itemsRead, read } from '../../base/reading.ts';
import type { Estate, SubscriptionFacts } from '../../model/estate.ts';
import { relevantPrincipals } from '../../model/relevant-principals.ts';
import type { RoleAssignment } from '../../model/role.ts';
import { bearsOurName, ourAssignments } from '../bears-our-name.ts';

/**
 * The facts that a plan is made from: without our own assignments, so that the plan of a vault is the same before it is staged,
 * half-way and after (EA-52). What only they made the directory be asked about is left out with them.
 * @param isMadeForPlan others to leave out, where the plan is to be as it was before somebody made them for it.
 */
export function planningEstate(estate: Estate, isMadeForPlan: (assignment: RoleAssignment) => boolean = () => false): Estate {
  const isLeftOut = (assignment: RoleAssignment): boolean => isMadeForPlan(assignment) || bearsOurName(assignment);
  const ours = estate.subscriptions.flatMap((subscription) => [
    ...ourAssignments(subscription),
    ...itemsRead(subscription.roleAssignments).filter(isMadeForPlan),
  ]);
  if (ours.length === 0) return estate;
  const subscriptions = estate.subscriptions.map((subscription) => withoutAssignments(subscription, isLeftOut));
  const vaults = estate.vaults.map(({ vault }) => vault);
  const { inAssignments, inDenies } = relevantPrincipals(subscriptions, vaults);
  const asked = new Set([...inAssignments.keys(), ...inDenies]);
  const holders = new Set(ours.map((assignment) => assignment.principalId));
  const isIn = (groups: ReadonlySet<Guid>, id: Guid): boolean =>
    groups.has(id) || [...groups].some((group) => hasMember(group, id, estate));
  const kept = [...estate.members].filter(([id]) => isIn(asked, id) || !isIn(holders, id));
  return { ...estate, subscriptions, members: kept.length === estate.members.size ? estate.members : new Map(kept) };
}

/** The subscription as it would be without some of its assignments; the same value where none of them is there. */
export function withoutAssignments(subscription: SubscriptionFacts, isLeftOut: (assignment: RoleAssignment) => boolean): SubscriptionFacts {
  const all = itemsRead(subscription.roleAssignments);
  const rest = all.filter((assignment) => !isLeftOut(assignment));
  return rest.length === all.length ? subscription : { ...subscription, roleAssignments: read(rest) };
}

function hasMember(group: Guid, id: Guid, { members }: Estate): boolean {
  const reading = members.get(group);
  return reading?.state === 'read' && reading.value.has(id);
}
