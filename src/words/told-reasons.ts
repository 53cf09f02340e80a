import type { Reason } from '../model/reason.ts';
import { reasonsInWords } from './reason-words.ts';

/** Reasons as JSON gives them: the text that a person reads and, where there is one, the same as data. */
export interface ToldReasons {
  readonly because: string;
  readonly reasons?: readonly Reason[];
}

export function toldReasons(reasons: readonly Reason[]): ToldReasons {
  return { because: reasonsInWords(reasons), ...(reasons.length > 0 && { reasons }) };
}
