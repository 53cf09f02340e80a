import type { Severity } from '../model/finding.ts';
import type { FindingCode } from '../model/finding-facts.ts';
import type { CandidateSet } from './candidate-set.ts';
import { chooseRoles } from './choose-roles.ts';
import { type ActionIndex, type ActionSet, minus, overlap, union } from './cover/action-set.ts';
import { driftWords, type RoleDrift } from './cover/role-drift.ts';
import type { RoleChoice } from './role-choice.ts';

/** Severity, code, what is the case, what to do: all of a finding but whom it is about. */
export type Remark = readonly [severity: Severity, code: FindingCode, facts: { message: string, remedy: string }];

interface DriftMatter {
  readonly required: readonly string[];
  readonly held: readonly string[];
  readonly candidates: CandidateSet;
}

const code = 'MAP-ROLE-DRIFT';
const look = 'look at what changed; then accept it under `acceptances` in the decisions file, or decide for `customRole`';
const toKnow = 'nothing to do, but to know it';

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
    if (isRisky(gained, drift, index)) return ['blocker', code, changed(drift), look];
    return [isEmpty(gained) && drift.controlPlane.length === 0 ? 'note' : 'warning', code, changed(drift), toKnow];
  });
}

/** A role that would be the choice, had it not changed: others take its place, if any can. */
function replacedRemark(drift: RoleDrift, { roles, uncovered }: RoleChoice, { required, held, candidates }: DriftMatter): Remark {
  const { index } = candidates;
  const free = union([index.setOf(required), index.setOf(held)]);
  const lost = overlap(index.setOf(drift.gone), minus(index.setOf(required), index.setOf(held)));
  const instead = roles.map(({ name }) => `\`${name}\``).join(' with ');
  const now =
    roles.length === 0 || uncovered.length > 0
      ? 'and no other role gives all that the entry needs'
      : `so ${instead} would be assigned instead`;
  const stops = !isEmpty(lost) || isRisky(minus(index.setOf(drift.came), free), drift, index);
  return stops ? ['blocker', code, `${changed(drift)}, ${now}`, look] : ['warning', code, `${changed(drift)}, ${now}`, toKnow];
}

function changed(drift: RoleDrift): string {
  return `Azure has changed \`${drift.name}\` since this version of keyturn was made: ${driftWords(drift)}`;
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
