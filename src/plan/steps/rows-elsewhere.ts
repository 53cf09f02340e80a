import { compareText } from '../../base/compare-text.ts';
import { nearNames } from '../../base/near-names.ts';
import type { AcceptanceRow } from '../../formats/acceptance-row.ts';
import type { DecisionRow } from '../../formats/decisions.ts';
import type { VaultPlan } from '../../formats/plan.ts';
import type { Estate } from '../../model/estate.ts';
import type { Finding } from '../../model/finding.ts';
import { parseVaultId } from '../../model/vault-id.ts';
import { acceptsHere, namesVault } from '../acceptances.ts';

interface Rows {
  readonly decisions: readonly DecisionRow[];
  readonly acceptances: readonly AcceptanceRow[];
}

/**
 * Rows of the decisions file that this plan has no use for. One file serves all waves, so most of its rows speak of vaults that are
 * not in view: those are notes. A vault that is nowhere in reach may be a slip of the pen, or gone: that is a warning.
 */
export function rowsElsewhere({ decisions, acceptances }: Rows, estate: Estate, vaults: readonly VaultPlan[]): readonly Finding[] {
  const words = [...decisions, ...acceptances].map((row) => row.vault).filter((word) => word !== '*');
  const elsewhere = [...new Set(words)].filter((word) => !estate.vaults.some(({ vault }) => namesVault(word, vault)));
  return [...elsewhere.sort(compareText).map((word) => notInView(word, estate)), ...unused(acceptances, estate, vaults)];
}

function notInView(word: string, { vaultsInReach, vaults }: Estate): Finding {
  const name = (parseVaultId(word)?.name ?? word).toLowerCase();
  const about = { code: 'PLN-DECISION-ELSEWHERE', subject: word } as const;
  const message = `the decisions file speaks of vault \`${word}\`, which is not in view`;
  if (vaultsInReach?.some((one) => one.toLowerCase() === name)) return { ...about, severity: 'note', facts: { message, remedy: 'nothing to do' }};
  const near = nearNames(name, vaultsInReach ?? vaults.map(({ vault }) => vault.name)).map((one) => `\`${one}\``);
  const meant = near.length === 0 ? '' : `did you mean ${near.join(' or ')}? `;
  if (vaultsInReach === undefined) {
    return {
      ...about,
      severity: 'note',
      facts: { message,
      remedy: meant === '' ? 'nothing to do' : `nothing to do, if that is another vault; ${meant.trim()}` },
    };
  }
  const remedy = `${meant}correct the decisions file; nothing to do, if the vault is gone or beyond what you may read`;
  return {
    ...about,
    severity: 'warning',
    facts: { message: `the decisions file speaks of vault \`${word}\`, and no vault in reach is called so`,
    remedy },
  };
}

function unused(acceptances: readonly AcceptanceRow[], estate: Estate, vaults: readonly VaultPlan[]): readonly Finding[] {
  return acceptances.flatMap((row): readonly Finding[] => {
    const named = estate.vaults.find(({ vault }) => namesVault(row.vault, vault))?.vault;
    const plan = vaults.find((one) => one.vaultId === named?.id);
    if (named === undefined || plan === undefined || plan.accepted?.some((finding) => acceptsHere(row, finding, named.id))) return [];
    const who = row.principal === undefined ? '' : ` for \`${row.principal}\``;
    const message = `the decisions file accepts \`${row.finding}\`${who} at vault \`${named.name}\`, where nothing has to be accepted`;
    return [{ severity: 'note', code: 'PLN-ACCEPTANCE-UNUSED', subject: named.id, facts: { message, remedy: 'nothing to do' }}];
  });
}
