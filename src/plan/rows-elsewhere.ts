import { compareText } from '../base/compare-text.ts';
import { nearNames } from '../base/near-names.ts';
import type { AcceptanceRow } from '../formats/acceptance-row.ts';
import type { DecisionRow } from '../formats/decisions.ts';
import type { GainRow } from '../formats/gain-row.ts';
import type { VaultPlan } from '../formats/plan.ts';
import type { Estate } from '../model/estate.ts';
import { type Finding, finding } from '../model/finding.ts';
import { parseVaultId } from '../model/vault-id.ts';
import { acceptsHere, namesVault } from './acceptances.ts';
import { acceptsGain } from './accepted-gains.ts';
import { gainsToAccept } from './open-gains.ts';

/** Vaults that rows may name: those in view, and the names of all in reach where they are known. */
type VaultsInView = Pick<Estate, 'vaults' | 'vaultsInReach'>;

interface Rows {
  readonly decisions: readonly DecisionRow[];
  readonly acceptances?: readonly AcceptanceRow[];
  readonly gains?: readonly GainRow[];
}

/**
 * Rows of the decisions file that this plan has no use for. One file serves all waves, so most of its rows speak of vaults that are
 * not in view: those are notes. A vault that is nowhere in reach may be a slip of the pen, or gone: that is a warning.
 */
export function rowsElsewhere(
  { decisions, acceptances = [], gains = [] }: Rows,
  estate: VaultsInView,
  vaults: readonly VaultPlan[],
): readonly Finding[] {
  const words = [...decisions, ...acceptances, ...gains].map((row) => row.vault).filter((word) => word !== '*');
  const elsewhere = [...new Set(words)].filter((word) => !estate.vaults.some(({ vault }) => namesVault(word, vault)));
  return [
    ...elsewhere.sort(compareText).map((word) => notInView(word, estate)),
    ...unused(acceptances, estate, vaults),
    ...unusedGains(gains, estate, vaults),
  ];
}

function notInView(word: string, { vaultsInReach, vaults }: VaultsInView): Finding {
  const name = (parseVaultId(word)?.name ?? word).toLowerCase();
  const here = vaultsInReach?.some((one) => one.toLowerCase() === name) === true;
  const found = vaultsInReach === undefined ? 'unread' : here ? 'elsewhere' : 'nowhere';
  const near = here ? [] : nearNames(name, vaultsInReach ?? vaults.map(({ vault }) => vault.name));
  return finding(found === 'nowhere' ? 'warning' : 'note', 'PLN-DECISION-ELSEWHERE', { row: word }, { found, near });
}

function unused(acceptances: readonly AcceptanceRow[], estate: VaultsInView, vaults: readonly VaultPlan[]): readonly Finding[] {
  return acceptances.flatMap((row): readonly Finding[] => {
    const named = estate.vaults.find(({ vault }) => namesVault(row.vault, vault))?.vault;
    const plan = vaults.find((one) => one.vaultId === named?.id);
    if (named === undefined || plan === undefined || plan.accepted?.some((finding) => acceptsHere(row, finding))) return [];
    const facts = { finding: row.finding, ...(row.principal !== undefined && { principal: row.principal }) };
    return [finding('note', 'PLN-ACCEPTANCE-UNUSED', { vault: named.id }, facts)];
  });
}

function unusedGains(rows: readonly GainRow[], estate: VaultsInView, vaults: readonly VaultPlan[]): readonly Finding[] {
  return rows.flatMap((row): readonly Finding[] => {
    const named = estate.vaults.find(({ vault }) => namesVault(row.vault, vault))?.vault;
    const plan = vaults.find((one) => one.vaultId === named?.id);
    if (named === undefined || plan === undefined || gainsToAccept(plan).some((gain) => acceptsGain(row, gain, named))) return [];
    const { assignment, principal } = row;
    return [finding('note', 'PLN-ACCEPTANCE-UNUSED', { vault: named.id }, { assignment, ...(principal !== undefined && { principal }) })];
  });
}
