import { guidAtEnd, parseGuid } from '../../base/guid.ts';
import type { AssignStep, RoleStep } from '../../formats/plan.ts';
import { assignSteps, roleSteps } from '../../formats/planned-steps.ts';
import type { VaultNow } from '../../model/vault-now.ts';
import { makeProof } from '../../verify/make-proof.ts';
import { verifyVault } from '../../verify/verify-vault.ts';
import { linesAgainst } from '../../words/gap-words.ts';
import { asPromised } from '../as-promised.ts';
import { isVisible } from '../vault-now.ts';
import { Refusal } from '../vault-result.ts';
import { assertFollows } from './assert-planned.ts';
import { preflight } from './preflight.ts';
import { stage } from './stage.ts';
import type { VaultRun } from './vault-run.ts';

/**
 * For a vault that is on Azure RBAC already: makes at once what the plan assigns and Azure does not list, without waiting for it to
 * grow old, since whoever it is for has no access meanwhile. Then asks whether all that the plan promised is covered; what was made
 * a moment ago counts, and is said to be young.
 * @returns what was reached, in a sentence, and the facts of the end.
 * @throws Refusal like `preflight`, PLAN_DIFFERS, VERIFY_GAP (blocked), VERIFY_UNDETERMINED (undetermined).
 */
export async function makeMissing(run: VaultRun): Promise<{ readonly reached: string; readonly now: VaultNow }> {
  const now = await readAsPlanned(run);
  const missing = assignSteps(run.vaultPlan).filter((step) => !isVisible(step, now) && !isDeleted(step, now));
  if (missing.length > 0) {
    const roles = roleSteps(run.vaultPlan).filter((role) => isUsed(role, missing));
    if (run.vaultPlan.state === 'ready') assertFollows(run, now, [...roles, ...missing]);
    const part: VaultRun = { ...run, through: 'stage', vaultPlan: { ...run.vaultPlan, steps: [...roles, ...missing] } };
    await preflight(part, now);
    await stage(part, now);
  }
  const end = missing.length > 0 ? await readAsPlanned(run) : now;
  await assertPromised(run, end);
  return { reached: reachedWords(missing.length), now: end };
}

function reachedWords(missing: number): string {
  if (missing === 0) return 'the vault is on Azure RBAC already; nothing to do';
  const made = missing === 1 ? 'one role assignment that was' : `${missing} role assignments that were`;
  return `the vault is on Azure RBAC; ${made} missing ${missing === 1 ? 'was' : 'were'} made a moment ago and takes effect within minutes`;
}

/** The vault's planned principals are looked up also where nothing stored names them any more. */
async function readAsPlanned({ seat }: VaultRun): Promise<VaultNow> {
  return seat.soon('asPlanned');
}

function isDeleted({ principalId }: AssignStep, { estate }: VaultNow): boolean {
  const id = parseGuid(principalId);
  return id !== undefined && estate.principals.get(id)?.kind === 'deleted';
}

function isUsed(role: RoleStep, steps: readonly AssignStep[]): boolean {
  return steps.some((step) => guidAtEnd(step.roleDefinitionId) === role.name);
}

/** All that is planned stands by now, listed or not, so it counts whatever its age; the proof tells what Azure lists. */
async function assertPromised(run: VaultRun, now: VaultNow): Promise<void> {
  const { plan, vaultPlan, catalogue, ports } = run;
  const question = asPromised({ ...now, catalogue, at: ports.clock.now(), minimumAgeMinutes: 0, plan: vaultPlan });
  await ports.proofs.write(now.vault, makeProof(question, verifyVault(question), plan.digest));
  const verdict = verifyVault({ ...question, countsPlanned: true });
  const { name } = now.vault;
  switch (verdict.state) {
    case 'covered':
      return;
    case 'gap': {
      const remedy = `\`keyturn plan ${name}\` plans what its stored policies give and no role does; where they are gone, assign a role that gives it`;
      throw new Refusal(
        'blocked',
        'VERIFY_GAP',
        `vault \`${name}\` is on Azure RBAC, and not all access is covered`,
        remedy,
        linesAgainst(verdict),
      );
    }
    case 'undetermined': {
      const message = `not enough could be read to say whether all access to vault \`${name}\` is covered`;
      const remedy = 'get the rights to read what could not be read, then run it again';
      throw new Refusal('undetermined', 'VERIFY_UNDETERMINED', message, remedy, linesAgainst(verdict));
    }
  }
}
