import type { VaultNow } from '../../model/vault-now.ts';
import { namedObject } from '../../plan/named-object.ts';
import { objectsLack } from '../../plan/objects-there.ts';
import { Refusal } from '../vault-result.ts';
import type { VaultRun } from './vault-run.ts';

/**
 * Access that is limited to an object which is not there is lost, so the names are looked up again before anything is made and before
 * the flip.
 * @throws Refusal OBJECT_GONE (blocked), OBJECTS_UNREAD (undetermined) unless the plan accepts that nobody could check.
 */
export async function assertObjectsThere({ vaultPlan, answers, id }: VaultRun, now: VaultNow): Promise<void> {
  const limited = vaultPlan.entries.filter(({ decision, outcome }) => decision?.objects !== undefined && outcome !== 'undecided');
  if (limited.length === 0) return;
  const there = await answers.objectNames(id, now);
  if (there.state === 'unreadable') {
    if (vaultPlan.accepted?.some(({ code }) => code === 'PLN-OBJECTS-UNREAD') === true) return;
    const message = `whether vault \`${vaultPlan.name}\` holds the objects that the plan names could not be read: ${there.because}`;
    throw new Refusal('undetermined', 'OBJECTS_UNREAD', message, 'get the right to read the names of secrets and keys, then run it again');
  }
  for (const { decision } of limited) {
    const lack = objectsLack((decision?.objects ?? []).map(namedObject), decision?.choice === 'nameCondition', there.value);
    if (lack === undefined) continue;
    const message = `the plan of vault \`${vaultPlan.name}\` limits access to what is not there: ${lack}`;
    throw new Refusal('blocked', 'OBJECT_GONE', message, 'correct `objects` in the decisions file, then run `keyturn plan` again');
  }
}
