import { parseScope, rootScope } from '../model/scope.ts';
import { principalKind } from '../words/principal-words.ts';
import { describeScope } from '../words/scope-words.ts';
import type { Review } from './review.ts';

/** What the places of a review are called, in sentences; raw, as all text of a review. */
export function reviewNames({ principals, roles }: Pick<Review, 'principals' | 'roles'>) {
  return {
    /** Name, kind and id, which tells apart those of one name. */
    principal(at: number): string {
      const one = principals[at];
      if (one === undefined) return '';
      const { id, kind, name, appId } = one;
      const known = name.trim() === '' ? [principalKind(kind)] : [principalKind(kind), id];
      return `${name.trim() === '' ? id : name} (${[...known, ...(appId === undefined ? [] : [`application ${appId}`])].join(', ')})`;
    },
    role: (at: number): string => roles[at]?.name ?? '',
  };
}

/** At a vault itself, or where else an assignment stands. */
export function whereOf(scope: string | undefined, vaultId: string): string {
  if (scope === undefined || scope.toLowerCase() === vaultId.toLowerCase()) return 'at this vault';
  return describeScope(parseScope(scope) ?? rootScope);
}

export function countWords(count: number, one: string, many = `${one}s`): string {
  return `${String(count).replace(/\B(?=(\d{3})+$)/g, ',')} ${count === 1 ? one : many}`;
}
