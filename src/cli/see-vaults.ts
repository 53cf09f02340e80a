import type { Plan, VaultPlan } from '../formats/plan.ts';
import { noSuchVault } from '../inventory/refuse-unknown-vaults.ts';
import { asPromised } from '../migrate/as-promised.ts';
import { isDefined, isVisible } from '../migrate/vault-now.ts';
import { type Estate, subscriptionAround } from '../model/estate.ts';
import { verifyVault } from '../verify/verify-vault.ts';
import { linesAgainst } from '../words/gap-words.ts';
import type { Session } from './session.ts';
import type { VaultSeen } from './vault-status.ts';

/**
 * What Azure shows of each vault of a plan, by lower-case id; of one that is flipped, whether it keeps what the plan promised.
 * @param estate undefined when none of the vaults is there any more.
 */
export function seeVaults(
  plan: Plan,
  estate: Estate | undefined,
  session: Pick<Session, 'catalogue' | 'clock'>,
): ReadonlyMap<string, VaultSeen> {
  return new Map(
    plan.vaults.map((vault) => [vault.vaultId.toLowerCase(), estate === undefined ? { kind: 'gone' } : seen(vault, estate, session)]),
  );
}

function seen(plan: VaultPlan, estate: Estate, { catalogue, clock }: Pick<Session, 'catalogue' | 'clock'>): VaultSeen {
  const id = plan.vaultId.toLowerCase();
  const vault = estate.vaults.find((one) => one.vault.id.toLowerCase() === id)?.vault;
  const subscription = subscriptionAround(estate, vault);
  if (vault === undefined) {
    const reason = estate.unreadable.find(({ subject }) => subject.toLowerCase() === id);
    return reason?.because === noSuchVault ? { kind: 'gone' } : { kind: 'unread', because: reason?.because ?? 'it could not be read' };
  }
  const { permissionModel } = vault;
  if (subscription === undefined) return { kind: 'seen', permissionModel, standing: undefined };
  const now = { estate, vault, subscription };
  const read = subscription.roleAssignments.state === 'read';
  const isStanding = (step: VaultPlan['steps'][number]): boolean => {
    if (step.kind === 'ensureRoleAssignment') return isVisible(step, now);
    return step.kind === 'ensureRoleDefinition' ? isDefined(step, now) : permissionModel === 'azureRbac';
  };
  const standing = read ? new Set(plan.steps.filter(isStanding).map((step) => step.id)) : undefined;
  if (permissionModel === 'accessPolicy' || plan.state === 'alreadyOnRbac') return { kind: 'seen', permissionModel, standing };
  const verdict = verifyVault(asPromised({ ...now, catalogue, at: clock.now(), minimumAgeMinutes: 0, plan }));
  return {
    kind: 'seen',
    permissionModel,
    standing,
    ...(verdict.state === 'gap' && { lacking: linesAgainst(verdict) }),
    ...(verdict.state === 'undetermined' && { doubtful: linesAgainst(verdict) }),
  };
}
