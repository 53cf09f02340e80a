import pLimit from 'p-limit';
import { grouped } from '../base/grouped.ts';
import { KnownError } from '../base/known-error.ts';
import { type Bundle, plannedAssignment, plannedRole } from '../formats/bundle.ts';
import { flipId } from '../formats/make-steps.ts';
import type { Plan, VaultPlan } from '../formats/plan.ts';
import { assignSteps, roleSteps } from '../formats/planned-steps.ts';
import type { Catalogue } from '../model/catalogue.ts';
import { parseVaultId, subscriptionIdOf, type VaultId } from '../model/vault-id.ts';
import { plannedIdentity } from '../plan/basis.ts';
import type { Place } from './batch/desk.ts';
import { inGroups } from './batch/in-groups.ts';
import { openReadings, type Readings } from './batch/readings.ts';
import { shareAnswers } from './batch/share-answers.ts';
import { lenientJournal } from './lenient-journal.ts';
import { openJournal } from './open-journal.ts';
import { endedEarly } from './phases/ended-early.ts';
import type { Standing } from './phases/standing.ts';
import type { MigrationPorts } from './ports.ts';
import { assertMayGoBack } from './rollback/assert-may-go-back.ts';
import { removeAssignments } from './rollback/remove-assignments.ts';
import { restoreVault } from './rollback/restore-vault.ts';
import { type RollbackOptions, type RollbackRun, readAnew } from './rollback/rollback-run.ts';
import { assertStillOnPolicies, goBackIfFlipped } from './rollback/still-on-policies.ts';
import type { VaultLease } from './state-ports.ts';
import { stopIfAsked, type VaultResult } from './vault-result.ts';
import { rollbackDigest, type VaultNamed, vaultIdOf, type WayBack } from './way-back.ts';

interface Deps {
  readonly ports: MigrationPorts;
  readonly catalogue: Catalogue;
}

/** Vaults in work at once in a subscription, and writes under way. */
const room = { vaults: 200, writes: 32 };

/**
 * Takes vaults back, each by itself: the flag first, because that ends an outage; then the policies if they moved; then, if asked, our
 * assignments. The vaults of a subscription share what is read. Can be repeated at any point. Never throws: the results, in the order
 * asked, say it all. All of them are told in one journal.
 */
export async function rollBackAll(ways: readonly WayBack[], options: RollbackOptions, deps: Deps): Promise<readonly VaultResult[]> {
  const broken: string[] = [];
  const journal = lenientJournal(deps.ports.journal, (line) => broken.push(line));
  const ports = { ...deps.ports, journal };
  const answers = shareAnswers(ports.facts);
  const oneQuestion = pLimit(1);
  const { mayReplace, withoutBundle } = options;
  const asked = {
    ...options,
    ...(mayReplace !== undefined && {
      mayReplace: (name: string, lines: readonly string[]) => oneQuestion(() => mayReplace(name, lines)),
    }),
    ...(withoutBundle !== undefined && {
      withoutBundle: (name: string, lines: readonly string[]) => oneQuestion(() => withoutBundle(name, lines)),
    }),
  };
  const results = new Map<WayBack, VaultResult>();
  const places = grouped(ways, (way) => JSON.stringify(placeOf(way)));
  await Promise.all(
    [...places.values()].map(async (some) => {
      const [first] = some;
      if (first === undefined) return;
      const { facts, clock } = ports;
      // Without the signal: what was deleted has to be looked after also when the run is asked to stop.
      const readings = openReadings({ facts, clock, place: placeOf(first) });
      const bySubscription = [...grouped(some, (way) => subscriptionIdOf({ vaultId: vaultIdOf(way) })).values()];
      const work = bySubscription.map((own) => {
        const inTurn = pLimit(Math.max(1, Math.min(room.writes, options.concurrency ?? room.writes)));
        const one = async (way: WayBack) => {
          const result = await rollBackOne(way, asked, { ...deps, ports, answers, readings, inTurn });
          results.set(way, { ...result, lines: [...broken, ...result.lines] });
        };
        return inGroups(own, room.vaults, (group) => group.map(one));
      });
      await Promise.all(work).finally(() => {
        readings.close();
      });
    }),
  );
  return ways.flatMap((way) => results.get(way) ?? []);
}

export async function rollBack(way: WayBack, options: RollbackOptions, deps: Deps): Promise<VaultResult> {
  const [result] = await rollBackAll([way], options, deps);
  if (result === undefined) throw new Error('a rollback always has a result');
  return result;
}

function placeOf(way: WayBack): Place {
  const { tenantId, cloud } = wayFrom(way);
  return { tenantId, cloud };
}

interface Shared extends Deps, Pick<RollbackRun, 'answers' | 'inTurn'> {
  readonly readings: Readings;
}

async function rollBackOne(way: WayBack, options: RollbackOptions, { readings, ...deps }: Shared): Promise<VaultResult> {
  const { ports } = deps;
  const lines: string[] = [];
  const vaultId = vaultIdOf(way);
  const id = parseVaultId(vaultId);
  const where = { vaultId, name: id?.name ?? vaultId };
  const standing: Standing = {};
  const seat = id === undefined ? undefined : readings.sit(id, (vault) => vault);
  try {
    if (id === undefined || seat === undefined)
      throw new KnownError('usage', 'BUNDLE_UNREADABLE', `\`${vaultId}\` names no vault`, 'give an untouched bundle');
    stopIfAsked(options.signal);
    const held = await holdOrDoWithout(ports, id, lines);
    try {
      ports.onEvent({ kind: 'phase', phase: 'rollback', vaultId });
      const more = { ...wayFrom(way), planDigest: rollbackDigest(way) };
      const because = await goBack({ ...more, ...deps, id, seat, options, standing, ports: { ...ports, lease: held } });
      return finished({ ...where, outcome: 'done', phase: 'rollback', because, lines }, ports);
    } finally {
      await held.release();
    }
  } catch (error) {
    const ended = endedEarly(where, error, { phase: 'rollback', signal: options.signal, standing });
    return finished({ ...ended, lines: [...lines, ...ended.lines] }, ports);
  } finally {
    seat?.leave();
  }
}

/** Another run on the vault stops a rollback; a disk that has no room for a lock does not: it may be an outage that is ended here. */
async function holdOrDoWithout({ holds }: MigrationPorts, id: VaultId, lines: string[]): Promise<VaultLease> {
  try {
    return await holds.hold(id);
  } catch (error) {
    if (!(error instanceof KnownError) || error.code !== 'DISK') throw error;
    lines.push(`the rollback goes on without a lock on the vault: ${error.message}`);
    return { assertOurs: () => Promise.resolve(), release: () => Promise.resolve() };
  }
}

async function goBack(run: RollbackRun): Promise<string> {
  const now = await readAnew(run);
  run.standing.permissionModel = now.vault.permissionModel;
  await assertMayGoBack(run, now);
  await openJournal(run.ports.journal, run.planDigest, run.ports.clock.now());
  const restored = await restoreVault(run, now);
  run.standing.reached = restored;
  if (!run.options.removeAssignments) return restored;
  await assertStillOnPolicies(run);
  const removed = await removeAssignments(run, now);
  await goBackIfFlipped(run);
  return `${restored}; ${removed}`;
}

/** What each way knows of the vault it leads back. */
export function wayFrom(way: WayBack) {
  switch (way.kind) {
    case 'bundle':
      return fromBundle(way.bundle);
    case 'staged':
      return fromPlan(way.plan, way.vaultPlan);
    case 'vault':
      return fromVault(way.vault);
  }
}

function fromBundle(bundle: Bundle) {
  const { vaultId, tenantId, cloud, assignments } = bundle;
  const was = { tenantId: bundle.vaultTenantId, createdAt: bundle.vaultCreatedAt };
  return { vaultId, tenantId, cloud, was, bundle, flip: flipOf(vaultId), assignments, roles: bundle.roles ?? [] };
}

function fromPlan(plan: Plan, vaultPlan: VaultPlan) {
  const assignments = assignSteps(vaultPlan).map(plannedAssignment);
  const roles = roleSteps(vaultPlan).map(plannedRole);
  const { tenantId, cloud } = plan;
  const was = plannedIdentity(vaultPlan.basis) ?? { tenantId };
  const { vaultId } = vaultPlan;
  return { vaultId, tenantId, cloud, was, planned: { plan, vaultPlan }, flip: flipOf(vaultId), assignments, roles };
}

/** The flip's name follows from the vault, whatever a file says. */
function flipOf(vaultId: string): string {
  return flipId(vaultId);
}

function fromVault({ id: vaultId, vaultTenantId, tenantId, cloud }: VaultNamed) {
  return { vaultId, tenantId, cloud, was: { tenantId: vaultTenantId }, flip: '', assignments: [], roles: [] };
}

function finished(result: VaultResult, { onEvent }: MigrationPorts): VaultResult {
  onEvent({ kind: 'vaultDone', vaultId: result.vaultId, outcome: result.outcome, because: result.because });
  return result;
}
