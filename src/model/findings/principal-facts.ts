import { said } from './parts.ts';

/** What is said of the security principals that entries name. Each code with the facts that its words are made of. */
export const principalFacts = {
  'PRN-APPLICATION-ID': said,
  'PRN-APPLICATION-OBJECT': said,
  'PRN-COMPOUND': said,
  'PRN-DELETED': said,
  'PRN-FOREIGN-TENANT': said,
  'PRN-GROUP-DYNAMIC': said,
  'PRN-GROUP-NOT-SECURITY': said,
  'PRN-GUEST': said,
  'PRN-NO-PRINCIPAL': said,
  'PRN-UNRESOLVED': said,
};
