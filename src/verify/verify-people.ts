import { judgePeople } from '../access/judge-people.ts';
import type { VaultPeople } from '../access/people-verdict.ts';
import { countsGroups } from '../formats/decisions.ts';
import { policyKey } from '../model/access-policy.ts';
import { namedObject } from '../plan/named-object.ts';
import { givenUp as givenUpBy } from '../plan/vault-needs.ts';
import { vaultQuestion } from './vault-question.ts';
import type { VerifyQuestion } from './verify-question.ts';

/** The same facts, plan and time as for the vault, asked of each person; what a decision gives up is told as decided. */
export function verifyPeople(question: VerifyQuestion): VaultPeople {
  const decided = (question.plan?.entries ?? []).filter((entry) => entry.outcome !== 'undecided');
  const givenUp = new Map(decided.map((entry) => [policyKey(entry), new Set(givenUpBy(entry))]));
  const shares = decided.map((entry) => [policyKey(entry), entry.objects ?? []] as const);
  const keptOnObjects = new Map(
    shares.map(([key, objects]) => [key, objects.map(({ object, dataActions }) => ({ object: namedObject(object), dataActions }))]),
  );
  const byGroups = new Set(decided.filter(({ decision }) => countsGroups(decision)).map(policyKey));
  return judgePeople({ ...vaultQuestion(question, []), givenUp, keptOnObjects, byGroups });
}
