import type { JsonObject } from '../base/json.ts';
import type { Reading } from '../base/reading.ts';
import type { JournalEvent } from '../formats/journal.ts';
import type { Phase } from '../formats/phases.ts';
import type { AssignStep, RoleStep } from '../formats/plan.ts';
import type { AccessCheck, AccessDecision } from '../model/access-check.ts';
import type { Estate } from '../model/estate.ts';
import type { PermissionBlock } from '../model/role.ts';
import type { PermissionModel, Vault } from '../model/vault.ts';
import type { VaultId } from '../model/vault-id.ts';
import type { VaultObjects } from '../model/vault-objects.ts';
import type { BundleStore, Journal, ProofStore, VaultHold, VaultLease } from './state-ports.ts';

/**
 * What is known of a write whose answer did not come: Azure was asked and does not show it, or Azure could not be asked. It
 * stands as `openEnd` on the KnownError that the write ends with.
 */
export type OpenEnd = 'notSeen' | 'unknown';

/**
 * Writes to Azure: the only doors through which anything changes. What each has done is Azure's own word, so it can be
 * called again after a crash. Failures are KnownErrors with the service's code, never an SDK's own error. When the run is
 * asked to stop, a write that has not left is not sent and rejects with the signal's reason; one that is under way is
 * waited for, or asked about, in bounded time.
 */
export interface AzureWriter {
  /**
   * One PUT, whose answer says what it did; where Azure lists the assignment already (`listed`) it is asked for by its name first, since
   * lists show for a while what is gone, and is left alone where it stands. `created`: made now. `found`: there before under the step's own name, so it is ours and as old as Azure says. `alreadyThere`: the same
   * principal, role and scope under the very same condition, or none where none is asked for, under another name: not ours,
   * never undone by us. The same under any other condition, or under none where one is asked for, is a conflict: Azure keeps
   * one of them only, and a wider one is not what was approved.
   */
  ensureRoleAssignment(step: AssignStep, listed?: boolean): Promise<'created' | 'found' | 'alreadyThere'>;
  deleteRoleAssignment(assignmentId: string): Promise<'deleted' | 'notThere'>;
  /**
   * `created`: made now, or already there under the step's own name with exactly its data actions and assignable at its scope
   * (then it is ours, whichever vault or run made it). There is no `alreadyThere`: other content under our name is a
   * conflict, and so is the role's display name on another definition, since a tenant gives each name once.
   */
  ensureRoleDefinition(step: RoleStep): Promise<'created'>;
  /** `inUse`: somebody is still assigned the role, so Azure keeps it and so do we. */
  deleteRoleDefinition(roleDefinitionId: string): Promise<'deleted' | 'notThere' | 'inUse'>;
  /**
   * One PATCH of the one flag; `unchanged` when the vault already has that model. Answers with the vault as read back.
   * `mayChange` is shown the vault as Azure answers it just before the PATCH, and stops it by throwing. With `alsoStopped` it
   * is sent although the run was asked to stop: to take back what harms. `mayLeave` is asked at every try of the PATCH, as it leaves,
   * and stops it by throwing: requests wait for their turn, and what they stand on grows old meanwhile.
   */
  setPermissionModel(
    vault: VaultId,
    model: PermissionModel,
    mayChange?: (raw: JsonObject) => void,
    options?: ModelOptions,
  ): Promise<{ readonly outcome: 'changed' | 'unchanged'; readonly vault: JsonObject }>;
  /** One PATCH that sets the flag to false and the whole policy list, verbatim; only when the list moved after the flip. */
  restoreAccessPolicies(vault: VaultId, accessPolicies: readonly JsonObject[]): Promise<JsonObject>;
}

export interface ModelOptions {
  readonly alsoStopped?: boolean;
  readonly mayLeave?: () => void;
}

/** Facts read again, just before they are needed. */
export interface FactsReader {
  /**
   * The estate around the given vaults, from Azure, nothing cached.
   * @param asOf puts other policies in place of those that Azure stores, before anybody whom they name is looked up.
   */
  read(vaultIds: readonly string[], asOf?: (vault: Vault) => Vault): Promise<Estate>;
  /** Azure's own answer to what the operator may do at a vault; undefined when it could not be read. */
  operatorPermissions(vault: VaultId): Promise<readonly PermissionBlock[] | undefined>;
  /** Names of the vault's secrets and keys. */
  objectNames(vault: VaultId): Promise<Reading<VaultObjects>>;
}

/**
 * Azure's own judgement of another principal (EA-49). An undocumented preview that leaves a line in Azure's activity log for every
 * question: asked on request only, and never a reason to believe more than the facts say.
 */
export interface AccessChecker {
  /** One decision for each action that Azure answered, in its order. */
  check(check: AccessCheck): Promise<Reading<readonly AccessDecision[]>>;
}

export interface Clock {
  now(): Date;
  /** Rejects with the signal's reason when aborted. */
  sleep(milliseconds: number, signal?: AbortSignal): Promise<void>;
  /** Like `sleep`, but while others are at work: a clock that `sleep` moves ahead is left to run. Left out where there is no difference. */
  pause?(milliseconds: number, signal?: AbortSignal): Promise<void>;
  /** Resolves when all that can go on without waiting has gone on. */
  turn(): Promise<void>;
}

/** What happens, for progress views and `--json` event lines. */
export type MigrationEvent =
  | { readonly kind: 'phase'; readonly phase: Phase | 'rollback'; readonly vaultId: string }
  | { readonly kind: 'step'; readonly vaultId: string; readonly step: string; readonly event: JournalEvent; readonly outcome?: string }
  | { readonly kind: 'waiting'; readonly vaultId: string; readonly until: string; readonly because: string }
  /** As the run found it, before it did anything to it. */
  | { readonly kind: 'found'; readonly vaultId: string; readonly permissionModel: PermissionModel }
  /** It is staged, and goes on when all others are staged too. */
  | { readonly kind: 'parked'; readonly vaultId: string }
  | { readonly kind: 'vaultDone'; readonly vaultId: string; readonly outcome: VaultOutcome; readonly because: string }
  /** The wave of that number begins, with so many vaults that have work. */
  | { readonly kind: 'wave'; readonly wave: number; readonly of: number; readonly name: string; readonly vaults: number }
  /** The wave of that number waits. */
  | { readonly kind: 'hold'; readonly wave: number; readonly of: number; readonly name: string; readonly until: string }
  /** No further vault begins. */
  | { readonly kind: 'stopped'; readonly because: string };

/** `interrupted`: the run was asked to stop while it worked on the vault; `skipped`: nothing was begun. */
export type VaultOutcome = 'done' | 'failed' | 'blocked' | 'undetermined' | 'skipped' | 'interrupted';

export interface MigrationPorts {
  readonly writer: AzureWriter;
  readonly facts: FactsReader;
  readonly journal: Journal;
  readonly bundles: BundleStore;
  readonly proofs: ProofStore;
  readonly holds: VaultHold;
  /** Of the vault that is worked on, once it is held. */
  readonly lease?: Pick<VaultLease, 'assertOurs'>;
  readonly clock: Clock;
  readonly onEvent: (event: MigrationEvent) => void;
}
