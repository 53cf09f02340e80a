import { ServiceError } from '../exchange.ts';
import type { Attributes } from './vault-object.ts';

/** Uses that a key keeps beyond its time, so that what it protected can still be read. */
const afterTime: readonly string[] = ['decrypt', 'unwrapKey', 'verify'];

/** @throws ServiceError 403 when an object is disabled, or a key is used outside of its time. */
export function usable(label: 'Secret' | 'Key', attributes: Attributes, use: string, now: number): void {
  const refuse = (state: string, code: string) =>
    new ServiceError(403, 'Forbidden', `Operation ${use} is not allowed on ${state} ${label.toLowerCase()}.`, { innerCode: label + code });
  if (!attributes.enabled) throw refuse('a disabled', 'Disabled');
  if (afterTime.includes(use)) return;
  if (attributes.nbf !== undefined && attributes.nbf * 1000 > now) throw refuse('a not yet valid', 'NotYetValid');
  // An expired secret can still be read.
  if (label === 'Key' && attributes.exp !== undefined && attributes.exp * 1000 <= now) throw refuse('an expired', 'Expired');
}
