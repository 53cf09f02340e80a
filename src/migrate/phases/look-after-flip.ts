import type { ErrorCode } from '../../base/error-codes.ts';
import { KnownError } from '../../base/known-error.ts';
import { type Bundle, samePolicies, storedPolicies } from '../../formats/bundle.ts';
import { flipStep } from '../../formats/planned-steps.ts';
import type { Vault } from '../../model/vault.ts';
import type { VerifyVerdict } from '../../verify/verify-verdict.ts';
import { linesAgainst } from '../../words/gap-words.ts';
import type { FactsNow } from '../vault-now.ts';
import { Refusal, stopIfAsked } from '../vault-result.ts';
import { verified } from './assert-verified.ts';
import { givesAtLeast } from './policies-give.ts';
import { note, runStep } from './run-step.ts';
import { setModel } from './standing.ts';
import type { VaultRun } from './vault-run.ts';

/** How often facts are asked for after a flip, and how long is waited in between, before it is said that nobody knows. */
const tries = 3;
const pause = 10_000;
/** By then the reading has begun, whatever the other vaults of the subscription are at (RF-6). */
const latest = 60_000;

interface AfterFlip {
  /** What Azure stored in the vault when the flip read back, or when a later run found it flipped. */
  readonly policies: StoredPolicies;
  /** Facts read after the flip, when a later run comes to look. Nobody knows how long ago the flip was then. */
  readonly foundLater?: FactsNow;
}

type StoredPolicies = ReturnType<typeof storedPolicies>;

/**
 * Between the last reading and the flip somebody may still have changed a policy or removed an assignment. Whoever that was meant
 * for has lost access now: the facts are read and judged once more, and the vault goes back at once when they do not hold. When they
 * cannot be read the vault stays: all was proved a moment ago, and going back and forth on a guess would be an outage of its own.
 * @returns the facts that say so.
 * @throws Refusal PLAN_STALE, VERIFY_GAP (blocked) with the flip taken back, FLIP_UNPROVED (undetermined), FLIP_STANDS (failed).
 */
export async function lookAfterFlip(run: VaultRun, bundle: Bundle, { policies, foundLater }: AfterFlip): Promise<FactsNow> {
  const assertSame = async (stored: StoredPolicies): Promise<void> => {
    if (samePolicies(stored, bundle.accessPolicies)) return;
    throw await slippedIn(run, foundLater === undefined || givesAtLeast(stored, bundle.accessPolicies));
  };
  await assertSame(policies);
  let because: KnownError | VerifyVerdict | undefined;
  for (let asked = 0; asked < tries; asked++) {
    stopIfAsked(run.signal);
    const now = asked === 0 && foundLater !== undefined ? foundLater : await readOrWhyNot(run, asked);
    if (now instanceof KnownError) {
      because = now;
      continue;
    }
    assertStillFlipped(now.vault);
    await assertSame(storedPolicies(now.vault.raw));
    const verdict = await verified(run, now);
    if (verdict.state === 'covered') return now;
    if (verdict.state === 'gap') {
      throw await takenBack(run, 'VERIFY_GAP', `access to vault \`${run.id.name}\` changed during the flip`, linesAgainst(verdict));
    }
    because = verdict;
  }
  throw unproved(run.id.name, because);
}

/** One reading serves all vaults of the subscription that were flipped since the last one. */
async function readOrWhyNot({ ports, seat, signal }: VaultRun, asked: number): Promise<FactsNow | KnownError> {
  const now = ports.clock.now().getTime();
  try {
    return await (asked === 0
      ? seat.next({ from: now, by: now + latest, waitsFor: 'atWork' })
      : seat.next({ from: now + pause, by: now + pause, waitsFor: 'atWork' }));
  } catch (error) {
    stopIfAsked(signal);
    if (error instanceof KnownError) return error;
    throw error;
  }
}

function assertStillFlipped({ name, permissionModel }: Vault): void {
  if (permissionModel === 'azureRbac') return;
  const message = `vault \`${name}\` is on access policies again`;
  throw new Refusal('failed', 'FLIP_UNDONE', message, 'somebody or something flipped it back; find out who before the next try');
}

/** Where policies are gone that the plan knew, going back later would cut off whoever has access by roles now. */
async function slippedIn(run: VaultRun, mayGoBack: boolean): Promise<Refusal> {
  const { name } = run.id;
  const message = `the access policies of vault \`${name}\` changed during the flip`;
  if (mayGoBack) return takenBack(run, 'PLAN_STALE', message);
  const kept = `the access policies of vault \`${name}\` changed since its flip, and some are gone: it stays on Azure RBAC, since going back would cut off whom they named`;
  const remedy = `run \`keyturn verify ${name}\` to see who has access; \`keyturn rollback ${name}\` restores the saved policies`;
  return new Refusal('blocked', 'PLAN_STALE', kept, remedy);
}

/** @returns the refusal to throw, when the vault is back on its access policies. */
async function takenBack(run: VaultRun, code: ErrorCode, message: string, lines: readonly string[] = []): Promise<Refusal> {
  const { ports, id, vaultPlan } = run;
  const { vaultId } = vaultPlan;
  // Also when the run was asked to stop: somebody has no access now.
  const perform = () => setModel(run, 'accessPolicy', undefined, { alsoStopped: true });
  try {
    await runStep(ports, { vaultId, step: flipStep(vaultPlan)?.id ?? '', direction: 'undo', perform });
  } catch (error) {
    if (!(error instanceof KnownError)) throw error;
    const stands = `${message}, and the flip could not be taken back: ${error.message}`;
    return new Refusal('failed', 'FLIP_STANDS', stands, `run \`keyturn rollback ${id.name}\` at once`, lines);
  }
  await note(ports, vaultId, 'undone', 'the flip was taken back; the policies stay as they are');
  const remedy = 'find out who changed it, then run `keyturn plan` again and review what changed';
  return new Refusal('blocked', code, `${message}, so the flip was taken back`, remedy, lines);
}

function unproved(name: string, why: KnownError | VerifyVerdict | undefined): Refusal {
  const message = `vault \`${name}\` is on Azure RBAC, and whether everybody still has access could not be read after the flip`;
  const remedy = `run \`keyturn verify ${name}\` as soon as it can be read; \`keyturn rollback ${name}\` goes back`;
  const lines = why === undefined ? [] : why instanceof KnownError ? [`${why.code}: ${why.message}`] : linesAgainst(why);
  return new Refusal('undetermined', 'FLIP_UNPROVED', message, remedy, lines);
}
