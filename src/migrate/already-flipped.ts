import { KnownError } from '../model/known-error.ts';
import { type Bundle, parseBundle, storedPolicies } from './bundle.ts';
import { stepState } from './journal.ts';
import { lookAfterFlip } from './look-after-flip.ts';
import type { Phase } from './ports.ts';
import { runStep } from './run-step.ts';
import type { VaultNow } from './vault-now.ts';
import { Refusal } from './vault-result.ts';
import { flipStep, reaches, type VaultRun } from './vault-run.ts';
import { watch } from './watch.ts';

/** What to do about a vault that is on Azure RBAC although its plan found it on access policies. */
export async function alreadyFlipped(run: VaultRun, now: VaultNow, enter: (phase: Phase) => void): Promise<string> {
  const step = flipStep(run.vaultPlan);
  const { state } = stepState(run.ports.journal.entries, step?.id ?? '');
  if (state === 'undoBegan') {
    const message = `a rollback of vault \`${now.vault.name}\` was begun and has not ended`;
    throw new Refusal('blocked', 'ROLLBACK_OPEN', message, 'finish it with `keyturn rollback`, then apply again');
  }
  const bundle = await ownBundle(run);
  if (state === 'undone' || bundle === undefined) throw flippedElsewhere(now);
  if (state !== 'done' && step !== undefined) {
    // The flip reached Azure and its end did not reach the journal, or the journal is a new one.
    const end = { outcome: 'unchanged' };
    await runStep(run.ports, { vaultId: step.vaultId, step: step.id, direction: 'do', perform: () => Promise.resolve(end) });
  }
  if (!wasLookedAt(run)) await lookAfterFlip(run, bundle, { policies: storedPolicies(now.vault.raw), foundLater: now });
  if (!reaches(run.through, 'watch')) return 'the vault is on Azure RBAC already; nothing to do';
  enter('watch');
  return `${await watch(run)} already; nothing to do`;
}

/** Whether the look for what slipped in came to its end: its proof is noted after the flip's. */
function wasLookedAt({ ports, vaultPlan }: VaultRun): boolean {
  const { entries } = ports.journal;
  const flipped = entries.findLastIndex(({ event, step }) => event === 'done' && step === flipStep(vaultPlan)?.id);
  return entries.findLastIndex(({ event, vaultId }) => event === 'verified' && vaultId === vaultPlan.vaultId) > flipped;
}

/** The bundle that this plan's flip wrote before it: the proof that the flip was ours, and the way back. */
async function ownBundle({ ports, id, plan }: VaultRun): Promise<Bundle | undefined> {
  let bundle: Bundle;
  try {
    bundle = parseBundle(await ports.bundles.read(id));
  } catch (error) {
    if (error instanceof KnownError && error.code === 'BUNDLE_MISSING') return undefined;
    throw error;
  }
  return bundle.planDigest === plan.digest ? bundle : undefined;
}

function flippedElsewhere({ vault }: VaultNow): Refusal {
  const message = `vault \`${vault.name}\` was put on Azure RBAC by somebody else since the plan was made`;
  return new Refusal('blocked', 'PLAN_STALE', message, 'run `keyturn verify` on it to see who lost access', [
    `@@ ${vault.name}: permissionModel`,
    '- accessPolicy',
    '+ azureRbac',
  ]);
}
