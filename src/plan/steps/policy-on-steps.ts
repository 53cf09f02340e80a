import { compareText } from '../../base/compare-text.ts';
import type { AssignStep, RoleStep } from '../../formats/plan.ts';
import { hasPolicies, judgeRemoval, judgeWrite } from '../../governance/judge-write.ts';
import type { PolicyRuling, PolicyWrite } from '../../governance/ruling.ts';
import { authorizationWrite } from '../../governance/writes.ts';
import type { SubscriptionFacts } from '../../model/estate.ts';
import { type Finding, type FindingSubject, finding } from '../../model/finding.ts';

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
  if (!hasPolicies(subscription)) return [];
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
export function policyFindings(
  steps: readonly PlannedStep[],
  subscription: SubscriptionFacts,
  subject: FindingSubject,
): readonly Finding[] {
  return rulings(steps, subscription).map(({ assignment, does, certain, steps: ruled }): Finding => {
    const facts = {
      policyAssignment: assignment,
      what: ruled.every((step) => step.kind === 'ensureRoleDefinition') ? ('customRoles' as const) : ('assignments' as const),
      roleNames: [...new Set(ruled.map(({ roleName }) => roleName))].sort(compareText),
    };
    if (does === 'keeps') return finding('warning', 'PLN-POLICY-KEEPS', subject, facts);
    return certain ? finding('blocker', 'PLN-POLICY-DENIES', subject, facts) : finding('warning', 'PLN-POLICY-DENY', subject, facts);
  });
}
