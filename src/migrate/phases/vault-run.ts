import type { Phase } from '../../formats/phases.ts';
import type { Plan, VaultPlan } from '../../formats/plan.ts';
import type { Catalogue } from '../../model/catalogue.ts';
import type { VaultId } from '../../model/vault-id.ts';
import type { ApprovalGate } from '../approval-gate.ts';
import type { Seat } from '../batch/readings.ts';
import type { SharedAnswers } from '../batch/share-answers.ts';
import type { MigrationPorts } from '../ports.ts';
import type { Standing } from './standing.ts';

/** One vault on its way through the phases. */
export interface VaultRun {
  /** Its vaults are those of this vault's subscription. */
  readonly plan: Plan;
  readonly vaultPlan: VaultPlan;
  readonly id: VaultId;
  readonly through: Phase;
  /** Whether what is about to be done was approved. */
  readonly gate: ApprovalGate;
  readonly catalogue: Catalogue;
  readonly ports: MigrationPorts;
  /** Where its facts come from. */
  readonly seat: Seat;
  readonly answers: SharedAnswers;
  /** Waits for a turn to write: so many writes are under way at once, and no more. Nobody waits for facts meanwhile. */
  readonly inTurn: <T>(write: () => Promise<T>) => Promise<T>;
  /** Judges one vault after the other: what is to be sent for those that are judged leaves meanwhile. */
  readonly judging: <T>(judge: () => T) => Promise<T>;
  /** How old facts may be at the flip, in milliseconds. */
  readonly factsAge: number;
  readonly signal?: AbortSignal | undefined;
  readonly standing: Standing;
  /** Whether it ends once it is staged and has to wait, so that all others are staged before anybody waits. */
  readonly mayPark: boolean;
  /** When this run began, once it has staged the vault already: lists may not show yet what was made since. Milliseconds since 1970. */
  readonly stagedSince?: number;
}
