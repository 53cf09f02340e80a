import { parseGuid } from '../base/guid.ts';
import type { Catalogue } from '../model/catalogue.ts';
import { entryStanding } from '../model/entry-standing.ts';
import type { Estate, VaultFacts } from '../model/estate.ts';
import { type Finding, sortFindings } from '../model/finding.ts';
import { estateFindings } from './estate-findings.ts';
import { vaultFindings } from './vault-findings.ts';

/** Everything the facts alone say about the estate, the vaults in view and their entries, sorted; what a role could do about it comes later. */
export function inventoryFindings(estate: Estate, catalogue: Catalogue): readonly Finding[] {
  return sortFindings([
    ...estate.vaults.flatMap((facts) => [...vaultFindings(facts, estate), ...entryFindings(facts, estate, catalogue)]),
    ...estateFindings(estate),
  ]);
}

function entryFindings({ vault }: VaultFacts, estate: Estate, catalogue: Catalogue): readonly Finding[] {
  return vault.accessPolicies.flatMap((policy) => {
    const id = parseGuid(policy.objectId);
    const principal = id === undefined ? undefined : estate.principals.get(id);
    return entryStanding(policy, { vaultId: vault.id, vaultTenantId: vault.tenantId, principal, catalogue }).findings;
  });
}
