import { expect } from 'vitest';
import type { JsonObject } from '../../src/base/json.ts';
import { readBundle } from '../../src/formats/bundle.ts';
import type { DecisionRow } from '../../src/formats/decisions.ts';
import type { GainRow } from '../../src/formats/gain-row.ts';
import { type JournalEntry, parseJournal } from '../../src/formats/journal.ts';
import type { Plan } from '../../src/formats/plan.ts';
import { type ApplyOptions, applyPlan } from '../../src/migrate/apply-plan.ts';
import { rollBack } from '../../src/migrate/roll-back.ts';
import type { VaultResult } from '../../src/migrate/vault-result.ts';
import type { WayBack } from '../../src/migrate/way-back.ts';
import { buildPlan } from '../../src/plan/build-plan.ts';
import { aWorld, estateOf, type Run, startRun, type World } from './a-world.ts';
import { application, aVault, id, rawPolicy, rawVault, user } from './an-estate.ts';
import { catalogue } from './the-catalogue.ts';

export const app = id('d', 1);
export const person = id('d', 2);

/** An application that reads secrets and a developer who manages keys, with the odd spelling that real vaults have. */
export const policies: readonly JsonObject[] = [
  rawPolicy(person.toUpperCase(), { keys: ['Get', 'List', 'Decrypt'], secrets: [] }, { later: 'kept' }),
  rawPolicy(app, { secrets: ['get', 'list'] }),
];

export function aSimpleWorld(changes: Partial<World> = {}, names: readonly string[] = ['kv-app']): World {
  return aWorld(
    names.map((name) => rawVault(name, policies, { enableRbacAuthorization: false })),
    [application(app), user(person)],
    changes,
  );
}

export function planOf(world: World, decisions: readonly DecisionRow[] = [], gains: readonly GainRow[] = []): Plan {
  return buildPlan(estateOf(world), { catalogue, decisions, gains, settings: { minimumAgeMinutes: 15 }, toolVersion: '0.1.0' });
}

export async function apply(
  world: World,
  plan: Plan,
  options: Partial<ApplyOptions> = {},
  run: Run = startRun(world),
): Promise<readonly VaultResult[]> {
  return applyPlan(plan, { through: 'watch', concurrency: 2, ...options }, { ports: run.ports, catalogue });
}

/** Applies and hands back the one vault's result. */
export async function applyOne(world: World, plan: Plan, options: Partial<ApplyOptions> = {}, run?: Run): Promise<VaultResult> {
  const [result] = await apply(world, plan, options, run);
  if (result === undefined) throw new Error('no result');
  return result;
}

export function wayBack(world: World, name = 'kv-app'): WayBack {
  const text = world.bundles.get(aVault(rawVault(name, [])).scope);
  if (text === undefined) throw new Error('no bundle was kept');
  return { kind: 'bundle', bundle: readBundle(text) };
}

export async function back(world: World, way: WayBack, removeAssignments = true, run: Run = startRun(world)): Promise<VaultResult> {
  return rollBack(way, { removeAssignments }, { ports: run.ports, catalogue });
}

/**
 * A run in which facts have grown too old when the flip is to begin, so that they are read once more; before that reading somebody
 * else does something.
 */
export function beforeTheFlip(world: World, act: () => void): Run {
  const run = startRun(world);
  const onEvent: Run['ports']['onEvent'] = (event) => {
    if (event.kind === 'phase' && event.phase === 'flip') {
      world.now += 3 * 60_000;
      act();
    }
    run.ports.onEvent(event);
  };
  return { ...run, ports: { ...run.ports, onEvent } };
}

/** What Azure holds, to compare before and after. */
export function snapshot(world: World): unknown {
  return structuredClone({ vaults: [...world.vaults], assignments: [...world.assignments], roles: [...world.roles] });
}

export function isFlipped(world: World, name = 'kv-app'): boolean {
  const raw = world.vaults.get(aVault(rawVault(name, [])).scope);
  return raw !== undefined && aVault(raw).permissionModel === 'azureRbac';
}

/** Replaces the policies of a vault, as somebody else would. */
export function setPolicies(world: World, accessPolicies: readonly JsonObject[], name = 'kv-app'): void {
  const raw = rawVault(name, accessPolicies, { enableRbacAuthorization: isFlipped(world, name) });
  world.vaults.set(aVault(raw).scope, raw);
}

/** What the journal says happened, in order. */
export function events(world: World): readonly JournalEntry['event'][] {
  return parseJournal(world.journal).entries.map((entry) => entry.event);
}

export async function expectNothingWritten(world: World, run: () => Promise<unknown>): Promise<void> {
  const before = snapshot(world);
  await run();
  expect(world.writes).toEqual([]);
  expect(snapshot(world)).toEqual(before);
}
