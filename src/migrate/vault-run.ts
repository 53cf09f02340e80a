import type { Catalogue } from '../model/catalogue.ts';
import type { VaultId } from '../model/vault-id.ts';
import type { AssignStep, FlipStep, Plan, RoleStep, VaultPlan } from '../plan/plan.ts';
import type { MigrationPorts, Phase } from './ports.ts';
import type { Standing } from './standing.ts';

/** One vault on its way through the phases. */
export interface VaultRun {
  readonly plan: Plan;
  readonly vaultPlan: VaultPlan;
  readonly id: VaultId;
  readonly through: Phase;
  readonly catalogue: Catalogue;
  readonly ports: MigrationPorts;
  readonly signal?: AbortSignal | undefined;
  readonly standing: Standing;
  /** Of two passes over several vaults the first, which stages and leaves all else to the second. */
  readonly firstPass?: true;
}

const order: readonly Phase[] = ['stage', 'settle', 'verify', 'flip', 'watch'];

export function reaches(through: Phase, phase: Phase): boolean {
  return order.indexOf(through) >= order.indexOf(phase);
}

export function assignSteps(vaultPlan: VaultPlan): readonly AssignStep[] {
  return vaultPlan.steps.filter((step) => step.kind === 'ensureRoleAssignment');
}

export function roleSteps(vaultPlan: VaultPlan): readonly RoleStep[] {
  return vaultPlan.steps.filter((step) => step.kind === 'ensureRoleDefinition');
}

export function flipStep(vaultPlan: VaultPlan): FlipStep | undefined {
  return vaultPlan.steps.find((step) => step.kind === 'flip');
}
