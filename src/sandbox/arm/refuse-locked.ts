import { reaches } from '../evaluator/reach.ts';
import { ServiceError } from '../exchange.ts';
import { readLock } from '../readers/lock.ts';
import { placeOf } from '../readers/place.ts';
import type { ArmContext } from './arm-context.ts';

/**
 * ReadOnly stops every change, CanNotDelete only deletes; both hold for everything below, role assignments included.
 * @param id what is written or deleted; its scope is judged
 * @throws ServiceError 409 that names the locked scopes
 */
export function refuseLocked({ state }: Pick<ArmContext, 'state'>, operation: 'write' | 'delete', id: string): void {
  const at = placeOf(id);
  if (at === undefined) return;
  const locked = [...state.locks.values()]
    .map(({ body }) => readLock(body))
    .filter(({ stops }) => stops === 'changes' || (operation === 'delete' && stops === 'deletes'))
    .filter((lock) => reaches(state, lock.place, at))
    .map((lock) => lock.id.replace(/\/providers\/microsoft\.authorization\/locks\/[^/]+$/i, ''));
  if (locked.length === 0) return;
  const scopes = [...new Set(locked)].join(',');
  const message = `The scope '${id}' cannot perform ${operation} operation because following scope(s) are locked: '${scopes}'. Please remove the lock and try again.`;
  throw new ServiceError(409, 'ScopeLocked', message, { headers: { 'x-ms-failure-cause': 'gateway' } });
}
