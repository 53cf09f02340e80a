import type { Bundle } from '../../formats/bundle.ts';
import type { Plan, VaultPlan } from '../../formats/plan.ts';
import type { Catalogue } from '../../model/catalogue.ts';
import type { VaultId } from '../../model/vault-id.ts';
import type { Seat } from '../batch/readings.ts';
import type { SharedAnswers } from '../batch/share-answers.ts';
import type { Standing } from '../phases/standing.ts';
import type { MigrationPorts } from '../ports.ts';
import type { FactsNow } from '../vault-now.ts';

export interface RollbackOptions {
  /** Also delete the role assignments and custom roles that bear our names. All others always stay. */
  readonly removeAssignments: boolean;
  /** Shows a person how the saved policies differ from the stored ones, and asks whether to write them; absent where nobody can be asked. */
  readonly mayReplace?: (vaultName: string, lines: readonly string[]) => Promise<boolean>;
  /** Shows a person what comes back where the state of the flip is lost, and asks whether to go back all the same; absent where nobody may say so. */
  readonly withoutBundle?: (vaultName: string, lines: readonly string[]) => Promise<boolean>;
  readonly signal?: AbortSignal;
  /** How many writes may be under way at once in a subscription, at least 1. */
  readonly concurrency?: number;
}

/** An assignment or a custom role, as a rollback has to know it. */
export type OwnAssignment = Bundle['assignments'][number];
export type OwnRole = NonNullable<Bundle['roles']>[number];

/** One vault on its way back. */
export interface RollbackRun {
  readonly id: VaultId;
  readonly vaultId: string;
  readonly tenantId: string;
  readonly cloud: string;
  readonly planDigest: string;
  /** What tells the vault from another of the same id. */
  readonly was: { readonly tenantId: string; readonly createdAt?: string | undefined };
  readonly bundle?: Bundle | undefined;
  /** A person has seen what the bundle holds, and said that it is to be written. */
  readonly vouched?: true;
  /** The plan that the vault was staged by. */
  readonly planned?: { readonly plan: Plan; readonly vaultPlan: VaultPlan };
  /** The journal's name for the flip: undoing it is told under the same one. */
  readonly flip: string;
  readonly assignments: readonly OwnAssignment[];
  readonly roles: readonly OwnRole[];
  readonly options: RollbackOptions;
  readonly standing: Standing;
  /** Where its facts come from. */
  readonly seat: Seat;
  readonly answers: SharedAnswers;
  /** Waits for a turn to write. */
  readonly inTurn: <T>(write: () => Promise<T>) => Promise<T>;
  readonly ports: MigrationPorts;
  readonly catalogue: Catalogue;
}

/** How the vault is from now on, by a reading that it shares with others that go back. */
export async function readAnew({ seat }: Pick<RollbackRun, 'seat'>): Promise<FactsNow> {
  return seat.soon();
}
