import type { VaultPlan } from '../formats/plan.ts';
import { findingWords } from '../words/finding-words.ts';

/** Whether a text stands in what a reviewer may look for: names and ids of the vault, principals, roles, assignments, findings, reasons. */
export function matchesVault(plan: VaultPlan, text: string): boolean {
  const wanted = text.toLowerCase();
  for (const word of wordsOf(plan)) {
    if (word.toLowerCase().includes(wanted)) return true;
  }
  return false;
}

function* wordsOf({ vaultId, name, state, wave = '', entries, gains, findings, steps }: VaultPlan): Generator<string> {
  yield* [vaultId, name, state, wave];
  for (const { objectId, applicationId = '', principal, decision, held = [] } of entries) {
    yield* [objectId, applicationId, principal.displayName, principal.appId ?? '', principal.kind];
    yield* [decision?.choice ?? '', decision?.reason ?? ''];
    yield* held.flatMap(({ roleName, scope, assignmentId, groupName = '' }) => [roleName, scope, assignmentId, groupName]);
  }
  for (const { principalId, principal, roleName = '', scope, assignmentId } of gains) {
    yield* [principalId, principal.displayName, roleName, scope, assignmentId];
  }
  for (const step of steps) {
    if (step.kind !== 'flip') yield* [step.roleName, step.name];
  }
  for (const one of findings) yield* [one.code, findingWords(one).message];
}
