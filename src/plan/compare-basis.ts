import type { Basis } from './basis.ts';

/** What moved in one field since the plan was made. `reordered` means: the same lines in another order. */
export interface MovedField {
  readonly field: string;
  readonly gone: readonly string[];
  readonly came: readonly string[];
  readonly reordered: boolean;
}

/** Empty when the plan still stands. The permission model is judged apart: a flip of our own is no reason to refuse. */
export function compareBasis(planned: Basis, now: Basis): readonly MovedField[] {
  const names = [...new Set([...Object.keys(planned.fields), ...Object.keys(now.fields)])].sort();
  return names.flatMap((field) => {
    if (field === 'permissionModel') return [];
    const before = planned.fields[field] ?? [];
    const after = now.fields[field] ?? [];
    const gone = without(before, after);
    const came = without(after, before);
    const reordered = gone.length === 0 && came.length === 0 && before.some((line, at) => line !== after[at]);
    return gone.length > 0 || came.length > 0 || reordered ? [{ field, gone, came, reordered }] : [];
  });
}

/** The moved fields as the lines of a diff, each field under its name. */
export function movedLines(vaultName: string, moved: readonly MovedField[]): readonly string[] {
  return moved.flatMap(({ field, gone, came, reordered }) => [
    `@@ ${vaultName}: ${field}${reordered ? ' (the same lines in another order)' : ''}`,
    ...gone.map((line) => `- ${line}`),
    ...came.map((line) => `+ ${line}`),
  ]);
}

/** The lines of `a` that `b` has not, counting repeated ones. */
export function without(a: readonly string[], b: readonly string[]): readonly string[] {
  const left = new Map<string, number>();
  for (const line of b) left.set(line, (left.get(line) ?? 0) + 1);
  return a.filter((line) => {
    const count = left.get(line) ?? 0;
    left.set(line, count - 1);
    return count <= 0;
  });
}
