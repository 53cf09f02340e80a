import { z } from 'zod';

const nothing = z.strictObject({});

/** What an id is that stands where an object id belongs. */
export const otherId = z.strictObject({
  what: z.enum([
    'administrativeUnit',
    'allZero',
    'application',
    'device',
    'directoryRole',
    'mailContact',
    'organization',
    'role',
    'subscription',
    'tenant',
  ]),
  name: z.string().exactOptional(),
  servicePrincipal: z.string().exactOptional().describe('Object id of the one that an application has in the tenant.'),
});

/** Why nobody can say who somebody is, once the directory was asked. */
export const unresolved = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('absent') }),
  z.strictObject({ kind: z.literal('memberUnnamed') }),
  z.strictObject({ kind: z.literal('unsaid') }),
  z.strictObject({ kind: z.literal('otherType'), type: z.string() }),
  z.strictObject({ kind: z.literal('directoryUnread'), because: z.string() }),
  z.strictObject({ kind: z.literal('deletedUnread'), because: z.string() }),
]);

/** What is said of the security principals that entries name. Each code with the facts that its words are made of. */
export const principalFacts = {
  'PRN-APPLICATION-ID': otherId,
  'PRN-APPLICATION-OBJECT': z.strictObject({ applicationId: z.string() }),
  'PRN-COMPOUND': z.strictObject({ ownApplication: z.boolean().describe('Whether the application is that of the principal itself.') }),
  'PRN-DELETED': z.strictObject({ since: z.string().exactOptional() }),
  'PRN-FOREIGN-TENANT': z.strictObject({ tenant: z.string(), vaultTenant: z.string() }),
  'PRN-GROUP-DYNAMIC': nothing,
  'PRN-GROUP-NOT-SECURITY': nothing,
  'PRN-GUEST': nothing,
  'PRN-NO-PRINCIPAL': otherId,
  'PRN-UNRESOLVED': z.discriminatedUnion('kind', [z.strictObject({ kind: z.literal('notLookedUp') }), ...unresolved.options]),
};
