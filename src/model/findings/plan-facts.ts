import { said } from './parts.ts';

/** What is said of a plan. Each code with the facts that its words are made of. */
export const planFacts = {
  'PLN-ACCEPTANCE-UNUSED': said,
  'PLN-ALREADY-RBAC': said,
  'PLN-CONFLICT': said,
  'PLN-CONFLICT-AVOIDED': said,
  'PLN-DECISION-ELSEWHERE': said,
  'PLN-DENY-CONTROL': said,
  'PLN-DOUBT': said,
  'PLN-ELIGIBLE': said,
  'PLN-GROUP-COVER': said,
  'PLN-GROUP-ENDS': said,
  'PLN-LEFT-OVER': said,
  'PLN-LIMIT': said,
  'PLN-OBJECTS-UNREAD': said,
  'PLN-OPERATOR-ASSIGN': said,
  'PLN-OPERATOR-FLIP': said,
  'PLN-OPERATOR-ROLE': said,
  'PLN-POLICY-DENIES': said,
  'PLN-POLICY-DENY': said,
  'PLN-POLICY-KEEPS': said,
  'PLN-REPAIR': said,
  'PLN-UNCOVERED': said,
  'PLN-UNKNOWN': said,
};
