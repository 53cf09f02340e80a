import type { PairVerdict } from '../../access/judgement.ts';
import { stepState } from '../../formats/journal.ts';
import type { VaultPlan } from '../../formats/plan.ts';
import { assignSteps, roleSteps } from '../../formats/planned-steps.ts';
import { parseScope } from '../../model/scope.ts';
import type { VaultNow } from '../../model/vault-now.ts';
import { verifyVault } from '../../verify/verify-vault.ts';
import { type FactsNow, isDefined, isVisible } from '../vault-now.ts';
import { stopIfAsked } from '../vault-result.ts';
import { note } from './run-step.ts';
import type { VaultRun } from './vault-run.ts';

const minute = 60_000;
/** How long a list may lag behind what was made, and how often it is asked meanwhile. */
const listingPatience = 15 * minute;
const askAgainAfter = minute;

/**
 * Waits until the assignments that cover the policies are visible and old enough. It only waits for what time can heal: a
 * gap of another kind is for `verify` to tell. How old an assignment is, Azure's own word and our journal have to agree.
 * @returns the facts that it was judged by.
 */
export async function settle(run: VaultRun): Promise<FactsNow> {
  const { plan, ports, vaultPlan, seat } = run;
  const started = ports.clock.now().getTime();
  let wait = waitForOwn(run);
  for (;;) {
    stopIfAsked(run.signal);
    if (wait !== undefined) {
      const until = new Date(wait.until).toISOString();
      ports.onEvent({ kind: 'waiting', vaultId: vaultPlan.vaultId, until, because: wait.because });
    }
    const now = await (wait === undefined
      ? seat.recent(run.factsAge)
      : seat.next({ from: wait.until, by: wait.until, waitsFor: 'atWork', patient: true }));
    stopIfAsked(run.signal);
    wait = waitFor(run, now, started);
    if (wait !== undefined) continue;
    await note(ports, vaultPlan.vaultId, 'settled', `minimum age ${plan.settings.minimumAgeMinutes} minutes`);
    return now;
  }
}

/** As long as what we made ourselves is too young there is nothing to read. */
export function waitForOwn(run: VaultRun): Wait | undefined {
  const until = ownAge(run) + run.plan.settings.minimumAgeMinutes * minute;
  if (until <= run.ports.clock.now().getTime()) return undefined;
  return { until, because: 'the role assignments just made have to take effect' };
}

interface Wait {
  /** Milliseconds since 1970. */
  readonly until: number;
  readonly because: string;
}

function waitFor(run: VaultRun, now: VaultNow, started: number): Wait | undefined {
  const { plan, vaultPlan, catalogue, ports } = run;
  const at = ports.clock.now();
  const minimum = plan.settings.minimumAgeMinutes;
  const ask = (minimumAgeMinutes: number) => verifyVault({ ...now, catalogue, at, minimumAgeMinutes, plan: vaultPlan });
  const young = waitForOwn(run);
  if (young !== undefined) return young;
  if (!open(ask(minimum).pairs)) return undefined;
  const anyAge = ask(0).pairs;
  if (open(anyAge)) {
    if (unreadable(now) || isListed(vaultPlan, now) || at.getTime() - Math.max(started, ownAge(run) + minimum * minute) >= listingPatience)
      return undefined;
    return { until: at.getTime() + askAgainAfter, because: 'Azure does not list what was made yet' };
  }
  // Covered by assignments that are too young: the next one to grow old enough may be all it takes.
  const next = Math.min(
    ...ages(anyAge, now)
      .map((since) => since + minimum * minute)
      .filter((one) => one > at.getTime()),
  );
  return Number.isFinite(next) ? { until: next, because: 'role assignments have to be older before they count' } : undefined;
}

function isListed(vaultPlan: VaultPlan, now: VaultNow): boolean {
  return assignSteps(vaultPlan).every((step) => isVisible(step, now)) && roleSteps(vaultPlan).every((step) => isDefined(step, now));
}

function open(pairs: readonly PairVerdict[]): boolean {
  return pairs.some((pair) => pair.state !== 'covered');
}

/** When the youngest assignment that we made was made, or began to be, by our own clock; 0 where the journal tells of none. */
function ownAge({ ports, vaultPlan }: VaultRun): number {
  const times = assignSteps(vaultPlan).map((step) => {
    const state = stepState(ports.journal.entries, step.id);
    if (state.state === 'done') return state.outcome === 'created' ? Date.parse(state.at) : 0;
    return state.state === 'began' || state.state === 'failed' ? Date.parse(state.at) : 0;
  });
  return Math.max(0, ...times);
}

/** When each counted assignment was made or last changed, by Azure's word. */
function ages(pairs: readonly PairVerdict[], { subscription }: VaultNow): readonly number[] {
  const counted = new Set(pairs.flatMap((pair) => pair.by.map((route) => key(route.assignmentId))));
  const { roleAssignments } = subscription;
  if (roleAssignments.state === 'unreadable') return [];
  return roleAssignments.value
    .filter((assignment) => counted.has(key(assignment.id)))
    .map(({ createdOn, updatedOn }) => Math.max(Date.parse(createdOn) || 0, Date.parse(updatedOn) || 0));
}

/** Waiting makes no list readable. */
function unreadable({ subscription }: VaultNow): boolean {
  return subscription.roleAssignments.state === 'unreadable';
}

function key(assignmentId: string): string {
  return parseScope(assignmentId) ?? assignmentId.toLowerCase();
}
