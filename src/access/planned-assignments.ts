import type { AccessFacts } from './access-facts.ts';
import { idKey, type StandingAssignment, triple } from './standing-assignment.ts';
import type { PlannedAssignment } from './vault-question.ts';

/** The plan's assignments, told apart by whether they are already among the facts. */
export interface PlannedStanding {
  /** Not there yet. */
  readonly missing: readonly StandingAssignment[];
  /** Ids of those that are there under the plan's own name, as `idKey` gives them. */
  readonly made: ReadonlySet<string>;
}

export function plannedStanding(planned: readonly PlannedAssignment[], facts: AccessFacts): PlannedStanding {
  const missing = new Map<string, StandingAssignment>();
  const made = new Set<string>();
  for (const one of planned) {
    const there = facts.byGrantee.get(one.principalId)?.get(one.scope) ?? [];
    const same = there.filter(({ assignment }) => sameGrant(assignment) === sameGrant(one));
    if (same.length === 0) missing.set(sameGrant(one), missingOne(one, facts));
    if (same.some(({ key }) => key === idKey(one.id))) made.add(idKey(one.id));
  }
  return { missing: [...missing.values()], made };
}

/** Under another condition, or under none, the same role gives something else. */
function sameGrant(assignment: Pick<PlannedAssignment, 'scope' | 'roleDefinitionId' | 'principalId' | 'condition'>): string {
  return `${triple(assignment)} ${assignment.condition ?? ''}`;
}

function missingOne(assignment: PlannedAssignment, { readCondition }: AccessFacts): StandingAssignment {
  const { id, condition } = assignment;
  return {
    assignment,
    key: idKey(id),
    term: { kind: 'lasting' },
    ...(condition !== undefined && { condition: readCondition(condition) }),
  };
}
