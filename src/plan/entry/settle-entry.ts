import type { Decision } from '../../formats/plan.ts';
import { type Entry, entryWith } from '../../mapping/entry.ts';
import { remarksOnService } from '../../mapping/service-remarks.ts';
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
export function settleEntry(entry: Entry, decision: Decision, context: EntryContext): SettledEntry | undefined {
  const { policy, required } = entry;
  switch (decision.choice) {
    case 'drop':
      return { part: { outcome: 'drop', dropped: [...required] }, remarks: remarksWithoutRoles(entry) };
    case 'keepExisting': {
      const held = policy.applicationId === undefined ? context.held : [];
      const dropped = required.filter((action) => !held.includes(action));
      const outcome = dropped.length === 0 ? 'alreadyCovered' : 'drop';
      return { part: { outcome, dropped }, remarks: remarksWithoutRoles(entry) };
    }
    case 'reproduce':
    case 'preferFewer':
    case 'customRole':
    case 'narrow':
    case 'dropStorage':
    case 'objectScope':
    case 'nameCondition':
      return carryOver(entry, decision, context);
  }
}

/**
 * What of the entry a decision speaks of: all of it, or what it keeps.
 * @throws KnownError DECISION_WRONG (usage).
 */
export function askedOf(entry: Entry, decision: Decision | undefined): Entry {
  const { policy, surroundings } = entry;
  if (decision?.choice === 'dropStorage') return entryWith(entry, withoutStorage(policy));
  return decision?.choice === 'narrow' ? entryWith(entry, keptOnly(policy, decision.keep ?? [], surroundings.catalogue)) : entry;
}

/** Roles that nobody chose are not remarked on; a service of Microsoft's is worth a word also when it is given nothing. */
export function remarksWithoutRoles({ principal, surroundings }: Entry): readonly Remark[] {
  return remarksOnService(principal, { roles: [], uncovered: [] }, surroundings.catalogue);
}

/** Storage permissions count here: a person has said that the widest role is wanted for them. */
function carryOver(entry: Entry, decision: Decision, context: EntryContext): SettledEntry | undefined {
  const asked = askedOf(entry, decision);
  const blockers = asked.standing.findings.filter((finding) => finding.severity === 'blocker');
  assertPossible(blockers, decision.choice, entry.policy);
  const carried: CarriedEntry = { entry, asked, decision, context };
  if (decision.choice === 'customRole') return settleByCustomRole(carried);
  return decision.objects === undefined ? settleByRoles(carried) : settleOnObjects(carried);
}
