import { requiredDataActions, type UnknownPart } from '../access/required-data-actions.ts';
import { type Guid, parseGuid } from '../base/guid.ts';
import { type AccessPolicy, policyKey } from '../model/access-policy.ts';
import type { Catalogue } from '../model/catalogue.ts';
import { type EntryStanding, type EntrySurroundings, entryStanding, entrySubject } from '../model/entry-standing.ts';
import type { Estate } from '../model/estate.ts';
import type { FindingSubject } from '../model/finding.ts';
import type { Vault } from '../model/vault.ts';
import { uniteEntries } from './unite-entries.ts';

/** An access policy of a vault with all that follows from it and its principal alone. Derived once, and handed on. */
export interface Entry {
  /** Duplicates are united. */
  readonly policy: AccessPolicy;
  readonly key: string;
  readonly subject: FindingSubject;
  readonly standing: EntryStanding;
  /** Data actions that its permissions stand for, sorted (LP-9). */
  readonly required: readonly string[];
  /** What of it nobody knows. */
  readonly unknown: readonly UnknownPart[];
  readonly surroundings: Surroundings;
  readonly principal: EntrySurroundings['principal'];
  /** Undefined where the object id can be nobody's. */
  readonly principalId: Guid | undefined;
}

interface Surroundings extends EntrySurroundings {
  readonly catalogue: Catalogue;
}

export function entryOf(policy: AccessPolicy, surroundings: Surroundings): Entry {
  return {
    policy,
    key: policyKey(policy),
    subject: entrySubject(surroundings.vaultId, policy),
    standing: entryStanding(policy, surroundings),
    ...requiredDataActions(policy, surroundings.catalogue),
    surroundings,
    principal: surroundings.principal,
    principalId: parseGuid(policy.objectId),
  };
}

/** The same entry with fewer permissions. */
export function entryWith(entry: Entry, policy: AccessPolicy): Entry {
  return policy === entry.policy ? entry : entryOf(policy, entry.surroundings);
}

type Known = Pick<Estate, 'principals'> & { readonly catalogue: Catalogue };

/** The entries of a vault, in the order of their first appearance: the same ones whoever asks, as long as the facts are the same. */
export function entriesOf(vault: Vault, { principals, catalogue }: Known): readonly Entry[] {
  const known = remembered.get(vault);
  if (known?.principals === principals && known.catalogue === catalogue) return known.entries;
  const entries = uniteEntries(vault.accessPolicies).map((policy) => {
    const id = parseGuid(policy.objectId);
    const principal = id === undefined ? undefined : principals.get(id);
    return entryOf(policy, { vaultId: vault.id, vaultTenantId: vault.tenantId, principal, catalogue });
  });
  remembered.set(vault, { principals, catalogue, entries });
  return entries;
}

const remembered = new WeakMap<Vault, Known & { readonly entries: readonly Entry[] }>();
