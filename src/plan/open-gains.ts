import type { PlannedGain, VaultPlan } from '../formats/plan.ts';

/** What a gain is accepted by: the assignment that gives it, and who gains. */
export type NamedGain = Pick<PlannedGain, 'assignmentId' | 'principalId'>;

/**
 * Gains that nobody decides on when the plan is made: no step of it brings them, but an assignment that stands and takes effect at the
 * flip, and they open, destroy or change what is in the vault. Each has to be accepted by name before the flip.
 */
export function gainsToAccept({ state, gains, steps }: Pick<VaultPlan, 'state' | 'gains' | 'steps'>): readonly PlannedGain[] {
  if (state === 'repair' || state === 'alreadyOnRbac') return [];
  // What a plan says of the cause is a word; whose step it is can be seen.
  const own = new Set(steps.flatMap((step) => (step.kind === 'ensureRoleAssignment' ? step.undo.assignmentId.toLowerCase() : [])));
  return gains.flatMap((gain) => {
    if (own.has(gain.assignmentId.toLowerCase())) return [];
    const dataActions = gain.dataActions.filter(({ tier }) => tier === 'A' || tier === 'B');
    return dataActions.length === 0 ? [] : [{ ...gain, dataActions }];
  });
}

/** Those of them that neither the plan's decisions nor `accepted` name. */
export function openGains(
  vault: Pick<VaultPlan, 'state' | 'gains' | 'steps' | 'acceptedGains'>,
  accepted: readonly NamedGain[] = [],
): readonly PlannedGain[] {
  const named = new Set([...accepted, ...(vault.acceptedGains ?? [])].map(gainKey));
  return gainsToAccept(vault).filter((gain) => !named.has(gainKey(gain)));
}

/** Azure spells ids now so, now so. */
export function gainKey({ assignmentId, principalId }: NamedGain): string {
  return `${assignmentId} ${principalId}`.toLowerCase();
}
