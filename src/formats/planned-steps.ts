import type { AssignStep, FlipStep, RoleStep, VaultPlan } from './plan.ts';

export function assignSteps(vaultPlan: VaultPlan): readonly AssignStep[] {
  return vaultPlan.steps.filter((step) => step.kind === 'ensureRoleAssignment');
}

export function roleSteps(vaultPlan: VaultPlan): readonly RoleStep[] {
  return vaultPlan.steps.filter((step) => step.kind === 'ensureRoleDefinition');
}

export function flipStep(vaultPlan: VaultPlan): FlipStep | undefined {
  return vaultPlan.steps.find((step) => step.kind === 'flip');
}
