import type { JsonObject } from '../../base/json.ts';
import { type Bundle, makeBundle, parseBundle, samePolicies, storedPolicies, vaultCreatedAt } from '../../formats/bundle.ts';
import { flipStep } from '../../formats/planned-steps.ts';
import { parseVault } from '../../model/vault.ts';
import type { VaultNow } from '../../model/vault-now.ts';
import { assertUnmoved, type FactsNow } from '../vault-now.ts';
import { Refusal, stopIfAsked } from '../vault-result.ts';
import { assertVerified } from './assert-verified.ts';
import { lookAfterFlip } from './look-after-flip.ts';
import { assertMayFlip, assertSettledVault } from './preflight.ts';
import { note } from './run-step.ts';
import { setModel } from './standing.ts';
import type { VaultRun } from './vault-run.ts';
import { writeStep } from './write-step.ts';

/** How often facts are read anew when they grew too old before the PATCH could leave. */
const tries = 5;

/**
 * The flip. In this order: the bundle is on disk and readable; by facts that are young enough (RF-5) nothing has moved, all is
 * covered, the operator can flip and flip back; then one PATCH of one flag, and a look at what came of it.
 * @returns the facts read after it.
 * @throws Refusal when any of it does not hold: nothing is written then, or the flip is taken back.
 */
export async function flipVault(run: VaultRun): Promise<FactsNow> {
  const { id, seat, factsAge } = run;
  run.gate.assertGainsAccepted(run.vaultPlan);
  const bundle = await keepBundle(run, await seat.recent(factsAge));
  stopIfAsked(run.signal);
  const raw = await flipInTime(run, bundle);
  if (parseVault(raw)?.permissionModel !== 'azureRbac') {
    const message = `Azure accepted the flip of vault \`${id.name}\`, and the vault still is on access policies`;
    throw new Refusal('failed', 'FLIP_NOT_SEEN', message, 'run it again; if it stays so, look at the activity log of the vault');
  }
  return lookAfterFlip(run, bundle, { policies: storedPolicies(raw) });
}

/** Facts grow old while a flip waits for its turn: then they are read, and judged, again. */
async function flipInTime(run: VaultRun, bundle: Bundle): Promise<JsonObject> {
  let late: FactsTooOld | undefined;
  for (let tried = 0; tried < tries; tried++) {
    const now = await run.seat.recent(run.factsAge);
    await assertMayFlip(run, now);
    assertSettledVault(now);
    assertUnmoved(run.vaultPlan.basis, now, run.vaultPlan.steps);
    assertStillTheBundle(bundle, now);
    await assertVerified(run, now);
    stopIfAsked(run.signal);
    try {
      return await setFlag(run, bundle, now);
    } catch (error) {
      if (!(error instanceof FactsTooOld)) throw error;
      late = error;
    }
  }
  throw late ?? new Error('a flip is tried at least once');
}

async function setFlag(run: VaultRun, bundle: Bundle, now: FactsNow): Promise<JsonObject> {
  const step = flipStep(run.vaultPlan);
  if (step === undefined) throw new Error('a ready vault plan has a flip step');
  const mayChange = (raw: JsonObject) => {
    assertAsProved(raw, now, bundle);
  };
  const mayLeave = () => {
    assertYoung(run, now);
  };
  const perform = () => setModel({ ...run, now }, 'azureRbac', mayChange, { mayLeave });
  return (await writeStep(run, { step: step.id, perform, mayBegin: mayLeave })).vault;
}

class FactsTooOld extends Refusal {}

function assertYoung({ ports, factsAge, id }: VaultRun, { began }: FactsNow): void {
  if (ports.clock.now().getTime() - began <= factsAge) return;
  const message = `the facts about vault \`${id.name}\` were older than ${factsAge / 1000} seconds each time before its flip could be sent`;
  const remedy = 'run it again, when fewer other programs call Azure in this subscription; the vault was not flipped';
  throw new FactsTooOld('undetermined', 'FACTS_TOO_OLD', message, remedy);
}

/** The vault just before the PATCH has to be the one that the proof is about. */
function assertAsProved(raw: JsonObject, proved: VaultNow, bundle: Bundle): void {
  const vault = parseVault(raw);
  if (vault === undefined || vaultCreatedAt(vault) !== vaultCreatedAt(proved.vault))
    throw changed(proved.vault.name, 'just before its flip');
  assertSettledVault({ vault });
  if (!samePolicies(storedPolicies(raw), bundle.accessPolicies)) throw changed(proved.vault.name, 'just before its flip');
}

/** Writes the bundle of the vault as it is, reads it back, and believes only what was read. */
async function keepBundle({ plan, vaultPlan, id, ports }: VaultRun, { vault }: VaultNow): Promise<Bundle> {
  const bundle = makeBundle(vault, plan, vaultPlan.steps, ports.clock.now());
  await ports.bundles.write(id, bundle);
  const kept = parseBundle(await ports.bundles.read(id));
  if (kept.digest !== bundle.digest) {
    const message = `the rollback bundle of vault \`${id.name}\` reads back differently from how it was written`;
    throw new Refusal('failed', 'BUNDLE_NOT_KEPT', message, 'check the disk that keeps the bundles; nothing was flipped');
  }
  await note(ports, vaultPlan.vaultId, 'bundleWritten', bundle.digest);
  return kept;
}

function assertStillTheBundle(bundle: Bundle, { vault }: VaultNow): void {
  if (!samePolicies(storedPolicies(vault.raw), bundle.accessPolicies)) throw changed(vault.name, 'while its rollback bundle was written');
}

function changed(name: string, when: string): Refusal {
  const message = `the access policies of vault \`${name}\` changed ${when}`;
  return new Refusal('blocked', 'PLAN_STALE', message, 'run `keyturn plan` again and review what changed');
}
