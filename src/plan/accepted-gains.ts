import { parseGuid } from '../base/guid.ts';
import { type GainRow, namesAssignment } from '../formats/gain-row.ts';
import type { PlannedGain, VaultPlan } from '../formats/plan.ts';
import type { Vault } from '../model/vault.ts';
import { namesVault } from './acceptances.ts';
import { compareBasis } from './compare-basis.ts';
import { gainKey, gainsToAccept } from './open-gains.ts';

/** What an earlier plan says of the gains of a vault. */
type EarlierGains = Pick<VaultPlan, 'acceptedGains' | 'basis'>;

/**
 * The vault's plan with the gains that rows of the decisions file accept, and those that an earlier plan of the vault records as accepted,
 * as long as no fact moved that it stood on.
 */
export function withAcceptedGains(
  plan: VaultPlan,
  rows: readonly GainRow[],
  vault: Pick<Vault, 'name' | 'scope'>,
  earlier?: EarlierGains,
): VaultPlan {
  const kept = earlier?.acceptedGains === undefined || compareBasis(earlier.basis, plan.basis).length > 0 ? [] : earlier.acceptedGains;
  const before = new Map(kept.map((one) => [gainKey(one), one.reason]));
  const accepted = new Map<string, NonNullable<VaultPlan['acceptedGains']>[number]>();
  for (const gain of gainsToAccept(plan)) {
    const reason = rows.find((row) => acceptsGain(row, gain, vault))?.reason ?? before.get(gainKey(gain));
    const { assignmentId, principalId } = gain;
    if (reason !== undefined) accepted.set(gainKey(gain), { assignmentId, principalId, reason });
  }
  return accepted.size === 0 ? plan : { ...plan, acceptedGains: [...accepted.values()] };
}

export function acceptsGain(
  { assignment, principal, vault: word }: GainRow,
  { assignmentId, principalId }: Pick<PlannedGain, 'assignmentId' | 'principalId'>,
  vault: Pick<Vault, 'name' | 'scope'>,
): boolean {
  if (word !== '*' && !namesVault(word, vault)) return false;
  return namesAssignment(assignment, assignmentId) && (principal === undefined || parseGuid(principal) === parseGuid(principalId));
}
