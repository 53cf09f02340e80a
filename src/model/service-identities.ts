import { z } from 'zod';
import { type Guid, parseGuid } from '../base/guid.ts';

/** How well something is known: read at Microsoft, said by users or support in public, or neither. */
type Evidence = 'documented' | 'reported' | 'unverified';

/** A service of Microsoft's that reaches vaults as a service principal of the tenant, told by its application id. */
export interface ServiceIdentity {
  readonly service: string;
  /** Where its application id is known to be this one. */
  readonly clouds: readonly ('public' | 'usgov' | 'china')[];
  readonly appId: Guid;
  readonly appIdEvidence: Evidence;
  /** Names of the roles that it is said to need; empty when only a custom role is named, or nothing at all. */
  readonly roles: readonly string[];
  /** The source names a custom role, instead of the roles or beside them. */
  readonly customRole: boolean;
  readonly roleEvidence: Evidence;
  readonly source: string;
  readonly note?: string;
}

const evidence = z.enum(['documented', 'reported', 'unverified']);
const servicesFile = z.strictObject({
  formatVersion: z.literal(1),
  asOf: z.iso.date(),
  provenance: z.array(z.string()).min(1),
  services: z.array(
    z.strictObject({
      service: z.string().min(1),
      clouds: z.array(z.enum(['public', 'usgov', 'china'])).min(1),
      appId: z.string().refine((raw) => parseGuid(raw) !== undefined, 'is not a GUID'),
      appIdEvidence: evidence,
      roles: z.array(z.string()),
      customRole: z.literal(true).exactOptional(),
      roleEvidence: evidence,
      source: z.string().min(1),
      note: z.string().min(1).exactOptional(),
    }),
  ),
});

/**
 * Known service identities by application id.
 * @throws Error when the file is not what it should be, names a role that `roleNames` lacks, or one application twice.
 */
export function parseServiceIdentities(file: unknown, roleNames: ReadonlySet<string>): ReadonlyMap<Guid, ServiceIdentity> {
  const byAppId = new Map<Guid, ServiceIdentity>();
  for (const row of servicesFile.parse(file).services) {
    const appId = parseGuid(row.appId);
    const stranger = row.roles.find((name) => !roleNames.has(name));
    if (stranger !== undefined) throw new Error(`services.json names the unknown role \`${stranger}\``);
    if (appId === undefined || byAppId.has(appId)) throw new Error(`services.json names the application \`${row.appId}\` twice`);
    byAppId.set(appId, { ...row, appId, customRole: row.customRole ?? false });
  }
  return byAppId;
}
