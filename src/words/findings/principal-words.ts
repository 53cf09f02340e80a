import type { principalFacts } from '../../model/finding-facts.ts';
import { asSaid, type WordsFor } from './words-for.ts';

export const principalWords: WordsFor<typeof principalFacts> = {
  'PRN-APPLICATION-ID': asSaid,
  'PRN-APPLICATION-OBJECT': asSaid,
  'PRN-COMPOUND': asSaid,
  'PRN-DELETED': asSaid,
  'PRN-FOREIGN-TENANT': asSaid,
  'PRN-GROUP-DYNAMIC': asSaid,
  'PRN-GROUP-NOT-SECURITY': asSaid,
  'PRN-GUEST': asSaid,
  'PRN-NO-PRINCIPAL': asSaid,
  'PRN-UNRESOLVED': asSaid,
};
