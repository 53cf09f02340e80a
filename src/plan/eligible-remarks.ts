import { type AccessFacts, accessFacts } from '../access/access-facts.ts';
import { describeScope } from '../access/describe-assignment.ts';
import { membershipIn, shownGroup } from '../access/membership.ts';
import { shortAction } from '../model/data-action.ts';
import { entrySubject } from '../model/entry-standing.ts';
import { compareText, type Finding } from '../model/finding.ts';
import { type Guid, parseGuid } from '../model/guid.ts';
import { itemsRead } from '../model/reading.ts';
import type { ScheduleInstance } from '../model/schedule-instance.ts';
import { scopeReaches } from '../model/scope.ts';
import type { EntryPlan } from './plan.ts';
import type { VaultSetting } from './vault-plan.ts';

type Setting = Pick<VaultSetting, 'vault' | 'subscription' | 'estate' | 'catalogue'>;

/**
 * Somebody may activate through PIM what the plan would make standing: the policy gives it standing today, so both are answers, and a
 * person is asked for one (EA-34). One finding for each role and scope that the principal is eligible for.
 */
export function remarksOnEligible(entry: EntryPlan, { vault, subscription, estate, catalogue }: Setting): readonly Finding[] {
  const principalId = parseGuid(entry.objectId);
  const eligible = itemsRead(subscription.eligibleInstances);
  if (principalId === undefined || eligible.length === 0 || entry.applicationId !== undefined) return [];
  const facts = accessFacts({ subscription, principals: estate.principals, members: estate.members, catalogue });
  const standing = new Set(standingActions(entry));
  const reaching = eligible.filter(({ scope }) => scopeReaches(scope, vault.scope, subscription.managementGroups));
  const words = reaching.flatMap((instance) => sentence(instance, principalId, standing, facts) ?? []);
  const decided = entry.decision;
  return [...new Set(words)].sort(compareText).map(
    (message): Finding => ({
      severity: decided === undefined ? 'warning' : 'note',
      code: 'PLN-ELIGIBLE',
      subject: entrySubject(vault.id, entry),
      message,
      remedy:
        decided === undefined
          ? 'decide `keepExisting` to have it only while activated, which gives up the standing access of the policy; or `reproduce` to say that standing access is meant'
          : `decided: ${decided.choice} (${decided.reason})`,
    }),
  );
}

/** What the entry would have for good and has not yet: what its new roles are for. */
function standingActions({ outcome, required, dropped, held = [], objects = [] }: EntryPlan): readonly string[] {
  if (outcome !== 'reproduce' && outcome !== 'undecided') return [];
  const had = new Set(held.flatMap(({ dataActions }) => dataActions));
  const wide = required.filter((action) => !dropped.includes(action) && !had.has(action));
  return [...wide, ...objects.flatMap(({ dataActions }) => dataActions)];
}

function sentence(instance: ScheduleInstance, principalId: Guid, standing: ReadonlySet<string>, facts: AccessFacts): string | undefined {
  const membership = membershipIn(instance.principalId, '', { principalId }, facts);
  if (membership.state !== 'self' && membership.state !== 'member') return undefined;
  const given = (facts.dataActionsOf(instance.roleDefinitionId) ?? []).map(({ name }) => name).filter((name) => standing.has(name));
  if (given.length === 0) return undefined;
  const role = facts.role(instance.roleDefinitionId)?.name ?? instance.roleDefinitionId;
  const through = membership.state === 'self' ? '' : ` through group \`${shownGroup(instance.principalId, facts)}\``;
  const actions = given.sort(compareText).map(shortAction).join(', ');
  return `is eligible through PIM for \`${role}\` ${describeScope(instance.scope)}${through}, and the plan makes ${actions} standing`;
}
