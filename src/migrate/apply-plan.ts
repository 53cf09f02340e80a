import pLimit from 'p-limit';
import { grouped } from '../base/grouped.ts';
import { KnownError } from '../base/known-error.ts';
import { assertOwnJournal } from '../formats/journal.ts';
import type { Phase } from '../formats/phases.ts';
import type { Plan, VaultPlan } from '../formats/plan.ts';
import type { Catalogue } from '../model/catalogue.ts';
import { parseVaultId, type VaultId } from '../model/vault-id.ts';
import { assertOwnWords } from '../plan/assert-own-words.ts';
import { namedVaults } from '../plan/named-vaults.ts';
import { type ApprovalFacts, approvalGate, noApprovals } from './approval-gate.ts';
import { vaultAsPlanned } from './as-promised.ts';
import { openReadings } from './batch/readings.ts';
import { runSubscription } from './batch/run-subscription.ts';
import { shareAnswers } from './batch/share-answers.ts';
import { openJournal } from './open-journal.ts';
import { migrateVault } from './phases/migrate-vault.ts';
import type { VaultRun } from './phases/vault-run.ts';
import type { Clock, MigrationPorts } from './ports.ts';
import { notBegun, type VaultResult } from './vault-result.ts';
import { hasWork } from './waves.ts';

export interface ApplyOptions {
  readonly through: Phase;
  /** Resource ids or names of the plan's vaults to work on; all of them when left out. */
  readonly vaults?: readonly string[];
  /** How many writes may be under way at once in a subscription, at least 1. */
  readonly concurrency: number;
  /** How old the facts may be that a flip stands on, in milliseconds; two minutes when left out. */
  readonly factsAge?: number;
  /** What was approved; nothing when left out, which is enough only where nothing has to be. */
  readonly approvals?: ApprovalFacts;
  /** Asked before a vault begins: why it may not, as a sentence. */
  readonly halted?: () => string | undefined;
  /** Stops between two steps; what was done stays, and the next run goes on from there. */
  readonly signal?: AbortSignal;
}

const twoMinutes = 120_000;
/** Vaults in work at once: what a run keeps in memory does not grow with its plan. A batch shares its readings, so it is no small one. */
const room = { inAll: 1_000, ofSubscription: 200, atLeast: 25 };

interface Deps {
  readonly ports: MigrationPorts;
  readonly catalogue: Catalogue;
}

/**
 * Takes the plan's vaults through the phases, the vaults of a subscription together: they share what is read. Those that have to
 * wait for their assignments to grow old are all staged first. One vault's failure is its own; the results come in the plan's order.
 * @throws KnownError before any write: VAULT_NOT_PLANNED (usage), PLAN_DIFFERS, CATALOGUE_OTHER, JOURNAL_FOREIGN (blocked).
 */
export async function applyPlan(plan: Plan, options: ApplyOptions, deps: Deps): Promise<readonly VaultResult[]> {
  const chosen = chosenVaults(plan, options.vaults);
  assertOwnWords(plan);
  if (deps.catalogue.digest !== plan.catalogue.digest) {
    const message = `the plan was made with the catalogue of ${plan.catalogue.asOf}, and this version has another`;
    throw new KnownError('blocked', 'CATALOGUE_OTHER', message, 'run `keyturn plan` again with this version');
  }
  assertOwnJournal(deps.ports.journal.entries, plan.digest);
  if (chosen.some(({ state }) => state === 'ready' || state === 'repair'))
    await openJournal(deps.ports.journal, plan.digest, deps.ports.clock.now());
  const results = new Map<string, VaultResult>();
  const onResult = (result: VaultResult): void => {
    const { vaultId, outcome, because } = result;
    results.set(vaultId, result);
    deps.ports.onEvent({ kind: 'vaultDone', vaultId, outcome, because });
  };
  await runAll(plan, chosen, options, { ...deps, onResult });
  return chosen.flatMap(({ vaultId }) => results.get(vaultId) ?? []);
}

async function runAll(
  plan: Plan,
  chosen: readonly VaultPlan[],
  options: ApplyOptions,
  { ports, catalogue, onResult }: Deps & { readonly onResult: (result: VaultResult) => void },
): Promise<void> {
  const { through, concurrency, factsAge = twoMinutes, approvals = noApprovals, halted, signal } = options;
  const { facts, clock } = ports;
  const began = clock.now().getTime();
  const readings = openReadings({ facts, clock, place: plan, signal });
  const gate = approvalGate(plan, approvals);
  const shared = { gate, through, catalogue, ports, signal, factsAge, judging: judgingOneByOne(clock), answers: shareAnswers(facts) };
  const mayPark = chosen.filter(({ state }) => state === 'ready').length > 1;
  const [subscriptions, all] = [bySubscription(chosen), bySubscription(plan.vaults)];
  const most = Math.max(room.atLeast, Math.min(room.ofSubscription, Math.floor(room.inAll / subscriptions.size)));
  const run = ([subscriptionId, vaults]: readonly [string, VaultPlan[]]): Promise<void> => {
    const part = { ...plan, vaults: all.get(subscriptionId) ?? vaults };
    const turns = pLimit(Math.max(1, concurrency));
    const inTurn = <T>(write: () => Promise<T>): Promise<T> => turns(write);
    const migrate = async (vaultPlan: VaultPlan, pass: 'first' | 'second') => {
      const halt = pass === 'first' && hasWork(vaultPlan) ? halted?.() : undefined;
      if (halt !== undefined) return notBegun(vaultPlan, halt);
      const id = vaultIdIn(vaultPlan);
      const seat = readings.sit(id, (vault) => vaultAsPlanned(vault, vaultPlan));
      const passing = pass === 'first' ? { mayPark } : { mayPark: false, stagedSince: began };
      return migrateVault({ ...shared, ...passing, plan: part, vaultPlan, id, seat, inTurn, standing: {} }).finally(() => {
        seat.leave();
      });
    };
    return runSubscription(() => vaults, { migrate, onResult, most });
  };
  const someAtOnce = pLimit(room.inAll / room.atLeast);
  try {
    await Promise.all([...subscriptions].map((one) => someAtOnce(() => run(one))));
  } finally {
    readings.close();
  }
}

function judgingOneByOne(clock: Pick<Clock, 'turn'>): VaultRun['judging'] {
  const oneByOne = pLimit(1);
  return (judge) =>
    oneByOne(async () => {
      await clock.turn();
      return judge();
    });
}

function bySubscription(vaults: readonly VaultPlan[]): ReadonlyMap<string, VaultPlan[]> {
  return grouped(vaults, (vaultPlan) => vaultIdIn(vaultPlan).subscriptionId);
}

function vaultIdIn({ vaultId }: VaultPlan): VaultId {
  const id = parseVaultId(vaultId);
  if (id === undefined) throw unreadablePlan(vaultId);
  return id;
}

/** The plan's vaults that were asked for. A vault that a hostile plan names twice would be worked on twice at once. */
function chosenVaults(plan: Plan, wanted: readonly string[] | undefined): readonly VaultPlan[] {
  const scopes = plan.vaults.map((vault) => parseVaultId(vault.vaultId)?.scope);
  if (new Set(scopes).size !== scopes.length) throw unreadablePlan('a vault twice');
  return wanted === undefined ? plan.vaults : namedVaults(plan.vaults, wanted);
}

function unreadablePlan(what: string): KnownError {
  return new KnownError('usage', 'PLAN_UNREADABLE', `the plan cannot be used: it names \`${what}\``, 'run `keyturn plan` again');
}
