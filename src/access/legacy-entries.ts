import { type Guid, parseGuid } from '../base/guid.ts';
import { type AccessPolicy, policyKey } from '../model/access-policy.ts';
import type { Catalogue } from '../model/catalogue.ts';
import type { Vault } from '../model/vault.ts';
import { requiredDataActions } from './required-data-actions.ts';

export type PolicyVault = Pick<Vault, 'tenantId' | 'accessPolicies'>;

/** An access policy that gives something to somebody: of the vault's own tenant, for an object id that can be one (LP-2). */
export interface LegacyEntry {
  readonly key: string;
  readonly objectId: Guid;
  readonly applicationId?: string;
  /** Names of data actions. */
  readonly actions: readonly string[];
  /** What of it could not be understood, in words: it may give more than its actions. */
  readonly oddities: AccessPolicy['oddities'];
}

const remembered = new WeakMap<PolicyVault, { readonly catalogue: Catalogue; readonly entries: readonly LegacyEntry[] }>();

/** The vault's entries that are not inert; worked out once for all the principals that are asked about. */
export function legacyEntries(vault: PolicyVault, catalogue: Catalogue): readonly LegacyEntry[] {
  const known = remembered.get(vault);
  if (known?.catalogue === catalogue) return known.entries;
  const entries = vault.accessPolicies.flatMap((policy): readonly LegacyEntry[] => {
    const objectId = parseGuid(policy.objectId);
    if (objectId === undefined || normalId(policy.tenantId) !== normalId(vault.tenantId)) return [];
    const { applicationId, oddities } = policy;
    const actions = requiredDataActions(policy, catalogue).required;
    return [{ key: policyKey(policy), objectId, actions, oddities, ...(applicationId !== undefined && { applicationId }) }];
  });
  remembered.set(vault, { catalogue, entries });
  return entries;
}

function normalId(id: string): string {
  return parseGuid(id) ?? id.trim().toLowerCase();
}
