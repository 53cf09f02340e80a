import type { Guid } from '../../base/guid.ts';
import type { Estate } from '../../model/estate.ts';

const groupTypes = ['', 'group', 'foreigngroup'];

/** False only for what is surely no group; `Unknown` is Azure's word for a principal that is gone (EA-32). */
export function mayBeGroup(principal: Guid, declaredType: string, { principals }: Pick<Estate, 'principals'>): boolean {
  const kind = principals.get(principal)?.kind;
  if (kind !== undefined && kind !== 'unresolved') return kind === 'group';
  return groupTypes.includes(declaredType.toLowerCase());
}

/** Rows may disagree on what a principal is: one that any of them lets be a group may be one, in whatever order they come. */
export function declaredTypeOf(types: readonly string[]): string {
  return types.find((type) => groupTypes.includes(type.toLowerCase())) ?? types[0] ?? '';
}
