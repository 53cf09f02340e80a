import type { VaultPlan } from '../formats/plan.ts';
import type { MadeAlready } from '../plan/made-already.ts';

type Steps = VaultPlan['steps'];

/** `4 role assignments to make, 3 of them made already by keyturn`: shared steps count once. */
export function toMakeWords(steps: Steps, made: MadeAlready): string {
  const [assignments, roles] = [idsOf(steps, 'ensureRoleAssignment'), idsOf(steps, 'ensureRoleDefinition')];
  const words = `${counted(assignments.size, 'role assignment')}${roles.size === 0 ? '' : ` and ${counted(roles.size, 'custom role')}`} to make`;
  return [words, ...madeParts(assignments, roles, made)].join(', ');
}

/** What of a vault's steps keyturn has made already; empty where it has made none. */
export function madeLine(steps: Steps, made: MadeAlready): string {
  return steps.some((step) => made.has(step.id)) ? toMakeWords(steps, made) : '';
}

/** What is left to make, for a question; undefined where nothing is. */
export function leftToMake(steps: Steps, made: MadeAlready): string | undefined {
  const left = steps.filter((step) => !made.has(step.id));
  const [assignments, roles] = [idsOf(left, 'ensureRoleAssignment').size, idsOf(left, 'ensureRoleDefinition').size];
  if (assignments + roles === 0) return undefined;
  const parts = [
    ...(assignments > 0 ? [counted(assignments, 'role assignment')] : []),
    ...(roles > 0 ? [counted(roles, 'custom role')] : []),
  ];
  return parts.join(' and ');
}

function madeParts(assignments: ReadonlySet<string>, roles: ReadonlySet<string>, made: MadeAlready): readonly string[] {
  const count = (ids: ReadonlySet<string>) => [...ids].filter((id) => made.has(id)).length;
  const [assigned, defined] = [count(assignments), count(roles)];
  if (assigned + defined === 0) return [];
  const which =
    roles.size === 0
      ? `${assigned} of them`
      : [counted(assigned, 'role assignment'), ...(defined === 0 ? [] : [counted(defined, 'custom role')])].join(' and ');
  return [`${which} made already by keyturn`];
}

function idsOf(steps: Steps, kind: Steps[number]['kind']): ReadonlySet<string> {
  return new Set(steps.flatMap((step) => (step.kind === kind ? [step.id] : [])));
}

function counted(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? '' : 's'}`;
}
