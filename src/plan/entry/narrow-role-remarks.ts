import { compareText } from '../../base/compare-text.ts';
import type { CandidateSet } from '../../mapping/candidate-set.ts';
import { remarksOnExtended } from '../../mapping/drift-remarks.ts';
import type { RoleChoice } from '../../mapping/role-choice.ts';
import { shortAction } from '../../model/data-action.ts';
import type { Finding } from '../../model/finding.ts';
import type { FindingCode } from '../../model/finding-facts.ts';

/** A role that stands on an object or under a condition, with what it brings along there. */
export type NarrowRole = Pick<RoleChoice, 'roles' | 'excess' | 'controlPlane'>;

/** What roles bring along although they are limited: the control plane knows neither objects nor names of secrets. */
export function remarksOnNarrowRoles(choices: readonly NarrowRole[], candidates: CandidateSet, subject: string): readonly Finding[] {
  const say = (
    who: readonly NarrowRole[],
    severity: Finding['severity'],
    code: FindingCode,
    does: string,
    remedy: string,
  ): readonly Finding[] => (who.length === 0 ? [] : [{ severity, code, subject, facts: { message: `${named(who)} ${does}`, remedy } }]);
  const idle = new Set(candidates.index.namesOf(candidates.index.idle));
  const worst = ({ excess }: NarrowRole) =>
    excess.flatMap(({ tier, dataAction }) => (tier === 'A' && !idle.has(dataAction) ? [dataAction] : []));
  const purges = (choice: NarrowRole) => worst(choice).filter((name) => name.includes('/purge/'));
  const values = choices.filter((choice) => worst(choice).length > purges(choice).length);
  const purging = choices.filter((choice) => purges(choice).length > 0);
  const managing = choices.filter(({ controlPlane }) => controlPlane.length > 0);
  const gone = sorted(purging.flatMap(purges)).map(shortAction).join(', ');
  const patterns = sorted(managing.flatMap(({ controlPlane }) => controlPlane)).join(', ');
  const beside = 'which the access policy does not';
  const reads = `lets the principal read the value of what is named, ${beside}`;
  const destroys = `lets the principal destroy for good what is named (${gone}), ${beside}`;
  const manages = `also gives control-plane actions as soon as assigned, before the flip: ${patterns}`;
  return [
    ...choices.flatMap((choice) =>
      remarksOnExtended(choice, candidates).map(([severity, code, message, remedy]) => ({
        severity,
        code,
        subject,
        facts: { message, remedy },
      })),
    ),
    ...say(values, 'warning', 'MAP-SECRET-VALUES', reads, 'accept it knowingly, use a custom role, or drop what forces the role'),
    ...say(purging, 'warning', 'MAP-PURGE', destroys, 'turn purge protection on, use a custom role, or accept it knowingly'),
    ...say(managing, 'note', 'MAP-CONTROL-PLANE', manages, 'nothing to do'),
  ];
}

function named(choices: readonly NarrowRole[]): string {
  return sorted(choices.flatMap(({ roles }) => roles.map(({ name }) => `\`${name}\``))).join(' with ');
}

function sorted(texts: readonly string[]): readonly string[] {
  return [...new Set(texts)].sort(compareText);
}
