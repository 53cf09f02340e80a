import type { Guid } from '../base/guid.ts';
import { itemsRead } from '../base/reading.ts';
import { tenantRoles } from '../mapping/tenant-roles.ts';
import type { Catalogue } from '../model/catalogue.ts';
import type { SubscriptionFacts } from '../model/estate.ts';
import type { Scope } from '../model/scope.ts';

/** Whether it is a custom role of the tenant that keyturn could have chosen for the vault, as Azure defines it now. */
export function isTenantRole(
  role: Guid | undefined,
  vault: Scope,
  { roleDefinitions }: Pick<SubscriptionFacts, 'roleDefinitions'>,
  catalogue: Catalogue,
): boolean {
  return tenantRoles(itemsRead(roleDefinitions), vault, catalogue).some(({ id }) => id === role);
}
