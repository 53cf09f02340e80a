import pLimit from 'p-limit';
import { KnownError } from '../base/known-error.ts';
import { assertOwnJournal } from '../formats/journal.ts';
import { type Phase, reaches } from '../formats/phases.ts';
import type { Plan, VaultPlan } from '../formats/plan.ts';
import type { Catalogue } from '../model/catalogue.ts';
import { parseVaultId } from '../model/vault-id.ts';
import { assertOwnWords } from '../plan/assert-own-words.ts';
import { openJournal } from './open-journal.ts';
import { migrateVault } from './phases/migrate-vault.ts';
import type { VaultRun } from './phases/vault-run.ts';
import type { MigrationPorts } from './ports.ts';
import type { VaultResult } from './vault-result.ts';

export interface ApplyOptions {
  readonly through: Phase;
  /** Resource ids or names of the plan's vaults to work on; all of them when left out. */
  readonly vaults?: readonly string[];
  /** How many vaults at once, at least 1. */
  readonly concurrency: number;
  /** Stops between two steps; what was done stays, and the next run goes on from there. */
  readonly signal?: AbortSignal;
}

/**
 * Takes the plan's vaults through the phases. With several vaults all are staged first, so that they wait together for
 * their assignments to grow old. One vault's failure is its own; the results come in the plan's order.
 * @throws KnownError before any write: VAULT_NOT_PLANNED (usage), PLAN_DIFFERS, CATALOGUE_OTHER, JOURNAL_FOREIGN (blocked).
 */
export async function applyPlan(
  plan: Plan,
  options: ApplyOptions,
  deps: { readonly ports: MigrationPorts; readonly catalogue: Catalogue },
): Promise<readonly VaultResult[]> {
  const chosen = chosenVaults(plan, options.vaults);
  assertOwnWords(plan);
  if (deps.catalogue.digest !== plan.catalogue.digest) {
    const message = `the plan was made with the catalogue of ${plan.catalogue.asOf}, and this version has another`;
    throw new KnownError('blocked', 'CATALOGUE_OTHER', message, 'run `keyturn plan` again with this version');
  }
  assertOwnJournal(deps.ports.journal.entries, plan.digest);
  if (chosen.some(({ state }) => state === 'ready' || state === 'repair'))
    await openJournal(deps.ports.journal, plan.digest, deps.ports.clock.now());
  const runs = chosen.map((vaultPlan) => vaultRun(plan, vaultPlan, options, deps));
  const limit = pLimit(Math.max(1, options.concurrency));
  const all = (list: readonly VaultRun[]) => Promise.all(list.map((run) => limit(() => migrateVault(run))));
  const ready = runs.filter((run) => run.vaultPlan.state === 'ready');
  const together = ready.length > 1 && reaches(options.through, 'settle');
  const staged = new Map<string, VaultResult>();
  if (together) {
    for (const result of await all(ready.map((run) => ({ ...run, through: 'stage' as const, firstPass: true as const }))))
      staged.set(result.vaultId, result);
  }
  const goOn = runs.filter((run) => (staged.get(run.vaultPlan.vaultId)?.outcome ?? 'done') === 'done');
  for (const result of await all(goOn)) staged.set(result.vaultId, result);
  const results = runs.flatMap((run) => staged.get(run.vaultPlan.vaultId) ?? []);
  for (const { vaultId, outcome, because } of results) deps.ports.onEvent({ kind: 'vaultDone', vaultId, outcome, because });
  return results;
}

function vaultRun(
  plan: Plan,
  vaultPlan: VaultPlan,
  { through, signal }: ApplyOptions,
  { ports, catalogue }: { readonly ports: MigrationPorts; readonly catalogue: Catalogue },
): VaultRun {
  const id = parseVaultId(vaultPlan.vaultId);
  if (id === undefined) throw unreadablePlan(vaultPlan.vaultId);
  return { plan, vaultPlan, id, through, catalogue, ports, signal, standing: {} };
}

/** The plan's vaults that were asked for. A vault that a hostile plan names twice would be worked on twice at once. */
function chosenVaults(plan: Plan, wanted: readonly string[] | undefined): readonly VaultPlan[] {
  const scopes = plan.vaults.map((vault) => parseVaultId(vault.vaultId)?.scope);
  if (new Set(scopes).size !== scopes.length) throw unreadablePlan('a vault twice');
  if (wanted === undefined) return plan.vaults;
  const matches = (vault: VaultPlan, text: string): boolean =>
    vault.name.toLowerCase() === text.toLowerCase() || vault.vaultId.toLowerCase() === text.toLowerCase().replace(/\/+$/, '');
  const missing = wanted.find((text) => !plan.vaults.some((vault) => matches(vault, text)));
  if (missing !== undefined) {
    throw new KnownError('usage', 'VAULT_NOT_PLANNED', `the plan has no vault \`${missing}\``, 'make a plan that includes it');
  }
  return plan.vaults.filter((vault) => wanted.some((text) => matches(vault, text)));
}

function unreadablePlan(what: string): KnownError {
  return new KnownError('usage', 'PLAN_UNREADABLE', `the plan cannot be used: it names \`${what}\``, 'run `keyturn plan` again');
}
