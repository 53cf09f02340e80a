import type { planFacts } from '../../model/finding-facts.ts';
import { asSaid, type WordsFor } from './words-for.ts';

export const planWords: WordsFor<typeof planFacts> = {
  'PLN-ACCEPTANCE-UNUSED': asSaid,
  'PLN-ALREADY-RBAC': asSaid,
  'PLN-CONFLICT': asSaid,
  'PLN-CONFLICT-AVOIDED': asSaid,
  'PLN-DECISION-ELSEWHERE': asSaid,
  'PLN-DENY-CONTROL': asSaid,
  'PLN-DOUBT': asSaid,
  'PLN-ELIGIBLE': asSaid,
  'PLN-GROUP-COVER': asSaid,
  'PLN-GROUP-ENDS': asSaid,
  'PLN-LEFT-OVER': asSaid,
  'PLN-LIMIT': asSaid,
  'PLN-OBJECTS-UNREAD': asSaid,
  'PLN-OPERATOR-ASSIGN': asSaid,
  'PLN-OPERATOR-FLIP': asSaid,
  'PLN-OPERATOR-ROLE': asSaid,
  'PLN-POLICY-DENIES': asSaid,
  'PLN-POLICY-DENY': asSaid,
  'PLN-POLICY-KEEPS': asSaid,
  'PLN-REPAIR': asSaid,
  'PLN-UNCOVERED': asSaid,
  'PLN-UNKNOWN': asSaid,
};
