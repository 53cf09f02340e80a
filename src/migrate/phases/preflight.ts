import type { Answer } from '../../access/answer.ts';
import { type OperatorRights, operatorRights } from '../../access/operator-rights.ts';
import { guidAtEnd, parseGuid } from '../../base/guid.ts';
import { itemsRead } from '../../base/reading.ts';
import { reaches } from '../../formats/phases.ts';
import type { AssignStep, RoleStep, VaultPlan } from '../../formats/plan.ts';
import { assignSteps, roleSteps } from '../../formats/planned-steps.ts';
import { principalTypeOf } from '../../model/principal.ts';
import type { PermissionBlock } from '../../model/role.ts';
import { parseScope } from '../../model/scope.ts';
import type { VaultNow } from '../../model/vault-now.ts';
import { assignRight } from '../../plan/assign-right.ts';
import { isOwnRole } from '../../plan/custom-role-step.ts';
import { handOff } from '../../plan/hand-off.ts';
import { isOwnAssignStep } from '../../plan/own-assign-step.ts';
import { isTenantRole } from '../../plan/tenant-role.ts';
import { remedyAgainst } from '../../words/finding-words.ts';
import { reasonsInWords } from '../../words/reason-words.ts';
import { isDefined, isVisible } from '../vault-now.ts';
import { Refusal } from '../vault-result.ts';
import { assertObjectsThere } from './assert-objects.ts';
import type { VaultRun } from './vault-run.ts';

/** How long the operator's right has to outlast the flip, so that a way back is left. */
const wayBackMinutes = 60;

/**
 * Everything that would stop the run half-way, asked before its first write.
 * @throws Refusal PLAN_DIFFERS, PRINCIPAL_MOVED, ASSIGNMENT_CONFLICT, VAULT_NOT_SETTLED, OPERATOR_RIGHTS (blocked),
 * OPERATOR_UNKNOWN (undetermined).
 */
export async function preflight(run: VaultRun, now: VaultNow): Promise<void> {
  const steps = assignSteps(run.vaultPlan);
  for (const step of roleSteps(run.vaultPlan)) assertOwnRole(run, step);
  for (const step of steps) assertInBounds(run, step, now);
  for (const step of steps) assertSamePrincipal(step, now);
  for (const step of steps) assertNoOther(step, now);
  assertSettledVault(now);
  await assertObjectsThere(run, now);
  const rights = await rightsOf(run, now);
  assertNothingToHandOff(run, now, rights);
  if (openRoles(run, now).length > 0) assertYes(rights.canDefineRoles(), 'make custom roles', now);
  for (const step of openAssigns(run, now)) assertYes(assignRight(step, rights), `assign \`${step.roleName}\``, now);
  if (reaches(run.through, 'flip')) assertFlipRight(rights, now, run, run.plan.settings.minimumAgeMinutes);
}

/** Asked again just before the flip (EA-43): what it takes to flip is what it takes to go back. */
export async function assertMayFlip(run: VaultRun, now: VaultNow): Promise<void> {
  assertFlipRight(await rightsOf(run, now), now, run, 0);
  await assertObjectsThere(run, now);
}

async function rightsOf(run: VaultRun, now: VaultNow): Promise<OperatorRights> {
  const permissions = await run.answers.operatorPermissions(run.id, now);
  if (permissions !== undefined) return rightsFrom(permissions, run, now);
  const message = `what you may do at vault \`${now.vault.name}\` could not be read`;
  throw new Refusal('undetermined', 'OPERATOR_UNKNOWN', message, 'get the right to read your own permissions, then run it again');
}

/** What the operator may do at the vault, by its assignments and, where it could be read, by Azure's own word. */
export function rightsFrom(
  permissions: readonly PermissionBlock[] | undefined,
  { ports, catalogue }: Pick<VaultRun, 'ports' | 'catalogue'>,
  { estate, vault, subscription }: VaultNow,
): OperatorRights {
  return operatorRights({
    operator: estate.operator,
    vault,
    subscription,
    principals: estate.principals,
    members: estate.members,
    catalogue,
    at: ports.clock.now().toISOString(),
    ...(permissions !== undefined && { permissions }),
  });
}

/** @throws Refusal OPERATOR_RIGHTS (blocked), or OPERATOR_UNKNOWN (undetermined) when nobody can say. */
export function assertYes(answer: Answer, what: string, { vault }: VaultNow): void {
  if (answer.state === 'yes') return;
  const at = `${what} at vault \`${vault.name}\``;
  const { deniedBy } = answer;
  const remedy =
    deniedBy === undefined
      ? 'ask someone with the rights to run it: Owner, or User Access Administrator together with Key Vault Contributor'
      : remedyAgainst({ denyAssignment: deniedBy.name, everyone: deniedBy.everyone });
  if (answer.state === 'no')
    throw new Refusal('blocked', 'OPERATOR_RIGHTS', `you may not ${at}: ${reasonsInWords(answer.because)}`, remedy);
  throw new Refusal(
    'undetermined',
    'OPERATOR_UNKNOWN',
    `could not determine whether you may ${at}: ${reasonsInWords(answer.because)}`,
    remedy,
  );
}

function assertFlipRight({ canFlip }: OperatorRights, now: VaultNow, { ports }: VaultRun, waitMinutes: number): void {
  assertYes(canFlip, 'change the permission model', now);
  if (canFlip.state !== 'yes' || canFlip.until === undefined) return;
  const left = (Date.parse(canFlip.until) - ports.clock.now().getTime()) / 60_000;
  if (left >= waitMinutes + wayBackMinutes) return;
  const message = `your right to flip vault \`${now.vault.name}\`, and to flip it back, ends ${canFlip.until}: too soon for a rollback`;
  throw new Refusal('blocked', 'OPERATOR_RIGHTS', message, 'activate the role again for longer, then run it again');
}

/** A plan may come from anywhere: it can only make assignments of known roles, at its own vault, under our names. */
function assertInBounds({ plan, vaultPlan, id, catalogue }: VaultRun, step: AssignStep, { subscription }: VaultNow): void {
  const role = guidAtEnd(step.roleDefinitionId);
  const known = catalogue.roles.some((one) => one.id === role && one.candidate);
  const made = roleSteps(vaultPlan).some((one) => one.name === role);
  const tenants = plan.settings.tenantRoles === true && isTenantRole(role, id.scope, subscription, catalogue);
  if (!isOwnAssignStep(step, id.scope) || !(known || made || tenants)) throw foreignStep(step, vaultPlan);
}

/** The only roles that a plan can define are those that keyturn would: vault data actions alone, under our names. */
function assertOwnRole({ vaultPlan, id, catalogue }: VaultRun, step: RoleStep): void {
  if (!isOwnRole(step, id.scope, catalogue)) throw foreignStep(step, vaultPlan);
}

function foreignStep(step: Pick<RoleStep, 'id'>, vaultPlan: Pick<VaultPlan, 'name'>): Refusal {
  const message = `the plan's step \`${step.id}\` is not one that keyturn would plan for vault \`${vaultPlan.name}\``;
  return new Refusal('blocked', 'PLAN_DIFFERS', message, 'run `keyturn plan` again');
}

/** A principal that was deleted, or made again as something else, would leave an orphan that looks like cover (EA-32). */
export function assertSamePrincipal(step: AssignStep, { estate, vault }: VaultNow): void {
  const id = parseGuid(step.principalId);
  const principal = id === undefined ? undefined : estate.principals.get(id);
  if (principal !== undefined && principalTypeOf(principal) === step.principalType) return;
  const said = principal === undefined || principal.kind === 'unresolved';
  const message = `\`${step.principalId}\` was ${step.principalType} when vault \`${vault.name}\` was planned, and is ${principal?.kind ?? 'unresolved'} now`;
  throw new Refusal(said ? 'undetermined' : 'blocked', 'PRINCIPAL_MOVED', message, 'run `keyturn plan` again');
}

/** Azure keeps one assignment of a role for a principal at a scope, so ours cannot stand beside one under another condition. */
export function assertNoOther(step: AssignStep, { subscription, vault }: VaultNow): void {
  const scope = parseScope(step.scope);
  const other = itemsRead(subscription.roleAssignments).find(
    (one) =>
      one.scope === scope &&
      one.roleDefinitionId === guidAtEnd(step.roleDefinitionId) &&
      one.principalId === parseGuid(step.principalId) &&
      one.condition !== step.condition,
  );
  if (other === undefined) return;
  const how = other.condition === undefined ? 'without a condition' : 'under another condition';
  const message = `\`${step.roleName}\` is assigned to \`${step.principalId}\` in vault \`${vault.name}\` already, ${how}: \`${other.id}\``;
  const remedy = `remove that assignment, by \`keyturn rollback ${vault.name} --remove-assignments\` if an earlier plan made it, then plan again`;
  throw new Refusal('blocked', 'ASSIGNMENT_CONFLICT', message, remedy);
}

/** @throws Refusal VAULT_NOT_SETTLED (blocked) while Azure is still at work on the vault, or has failed to finish. */
export function assertSettledVault({ vault }: Pick<VaultNow, 'vault'>): void {
  if (vault.provisioningState.toLowerCase() === 'succeeded') return;
  const message =
    vault.provisioningState === ''
      ? `Azure does not say whether vault \`${vault.name}\` is settled`
      : `vault \`${vault.name}\` is in state \`${vault.provisioningState}\``;
  throw new Refusal('blocked', 'VAULT_NOT_SETTLED', message, 'wait until its provisioning state is `Succeeded`, then run it again');
}

function openRoles({ vaultPlan }: VaultRun, now: VaultNow): readonly RoleStep[] {
  return roleSteps(vaultPlan).filter((step) => !isDefined(step, now));
}

function openAssigns({ vaultPlan }: VaultRun, now: VaultNow): readonly AssignStep[] {
  return assignSteps(vaultPlan).filter((step) => !isVisible(step, now));
}

/**
 * What the plan hands to somebody else is told whole, and not step by step.
 * @throws Refusal HAND_OFF_OPEN (blocked) with one command a line.
 */
function assertNothingToHandOff(run: VaultRun, now: VaultNow, rights: OperatorRights): void {
  if (run.vaultPlan.handOff === undefined) return;
  const open = handOff(openRoles(run, now), openAssigns(run, now), rights);
  if (open.length === 0) return;
  const message = `vault \`${now.vault.name}\` waits for ${open.length} step${open.length === 1 ? '' : 's'} that you may not take`;
  const remedy = 'ask someone with the rights to run the commands, then run it again';
  throw new Refusal(
    'blocked',
    'HAND_OFF_OPEN',
    message,
    remedy,
    open.map(({ command }) => command),
  );
}
