import type { VaultNow } from '../../model/vault-now.ts';
import { makeProof } from '../../verify/make-proof.ts';
import { verifyVault } from '../../verify/verify-vault.ts';
import type { VerifyVerdict } from '../../verify/verify-verdict.ts';
import { linesAgainst } from '../../words/gap-words.ts';
import { Refusal } from '../vault-result.ts';
import { note } from './run-step.ts';
import type { VaultRun } from './vault-run.ts';

/**
 * The gate: every pair that the policies give is covered by durable access or dropped by a decision, and every gain is in
 * the plan. Covered or not, the proof of it is kept, and the journal names the one that opened the gate.
 * @throws Refusal VERIFY_GAP (blocked) or VERIFY_UNDETERMINED (undetermined) with one line per pair or gain.
 */
export async function assertVerified(run: VaultRun, now: VaultNow): Promise<void> {
  const verdict = await verified(run, now);
  const name = `vault \`${now.vault.name}\``;
  switch (verdict.state) {
    case 'covered':
      return;
    case 'gap': {
      const remedy = 'run `keyturn plan` again; it proposes what is missing and lists what would be gained';
      throw new Refusal('blocked', 'VERIFY_GAP', `${name} is not ready to flip`, remedy, linesAgainst(verdict));
    }
    case 'undetermined': {
      const remedy = 'get the rights to read what could not be read, then run it again';
      throw new Refusal(
        'undetermined',
        'VERIFY_UNDETERMINED',
        `not enough could be read to say whether ${name} is ready`,
        remedy,
        linesAgainst(verdict),
      );
    }
  }
}

/** The verdict on the facts given, with its proof on disk; the journal says so when the vault is covered. */
export async function verified({ plan, vaultPlan, catalogue, ports, judging }: VaultRun, now: VaultNow): Promise<VerifyVerdict> {
  const { minimumAgeMinutes } = plan.settings;
  const { verdict, proof } = await judging(() => {
    const question = { ...now, catalogue, at: ports.clock.now(), minimumAgeMinutes, plan: vaultPlan };
    const verdict = verifyVault(question);
    return { verdict, proof: makeProof(question, verdict, plan.digest) };
  });
  await ports.proofs.write(now.vault, proof);
  if (verdict.state === 'covered') await note(ports, vaultPlan.vaultId, 'verified', proof.digest);
  return verdict;
}
