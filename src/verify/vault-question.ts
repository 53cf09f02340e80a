import type { VaultQuestion } from '../access/vault-question.ts';
import { itemsRead } from '../base/reading.ts';
import { assignSteps, roleSteps } from '../formats/planned-steps.ts';
import type { SubscriptionFacts } from '../model/estate.ts';
import { subscriptionWith } from '../plan/custom-role-step.ts';
import { plannedAssignments } from '../plan/planned-assignments.ts';
import type { VerifyQuestion } from './verify-question.ts';

/** What a verification asks the judgement, whether about the vault as a whole or about single people. */
export function vaultQuestion(question: VerifyQuestion, requirements: VaultQuestion['requirements']): VaultQuestion {
  const { vault, estate, catalogue, at, plan, minimumAgeMinutes, countsPlanned } = question;
  return {
    vault,
    subscription: judgedFacts(question),
    principals: estate.principals,
    members: estate.members,
    catalogue,
    at: at.toISOString(),
    requirements,
    planned: plannedAssignments(plan === undefined ? [] : assignSteps(plan)),
    ...(countsPlanned !== true && { minimumAgeMinutes }),
  };
}

/**
 * The facts with the roles that the plan is still to define, so that what it will give is told. A role that something is
 * assigned already is one of Azure's facts: where Azure does not list it, nobody knows what it gives.
 */
export function judgedFacts({ subscription, plan }: Pick<VerifyQuestion, 'subscription' | 'plan'>): SubscriptionFacts {
  const steps = plan === undefined ? [] : roleSteps(plan);
  if (steps.length === 0) return subscription;
  const assigned = new Set<string>(itemsRead(subscription.roleAssignments).map((one) => one.roleDefinitionId));
  return subscriptionWith(
    subscription,
    steps.filter((step) => !assigned.has(step.name)),
  );
}
