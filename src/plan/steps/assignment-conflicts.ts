import { triple } from '../../access/standing-assignment.ts';
import { guidAtEnd, parseGuid } from '../../base/guid.ts';
import { itemsRead } from '../../base/reading.ts';
import type { AssignStep } from '../../formats/plan.ts';
import { type CandidateSet, candidateSet } from '../../mapping/candidate-set.ts';
import type { Catalogue } from '../../model/catalogue.ts';
import { entrySubject } from '../../model/entry-standing.ts';
import type { SubscriptionFacts } from '../../model/estate.ts';
import type { Finding } from '../../model/finding.ts';
import type { RoleAssignment } from '../../model/role.ts';
import { parseScope, type Scope } from '../../model/scope.ts';
import { describeScope } from '../../words/scope-words.ts';
import { bearsOurName } from '../bears-our-name.ts';

/**
 * Azure keeps one assignment for a role, principal and scope, whatever its condition: a second one cannot stand beside it, so each
 * such step is a blocker that names the one that stands and what it limits.
 */
export function conflictFindings(steps: readonly AssignStep[], live: SubscriptionFacts, vaultId: string): readonly Finding[] {
  const standing = new Map(itemsRead(live.roleAssignments).map((one) => [triple(one), one]));
  return steps.flatMap((step): readonly Finding[] => {
    const [scope, role, principal] = [parseScope(step.scope), guidAtEnd(step.roleDefinitionId), parseGuid(step.principalId)];
    if (scope === undefined || role === undefined || principal === undefined) return [];
    const other = standing.get(triple({ scope, roleDefinitionId: role, principalId: principal }));
    if (other === undefined || other.condition === step.condition) return [];
    return [
      {
        severity: 'blocker',
        code: 'PLN-CONFLICT',
        subject: entrySubject(vaultId, { objectId: principal }),
        facts: { message: `${standsWords(step.roleName, other)}, and Azure keeps one assignment for a role, principal and scope: the one planned ${limitWords(step.condition)} cannot be made`,
        remedy: bearsOurName(other)
          ? `\`keyturn rollback ${vaultId.slice(vaultId.lastIndexOf('/') + 1)} --remove-assignments\` removes what an earlier plan made; then plan again`
          : `decide other roles for the entry (\`preferFewer\`, \`customRole\`, \`narrow\` or \`keepExisting\`), or have that assignment removed and plan again${other.condition === undefined ? '' : ', which undoes its limit'}` },
      },
    ];
  });
}

function standsWords(roleName: string, { id, scope, condition }: RoleAssignment): string {
  return `\`${roleName}\` ${describeScope(scope)} is assigned already ${limitWords(condition)} (assignment ${guidAtEnd(id) ?? id})`;
}

function limitWords(condition: string | undefined): string {
  return condition === undefined ? 'without a condition' : `under the condition \`${condition}\``;
}

/** Roles that the principal has at the vault under a condition: without one they cannot be assigned beside it. */
export function limitedRoles(principalId: string, vault: Scope, subscription: SubscriptionFacts): readonly RoleAssignment[] {
  return itemsRead(subscription.roleAssignments).filter(
    (one) => one.principalId === principalId && one.scope === vault && one.condition !== undefined,
  );
}

/** What can be chosen from without those roles. */
export function candidatesWithout(limited: readonly RoleAssignment[], candidates: CandidateSet, catalogue: Catalogue): CandidateSet {
  const taken = new Set<string>(limited.map((one) => one.roleDefinitionId));
  const free = candidates.roles.map(({ role }) => role).filter((role) => !taken.has(role.id));
  return { ...candidateSet(free, catalogue), ...(candidates.asKnown !== undefined && { asKnown: candidates.asKnown }) };
}

/** Told where other roles were chosen because of it. */
export function avoidedFindings(limited: readonly RoleAssignment[], roleName: (id: string) => string, subject: string): readonly Finding[] {
  return limited.map((one) => ({
    severity: 'warning',
    code: 'PLN-CONFLICT-AVOIDED',
    subject,
    facts: { message: `${standsWords(roleName(one.roleDefinitionId), one)}, and cannot be assigned a second time: other roles were chosen, which that condition does not limit`,
    remedy: 'if the limit is meant, decide `keepExisting` or `narrow` for the entry instead' },
  }));
}
