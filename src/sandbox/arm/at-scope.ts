import { reaches } from '../evaluator/reach.ts';
import { placeOf, samePlace } from '../readers/place.ts';
import type { TenantState } from '../state.ts';

/** `all`: at, above and below the scope; `above`: at and above; `here`: at the scope alone. */
export type Reach = 'all' | 'above' | 'here';

/** Which things that hang on scopes a list at `scope` shows (EA-44). */
export function shownAt(state: Pick<TenantState, 'subscriptions'>, scope: string, reach: Reach): (itemScope: string) => boolean {
  const at = placeOf(scope);
  return (raw) => {
    const item = placeOf(raw);
    if (at === undefined || item === undefined) return false;
    if (reach === 'here') return samePlace(item, at);
    return reaches(state, item, at) || (reach === 'all' && reaches(state, at, item));
  };
}

/** The scope that a thing of Microsoft.Authorization hangs on, from its own id. */
export function scopeOfId(id: string): string {
  return id.replace(/\/providers\/[^/]+\/[^/]+\/[^/]+\/?$/i, '');
}

export function sameScope(a: string, b: string): boolean {
  const [left, right] = [placeOf(a), placeOf(b)];
  return left !== undefined && right !== undefined && samePlace(left, right);
}
