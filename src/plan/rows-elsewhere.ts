import type { Estate } from '../model/estate.ts';
import { compareText, type Finding } from '../model/finding.ts';
import { type AcceptanceRow, acceptsHere, namesVault } from './acceptances.ts';
import type { DecisionRow } from './decisions.ts';
import type { VaultPlan } from './plan.ts';

interface Rows {
  readonly decisions: readonly DecisionRow[];
  readonly acceptances: readonly AcceptanceRow[];
}

/**
 * Rows of the decisions file that this plan has no use for, as notes: one file serves all waves, so most of its rows speak of
 * vaults that are not in view.
 */
export function rowsElsewhere({ decisions, acceptances }: Rows, estate: Estate, vaults: readonly VaultPlan[]): readonly Finding[] {
  const words = [...decisions, ...acceptances].map((row) => row.vault).filter((word) => word !== '*');
  const elsewhere = [...new Set(words)].filter((word) => !estate.vaults.some(({ vault }) => namesVault(word, vault)));
  return [...elsewhere.sort(compareText).map(notInView), ...unused(acceptances, estate, vaults)];
}

function notInView(word: string): Finding {
  return {
    severity: 'note',
    code: 'PLN-DECISION-ELSEWHERE',
    subject: word,
    message: `the decisions file speaks of vault \`${word}\`, which is not in view`,
    remedy: 'nothing to do',
  };
}

function unused(acceptances: readonly AcceptanceRow[], estate: Estate, vaults: readonly VaultPlan[]): readonly Finding[] {
  return acceptances.flatMap((row): readonly Finding[] => {
    const named = estate.vaults.find(({ vault }) => namesVault(row.vault, vault))?.vault;
    const plan = vaults.find((one) => one.vaultId === named?.id);
    if (named === undefined || plan === undefined || plan.accepted?.some((finding) => acceptsHere(row, finding, named.id))) return [];
    const who = row.principal === undefined ? '' : ` for \`${row.principal}\``;
    const message = `the decisions file accepts \`${row.finding}\`${who} at vault \`${named.name}\`, where nothing has to be accepted`;
    return [{ severity: 'note', code: 'PLN-ACCEPTANCE-UNUSED', subject: named.id, message, remedy: 'nothing to do' }];
  });
}
