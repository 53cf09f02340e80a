import { digestOf } from '../model/canonical-json.ts';
import { note } from './run-step.ts';
import type { VaultNow } from './vault-now.ts';
import { Refusal } from './vault-result.ts';
import type { VaultRun } from './vault-run.ts';
import { verifyVault } from './verify-vault.ts';

/**
 * The gate: every pair that the policies give is covered by durable access or dropped by a decision, and every gain is in
 * the plan.
 * @throws Refusal VERIFY_GAP (blocked) or VERIFY_UNDETERMINED (undetermined) with one line per pair or gain.
 */
export async function assertVerified({ plan, vaultPlan, catalogue, ports }: VaultRun, now: VaultNow): Promise<void> {
  const verdict = verifyVault({
    ...now,
    catalogue,
    at: ports.clock.now(),
    minimumAgeMinutes: plan.settings.minimumAgeMinutes,
    plan: vaultPlan,
  });
  const name = `vault \`${now.vault.name}\``;
  switch (verdict.state) {
    case 'covered': {
      const proof = digestOf({ pairs: verdict.pairs, gains: verdict.gains });
      await note(ports, vaultPlan.vaultId, 'verified', proof);
      return;
    }
    case 'gap': {
      const remedy = 'run `keyturn plan` again; it proposes what is missing and lists what would be gained';
      throw new Refusal('blocked', 'VERIFY_GAP', `${name} is not ready to flip`, remedy, verdict.lines);
    }
    case 'undetermined': {
      const remedy = 'get the rights to read what could not be read, then run it again';
      throw new Refusal(
        'undetermined',
        'VERIFY_UNDETERMINED',
        `not enough could be read to say whether ${name} is ready`,
        remedy,
        verdict.lines,
      );
    }
  }
}
