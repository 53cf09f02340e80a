import { parseGuid } from '../../base/guid.ts';
import { KnownError } from '../../base/known-error.ts';
import { wellFormed } from '../../base/well-formed.ts';
import type { VaultPlan } from '../../formats/plan.ts';
import { assignSteps } from '../../formats/planned-steps.ts';
import type { Catalogue } from '../../model/catalogue.ts';
import type { VaultNow } from '../../model/vault-now.ts';
import { movedLines } from '../../plan/compare-basis.ts';
import { comparePlans, stepLine } from '../../plan/compare-plans.ts';
import { planAgain } from '../../plan/plan-again.ts';
import { withPlannedPolicies } from '../as-promised.ts';
import { Refusal } from '../vault-result.ts';
import { assertNoOther, assertSamePrincipal, assertSettledVault } from './preflight.ts';
import type { VaultRun } from './vault-run.ts';

/**
 * A plan is a proposal, and its digest is no signature: the vault's plan is made again from the facts of now and from the decisions that
 * it records, and has to come out the same. Asked before the first write, when the facts that the plan stands on have not moved.
 * @throws Refusal PLAN_DIFFERS (blocked) with what differs; FACTS_UNREADABLE (undetermined) where who somebody is cannot be read now;
 * PRINCIPAL_MOVED, ASSIGNMENT_CONFLICT, VAULT_NOT_SETTLED where that is why.
 */
export function assertPlanned(run: VaultRun, now: VaultNow): void {
  const { vaultPlan, id } = run;
  const again = madeAgain(run, now);
  const moved = again instanceof KnownError ? [] : comparePlans(vaultPlan, again);
  if (!(again instanceof KnownError) && moved.length === 0) return;
  explain(run, now);
  const lines = again instanceof KnownError ? [`${again.code}: ${again.message}`] : movedLines(id.name, moved);
  const message = `the plan of vault \`${id.name}\` is not what keyturn plans from its facts and the decisions in it`;
  throw new Refusal('blocked', 'PLAN_DIFFERS', message, 'run `keyturn plan` again with your decisions, and review what differs', lines);
}

/**
 * On a vault that was flipped by its plan, facts have moved on and stored policies may be gone. What is still to be made has to follow
 * from the policies that the plan stands on all the same.
 * @throws Refusal PLAN_DIFFERS (blocked).
 */
export function assertFollows(run: VaultRun, now: VaultNow, steps: VaultPlan['steps']): void {
  const { id } = run;
  const vault = withPlannedPolicies(now.vault, run.vaultPlan);
  const estate = { ...now.estate, vaults: now.estate.vaults.map((facts) => (facts.vault === now.vault ? { ...facts, vault } : facts)) };
  const again = madeAgain(run, { ...now, estate, vault });
  const known = new Set(again instanceof KnownError ? [] : again.steps.map(stepLine));
  const foreign = steps.map(stepLine).filter((line) => !known.has(line));
  if (foreign.length === 0) return;
  explain(run, now);
  const message = `what the plan is still to make at vault \`${id.name}\` does not follow from the policies that it was made for`;
  const remedy = `run \`keyturn plan ${id.name}\`: it plans what its policies give and no role does`;
  throw new Refusal(
    'blocked',
    'PLAN_DIFFERS',
    message,
    remedy,
    foreign.map((line) => `- ${line}`),
  );
}

function madeAgain(
  { plan, vaultPlan, catalogue }: VaultRun & { readonly catalogue: Catalogue },
  { estate }: VaultNow,
): VaultPlan | KnownError {
  try {
    const again = planAgain(plan, vaultPlan, estate, catalogue);
    if (again === undefined) throw new Error('a vault that was read can be planned');
    return wellFormed(again);
  } catch (error) {
    if (error instanceof KnownError) return error;
    throw error;
  }
}

/** What has a name of its own is told by it, and what cannot be read now is no difference. */
function explain({ vaultPlan }: VaultRun, now: VaultNow): void {
  const { principals } = now.estate;
  const unread = vaultPlan.entries.find(({ objectId, principal }) => {
    const id = parseGuid(objectId);
    const found = id === undefined ? undefined : principals.get(id);
    return principal.kind !== 'unresolved' && (found === undefined || found.kind === 'unresolved');
  });
  const listed = new Set(vaultPlan.entries.map((entry) => entry.objectId));
  const steps = assignSteps(vaultPlan).filter(({ principalId }) => listed.has(principalId));
  for (const step of steps) assertSamePrincipal(step, now);
  if (unread !== undefined) {
    const message = `could not determine whether the plan still stands: who \`${unread.objectId}\` is could not be read`;
    throw new Refusal('undetermined', 'FACTS_UNREADABLE', message, 'get the right to read the directory, and run it again');
  }
  for (const step of steps) assertNoOther(step, now);
  assertSettledVault(now);
}
