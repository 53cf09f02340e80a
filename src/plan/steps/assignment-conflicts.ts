import { guidAtEnd, parseGuid } from '../../base/guid.ts';
import type { AssignStep } from '../../formats/plan.ts';
import { type CandidateSet, candidateSet } from '../../mapping/candidate-set.ts';
import type { Catalogue } from '../../model/catalogue.ts';
import { entrySubject } from '../../model/entry-standing.ts';
import type { SubscriptionFacts } from '../../model/estate.ts';
import { type Finding, type FindingSubject, finding } from '../../model/finding.ts';
import type { FindingFacts } from '../../model/finding-facts.ts';
import type { RoleAssignment } from '../../model/role.ts';
import { parseScope, type Scope } from '../../model/scope.ts';
import { bearsOurName } from '../bears-our-name.ts';
import { subscriptionIndex } from '../subscription-index.ts';

/**
 * Azure keeps one assignment for a role, principal and scope, whatever its condition: a second one cannot stand beside it, so each
 * such step is a blocker that names the one that stands and what it limits.
 */
export function conflictFindings(steps: readonly AssignStep[], live: SubscriptionFacts, vaultId: string): readonly Finding[] {
  const index = subscriptionIndex(live);
  return steps.flatMap((step): readonly Finding[] => {
    const [scope, role, principal] = [parseScope(step.scope), guidAtEnd(step.roleDefinitionId), parseGuid(step.principalId)];
    if (scope === undefined || role === undefined || principal === undefined) return [];
    const other = index.assignmentFor({ scope, roleDefinitionId: role, principalId: principal });
    if (other === undefined || other.condition === step.condition) return [];
    const facts = {
      standing: limited(step.roleName, other),
      ...(step.condition !== undefined && { planned: step.condition }),
      ours: bearsOurName(other),
    };
    return [finding('blocker', 'PLN-CONFLICT', entrySubject(vaultId, { objectId: principal }), facts)];
  });
}

function limited(roleName: string, { id, scope, condition }: RoleAssignment): FindingFacts['PLN-CONFLICT']['standing'] {
  return { roleName, scope, assignmentId: guidAtEnd(id) ?? id, ...(condition !== undefined && { condition }) };
}

/** Roles that the principal has at the vault under a condition: without one they cannot be assigned beside it. */
export function limitedRoles(principalId: string, vault: Scope, subscription: SubscriptionFacts): readonly RoleAssignment[] {
  return subscriptionIndex(subscription)
    .assignmentsOf(principalId)
    .filter((one) => one.scope === vault && one.condition !== undefined);
}

/** What can be chosen from without those roles. */
export function candidatesWithout(limited: readonly RoleAssignment[], candidates: CandidateSet, catalogue: Catalogue): CandidateSet {
  const taken = new Set<string>(limited.map((one) => one.roleDefinitionId));
  const free = candidates.roles.map(({ role }) => role).filter((role) => !taken.has(role.id));
  return { ...candidateSet(free, catalogue), ...(candidates.asKnown !== undefined && { asKnown: candidates.asKnown }) };
}

/** Told where other roles were chosen because of it. */
export function avoidedFindings(
  avoided: readonly RoleAssignment[],
  roleName: (id: string) => string,
  subject: FindingSubject,
): readonly Finding[] {
  return avoided.map((one) =>
    finding('warning', 'PLN-CONFLICT-AVOIDED', subject, { standing: limited(roleName(one.roleDefinitionId), one) }),
  );
}
