import { canonicalJson } from '../../base/canonical-json.ts';
import { KnownError } from '../../base/known-error.ts';
import { wellFormed } from '../../base/well-formed.ts';
import { type Bundle, parseBundle, storedPolicies } from '../../formats/bundle.ts';
import { elsewhere, isElsewhere, stepState } from '../../formats/journal.ts';
import { type Phase, reaches } from '../../formats/phases.ts';
import { flipStep } from '../../formats/planned-steps.ts';
import type { VaultNow } from '../../model/vault-now.ts';
import { vaultBasis } from '../../plan/basis.ts';
import { compareBasis, movedLines } from '../../plan/compare-basis.ts';
import type { FactsNow } from '../vault-now.ts';
import { Refusal } from '../vault-result.ts';
import { assertPlanned } from './assert-planned.ts';
import { lookAfterFlip } from './look-after-flip.ts';
import { makeMissing } from './make-missing.ts';
import { runStep } from './run-step.ts';
import type { VaultRun } from './vault-run.ts';
import { watch } from './watch.ts';

/**
 * What to do about a vault that is on Azure RBAC although its plan found it on access policies. Whoever flipped it, what the plan
 * assigns and Azure does not list is made at once; a flip of ours whose look back did not come to its end is looked at first.
 */
export async function alreadyFlipped(run: VaultRun, now: FactsNow, enter: (phase: Phase) => void): Promise<string> {
  const step = flipStep(run.vaultPlan);
  const before = stepState(run.ports.journal.entries, step?.id ?? '');
  const { state } = before;
  if (state === 'undoBegan') {
    const message = `a rollback of vault \`${now.vault.name}\` was begun and has not ended`;
    throw new Refusal('blocked', 'ROLLBACK_OPEN', message, `finish it with \`keyturn rollback ${now.vault.name}\`, then apply again`);
  }
  assertSameVault(run, now);
  const bundle = await ownBundle(run);
  if (state === 'undone' || isElsewhere(before) || bundle === undefined) return afterFlipElsewhere(run, now);
  if (state !== 'done' && step !== undefined) {
    // The flip reached Azure and its end did not reach the journal, or the journal is a new one.
    const end = { outcome: 'unchanged' };
    await runStep(run.ports, { vaultId: step.vaultId, step: step.id, direction: 'do', perform: () => Promise.resolve(end) });
  }
  // Of which a new journal knows nothing may have been long ago: what changed since is no part of it.
  if (state !== 'notBegun' && !wasLookedAt(run)) {
    await lookAfterFlip(run, bundle, { policies: storedPolicies(now.vault.raw), foundLater: now });
  }
  const { reached, now: end } = await makeMissing(run);
  if (reaches(run.through, 'watch')) {
    enter('watch');
    watch(end);
  }
  return reached;
}

/** A vault that was planned to be repaired: it was on Azure RBAC then, and has to be now. */
export async function repair(run: VaultRun, now: VaultNow): Promise<string> {
  const { vault } = now;
  if (vault.permissionModel !== 'azureRbac') {
    const message = `vault \`${vault.name}\` was put back on access policies since the plan was made`;
    throw stale(message, vault.name, ['azureRbac', 'accessPolicy']);
  }
  assertSameVault(run, now);
  assertSamePolicies(run, now);
  assertPlanned(run, now);
  return (await makeMissing(run)).reached;
}

/** Somebody else did what the plan was for. As long as the policies are those that it was made for, it can still be made good. */
async function afterFlipElsewhere(run: VaultRun, now: VaultNow): Promise<string> {
  assertSamePolicies(run, now);
  assertPlanned(run, now);
  const { reached } = await makeMissing(run);
  const { ports, vaultPlan } = run;
  const step = flipStep(vaultPlan)?.id ?? '';
  if (!isElsewhere(stepState(ports.journal.entries, step))) {
    const at = ports.clock.now().toISOString();
    await ports.journal.append({ v: 1, at, event: 'done', vaultId: vaultPlan.vaultId, step, outcome: elsewhere });
  }
  return `${reached}; it was flipped elsewhere`;
}

function assertSameVault({ vaultPlan }: VaultRun, { vault, subscription }: VaultNow): void {
  const moved = compareBasis(vaultPlan.basis, vaultBasis(vault, subscription, vaultPlan.steps)).filter(({ field }) => field === 'vault');
  if (moved.length === 0) return;
  const message = `vault \`${vault.name}\` is not the vault that was planned: \`vault\` moved since`;
  throw new Refusal('blocked', 'PLAN_STALE', message, `run \`keyturn plan ${vault.name}\` again`, movedLines(vault.name, moved));
}

function assertSamePolicies({ vaultPlan }: VaultRun, { vault, subscription }: VaultNow): void {
  const moved = compareBasis(vaultPlan.basis, vaultBasis(vault, subscription, vaultPlan.steps)).filter(
    ({ field, reordered }) => field === 'accessPolicies' && !reordered,
  );
  if (moved.length === 0) return;
  const message = `vault \`${vault.name}\` is on Azure RBAC, and \`accessPolicies\` of it moved since the plan was made`;
  throw stale(message, vault.name, ['accessPolicy', 'azureRbac'], movedLines(vault.name, moved));
}

function stale(message: string, name: string, [gone, came]: readonly [string, string], lines: readonly string[] = []): Refusal {
  const remedy = `run \`keyturn plan ${name}\`: it plans what its policies give and no role does, and \`keyturn apply\` makes it`;
  return new Refusal('blocked', 'PLAN_STALE', message, remedy, [`@@ ${name}: permissionModel`, `- ${gone}`, `+ ${came}`, ...lines]);
}

/** Whether the look for what slipped in came to its end: its proof is noted after the flip's. */
function wasLookedAt({ ports, vaultPlan }: VaultRun): boolean {
  const { entries } = ports.journal;
  const flipped = entries.findLastIndex(({ event, step }) => event === 'done' && step === flipStep(vaultPlan)?.id);
  return entries.findLastIndex(({ event, vaultId }) => event === 'verified' && vaultId === vaultPlan.vaultId) > flipped;
}

/** The bundle that this plan's flip wrote before it: the proof that the flip was ours, and the way back. */
async function ownBundle({ ports, id, plan, vaultPlan }: VaultRun): Promise<Bundle | undefined> {
  let bundle: Bundle;
  try {
    bundle = parseBundle(await ports.bundles.read(id));
  } catch (error) {
    if (error instanceof KnownError && error.code === 'BUNDLE_MISSING') return undefined;
    throw error;
  }
  if (bundle.planDigest !== plan.digest) return undefined;
  const saved = bundle.accessPolicies.map((policy) => canonicalJson(wellFormed(policy)));
  if (canonicalJson(saved) === canonicalJson(vaultPlan.basis.fields.accessPolicies ?? [])) return bundle;
  const message = `the plan and the rollback bundle of vault \`${id.name}\` do not stand on the same access policies`;
  throw new Refusal('blocked', 'PLAN_DIFFERS', message, 'give the plan and the --state folder of the run that flipped');
}
