import type { JsonValue } from '../../base/json.ts';

/** True, false, or not to be told from what was read. */
export type Truth = boolean | 'unknown';

/** What a field, a parameter or an expression comes to; `unknown` where it cannot be worked out, undefined where nothing is there. */
export type Value = JsonValue | undefined | typeof unknown;
export const unknown = Symbol('unknown');

export function all(truths: readonly Truth[]): Truth {
  if (truths.includes(false)) return false;
  return truths.includes('unknown') ? 'unknown' : true;
}

export function some(truths: readonly Truth[]): Truth {
  if (truths.includes(true)) return true;
  return truths.includes('unknown') ? 'unknown' : false;
}

export function not(truth: Truth): Truth {
  return truth === 'unknown' ? 'unknown' : !truth;
}
