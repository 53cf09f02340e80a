import type { Answer } from '../../access/answer.ts';
import type { OperatorRights } from '../../access/operator-rights.ts';
import { vaultFindings } from '../../checks/vault-findings.ts';
import type { AssignStep, RoleStep } from '../../formats/plan.ts';
import type { Finding } from '../../model/finding.ts';
import type { FindingCode } from '../../model/finding-facts.ts';
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
    ...operatorFinding(setting, 'PLN-OPERATOR-FLIP', 'change the permission model', rights.canFlip),
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
  const assigning = [...kinds.values()].flatMap((step) =>
    operatorFinding(setting, 'PLN-OPERATOR-ASSIGN', `assign \`${step.roleName}\``, assignRight(step, rights)),
  );
  return [
    ...(roles.length === 0
      ? []
      : operatorFinding(setting, 'PLN-OPERATOR-ROLE', 'make custom roles in the subscription', rights.canDefineRoles())),
    ...assigning,
    ...denyFindings(setting, rights, roles, steps),
    ...policyFindings([...roles, ...steps], setting.subscription, setting.vault.id),
  ];
}

function operatorFinding({ vault }: VaultSetting, code: FindingCode, what: string, answer: Answer): readonly Finding[] {
  // What a deny assignment keeps from the operator is told of it, once.
  if (answer.deniedBy !== undefined) return [];
  const remedy = 'ask someone with the rights to apply it: Owner, or User Access Administrator together with Key Vault Contributor';
  const said = (message: string): readonly Finding[] => [{ severity: 'warning', code, subject: vault.id, facts: { message, remedy } }];
  switch (answer.state) {
    case 'yes':
      return answer.until === undefined ? [] : said(`your right to ${what} ends ${answer.until}; after that you cannot go back`);
    case 'no':
      return said(`you may not ${what} here: ${answer.because}`);
    case 'unknown':
      return said(`could not determine whether you may ${what} here: ${answer.because}`);
  }
}
