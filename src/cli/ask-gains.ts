import { grouped } from '../base/grouped.ts';
import type { Decisions } from '../formats/decisions.ts';
import type { GainRow } from '../formats/gain-row.ts';
import type { Plan, PlannedGain } from '../formats/plan.ts';
import { openGains } from '../plan/open-gains.ts';
import { plainText } from '../report/plain-text.ts';
import { askReason } from './ask-rules.ts';
import type { Prompts } from './prompts.ts';

/**
 * Asks about what takes effect at the flip and was not accepted: once for each assignment, with who gains and what.
 * @param declined ids of assignments that were asked about and not accepted; grows with every no.
 * @returns all decisions so far; `before` itself where nothing was accepted.
 */
export async function askGains(plan: Plan, before: Decisions, declined: Set<string>, prompts: () => Promise<Prompts>): Promise<Decisions> {
  const rows: GainRow[] = [];
  for (const vault of plan.vaults) {
    for (const [assignment, gains] of grouped(openGains(vault), (gain) => gain.assignmentId)) {
      if (declined.has(assignment)) continue;
      const asked = await prompts();
      if (await asked.confirm(`${gainWords(gains)}. Accept this, and go on?`))
        rows.push({ assignment, vault: vault.vaultId, reason: await askReason(asked) });
      else declined.add(assignment);
    }
  }
  return rows.length === 0 ? before : { ...before, gains: [...before.gains, ...rows] };
}

/** All by one assignment. */
function gainWords(gains: readonly PlannedGain[]): string {
  const [first] = gains;
  const who = [...new Set(gains.map(({ principal, principalId }) => `${principal.displayName} (${principalId})`))];
  const actions = new Set(gains.flatMap(({ dataActions }) => dataActions.map(({ dataAction }) => dataAction)));
  const tiers = [...new Set(gains.flatMap(({ dataActions }) => dataActions.map(({ tier }) => tier)))].sort();
  const by = `\`${first?.roleName ?? 'a role'}\` at ${first?.scope ?? ''}, which takes effect at the flip`;
  return plainText(
    `${who.join(', ')} will have ${actions.size} data actions of tier ${tiers.join(' and ')} that no policy gives, by ${by}`,
  );
}
