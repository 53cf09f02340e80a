import type { AcceptanceRow } from '../formats/acceptance-row.ts';
import type { Decisions } from '../formats/decisions.ts';
import type { Plan, VaultPlan } from '../formats/plan.ts';
import { asAcceptable } from '../plan/acceptances.ts';
import { plainText } from '../report/plain-text.ts';
import { findingWords } from '../words/finding-words.ts';
import { askReason } from './ask-rules.ts';
import type { Prompts } from './prompts.ts';

/**
 * Asks about the blockers that a person may accept: once for each code, with all that is said under it.
 * @param declined the codes that were asked about and not accepted; grows with every no.
 * @returns all decisions so far; `before` itself where nothing was accepted.
 */
export async function askAcceptances(
  plan: Plan,
  before: Decisions,
  declined: Set<string>,
  prompts: () => Promise<Prompts>,
): Promise<Decisions> {
  const rows: AcceptanceRow[] = [];
  for (const vault of plan.vaults) {
    for (const [finding, messages] of openToAcceptance(vault)) {
      if (declined.has(finding)) continue;
      const asked = await prompts();
      const yes = await asked.confirm(`${finding}: ${plainText([...messages].join('; '))}. Accept this, and go on?`);
      if (yes) rows.push({ finding, vault: vault.vaultId, reason: await askReason(asked) });
      else declined.add(finding);
    }
  }
  return rows.length === 0 ? before : { ...before, acceptances: [...before.acceptances, ...rows] };
}

function openToAcceptance({ findings }: VaultPlan): ReadonlyMap<AcceptanceRow['finding'], ReadonlySet<string>> {
  const open = new Map<AcceptanceRow['finding'], Set<string>>();
  for (const finding of findings) {
    const { severity, code } = finding;
    const acceptable = severity === 'blocker' ? asAcceptable(code) : undefined;
    if (acceptable !== undefined) open.set(acceptable, (open.get(acceptable) ?? new Set()).add(findingWords(finding).message));
  }
  return open;
}
