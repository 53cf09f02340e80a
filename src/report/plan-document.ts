import { plainJson } from '../base/plain-json.ts';
import type { EntryPlan, Plan, PlanHead, PlannedGain, PlanTail, VaultPlan } from '../formats/plan.ts';
import { toldChoice } from '../words/choice-words.ts';
import { findingShown } from '../words/finding-words.ts';
import { reasonLines } from '../words/reason-words.ts';

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

/** A vault's plan with its findings and reasons in words. */
function vaultShown(vault: VaultPlan) {
  return {
    ...vault,
    entries: vault.entries.map(entryShown),
    gains: vault.gains.map(gainShown),
    findings: vault.findings.map((one) => findingShown(one)),
    steps: vault.steps.map(stepShown),
  };
}

function entryShown(entry: EntryPlan) {
  return entry.choice === undefined ? entry : { ...entry, choice: { ...entry.choice, ...toldChoice(entry.choice.because) } };
}

function gainShown(gain: PlannedGain) {
  return gain.because === undefined ? gain : { ...gain, because: reasonLines(gain.because), reasons: gain.because };
}

function stepShown(step: VaultPlan['steps'][number]) {
  switch (step.kind) {
    case 'ensureRoleAssignment':
      return { ...step, ...toldChoice(step.because) };
    case 'ensureRoleDefinition':
      return { ...step, because: 'decided: a role with exactly the data actions of the entries that share it' };
    case 'flip':
      return { ...step, because: 'every access that the policies give is covered or given up by a decision' };
  }
}

function members(value: object): string {
  return Object.entries(value)
    .map(([name, member]) => `${JSON.stringify(name)}: ${plainJson(JSON.stringify(member))}`)
    .join(',\n');
}
