import { said } from './parts.ts';

/** What is said of vaults, their surroundings and the tenant. Each code with the facts that its words are made of. */
export const inventoryFacts = {
  'INV-ALREADY-RBAC': said,
  'INV-DENY': said,
  'INV-DIAGNOSTICS-UNREAD': said,
  'INV-ENTRY-ODD': said,
  'INV-FLAG-ODD': said,
  'INV-LOCK-DELETE': said,
  'INV-LOCK-READONLY': said,
  'INV-NO-DIAGNOSTICS': said,
  'INV-NO-PIM': said,
  'INV-NOT-SETTLED': said,
  'INV-PIM-GROUPS-UNREAD': said,
  'INV-POLICY-DENIES-FLIP': said,
  'INV-POLICY-DENIES-ROLLBACK': said,
  'INV-POLICY-DENY': said,
  'INV-POLICY-EXEMPT-ENDS': said,
  'INV-POLICY-MODIFIES': said,
  'INV-SERVICE-SWITCH': said,
  'INV-STATE-UNSTATED': said,
  'INV-TENANT': said,
  'INV-UNREAD': said,
};
