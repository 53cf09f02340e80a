import { itemsRead } from '../base/reading.ts';
import type { AssignStep, RoleStep } from '../formats/plan.ts';
import { assertSameTenant } from '../formats/plan-file.ts';
import { type Estate, type SubscriptionFacts, subscriptionAround } from '../model/estate.ts';
import type { Vault } from '../model/vault.ts';
import { parseVaultId, type VaultId } from '../model/vault-id.ts';
import type { VaultNow } from '../model/vault-now.ts';
import { assignmentKey } from '../plan/assignment-name.ts';
import { type Basis, basisReadings, vaultBasis } from '../plan/basis.ts';
import { ourAssignments } from '../plan/bears-our-name.ts';
import { compareBasis, movedLines } from '../plan/compare-basis.ts';
import { isListed, type OwnSteps } from '../plan/own-work.ts';
import { Refusal } from './vault-result.ts';

/** Facts about a vault, and when their reading began, in milliseconds since 1970. */
export interface FactsNow extends VaultNow {
  readonly began: number;
}

type Place = { readonly tenantId: string; readonly cloud: string };

/**
 * The vault in facts that may be about others too.
 * @throws KnownError PLAN_TENANT, VAULT_GONE (blocked) or VAULT_UNREADABLE (undetermined).
 */
export function vaultNowIn(estate: Estate, id: Pick<VaultId, 'scope' | 'name' | 'subscriptionId'>, from: Place): VaultNow {
  assertSameTenant(from, estate);
  const vault = vaultsOf(estate).get(id.scope);
  const subscription = subscriptionAround(estate, id);
  if (vault === undefined || subscription === undefined) throw missing(id, estate);
  return { estate, vault, subscription };
}

const known = new WeakMap<Estate, ReadonlyMap<string, Vault>>();

/** By scope: hundreds of vaults ask one estate for themselves. */
function vaultsOf(estate: Estate): ReadonlyMap<string, Vault> {
  const vaults = known.get(estate) ?? new Map<string, Vault>(estate.vaults.map(({ vault }) => [vault.scope, vault]));
  known.set(estate, vaults);
  return vaults;
}

/** What is said of another vault is no reason of this one's. */
function missing(id: Pick<VaultId, 'name' | 'scope'>, estate: Estate): Refusal {
  const about = estate.unreadable.filter(({ subject }) => [id.scope, undefined].includes(parseVaultId(subject)?.scope));
  const because = about.map((one) => `${one.subject}: ${one.because}`);
  if (because.length === 0) return gone(id);
  const message = `vault \`${id.name}\` could not be read`;
  return new Refusal('undetermined', 'VAULT_UNREADABLE', message, 'see what could not be read, and run it again', because);
}

export function gone({ name }: Pick<VaultId, 'name'>): Refusal {
  const remedy = 'look for it in Azure: it may be deleted or moved; then run `keyturn plan` again';
  return new Refusal('blocked', 'VAULT_GONE', `vault \`${name}\` is not there any more`, remedy);
}

/**
 * @throws Refusal PLAN_STALE (blocked) with the diff, when anything the plan stands on has moved; FACTS_UNREADABLE
 * (undetermined) when a list that it stands on cannot be read now, so that nobody can say.
 */
export function assertUnmoved(planned: Basis, { vault, subscription }: VaultNow, own: OwnSteps): void {
  const moved = compareBasis(planned, vaultBasis(vault, subscription, own));
  if (moved.length === 0) return;
  const unread = moved.find(({ field }) => field === 'unreadable')?.came ?? [];
  if (unread.length > 0) throw unreadableNow(vault, subscription, unread);
  const fields = moved.map((one) => `\`${one.field}\``).join(', ');
  const message = `the plan is stale: ${fields} of vault \`${vault.name}\` moved since it was made`;
  throw new Refusal('blocked', 'PLAN_STALE', message, 'run `keyturn plan` again and review what changed', movedLines(vault.name, moved));
}

function unreadableNow({ name }: Vault, subscription: SubscriptionFacts, lists: readonly string[]): Refusal {
  const readings = basisReadings(subscription);
  const lines = lists.map((list) => {
    const reading = readings[list];
    return `${list}: ${reading?.state === 'unreadable' ? reading.because : 'not read'}`;
  });
  const message = `could not determine whether the plan still stands: ${lists.map((list) => `\`${list}\``).join(', ')} of vault \`${name}\` could not be read`;
  return new Refusal('undetermined', 'FACTS_UNREADABLE', message, 'see what could not be read, and run it again', lines);
}

/** Whether Azure lists the planned assignment: by scope, role, principal and condition, whatever its name. */
export function isVisible(step: AssignStep, { subscription }: VaultNow): boolean {
  return isListed(step, subscription);
}

/** Whether Azure lists it as ours (EA-52). */
export function isMade(step: AssignStep, { subscription }: VaultNow): boolean {
  return ourAssignments(subscription).some(({ id }) => assignmentKey(id) === assignmentKey(step.undo.assignmentId));
}

/** Whether Azure lists the planned custom role. */
export function isDefined(step: RoleStep, { subscription }: VaultNow): boolean {
  return itemsRead(subscription.roleDefinitions).some((role) => role.id === step.name);
}
