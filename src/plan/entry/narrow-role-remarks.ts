import { compareText } from '../../base/compare-text.ts';
import type { CandidateSet } from '../../mapping/candidate-set.ts';
import { remarksOnExtended } from '../../mapping/drift-remarks.ts';
import type { RoleChoice } from '../../mapping/role-choice.ts';
import type { Remark } from '../../model/finding.ts';

/** A role that stands on an object or under a condition, with what it brings along there. */
export type NarrowRole = Pick<RoleChoice, 'roles' | 'excess' | 'controlPlane'>;

/** What roles bring along although they are limited: the control plane knows neither objects nor names of secrets. */
export function remarksOnNarrowRoles(choices: readonly NarrowRole[], candidates: CandidateSet): readonly Remark[] {
  const idle = new Set(candidates.index.namesOf(candidates.index.idle));
  const worst = ({ excess }: NarrowRole) =>
    excess.flatMap(({ tier, dataAction }) => (tier === 'A' && !idle.has(dataAction) ? [dataAction] : []));
  const purges = (choice: NarrowRole) => worst(choice).filter((name) => name.includes('/purge/'));
  const values = choices.filter((choice) => worst(choice).length > purges(choice).length);
  const purging = choices.filter((choice) => purges(choice).length > 0);
  const managing = choices.filter(({ controlPlane }) => controlPlane.length > 0);
  const patterns = sorted(managing.flatMap(({ controlPlane }) => controlPlane));
  return [
    ...choices.flatMap((choice) => remarksOnExtended(choice, candidates)),
    ...about(values, (roles) => ['warning', 'MAP-SECRET-VALUES', { roles, onlyNamed: true }]),
    ...about(purging, (roles) => ['warning', 'MAP-PURGE', { roles, dataActions: sorted(purging.flatMap(purges)), onlyNamed: true }]),
    ...about(managing, (roles) => ['note', 'MAP-CONTROL-PLANE', { roles, patterns }]),
  ];
}

function about(choices: readonly NarrowRole[], remark: (roles: readonly string[]) => Remark): readonly Remark[] {
  return choices.length === 0 ? [] : [remark(sorted(choices.flatMap(({ roles }) => roles.map(({ name }) => name))))];
}

function sorted(texts: readonly string[]): readonly string[] {
  return [...new Set(texts)].sort(compareText);
}
