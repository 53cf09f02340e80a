import { z } from 'zod';
import { digestOf } from '../base/canonical-json.ts';
import { type Guid, parseGuid } from '../base/guid.ts';
import { type ObjectType, objectTypes } from './access-policy.ts';
import { actionMatches } from './data-action.ts';
import type { PermissionBlock } from './role.ts';
import { parseServiceIdentities, type ServiceIdentity } from './service-identities.ts';

/** How bad it is to hold a data action without need: A reads secret values or destroys for good, D is metadata. */
export type RiskTier = 'A' | 'B' | 'C' | 'D';
type Collection = 'secrets' | 'keys' | 'certificates';

export interface DataAction {
  readonly name: string;
  readonly tier: RiskTier;
  /** The kind of object it works on; absent for what belongs to the vault as a whole. */
  readonly collection?: Collection;
  /** Which resource Azure checks the call on (EA-14); both where the documents do not settle it. */
  readonly checkedAt: readonly ('vault' | 'object')[];
}

export interface BuiltInRole {
  readonly id: Guid;
  readonly name: string;
  /** Whether keyturn may propose it. */
  readonly candidate: boolean;
  readonly permissions: readonly PermissionBlock[];
}

/** What keyturn knows about Azure, read from `mappings/` and checked at load. */
export interface Catalogue {
  /** Digest of the files: a plan names the catalogue it was made with. */
  readonly digest: string;
  readonly asOf: string;
  readonly weights: Readonly<Record<RiskTier, number>>;
  readonly dataActions: readonly DataAction[];
  readonly roles: readonly BuiltInRole[];
  /** Data actions a legacy permission stands for; key is `secrets/get` in lower case. */
  readonly permissions: ReadonlyMap<string, readonly string[]>;
  /** What the word `all` stands for, per object type: everything but purge (LP-5). */
  readonly all: Readonly<Record<ObjectType, readonly string[]>>;
  /** Microsoft's own services that reach vaults, by application id. */
  readonly services: ReadonlyMap<Guid, ServiceIdentity>;
}

const guid = z.string().transform((raw, context): Guid => {
  const parsed = parseGuid(raw);
  if (parsed === undefined) context.addIssue(`\`${raw}\` is not a GUID`);
  return parsed ?? ('' as Guid);
});
const header = { formatVersion: z.literal(1), asOf: z.iso.date(), provenance: z.array(z.string()).min(1) };
const strings = z.array(z.string());
const tier = z.enum(['A', 'B', 'C', 'D']);

const dataActionsFile = z.strictObject({
  ...header,
  weights: z.strictObject({ A: z.number(), B: z.number(), C: z.number(), D: z.number() }),
  dataActions: z.array(
    z.strictObject({
      name: z.string().startsWith('Microsoft.KeyVault/vaults/'),
      tier,
      collection: z.enum(['secrets', 'keys', 'certificates']).exactOptional(),
      checkedAt: z.array(z.enum(['vault', 'object'])).min(1),
    }),
  ),
});
const rolesFile = z.strictObject({
  ...header,
  roles: z.array(
    z.strictObject({
      id: guid,
      name: z.string().min(1),
      candidate: z.boolean(),
      permissions: z.array(
        z.strictObject({
          actions: strings,
          notActions: strings,
          dataActions: strings,
          notDataActions: strings,
          condition: z.string().exactOptional(),
        }),
      ),
    }),
  ),
});
const permissionsFile = z.strictObject({
  ...header,
  all: z.strictObject({ keys: strings, secrets: strings, certificates: strings, storage: strings }),
  permissions: z.array(z.strictObject({ objectType: z.enum(objectTypes), permission: z.string().min(1), dataActions: strings.min(1) })),
});

export interface CatalogueFiles {
  readonly dataActions: unknown;
  readonly roles: unknown;
  readonly permissions: unknown;
  /** Without it no service is known; no choice of roles depends on it. */
  readonly services?: unknown;
}

/** @throws Error when the files are not what they should be, or name a data action that none of them declares. */
export function parseCatalogue(files: CatalogueFiles): Catalogue {
  const { dataActions, weights, asOf } = dataActionsFile.parse(files.dataActions);
  const { roles } = rolesFile.parse(files.roles);
  const { permissions, all } = permissionsFile.parse(files.permissions);
  const table = new Map(permissions.map((row) => [`${row.objectType}/${row.permission}`.toLowerCase(), row.dataActions]));
  const known = new Set(dataActions.map((action) => action.name));
  for (const action of permissions.flatMap((row) => row.dataActions)) {
    if (!known.has(action)) throw new Error(`permissions.json names the unknown data action \`${action}\``);
  }
  for (const pattern of roles.flatMap((role) => role.permissions.flatMap((block) => block.dataActions))) {
    if (!dataActions.some((action) => actionMatches(pattern, action.name))) throw new Error(`roles.json: \`${pattern}\` matches nothing`);
  }
  for (const type of objectTypes) {
    for (const word of all[type])
      if (!table.has(`${type}/${word}`.toLowerCase())) throw new Error(`permissions.json: all of ${type} names \`${word}\``);
  }
  const roleNames = new Set(roles.map((role) => role.name));
  const services = files.services === undefined ? new Map<Guid, ServiceIdentity>() : parseServiceIdentities(files.services, roleNames);
  return { digest: digestOf(files), asOf, weights, dataActions, roles, permissions: table, all, services };
}
