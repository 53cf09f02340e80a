const byName = /\/vaults\/([^/]+)(?:\/secrets\/([^/]+))?$/i;
const prefix = 'microsoft.keyvault/vaults/secrets/';
/** Calls that bring a secret's name along instead of finding it (EA-39). */
const requesting = ['setsecret/action', 'restore/action'];

/**
 * The attributes that conditions may name on a secret's data actions (EA-39); keys and certificates have none. A call on
 * the vault as a whole, such as a list, has no secret's name (EA-40).
 *
 * @param resource ARM id of the vault or of the secret, in the casing that is stored.
 * @param named the secret that a restore brings along, which its resource does not say.
 */
export function secretAttributes(action: string, resource: string, named?: string): Readonly<Record<string, string>> {
  const lower = action.toLowerCase();
  const [, vault, inResource] = byName.exec(resource) ?? [];
  if (!lower.startsWith(prefix) || vault === undefined) return {};
  const secret = inResource ?? named;
  const side = requesting.includes(lower.slice(prefix.length)) ? 'request' : 'resource';
  return {
    '@resource[microsoft.keyvault/vaults:name]': vault,
    ...(secret !== undefined && { [`@${side}[microsoft.keyvault/vaults/secrets:name]`]: secret }),
  };
}
