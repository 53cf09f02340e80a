import type { Truth } from '../condition.ts';

// Kleene's logic: unknown stays unknown unless another value decides alone.

export function all(truths: readonly Truth[]): Truth {
  if (truths.includes(false)) return false;
  return truths.includes('unknown') ? 'unknown' : true;
}

export function some(truths: readonly Truth[]): Truth {
  return not(all(truths.map(not)));
}

export function not(truth: Truth): Truth {
  return truth === 'unknown' ? 'unknown' : !truth;
}
