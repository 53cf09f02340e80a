import { stepState } from '../../formats/journal.ts';
import { type Phase, reaches } from '../../formats/phases.ts';
import type { VaultPlan } from '../../formats/plan.ts';
import { assignSteps } from '../../formats/planned-steps.ts';
import { findingWords } from '../../words/finding-words.ts';
import { assertUnmoved } from '../vault-now.ts';
import { Refusal, stopIfAsked, type VaultResult } from '../vault-result.ts';
import { alreadyFlipped, repair } from './already-flipped.ts';
import { assertPlanned } from './assert-planned.ts';
import { assertVerified } from './assert-verified.ts';
import { endedEarly } from './ended-early.ts';
import { flipVault } from './flip-vault.ts';
import { preflight } from './preflight.ts';
import { settle, waitForOwn } from './settle.ts';
import { stage } from './stage.ts';
import type { VaultRun } from './vault-run.ts';
import { watch } from './watch.ts';

/**
 * Takes one vault through its phases, from wherever Azure and the journal say it stands. Never throws: a result says it all.
 * @returns undefined when it is staged and was parked: it has to wait, and is to be taken up again when the others are staged too.
 */
export async function migrateVault(run: VaultRun): Promise<VaultResult | undefined> {
  const { ports, id } = run;
  const where = { vaultId: run.vaultPlan.vaultId, name: run.vaultPlan.name };
  let phase: Phase | undefined;
  const enter = (next: Phase): void => {
    stopIfAsked(run.signal);
    phase = next;
    ports.onEvent({ kind: 'phase', phase: next, vaultId: where.vaultId });
  };
  try {
    refuseUnready(run.vaultPlan);
    if (run.vaultPlan.state === 'alreadyOnRbac') {
      return { ...where, outcome: 'skipped', because: 'it was on Azure RBAC when the plan was made; nothing to do', lines: [] };
    }
    run.gate.assertApproved(run.vaultPlan);
    stopIfAsked(run.signal);
    const held = await ports.holds.hold(id);
    run.seat.moved();
    try {
      const because = await phases({ ...run, ports: { ...ports, lease: held } }, enter);
      if (because === undefined) {
        ports.onEvent({ kind: 'parked', vaultId: where.vaultId });
        return undefined;
      }
      const { permissionModel } = run.standing;
      const reached = { ...(phase !== undefined && { phase }), ...(permissionModel !== undefined && { permissionModel }) };
      return { ...where, outcome: 'done', because, ...reached, lines: [] };
    } finally {
      await held.release();
    }
  } catch (error) {
    const { signal, standing } = run;
    return endedEarly(where, error, { phase, signal, standing: { ...standing, reached: standing.reached ?? staged(run) } });
  }
}

/** @returns what was reached, in a sentence; undefined when the vault was parked. */
async function phases(run: VaultRun, enter: (phase: Phase) => void): Promise<string | undefined> {
  const { vaultPlan, through, seat } = run;
  const now = await seat.recent(run.factsAge);
  const { permissionModel } = now.vault;
  run.standing.permissionModel = permissionModel;
  run.ports.onEvent({ kind: 'found', vaultId: vaultPlan.vaultId, permissionModel });
  if (vaultPlan.state === 'repair') return repair(run, now);
  if (now.vault.permissionModel === 'azureRbac') return alreadyFlipped(run, now, enter);
  await run.judging(() => {
    assertUnmoved(vaultPlan.basis, now, vaultPlan.steps);
    assertPlanned(run, now);
  });
  if (reaches(through, 'flip')) run.gate.assertGainsAccepted(vaultPlan);
  await preflight(run, now);
  enter('stage');
  const made = await stage(run, now);
  if (!reaches(through, 'settle')) return made;
  if (run.mayPark && waitForOwn(run) !== undefined) return undefined;
  enter('settle');
  const settled = await settle(run);
  if (!reaches(through, 'verify')) return `${made}; they are old enough`;
  enter('verify');
  await assertVerified(run, settled);
  if (!reaches(through, 'flip')) return 'every access that the policies give is covered; the vault can be flipped';
  enter('flip');
  const flipped = await flipVault(run);
  if (!reaches(through, 'watch')) return 'the vault is on Azure RBAC';
  enter('watch');
  return watch(flipped);
}

/** What became of the role assignments so far. */
function staged({ vaultPlan, ports }: VaultRun): string {
  const steps = assignSteps(vaultPlan);
  const made = steps.filter((step) => stepState(ports.journal.entries, step.id).state === 'done').length;
  if (steps.length === 0) return 'nothing was written';
  return `${made} of ${steps.length} planned role assignments are in place, and do nothing before a flip`;
}

function refuseUnready({ state, name, findings }: VaultPlan): void {
  if (state !== 'blocked') return;
  const blockers = findings.filter((finding) => finding.severity === 'blocker');
  const lines = blockers.map((finding) => `${finding.code}: ${findingWords(finding).message}`);
  throw new Refusal(
    'blocked',
    'PLAN_BLOCKED',
    `the plan blocks vault \`${name}\``,
    'solve it as the plan says, or decide, and run `keyturn plan` again',
    lines,
  );
}
