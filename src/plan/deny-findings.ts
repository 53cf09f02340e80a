import type { Answer } from '../access/answer.ts';
import type { OperatorRights } from '../access/operator-rights.ts';
import { blockGives } from '../access/role-rule.ts';
import { compareText } from '../base/compare-text.ts';
import { everyone, guidAtEnd, parseGuid } from '../base/guid.ts';
import { itemsRead } from '../base/reading.ts';
import type { AssignStep, RoleStep } from '../formats/plan.ts';
import type { DenyAssignment } from '../model/deny-assignment.ts';
import { type Finding, type FindingSubject, finding } from '../model/finding.ts';
import type { DeniedBy } from '../model/reason.ts';
import { scopeReaches } from '../model/scope.ts';
import { assignRight } from './assign-right.ts';
import { controlActions } from './steps/control-actions.ts';
import type { VaultSetting } from './vault-setting.ts';

/** What a deny assignment keeps from being done, in the order of a migration. */
const acts = ['defineRoles', 'stage', 'flip', 'remove'] as const;
type Act = (typeof acts)[number];

interface Denied {
  readonly by: DeniedBy;
  readonly certain: boolean;
  readonly acts: Set<Act>;
}

/**
 * Deny assignments on what a migration writes (EA-24). No role helps against one: who is not excluded is refused, Owner or not.
 * One on everybody that refuses the operator stops the plan. One on the operator alone leaves it to another, and one that spares
 * the operator is said, since another may come to apply the plan.
 */
export function denyFindings(
  setting: VaultSetting,
  rights: OperatorRights,
  roles: readonly RoleStep[],
  steps: readonly AssignStep[],
): readonly Finding[] {
  const { vault } = setting;
  if (itemsRead(setting.subscription.denyAssignments).length === 0) return [];
  const subject = { vault: vault.id };
  const denied = deniedActs(rights, roles, steps, vault.permissionModel === 'accessPolicy');
  const told = new Set([...denied.values()].map(({ by }) => by.id.toLowerCase()));
  return [...[...denied.values()].map((one) => refusal(one, subject)), ...sparing(setting, told, subject)];
}

function deniedActs(
  rights: OperatorRights,
  roles: readonly RoleStep[],
  steps: readonly AssignStep[],
  flips: boolean,
): ReadonlyMap<string, Denied> {
  const found = new Map<string, Denied>();
  const note = (act: Act, { state, deniedBy }: Answer) => {
    if (deniedBy === undefined) return;
    const key = `${deniedBy.id.toLowerCase()} ${state}`;
    const known = found.get(key) ?? { by: deniedBy, certain: state === 'no', acts: new Set() };
    known.acts.add(act);
    found.set(key, known);
  };
  if (roles.length > 0) note('defineRoles', rights.canDefineRoles());
  for (const step of steps) {
    note('stage', assignRight(step, rights));
    const role = guidAtEnd(step.roleDefinitionId);
    if (role !== undefined) note('remove', rights.canDelete(role, step.principalType, parseGuid(step.principalId)));
  }
  if (flips) note('flip', rights.canFlip);
  return found;
}

function refusal({ by, certain, acts: denied }: Denied, subject: FindingSubject): Finding {
  const what = acts.filter((act) => denied.has(act));
  const severity = certain && by.everyone && !what.every((act) => act === 'remove') ? 'blocker' : 'warning';
  const facts = { kind: 'refuses', denyAssignment: by.name, certain, everyone: by.everyone, acts: what } as const;
  return finding(severity, 'PLN-DENY-CONTROL', subject, facts);
}

function sparing({ vault, subscription }: VaultSetting, told: ReadonlySet<string>, subject: FindingSubject): readonly Finding[] {
  return itemsRead(subscription.denyAssignments)
    .filter((deny) => !told.has(deny.id.toLowerCase()) && refusesOthers(deny))
    .filter((deny) =>
      deny.doNotApplyToChildScopes ? deny.scope === vault.scope : scopeReaches(deny.scope, vault.scope, subscription.managementGroups),
    )
    .map((deny) => (deny.name === '' ? deny.id : deny.name))
    .sort(compareText)
    .map((denyAssignment) => finding('note', 'PLN-DENY-CONTROL', subject, { kind: 'spares', denyAssignment }));
}

function refusesOthers({ auditOnly, principals, permissions }: DenyAssignment): boolean {
  if (auditOnly || !principals.includes(everyone)) return false;
  return permissions.some((block) => controlActions.some((action) => blockGives(block, 'control', action)));
}
