import { accessFacts } from '../access/access-facts.ts';
import { whoCanGrant } from '../access/who-can-grant.ts';
import { makeProof } from '../migrate/make-proof.ts';
import { verifyPeople } from '../migrate/verify-people.ts';
import { type VerifyQuestion, verifyVault } from '../migrate/verify-vault.ts';
import type { Estate } from '../model/estate.ts';
import type { Guid } from '../model/guid.ts';
import type { Proof } from '../model/proof.ts';
import type { Vault } from '../model/vault.ts';
import type { Plan } from '../plan/plan.ts';
import { peopleReport } from '../report/people-rows.ts';
import { verifyAnswers } from '../report/verify-answers.ts';
import type { VerifiedVault, VerifyReport } from '../report/verify-report.ts';
import { planSettings } from './make-plan.ts';
import type { Session } from './session.ts';

const unjudged = {
  state: 'undetermined',
  pairs: [],
  gains: [],
  doubts: [],
  lines: ["the lists of the vault's subscription could not be read"],
} as const;

/** Judges every vault in view. Each proof is handed over as soon as it is made, so that thousands need not be held. */
export async function verifyEstate(
  estate: Estate,
  plan: Plan | undefined,
  { catalogue, clock }: Pick<Session, 'catalogue' | 'clock'>,
  keep: (vault: Vault, proof: Proof) => Promise<void>,
  perPerson = false,
): Promise<VerifyReport> {
  const at = clock.now();
  const subscriptions = new Map(estate.subscriptions.map((subscription) => [subscription.subscriptionId.toLowerCase(), subscription]));
  const plans = new Map(plan?.vaults.map((vault) => [vault.vaultId.toLowerCase(), vault]));
  const minimumAgeMinutes = (plan?.settings ?? planSettings).minimumAgeMinutes;
  const vaults: VerifiedVault[] = [];
  for (const { vault } of estate.vaults) {
    const subscription = subscriptions.get(vault.subscriptionId);
    const where = { vaultId: vault.id, name: vault.name, permissionModel: vault.permissionModel };
    if (subscription === undefined) {
      vaults.push({ ...where, ...unjudged });
      continue;
    }
    const own = plans.get(vault.id.toLowerCase());
    const facts = { estate, vault, subscription, catalogue, at, minimumAgeMinutes };
    const question: VerifyQuestion = { ...facts, ...(own !== undefined && { plan: own }) };
    const verdict = verifyVault(question);
    const proof = makeProof(question, verdict, plan?.digest);
    await keep(vault, proof);
    const { state, pairs, gains, doubts, lines } = verdict;
    const granting = whoCanGrant({ ...estate, subscription, catalogue, vault, at: at.toISOString() });
    const roleName = (id: Guid) => accessFacts({ ...estate, subscription, catalogue }).role(id)?.name ?? id;
    const names = { principals: estate.principals, roleName };
    const answers = verifyAnswers(gains, granting, names);
    const people = perPerson ? peopleReport(verifyPeople(question), names) : {};
    vaults.push({ ...where, state, pairs, gains, doubts, lines, answers, granting, proofDigest: proof.digest, ...people });
  }
  const planDigest = plan?.digest ?? null;
  return { format: 'keyturn-verify', formatVersion: 1, at: at.toISOString(), planDigest, vaults, unreadable: estate.unreadable };
}
