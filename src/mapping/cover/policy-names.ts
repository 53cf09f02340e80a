import type { JsonObject, JsonValue } from '../../base/json.ts';

/** What tools call the members of an access policy, in lower case and without underscores; ARM's own names are among them. */
const canonicalNames: ReadonlyMap<string, string> = new Map([
  ['objectid', 'objectId'],
  ['tenantid', 'tenantId'],
  ['applicationid', 'applicationId'],
  ['permissions', 'permissions'],
  ['existingroles', 'existingRoles'],
  ...(['keys', 'secrets', 'certificates', 'storage'] as const).flatMap((type) => [
    [type, type] as const,
    // PowerShell, and Terraform, which says `key_permissions`.
    [`permissionsto${type}`, type] as const,
    [`${type.replace(/s$/, '')}permissions`, type] as const,
  ]),
]);

/** What PowerShell and Terraform say of a policy besides, and what makes no difference. */
const besides = /^(tenantname|displayname|applicationiddisplayname|permissionsto[a-z]+str|keyvaultid|timeouts|id)$/;

/** A policy as `az`, PowerShell or Terraform write it, with ARM's names. @returns what is wrong with it, in words. */
export function canonicalPolicy(value: JsonObject): JsonObject | string {
  const named = new Map<string, JsonValue>();
  for (const [key, item] of Object.entries(value)) {
    const plain = key.toLowerCase().replaceAll('_', '');
    if (besides.test(plain)) continue;
    const name = canonicalNames.get(plain) ?? key;
    if (named.has(name)) return `it gives \`${name}\` twice`;
    if (item !== undefined) named.set(name, item);
  }
  return Object.fromEntries(named);
}
