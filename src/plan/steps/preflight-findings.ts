import type { Answer } from '../../access/answer.ts';
import type { OperatorRights } from '../../access/operator-rights.ts';
import { vaultFindings } from '../../checks/vault-findings.ts';
import type { AssignStep, RoleStep } from '../../formats/plan.ts';
import { type Finding, finding } from '../../model/finding.ts';
import type { FindingFacts } from '../../model/finding-facts.ts';
import { assignRight } from '../assign-right.ts';
import { denyFindings } from '../deny-findings.ts';
import type { VaultSetting } from '../vault-setting.ts';
import { policyFindings } from './policy-on-steps.ts';

/**
 * What would stop the run half-way, or the way back, found before the first write. What the operator may not do is a
 * warning here, since a plan may be made by one and applied by another; applying it refuses before it writes.
 */
export function preflightFindings(
  setting: VaultSetting,
  rights: OperatorRights,
  roles: readonly RoleStep[],
  steps: readonly AssignStep[],
): readonly Finding[] {
  const { vaultFacts, estate } = setting;
  return [
    ...vaultFindings(vaultFacts, estate),
    ...operatorFacts(rights.canFlip).map((facts) => finding('warning', 'PLN-OPERATOR-FLIP', { vault: setting.vault.id }, facts)),
    ...makingFindings(setting, rights, roles, steps),
  ];
}

/** What the operator may not make of what is planned, and what nobody may. */
export function makingFindings(
  setting: VaultSetting,
  rights: OperatorRights,
  roles: readonly RoleStep[],
  steps: readonly AssignStep[],
): readonly Finding[] {
  const kinds = new Map(steps.map((step) => [`${step.roleDefinitionId} ${step.principalType}`, step]));
  const subject = { vault: setting.vault.id };
  const assigning = [...kinds.values()].flatMap((step) =>
    operatorFacts(assignRight(step, rights)).map((facts) =>
      finding('warning', 'PLN-OPERATOR-ASSIGN', subject, { ...facts, roleName: step.roleName }),
    ),
  );
  const defining = roles.length === 0 ? [] : operatorFacts(rights.canDefineRoles());
  return [
    ...defining.map((facts) => finding('warning', 'PLN-OPERATOR-ROLE', subject, facts)),
    ...assigning,
    ...denyFindings(setting, rights, roles, steps),
    ...policyFindings([...roles, ...steps], setting.subscription, subject),
  ];
}

/** What to know of a right of the operator; what a deny assignment keeps from them is told of it, once. */
function operatorFacts({ deniedBy, state, until, because }: Answer): readonly FindingFacts['PLN-OPERATOR-FLIP'][] {
  if (deniedBy !== undefined || (state === 'yes' && until === undefined)) return [];
  return [state === 'yes' ? { state: 'ends', ...(until !== undefined && { until }) } : { state, because }];
}
