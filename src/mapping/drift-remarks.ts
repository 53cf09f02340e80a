import type { Remark, Severity } from '../model/finding.ts';
import type { CandidateSet } from './candidate-set.ts';
import { chooseRoles } from './choose-roles.ts';
import { type ActionIndex, type ActionSet, minus, overlap, union } from './cover/action-set.ts';
import type { RoleDrift } from './cover/role-drift.ts';
import type { RoleChoice } from './role-choice.ts';

interface DriftMatter {
  readonly required: readonly string[];
  readonly held: readonly string[];
  readonly candidates: CandidateSet;
}

/**
 * What Azure has changed in the roles of a choice, and in those that would be chosen had nothing changed (EA-18). It stops the
 * vault only where something risky or unknown came that the entry does not have, or where something that it needs is gone.
 */
export function remarksOnDrift(choice: RoleChoice, matter: DriftMatter): readonly Remark[] {
  const { required, held, candidates } = matter;
  if (candidates.asKnown === undefined) return [];
  const { drifts, candidates: known } = candidates.asKnown;
  const before = chooseRoles({ required, held, candidates: known });
  const replaced = drifts.filter(({ id }) => isIn(before, id) && !isIn(choice, id));
  return [...replaced.map((drift) => replacedRemark(drift, choice, matter)), ...remarksOnExtended(choice, candidates)];
}

/** What came to the roles that are chosen. It is all there is to say of those on single objects or under a condition. */
export function remarksOnExtended(choice: Pick<RoleChoice, 'roles' | 'excess'>, { asKnown, index }: CandidateSet): readonly Remark[] {
  const excess = index.setOf(choice.excess.map(({ dataAction }) => dataAction));
  const used = (asKnown?.drifts ?? []).filter(({ id }) => isIn(choice, id));
  return used.map((drift): Remark => {
    const gained = overlap(index.setOf(drift.came), excess);
    if (isRisky(gained, drift, index)) return driftRemark('blocker', drift);
    return driftRemark(isEmpty(gained) && drift.controlPlane.length === 0 ? 'note' : 'warning', drift);
  });
}

/** A role that would be the choice, had it not changed: others take its place, if any can. */
function replacedRemark(drift: RoleDrift, { roles, uncovered }: RoleChoice, { required, held, candidates }: DriftMatter): Remark {
  const { index } = candidates;
  const free = union([index.setOf(required), index.setOf(held)]);
  const lost = overlap(index.setOf(drift.gone), minus(index.setOf(required), index.setOf(held)));
  const instead = uncovered.length > 0 ? [] : roles.map(({ name }) => name);
  const stops = !isEmpty(lost) || isRisky(minus(index.setOf(drift.came), free), drift, index);
  return driftRemark(stops ? 'blocker' : 'warning', drift, { instead });
}

function driftRemark(severity: Severity, drift: RoleDrift, more: { readonly instead?: readonly string[] } = {}): Remark {
  const { name, came, strange, gone, controlPlane } = drift;
  return [severity, 'MAP-ROLE-DRIFT', { roleName: name, came, strange, gone, controlPlane, ...more, stops: severity === 'blocker' }];
}

function isRisky(gained: ActionSet, { strange }: RoleDrift, index: ActionIndex): boolean {
  return strange.length > 0 || index.actionsOf(minus(gained, index.idle)).some(({ tier }) => tier === 'A' || tier === 'B');
}

function isIn({ roles }: Pick<RoleChoice, 'roles'>, id: string): boolean {
  return roles.some((role) => role.id === id);
}

function isEmpty({ low, high }: ActionSet): boolean {
  return low === 0 && high === 0;
}
