import { z } from 'zod';

const texts = z.array(z.string()).readonly();
const nothing = z.strictObject({});
const evidence = z.enum(['documented', 'reported', 'unverified']);
/** Absent where the whole vault is meant: access to the objects or the secrets that a decision names. */
const onlyNamed = z.literal(true).exactOptional();

/** Names of roles. */
const ofRoles = z.strictObject({ roles: texts });
/** Names of data actions, in full. */
const ofActions = z.strictObject({ dataActions: texts });
/** As `secrets/get`, or as the words of the entry. */
const ofPermissions = z.strictObject({ permissions: texts });
const roleName = z.string();
/** A service of Microsoft's, with what it is said to need: any of the roles, or one made for it. */
const ofService = { service: z.string(), roles: texts, customRole: z.boolean(), roleEvidence: evidence };

/**
 * What is said of permissions and the roles chosen for them. Each code with the facts that its words are made of:
 * roles by their names, data actions in full.
 */
export const mappingFacts = {
  'MAP-BLANKS': ofPermissions,
  'MAP-CERTIFICATE-METADATA': nothing,
  'MAP-CERTIFICATE-SECRETS': ofRoles,
  'MAP-CONTROL-PLANE': z.strictObject({ roles: texts, patterns: texts }),
  'MAP-CUSTOM-DELETED': nothing,
  'MAP-CUSTOM-LIMIT': z.strictObject({ limit: z.number() }),
  'MAP-CUSTOM-ROLE': z.strictObject({ count: z.number() }),
  'MAP-EMPTY': nothing,
  'MAP-EXISTING-UNKNOWN': z.strictObject({ role: z.string() }),
  'MAP-LIST-LOST': ofPermissions,
  'MAP-NAME-CONDITION': nothing,
  'MAP-NEW-ACTION-ONLY': ofActions,
  'MAP-OBJECT-SCOPE': nothing,
  'MAP-OBJECT-UNSURE': ofActions,
  'MAP-OBJECT-WRITE': ofActions,
  'MAP-ONE-PERMISSION': z.strictObject({ permission: z.string(), roleName }),
  'MAP-OPERATOR-LIMIT': z.strictObject({ roles: texts, price: z.number(), chosenPrice: z.number() }),
  'MAP-PURGE': z.strictObject({ roles: texts, dataActions: texts, onlyNamed }),
  'MAP-ROLE-DRIFT': z.strictObject({
    roleName,
    /** Data actions that it gives now and did not. */
    came: texts,
    /** Patterns of data actions that this version does not know. */
    strange: texts,
    /** Data actions that it gives no more, or only under a condition. */
    gone: texts,
    /** Control-plane patterns that came. */
    controlPlane: texts,
    /** Roles that take its place, none where no others give all; absent where it is chosen as it is. */
    instead: texts.exactOptional(),
    /** Whether a person has to look at it before anything is done. */
    stops: z.boolean(),
  }),
  'MAP-ROLE-MISSING': z.strictObject({ roleName }),
  'MAP-ROLES-UNREAD': z.strictObject({ because: z.string(), asOf: z.string() }),
  'MAP-SECRET-VALUES': z.strictObject({ roles: texts, onlyNamed }),
  'MAP-SERVICE': z.strictObject({
    ...ofService,
    appIdEvidence: evidence,
    source: z.string(),
    note: z.string().exactOptional(),
  }),
  'MAP-SERVICE-ROLE': z.strictObject({ ...ofService, chosen: texts }),
  'MAP-STORAGE': ofPermissions,
  'MAP-TENANT-ROLE': ofRoles,
  'MAP-UNCOVERED': z.strictObject({
    dataActions: texts,
    /** Absent where roles may stand without a condition on names. */
    underCondition: z.literal(true).exactOptional(),
  }),
  'MAP-UNKNOWN-PERMISSION': z.strictObject({ permissions: texts, near: texts }),
};
