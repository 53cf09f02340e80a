import { plainJson } from '../base/plain-json.ts';
import type { Plan, PlanHead, PlanTail, VaultPlan } from '../formats/plan.ts';
import { findingShown } from '../words/finding-words.ts';

/** A plan in full, as one JSON document in pieces that are valid only together: one line a member, and one a vault. */
export function* planDocument({ vaults, unreadable, findings, digest, ...head }: Plan): Generator<string> {
  yield documentStart(head);
  for (const [at, vault] of vaults.entries()) yield documentVault(vault, at);
  yield documentEnd({ unreadable, findings }, digest);
}

export function documentStart(head: PlanHead): string {
  return `{\n${members(head)},\n"vaults": [`;
}

/** @param at how many vaults come before it. */
export function documentVault(vault: VaultPlan, at: number): string {
  return `${at === 0 ? '\n' : ',\n'}${plainJson(JSON.stringify(vaultShown(vault)))}`;
}

export function documentEnd({ unreadable, findings }: PlanTail, digest: string): string {
  return `\n],\n${members({ unreadable, findings: findings.map((one) => findingShown(one)), digest })}\n}\n`;
}

/** A vault's plan with its findings in words. */
function vaultShown(vault: VaultPlan) {
  return { ...vault, findings: vault.findings.map((one) => findingShown(one)) };
}

function members(value: object): string {
  return Object.entries(value)
    .map(([name, member]) => `${JSON.stringify(name)}: ${plainJson(JSON.stringify(member))}`)
    .join(',\n');
}
