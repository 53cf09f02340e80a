import { accessFacts } from '../access/access-facts.ts';
import { whoCanGrant } from '../access/who-can-grant.ts';
import type { Plan } from '../formats/plan.ts';
import type { Proof } from '../formats/proof.ts';
import { asPromised } from '../migrate/as-promised.ts';
import { type Estate, subscriptionAround } from '../model/estate.ts';
import type { Vault } from '../model/vault.ts';
import type { Names } from '../report/names.ts';
import { namesUsed } from '../report/names-used.ts';
import { peopleReport } from '../report/people-rows.ts';
import { toldJudgement, type VerifiedVault, type VerifyReport } from '../report/verified-vault.ts';
import { verifyAnswers } from '../report/verify-answers.ts';
import { makeProof } from '../verify/make-proof.ts';
import { judgedFacts } from '../verify/vault-question.ts';
import { verifyPeople } from '../verify/verify-people.ts';
import type { VerifyQuestion } from '../verify/verify-question.ts';
import { verifyVault } from '../verify/verify-vault.ts';
import type { VerifyVerdict } from '../verify/verify-verdict.ts';
import { gapInWords, linesAgainst } from '../words/gap-words.ts';
import type { Opinion } from './ask-second-opinion.ts';
import { planSettings } from './make-plan.ts';
import type { Session } from './session.ts';

const line = "the lists of the vault's subscription could not be read";
const unjudged = {
  state: 'undetermined',
  pairs: [],
  gains: [],
  doubts: [],
  gaps: [{ line, next: 'get the right to read what could not be read, then verify again' }],
  lines: [line],
} as const;

/** How many people one run tells of, over all vaults; the vault that goes beyond is still told whole. */
const peopleOfOneRun = 250_000;

interface VerifyChoices {
  readonly heed?: Opinion;
  readonly perPerson?: boolean;
  readonly mostPeople?: number;
}

/** Judges every vault in view. Each proof is handed over as soon as it is made, so that thousands need not be held. */
export async function verifyEstate(
  estate: Estate,
  plan: Plan | undefined,
  { catalogue, clock }: Pick<Session, 'catalogue' | 'clock'>,
  keep: (vault: Vault, proof: Proof) => Promise<void>,
  { heed = (_, verdict) => Promise.resolve(verdict), perPerson = false, mostPeople = peopleOfOneRun }: VerifyChoices = {},
): Promise<VerifyReport> {
  const at = clock.now();
  const plans = new Map(plan?.vaults.map((vault) => [vault.vaultId.toLowerCase(), vault]));
  const minimumAgeMinutes = (plan?.settings ?? planSettings).minimumAgeMinutes;
  const vaults: VerifiedVault[] = [];
  const used = namesUsed();
  let people = 0;
  for (const { vault } of estate.vaults) {
    const subscription = subscriptionAround(estate, vault);
    if (subscription === undefined) {
      vaults.push({ ...whereIs(vault), ...unjudged });
      continue;
    }
    const own = plans.get(vault.id.toLowerCase());
    const facts = { estate, vault, subscription, catalogue, at, minimumAgeMinutes };
    const question: VerifyQuestion = asPromised({ ...facts, ...(own !== undefined && { plan: own }) });
    const verdict = await heed(question, verifyVault(question));
    const proof = makeProof(question, verdict, plan?.digest);
    await keep(vault, proof);
    const names = namesFor(question);
    const told = verifiedVault(question, verdict, names, perPerson && people < mostPeople);
    people += told.people?.length ?? 0;
    used.add(told, names);
    vaults.push({ ...told, proofDigest: proof.digest });
  }
  const planDigest = plan?.digest ?? null;
  const { unreadable } = estate;
  const peopleLeftOut = perPerson ? vaults.filter((vault) => vault.answers !== undefined && vault.people === undefined).length : 0;
  return {
    ...{ format: 'keyturn-verify', formatVersion: 1, at: at.toISOString(), planDigest, vaults, names: used.all(), unreadable },
    ...(peopleLeftOut > 0 && { peopleLeftOut }),
  };
}

function namesFor(question: VerifyQuestion): Names {
  const { estate, catalogue } = question;
  const facts = accessFacts({ ...estate, subscription: judgedFacts(question), catalogue });
  return { principals: estate.principals, roleName: (id) => facts.role(id)?.name ?? id };
}

function whereIs({ id, name, permissionModel }: Vault): Pick<VerifiedVault, 'vaultId' | 'name' | 'permissionModel'> {
  return { vaultId: id, name, permissionModel };
}

function verifiedVault(question: VerifyQuestion, verdict: VerifyVerdict, names: Names, perPerson: boolean): VerifiedVault {
  const { estate, subscription, catalogue, vault, at } = question;
  const { state, gaps, secondOpinion } = verdict;
  const granting = whoCanGrant({ ...estate, subscription, catalogue, vault, at: at.toISOString() });
  return {
    ...whereIs(vault),
    state,
    ...toldJudgement(verdict, granting),
    ...{ gaps: gaps.map(gapInWords), lines: linesAgainst(verdict) },
    answers: verifyAnswers(verdict.gains, granting, names, vault.permissionModel),
    ...(secondOpinion !== undefined && { secondOpinion }),
    ...(perPerson && peopleReport(verifyPeople(question), names)),
  };
}
