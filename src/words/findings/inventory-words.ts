import type { inventoryFacts } from '../../model/finding-facts.ts';
import { asSaid, type WordsFor } from './words-for.ts';

export const inventoryWords: WordsFor<typeof inventoryFacts> = {
  'INV-ALREADY-RBAC': asSaid,
  'INV-DENY': asSaid,
  'INV-DIAGNOSTICS-UNREAD': asSaid,
  'INV-ENTRY-ODD': asSaid,
  'INV-FLAG-ODD': asSaid,
  'INV-LOCK-DELETE': asSaid,
  'INV-LOCK-READONLY': asSaid,
  'INV-NO-DIAGNOSTICS': asSaid,
  'INV-NO-PIM': asSaid,
  'INV-NOT-SETTLED': asSaid,
  'INV-PIM-GROUPS-UNREAD': asSaid,
  'INV-POLICY-DENIES-FLIP': asSaid,
  'INV-POLICY-DENIES-ROLLBACK': asSaid,
  'INV-POLICY-DENY': asSaid,
  'INV-POLICY-EXEMPT-ENDS': asSaid,
  'INV-POLICY-MODIFIES': asSaid,
  'INV-SERVICE-SWITCH': asSaid,
  'INV-STATE-UNSTATED': asSaid,
  'INV-TENANT': asSaid,
  'INV-UNREAD': asSaid,
};
