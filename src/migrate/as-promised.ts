import { canonicalJson } from '../base/canonical-json.ts';
import { parseGuid } from '../base/guid.ts';
import { isObject, type JsonObject } from '../base/json.ts';
import { storedPolicies } from '../formats/bundle.ts';
import type { VaultPlan } from '../formats/plan.ts';
import { parseVault, type Vault } from '../model/vault.ts';
import type { VerifyQuestion } from '../verify/verify-question.ts';

/**
 * A vault on Azure RBAC with the policies that its plan stands on, and whatever was stored besides: stored policies may be gone by
 * then, since they are removed at the end of a migration, and what the plan promised is still to hold. Others come back as they are.
 */
export function vaultAsPlanned(vault: Vault, { basis }: Pick<VaultPlan, 'basis'>): Vault {
  if (vault.permissionModel !== 'azureRbac') return vault;
  const stored = storedPolicies(vault.raw);
  const known = new Set(stored.map(canonicalJson));
  const planned = (basis.fields.accessPolicies ?? []).flatMap(policyIn).filter((policy) => !known.has(canonicalJson(policy)));
  return planned.length === 0 ? vault : withPolicies(vault, [...stored, ...planned]);
}

/** The vault with exactly the policies that its plan stands on. */
export function withPlannedPolicies(vault: Vault, { basis }: Pick<VaultPlan, 'basis'>): Vault {
  return withPolicies(vault, (basis.fields.accessPolicies ?? []).flatMap(policyIn));
}

/**
 * What is to be asked of a vault that was flipped: whether it gives what the plan promised. Whoever was deleted since has nothing to
 * lose, and what somebody assigned after the flip is no news that could still be stopped.
 */
export function asPromised(question: VerifyQuestion): VerifyQuestion {
  const { vault, plan, estate } = question;
  if (plan === undefined || vault.permissionModel !== 'azureRbac') return question;
  const planned = vaultAsPlanned(vault, plan);
  const standing = storedPolicies(planned.raw).filter((policy) => {
    const id = typeof policy.objectId === 'string' ? parseGuid(policy.objectId) : undefined;
    return id === undefined || estate.principals.get(id)?.kind !== 'deleted';
  });
  return { ...question, vault: withPolicies(planned, standing), flipped: true };
}

function withPolicies(vault: Vault, accessPolicies: readonly JsonObject[]): Vault {
  const { properties } = vault.raw;
  return (
    parseVault({ ...vault.raw, properties: { ...(isObject(properties) && properties), accessPolicies: [...accessPolicies] } }) ?? vault
  );
}

/** A line of the basis is the policy as JSON; a plan from elsewhere may hold anything there. */
function policyIn(line: string): readonly JsonObject[] {
  try {
    const value: unknown = JSON.parse(line);
    return isObject(value) ? [value] : [];
  } catch {
    return [];
  }
}
