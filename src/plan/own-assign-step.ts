import type { AssignStep } from '../formats/plan.ts';
import { isNameCondition } from '../mapping/name-condition.ts';
import { parseScope, type Scope } from '../model/scope.ts';
import { isOwnAssignment } from './assignment-name.ts';

/**
 * Whether the step is one that keyturn would plan for the vault: on it or on an object in it, under our name, and under no
 * other condition than we write. What it assigns is judged apart.
 */
export function isOwnAssignStep(step: AssignStep, vault: Scope): boolean {
  const own = isOwnAssignment({ ...step, id: step.undo.assignmentId }) && isWithin(step.scope, vault);
  return own && (step.condition === undefined || isNameCondition(step.condition)) && parseScope(step.vaultId) === vault;
}

/** The vault, or an object in it. Dots and escapes in a name would lead a URL elsewhere. */
function isWithin(raw: string, vault: Scope): boolean {
  const scope = parseScope(raw);
  if (scope === vault) return true;
  return scope?.startsWith(`${vault}/`) === true && /^\/(secrets|keys|certificates)\/[0-9a-z-]{1,127}$/.test(scope.slice(vault.length));
}
