import { isObject, type JsonObject, objectAt, objectsAt, stringAt } from '../base/json.ts';
import { isMiscased } from '../base/strict.ts';
import { type AccessPolicy, parseAccessPolicy } from './access-policy.ts';
import { parseVaultId, type VaultId } from './vault-id.ts';

const telling = ['accessPolicies', 'enableRbacAuthorization', 'tenantId', 'provisioningState'];

export type PermissionModel = 'accessPolicy' | 'azureRbac';

/** A vault as ARM answers it. `raw` is the whole resource: what is hashed, kept and restored is taken from it alone. */
export interface Vault extends VaultId {
  readonly location: string;
  readonly tenantId: string;
  readonly vaultUri: string;
  readonly permissionModel: PermissionModel;
  readonly accessPolicies: readonly AccessPolicy[];
  readonly provisioningState: string;
  readonly tags: Readonly<Record<string, string>>;
  readonly raw: JsonObject;
}

/** Nobody can purge the vault or anything in it before its retention is over, and nobody can turn that off again. */
export function purgeProtected({ raw }: Pick<Vault, 'raw'>): boolean {
  return objectAt(raw, 'properties').enablePurgeProtection === true;
}

/** @returns the vault, or undefined when the value is not a vault resource at all (its id names none). */
export function parseVault(raw: unknown): Vault | undefined {
  if (!isObject(raw)) return undefined;
  const id = parseVaultId(stringAt(raw, 'id') ?? '');
  if (id === undefined) return undefined;
  const properties = objectAt(raw, 'properties');
  const tags = Object.entries(objectAt(raw, 'tags')).filter((tag): tag is [string, string] => typeof tag[1] === 'string');
  return {
    ...id,
    location: stringAt(raw, 'location') ?? '',
    tenantId: (stringAt(properties, 'tenantId') ?? '').toLowerCase(),
    vaultUri: stringAt(properties, 'vaultUri') ?? '',
    // false, null and a missing flag all mean access policies.
    permissionModel: properties.enableRbacAuthorization === true ? 'azureRbac' : 'accessPolicy',
    accessPolicies: objectsAt(properties, 'accessPolicies').map(parseAccessPolicy),
    provisioningState: stringAt(properties, 'provisioningState') ?? '',
    tags: Object.fromEntries(tags),
    raw,
  };
}

/**
 * Why nobody can say from Azure's answer who has access to the vault, in words: its list of access policies is missing, is none, or
 * holds what is not an entry. Azure always writes the list, an empty one too, so a missing one is not "no policies". A vault on Azure RBAC
 * may lack it, for nothing hangs on it there.
 */
export function unreadablePolicies({ raw, permissionModel }: Vault): string | undefined {
  if (isMiscased(raw, ['properties'])) return 'its properties are spelled in another letter case';
  const properties = objectAt(raw, 'properties');
  if (isMiscased(properties, telling)) return 'a property that says who has access is spelled in another letter case';
  const { accessPolicies: list } = properties;
  if (list === undefined || list === null) {
    return permissionModel === 'azureRbac' ? undefined : 'Azure did not say what its access policies are; that is not taken for none';
  }
  if (!Array.isArray(list)) return 'its access policies are not a list';
  const lost = list.filter((item) => !isObject(item)).length;
  return lost === 0 ? undefined : `${lost} of its access policies ${lost === 1 ? 'is not an entry' : 'are not entries'}`;
}
