import { requiredDataActions } from '../../access/required-data-actions.ts';
import type { Decision } from '../../formats/plan.ts';
import type { MappingContext } from '../../mapping/map-entry.ts';
import { remarksOnService } from '../../mapping/service-remarks.ts';
import type { AccessPolicy } from '../../model/access-policy.ts';
import { entryStanding } from '../../model/entry-standing.ts';
import type { Remark } from '../../model/finding.ts';
import { keptOnly, withoutStorage } from '../kept-permissions.ts';
import { assertPossible } from '../possible-choices.ts';
import { settleByCustomRole } from './custom-role-decision.ts';
import { settleOnObjects } from './object-decision.ts';
import { settleByRoles } from './role-decision.ts';
import type { CarriedEntry, EntryContext, SettledEntry } from './settled.ts';

/**
 * What a decision makes of an entry.
 * @returns undefined when it does not settle the entry, which stays undecided with its blockers.
 * @throws KnownError DECISION_WRONG (usage) when it names what the entry does not have, or what cannot be done.
 */
export function settleEntry(policy: AccessPolicy, decision: Decision, context: EntryContext): SettledEntry | undefined {
  const { required } = requiredDataActions(policy, context.catalogue);
  switch (decision.choice) {
    case 'drop':
      return { part: { outcome: 'drop', dropped: [...required] }, remarks: remarksWithoutRoles(context) };
    case 'keepExisting': {
      const held = policy.applicationId === undefined ? context.held : [];
      const dropped = required.filter((action) => !held.includes(action));
      const outcome = dropped.length === 0 ? 'alreadyCovered' : 'drop';
      return { part: { outcome, dropped }, remarks: remarksWithoutRoles(context) };
    }
    case 'reproduce':
    case 'preferFewer':
    case 'customRole':
    case 'narrow':
    case 'dropStorage':
    case 'objectScope':
    case 'nameCondition':
      return carryOver(policy, required, decision, context);
  }
}

/**
 * What of the entry a decision speaks of: all of it, or what it keeps.
 * @throws KnownError DECISION_WRONG (usage).
 */
export function askedOf(policy: AccessPolicy, decision: Decision | undefined, context: MappingContext): AccessPolicy {
  if (decision?.choice === 'dropStorage') return withoutStorage(policy);
  return decision?.choice === 'narrow' ? keptOnly(policy, decision.keep ?? [], context.catalogue) : policy;
}

/** Roles that nobody chose are not remarked on; a service of Microsoft's is worth a word also when it is given nothing. */
export function remarksWithoutRoles({ principal, catalogue }: MappingContext): readonly Remark[] {
  return remarksOnService(principal, { roles: [], uncovered: [] }, catalogue);
}

/** Storage permissions count here: a person has said that the widest role is wanted for them. */
function carryOver(policy: AccessPolicy, required: readonly string[], decision: Decision, context: EntryContext): SettledEntry | undefined {
  const asked = askedOf(policy, decision, context);
  const blockers = entryStanding(asked, context).findings.filter((finding) => finding.severity === 'blocker');
  assertPossible(blockers, decision.choice, policy);
  const { required: wanted } = requiredDataActions(asked, context.catalogue);
  const carried: CarriedEntry = { policy: asked, wanted, required, decision, context };
  if (decision.choice === 'customRole') return settleByCustomRole(carried);
  return decision.objects === undefined ? settleByRoles(carried) : settleOnObjects(carried);
}
