import { guidAtEnd } from '../../base/guid.ts';
import { itemsRead } from '../../base/reading.ts';
import type { AssignStep } from '../../formats/plan.ts';
import { entrySubject } from '../../model/entry-standing.ts';
import type { Estate, SubscriptionFacts } from '../../model/estate.ts';
import { type Finding, finding } from '../../model/finding.ts';
import type { RoleAssignment } from '../../model/role.ts';
import type { Vault } from '../../model/vault.ts';
import { ourAssignmentsAt } from '../bears-our-name.ts';
import { plannedAs } from '../own-work.ts';

/** Our assignments at the vault that the steps do not ask for: an earlier plan made them, or one with other decisions. */
export function leftOverAt(vault: Pick<Vault, 'scope'>, live: SubscriptionFacts, steps: readonly AssignStep[]): readonly RoleAssignment[] {
  const ours = ourAssignmentsAt(vault.scope, live);
  if (ours.length === 0) return [];
  const isPlanned = plannedAs(steps);
  return ours.filter((assignment) => !isPlanned(assignment));
}

interface Surroundings {
  readonly vault: Vault;
  readonly live: SubscriptionFacts;
  readonly estate: Pick<Estate, 'principals'>;
}

/** What is left over gives its access at the flip like any other assignment, and is ours to remove. */
export function leftOverFindings(leftOver: readonly RoleAssignment[], { vault, live, estate }: Surroundings): readonly Finding[] {
  const roles = new Map(itemsRead(live.roleDefinitions).map((role) => [role.id, role.name]));
  return leftOver.map(({ id, principalId, roleDefinitionId, scope, condition }) => {
    const principal = estate.principals.get(principalId);
    const principalName = principal === undefined || principal.kind === 'unresolved' ? '' : principal.displayName;
    return finding('warning', 'PLN-LEFT-OVER', entrySubject(vault.id, { objectId: principalId }), {
      roleName: roles.get(roleDefinitionId) ?? roleDefinitionId,
      ...(principalName !== '' && { principalName }),
      scope,
      underCondition: condition !== undefined,
      assignmentId: guidAtEnd(id) ?? id,
    });
  });
}
