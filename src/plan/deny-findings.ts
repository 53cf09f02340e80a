import type { Answer, DeniedBy } from '../access/answer.ts';
import type { OperatorRights } from '../access/operator-rights.ts';
import { blockGives } from '../access/role-rule.ts';
import { compareText } from '../base/compare-text.ts';
import { everyone, guidAtEnd, parseGuid } from '../base/guid.ts';
import { itemsRead } from '../base/reading.ts';
import type { AssignStep, RoleStep } from '../formats/plan.ts';
import type { DenyAssignment } from '../model/deny-assignment.ts';
import type { Finding } from '../model/finding.ts';
import { scopeReaches } from '../model/scope.ts';
import { assignRight } from './assign-right.ts';
import { controlActions } from './steps/control-actions.ts';
import type { VaultSetting } from './vault-setting.ts';

/** What a deny assignment keeps from being done, in the order of a migration. */
const acts = ['make custom roles', 'stage', 'flip and go back', 'remove assignments at a rollback'] as const;
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
  const subject = vault.id;
  const denied = deniedActs(rights, roles, steps, vault.permissionModel === 'accessPolicy');
  const told = new Set([...denied.values()].map(({ by }) => by.id.toLowerCase()));
  return [...[...denied.values()].map((one) => finding(one, subject)), ...sparing(setting, told, subject)];
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
  if (roles.length > 0) note('make custom roles', rights.canDefineRoles());
  for (const step of steps) {
    note('stage', assignRight(step, rights));
    const role = guidAtEnd(step.roleDefinitionId);
    if (role !== undefined)
      note('remove assignments at a rollback', rights.canDelete(role, step.principalType, parseGuid(step.principalId)));
  }
  if (flips) note('flip and go back', rights.canFlip);
  return found;
}

function finding({ by, certain, acts: denied }: Denied, subject: string): Finding {
  const what = acts.filter((act) => denied.has(act));
  const onlyRemoval = what.every((act) => act === 'remove assignments at a rollback');
  const whom = by.everyone ? 'everybody whom it does not exclude, an Owner as well' : 'you, whatever roles you have';
  const message = `the deny assignment \`${by.name}\` ${certain ? 'refuses' : 'may refuse'} ${whom}: you cannot ${list(what)}`;
  return {
    severity: certain && by.everyone && !onlyRemoval ? 'blocker' : 'warning',
    code: 'PLN-DENY-CONTROL',
    subject,
    facts: { message,
    remedy: remedyAgainst(by) },
  };
}

/** What helps where a deny assignment stands in the way: no role does. */
export function remedyAgainst({ name, everyone: all }: DeniedBy): string {
  return all
    ? `ask for the identity that runs keyturn to be excluded from \`${name}\`, in the deny settings of the deployment stack or of the managed application that owns it, or run it as somebody who is`
    : `have \`${name}\` changed by its owner, or run keyturn as somebody whom it does not name`;
}

function list(words: readonly string[]): string {
  return words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} or ${words.at(-1) ?? ''}`;
}

function sparing({ vault, subscription }: VaultSetting, told: ReadonlySet<string>, subject: string): readonly Finding[] {
  return itemsRead(subscription.denyAssignments)
    .filter((deny) => !told.has(deny.id.toLowerCase()) && refusesOthers(deny))
    .filter((deny) =>
      deny.doNotApplyToChildScopes ? deny.scope === vault.scope : scopeReaches(deny.scope, vault.scope, subscription.managementGroups),
    )
    .map((deny): Finding => {
      const name = deny.name === '' ? deny.id : deny.name;
      const message = `the deny assignment \`${name}\` refuses changes of the vault to everybody but a few, and spares you`;
      return { severity: 'note', code: 'PLN-DENY-CONTROL', subject, facts: { message, remedy: 'apply the plan as the same identity' }};
    })
    .sort((a, b) => compareText(a.message, b.message));
}

function refusesOthers({ auditOnly, principals, permissions }: DenyAssignment): boolean {
  if (auditOnly || !principals.includes(everyone)) return false;
  return permissions.some((block) => controlActions.some((action) => blockGives(block, 'control', action)));
}
