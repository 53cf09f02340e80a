import { z } from 'zod';

const nothing = z.strictObject({});
/** Why something could not be read, as it was answered. */
const unread = z.strictObject({ because: z.string() });
const lock = z.strictObject({ lock: z.string().describe('Resource id.') });

const policy = z.strictObject({
  assignment: z.string().describe('What it is called, or its id.'),
  definition: z.string().exactOptional().describe('What its definition is called, where that is something else.'),
});

/** Why nobody can tell what a policy assignment does to a vault. */
const doubt = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('definitionUnread'), because: z.string() }),
  z.strictObject({ kind: z.literal('enrollment') }),
  z.strictObject({ kind: z.literal('notWorkedOut') }),
]);
const against = z.enum(['refuses', 'undoes']);

/** What of an access policy entry cannot be understood. */
export const oddity = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('tenantId'), written: z.string() }),
  z.strictObject({ kind: z.literal('objectId'), written: z.string() }),
  z.strictObject({ kind: z.literal('category'), written: z.string() }),
  z.strictObject({ kind: z.literal('list'), category: z.enum(['keys', 'secrets', 'certificates', 'storage']) }),
  z.strictObject({ kind: z.literal('noPermissions') }),
  z.strictObject({ kind: z.literal('applicationId') }),
  z.strictObject({ kind: z.literal('letterCase') }),
]);

/** What is said of vaults, their surroundings and the tenant. Each code with the facts that its words are made of. */
export const inventoryFacts = {
  'INV-ALREADY-RBAC': nothing,
  'INV-CODE-TAG': z.strictObject({ tag: z.string(), value: z.string(), tool: z.string() }),
  'INV-DENY': z.strictObject({
    denyAssignment: z.string().describe('Its name, or its id.'),
    systemProtected: z.boolean(),
  }),
  'INV-DIAGNOSTICS-UNREAD': unread,
  'INV-ENTRY-ODD': oddity,
  'INV-FLAG-ODD': z.strictObject({ flag: z.string().describe('The value, as JSON.') }),
  'INV-LOCK-DELETE': lock,
  'INV-LOCK-READONLY': lock,
  'INV-NO-DIAGNOSTICS': nothing,
  'INV-NO-PIM': unread,
  'INV-NOT-SETTLED': z.strictObject({ provisioningState: z.string() }),
  'INV-PIM-GROUPS-UNREAD': z.strictObject({
    groups: z.array(z.string()).readonly().describe('Names, or ids where there is no name: the first few.'),
    more: z.number().describe('How many others there are.'),
    because: z.string(),
  }),
  'INV-POLICY-DENIES-FLIP': z.strictObject({ policy, does: z.enum(['refuses', 'undoes', 'clears']) }),
  'INV-POLICY-DENIES-ROLLBACK': z.discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('certain'), policy, does: against }),
    z.strictObject({ kind: z.literal('doubtful'), policy, does: against, doubt }),
    z.strictObject({ kind: z.literal('unread'), because: z.string() }),
  ]),
  'INV-POLICY-DENY': z.strictObject({
    policies: z.array(policy).readonly().describe('The first few.'),
    more: z.number().describe('How many others there are.'),
    doubt: doubt.describe('Of the first.'),
  }),
  'INV-POLICY-EXEMPT-ENDS': z.strictObject({ policy, until: z.string(), certain: z.boolean() }),
  'INV-POLICY-MODIFIES': z.strictObject({ policy, property: z.string(), certain: z.boolean() }),
  'INV-SERVICE-SWITCH': z.strictObject({
    switches: z.array(z.enum(['enabledForDeployment', 'enabledForTemplateDeployment', 'enabledForDiskEncryption'])).readonly(),
  }),
  'INV-STATE-UNSTATED': nothing,
  'INV-TENANT': z.union([
    z.strictObject({ vaultTenant: z.string(), subscriptionTenant: z.string() }),
    z.strictObject({ vaultTenant: z.string(), signedInTo: z.string() }),
  ]),
  'INV-UNREAD': z.strictObject({
    list: z.enum(['roleAssignments', 'roleDefinitions', 'denyAssignments', 'activeInstances', 'eligibleInstances', 'locks']),
    because: z.string(),
  }),
};
