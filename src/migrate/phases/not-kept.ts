import { KnownError } from '../../base/known-error.ts';
import { policyNamed, vaultPolicies } from '../../governance/vault-policy.ts';
import type { PermissionModel } from '../../model/vault.ts';
import type { VaultNow } from '../../model/vault-now.ts';
import { policyWords } from '../../words/policy-words.ts';
import { Refusal } from '../vault-result.ts';

/** A change that Azure accepted and did not keep, with the policy assignments around the vault that may be why. */
export function notKept(error: unknown, model: PermissionModel, now: VaultNow | undefined): unknown {
  if (!(error instanceof KnownError) || error.code !== 'AZURE_NOT_KEPT' || now === undefined) return error;
  const policies = vaultPolicies(now.vault, now.subscription);
  const hits = (model === 'azureRbac' ? policies.flip : policies.rollback).filter(({ does, certain }) => does === 'undoes' || !certain);
  const names = [...new Set(hits.map((hit) => policyWords(policyNamed(hit))))];
  const lines = names.map((name) => `the policy assignment ${name} may put it back`);
  // Whether it arrives after all stays as open as it was.
  return Object.assign(new Refusal(error.outcome, error.code, error.message, error.remedy, lines), { openEnd: 'notSeen' as const });
}
