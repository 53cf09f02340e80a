import { compareText } from '../../base/compare-text.ts';
import type { AssignStep, RoleStep } from '../../formats/plan.ts';
import { judgeRemoval, judgeWrite } from '../../governance/judge-write.ts';
import type { PolicyRuling, PolicyWrite } from '../../governance/ruling.ts';
import { authorizationWrite } from '../../governance/writes.ts';
import type { SubscriptionFacts } from '../../model/estate.ts';
import type { Finding } from '../../model/finding.ts';

type PlannedStep = AssignStep | RoleStep;

/** What a rule of Azure Policy does to steps of a plan. */
interface StepRuling {
  readonly assignment: string;
  readonly does: 'refuses' | 'keeps';
  readonly certain: boolean;
  readonly steps: readonly PlannedStep[];
}

/** Rules that refuse the creation of what a plan asks for, or keep a rollback from removing it. Each assignment of a policy once. */
function rulings(steps: readonly PlannedStep[], subscription: SubscriptionFacts): readonly StepRuling[] {
  const found = new Map<string, { readonly ruling: Omit<StepRuling, 'steps'>; readonly steps: PlannedStep[] }>();
  const note = (step: PlannedStep, does: StepRuling['does'], { clause, certain }: PolicyRuling) => {
    const { id, displayName } = clause.assignment;
    const key = JSON.stringify([id, does, certain]);
    const known = found.get(key) ?? { ruling: { assignment: displayName === '' ? id : displayName, does, certain }, steps: [] };
    if (!known.steps.includes(step)) known.steps.push(step);
    found.set(key, known);
  };
  for (const step of steps) {
    const write = writeOf(step);
    for (const one of judgeWrite(write, subscription))
      if (one.does === 'refuses' && one.exemptUntil === undefined) note(step, 'refuses', one);
    for (const one of judgeRemoval(write, subscription)) if (one.certain) note(step, 'keeps', one);
  }
  return [...found.values()].map(({ ruling, steps: ruled }) => ({ ...ruling, steps: ruled }));
}

function writeOf(step: PlannedStep): PolicyWrite {
  const { name, scope } = step;
  if (step.kind === 'ensureRoleDefinition') {
    const permissions = [{ actions: [], notActions: [], dataActions: step.dataActions, notDataActions: [] }];
    const properties = { roleName: step.roleName, type: 'CustomRole', permissions, assignableScopes: [scope] };
    return authorizationWrite('roleDefinitions', { id: step.undo.roleDefinitionId, name, properties });
  }
  const { principalId, principalType, condition } = step;
  const subscription = /^\/*subscriptions\/+[^/]+/i.exec(scope)?.[0] ?? '';
  const roleDefinitionId = `${subscription}/providers/Microsoft.Authorization/roleDefinitions/${step.roleDefinitionId}`;
  const under = condition === undefined ? {} : { condition, conditionVersion: '2.0' };
  const properties = { roleDefinitionId, principalId, principalType, ...under };
  return authorizationWrite('roleAssignments', { id: step.undo.assignmentId, name, properties });
}

/** What to know of Azure Policy before staging. */
export function policyFindings(steps: readonly PlannedStep[], subscription: SubscriptionFacts, subject: string): readonly Finding[] {
  return rulings(steps, subscription).map(({ assignment, does, certain, steps: ruled }): Finding => {
    const what = shown(ruled);
    const who = `the policy assignment \`${assignment}\``;
    if (does === 'keeps') {
      const message = `${who} refuses the removal of ${what}: a rollback could not remove what it made`;
      return { severity: 'warning', code: 'PLN-POLICY-KEEPS', subject, facts: { message, remedy: 'know that they stay after a rollback' }};
    }
    const remedy = 'exempt the vault from it, or decide for roles and principals that it allows, then plan again';
    return certain
      ? { severity: 'blocker', code: 'PLN-POLICY-DENIES', subject, facts: { message: `${who} refuses ${what}`, remedy } }
      : { severity: 'warning', code: 'PLN-POLICY-DENY', subject, facts: { message: `${who} may refuse ${what}`, remedy } };
  });
}

const mostNamed = 3;

function shown(steps: readonly PlannedStep[]): string {
  const names = [...new Set(steps.map(({ roleName }) => `\`${roleName}\``))].sort(compareText);
  const more = names.length > mostNamed ? ` and ${names.length - mostNamed} more` : '';
  const kind = steps.every((step) => step.kind === 'ensureRoleDefinition') ? 'the custom role' : 'the assignment of';
  return `${kind} ${names.slice(0, mostNamed).join(', ')}${more}`;
}
