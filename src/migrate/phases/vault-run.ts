import type { Phase } from '../../formats/phases.ts';
import type { Plan, VaultPlan } from '../../formats/plan.ts';
import type { Catalogue } from '../../model/catalogue.ts';
import type { VaultId } from '../../model/vault-id.ts';
import type { MigrationPorts } from '../ports.ts';
import type { Standing } from './standing.ts';

/** One vault on its way through the phases. */
export interface VaultRun {
  readonly plan: Plan;
  readonly vaultPlan: VaultPlan;
  readonly id: VaultId;
  readonly through: Phase;
  readonly catalogue: Catalogue;
  readonly ports: MigrationPorts;
  readonly signal?: AbortSignal | undefined;
  readonly standing: Standing;
  /** Of two passes over several vaults the first, which stages and leaves all else to the second. */
  readonly firstPass?: true;
}
