import type { VaultQuestion } from '../access/vault-question.ts';
import { plannedAssignments } from '../plan/planned-assignments.ts';
import { assignSteps } from './vault-run.ts';
import type { VerifyQuestion } from './verify-vault.ts';

/** What a verification asks the judgement, whether about the vault as a whole or about single people. */
export function vaultQuestion(question: VerifyQuestion, requirements: VaultQuestion['requirements']): VaultQuestion {
  const { vault, subscription, estate, catalogue, at, plan, minimumAgeMinutes } = question;
  return {
    vault,
    subscription,
    principals: estate.principals,
    members: estate.members,
    catalogue,
    at: at.toISOString(),
    requirements,
    planned: plannedAssignments(plan === undefined ? [] : assignSteps(plan)),
    minimumAgeMinutes,
  };
}
