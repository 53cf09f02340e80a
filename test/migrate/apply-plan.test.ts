import { describe, expect, test } from 'vitest';
import { KnownError } from '../../src/base/known-error.ts';
import { read, unreadable } from '../../src/base/reading.ts';
import { type JournalEntry, parseJournal } from '../../src/formats/journal.ts';
import type { AssignStep } from '../../src/formats/plan.ts';
import { sealPlan } from '../../src/formats/plan-file.ts';
import { parseLock } from '../../src/model/governance.ts';
import { parseScheduleInstance } from '../../src/model/schedule-instance.ts';
import { bodyOf } from '../plan/a-plan.ts';
import {
  anAssignment,
  aVault,
  id,
  operatorId,
  rawPolicy,
  rawVault,
  roleNamed,
  subscriptionId,
  vaultResourceId,
} from '../plan/an-estate.ts';
import {
  app,
  apply,
  applyOne,
  aSimpleWorld,
  back,
  isFlipped,
  person,
  planOf,
  policies,
  setPolicies,
  snapshot,
  wayBack,
} from './a-migration.ts';
import { Crash, operatorsOwn, startRun, type World } from './fake-azure.ts';

const minute = 60_000;
const events = (world: World) => parseJournal(world.journal).entries.map((entry) => entry.event);

async function expectNothingWritten(world: World, run: () => Promise<unknown>): Promise<void> {
  const before = snapshot(world);
  await run();
  expect(world.writes).toEqual([]);
  expect(snapshot(world)).toEqual(before);
}

describe('applying a plan', () => {
  test('stages, waits, verifies, keeps a bundle, flips by one write, and says so', async () => {
    const world = aSimpleWorld();
    const result = await applyOne(world, planOf(world));
    expect(result).toMatchObject({ outcome: 'done', phase: 'watch', because: 'the vault is on Azure RBAC' });
    expect(world.writes).toEqual(['assign Key Vault Crypto User', 'assign Key Vault Secrets User', 'flip azureRbac']);
    expect(events(world)).toEqual([
      'opened',
      ...['began', 'done', 'began', 'done'],
      'settled',
      'verified',
      'bundleWritten',
      'verified',
      ...['began', 'done'],
      'verified',
    ]);
    expect(world.bundles.size).toBe(1);
  });

  test('touches nothing of the vault but the flag', async () => {
    const world = aSimpleWorld();
    const [before] = world.vaults.values();
    await applyOne(world, planOf(world));
    const [after] = world.vaults.values();
    expect(after).toEqual({ ...before, properties: { ...(before?.properties as object), enableRbacAuthorization: true } });
  });

  test('flips only when every new assignment is as old as the plan demands, by Azure’s word and by our own', async () => {
    const world = aSimpleWorld();
    const started = world.now;
    const run = startRun(world);
    await applyOne(world, planOf(world), {}, run);
    expect(world.now - started).toBeGreaterThanOrEqual(15 * minute);
    expect(run.events.filter((event) => event.kind === 'waiting').map((event) => event.until)).toEqual(['2026-11-24T09:15:00.000Z']);
  });

  test('does not believe that an assignment is old because Azure’s clock is behind', async () => {
    const world = aSimpleWorld({ azureBehind: 60 * minute });
    const started = world.now;
    expect(await applyOne(world, planOf(world))).toMatchObject({ outcome: 'done' });
    expect(world.now - started).toBeGreaterThanOrEqual(15 * minute);
  });

  test('waits for a list that lags behind', async () => {
    const world = aSimpleWorld({ listingLag: 16 * minute });
    const started = world.now;
    expect(await applyOne(world, planOf(world))).toMatchObject({ outcome: 'done' });
    expect(world.now - started).toBeGreaterThanOrEqual(16 * minute);
  });

  test('does not flip on assignments that Azure never lists', async () => {
    const world = aSimpleWorld({ listingLag: 600 * minute });
    expect(await applyOne(world, planOf(world))).toMatchObject({ outcome: 'blocked', code: 'VERIFY_GAP', phase: 'verify' });
    expect(isFlipped(world)).toBe(false);
  });

  test('waits for an assignment that somebody else made a moment ago, since it counts as cover too', async () => {
    const world = aSimpleWorld();
    const young = { createdOn: new Date(world.now - minute).toISOString(), updatedOn: new Date(world.now - minute).toISOString() };
    const theirs = anAssignment(vaultResourceId('kv-app'), app, 'Key Vault Secrets User', young);
    world.assignments.set(theirs.id.toLowerCase(), theirs.raw);
    setPolicies(world, [rawPolicy(app, { secrets: ['get', 'list'] })]);
    const started = world.now;
    expect(await applyOne(world, planOf(world))).toMatchObject({ outcome: 'done' });
    expect(world.now - started).toBe(14 * minute);
    expect(world.writes).toEqual(['flip azureRbac']);
  });

  test('a second time does nothing and says so', async () => {
    const world = aSimpleWorld();
    const plan = planOf(world);
    await applyOne(world, plan);
    const writes = [...world.writes];
    const journal = world.journal;
    const result = await applyOne(world, plan);
    expect(result).toMatchObject({ outcome: 'done' });
    expect(result.because).toContain('nothing to do');
    expect(world.writes).toEqual(writes);
    expect(world.journal).toBe(journal);
  });

  test('with its journal lost knows its own flip by the bundle, and makes nothing twice', async () => {
    const world = aSimpleWorld();
    const plan = planOf(world);
    await applyOne(world, plan);
    const writes = [...world.writes];
    world.journal = '';
    expect(await applyOne(world, plan)).toMatchObject({ outcome: 'done' });
    expect(world.writes).toEqual(writes);
  });

  test('stops where it is told to, and goes on from there later without waiting again', async () => {
    const world = aSimpleWorld();
    const plan = planOf(world);
    expect(await applyOne(world, plan, { through: 'stage' })).toMatchObject({ outcome: 'done', phase: 'stage' });
    expect(isFlipped(world)).toBe(false);
    world.now += 60 * minute;
    const later = world.now;
    expect(await applyOne(world, plan, { through: 'verify' })).toMatchObject({ outcome: 'done', phase: 'verify' });
    expect(isFlipped(world)).toBe(false);
    expect(await applyOne(world, plan, { through: 'flip' })).toMatchObject({ outcome: 'done', phase: 'flip' });
    expect(world.now).toBe(later);
    expect(isFlipped(world)).toBe(true);
  });

  test('makes an assignment again that somebody removed after staging, and lets it grow old', async () => {
    const world = aSimpleWorld();
    const plan = planOf(world);
    await applyOne(world, plan, { through: 'stage' });
    world.now += 60 * minute;
    const later = world.now;
    world.assignments.delete([...world.assignments.keys()].at(-1) ?? '');
    expect(await applyOne(world, plan)).toMatchObject({ outcome: 'done' });
    expect(world.now - later).toBeGreaterThanOrEqual(15 * minute);
  });

  test('does not ask again for what a decision gave up', async () => {
    const world = aSimpleWorld();
    const plan = planOf(world, [{ vault: 'kv-app', principal: person, choice: 'drop', reason: 'left' }]);
    expect(await applyOne(world, plan)).toMatchObject({ outcome: 'done' });
    expect(world.writes).toEqual(['assign Key Vault Secrets User', 'flip azureRbac']);
  });
});

describe('several vaults', () => {
  test('wait together: all are staged before the first one settles', async () => {
    const world = aSimpleWorld({}, ['kv-a', 'kv-b', 'kv-c']);
    const started = world.now;
    const results = await apply(world, planOf(world), { concurrency: 1 });
    expect(results.map(({ name, outcome }) => [name, outcome])).toEqual([
      ['kv-a', 'done'],
      ['kv-b', 'done'],
      ['kv-c', 'done'],
    ]);
    expect(world.now - started).toBe(15 * minute);
    expect(world.writes.slice(0, 6).every((write) => write.startsWith('assign'))).toBe(true);
  });

  test('are each other’s strangers: one that fails stops no other', async () => {
    const world = aSimpleWorld({}, ['kv-a', 'kv-b', 'kv-c']);
    const plan = planOf(world);
    setPolicies(world, [], 'kv-b');
    const results = await apply(world, plan);
    expect(results.map(({ outcome, code }) => [outcome, code])).toEqual([
      ['done', undefined],
      ['blocked', 'PLAN_STALE'],
      ['done', undefined],
    ]);
    expect([isFlipped(world, 'kv-a'), isFlipped(world, 'kv-b'), isFlipped(world, 'kv-c')]).toEqual([true, false, true]);
  });

  test('can be chosen by name, and a name that the plan has not is refused before anything is written', async () => {
    const world = aSimpleWorld({}, ['kv-a', 'kv-b']);
    const plan = planOf(world);
    await expect(apply(world, plan, { vaults: ['kv-a', 'kv-z'] })).rejects.toMatchObject({ code: 'VAULT_NOT_PLANNED' });
    expect(world.writes).toEqual([]);
    await apply(world, plan, { vaults: ['KV-A'] });
    expect([isFlipped(world, 'kv-a'), isFlipped(world, 'kv-b')]).toEqual([true, false]);
  });

  test('a vault that another run holds is left alone', async () => {
    const world = aSimpleWorld();
    const run = startRun(world);
    world.held.add(aVault(rawVault('kv-app', [])).scope);
    expect(await applyOne(world, planOf(world), {}, run)).toMatchObject({ outcome: 'blocked', code: 'VAULT_BUSY' });
    expect(world.writes).toEqual([]);
  });
});

describe('nothing is written', () => {
  test('when the plan blocks the vault, and every blocker is told', async () => {
    const world = aSimpleWorld();
    setPolicies(world, [rawPolicy(app, { secrets: ['frobnicate'] })]);
    await expectNothingWritten(world, async () => {
      const result = await applyOne(world, planOf(world));
      expect(result).toMatchObject({ outcome: 'blocked', code: 'PLAN_BLOCKED', lines: [expect.stringContaining('frobnicate')] });
    });
    expect(world.journal).toBe('');
  });

  test.each<[string, string, (world: World) => void]>([
    [
      'a policy was added',
      'accessPolicies',
      (world) => {
        setPolicies(world, [...policies, rawPolicy(id('e'), { secrets: ['get'] })]);
      },
    ],
    [
      'the policies stand in another order',
      'accessPolicies',
      (world) => {
        setPolicies(world, policies.toReversed());
      },
    ],
    [
      'the vault was made again',
      'vault',
      (world) => {
        remake(world);
      },
    ],
    [
      'somebody else got a role',
      'roleAssignments',
      (world) => {
        const row = anAssignment(`/subscriptions/${subscriptionId}`, id('e'), 'Key Vault Administrator');
        world.assignments.set(row.id.toLowerCase(), row.raw);
      },
    ],
  ])('when the plan is stale because %s, and the diff is shown', async (_, field, change) => {
    const world = aSimpleWorld();
    const plan = planOf(world);
    change(world);
    await expectNothingWritten(world, async () => {
      const result = await applyOne(world, plan);
      expect(result).toMatchObject({ outcome: 'blocked', code: 'PLAN_STALE' });
      expect(result.because).toContain(`\`${field}\``);
      expect(result.lines[0]).toContain(`@@ kv-app: ${field}`);
    });
  });

  test('when a list that the plan stands on cannot be read now: nobody can say whether it moved', async () => {
    const world = aSimpleWorld();
    const plan = planOf(world);
    world.subscription = { denyAssignments: unreadable('Azure answered 500') };
    await expectNothingWritten(world, async () => {
      const result = await applyOne(world, plan);
      expect(result).toMatchObject({ outcome: 'undetermined', code: 'FACTS_UNREADABLE', lines: ['denyAssignments: Azure answered 500'] });
      expect(result.because).toContain('`denyAssignments`');
    });
  });

  test('when the plan is of another tenant', async () => {
    const world = aSimpleWorld();
    const body = bodyOf(planOf(world));
    const plan = sealPlan({ ...body, tenantId: id('6') });
    await expectNothingWritten(world, async () => {
      expect(await applyOne(world, plan)).toMatchObject({ outcome: 'blocked', code: 'PLAN_TENANT' });
    });
  });

  test('when the journal belongs to another plan, or the catalogue is another', async () => {
    const world = aSimpleWorld();
    const plan = planOf(world);
    const body = bodyOf(plan);
    await apply(world, sealPlan({ ...body, toolVersion: '0.0.9' }), { through: 'stage' });
    world.writes = [];
    await expect(apply(world, plan)).rejects.toMatchObject({ code: 'JOURNAL_FOREIGN' });
    const other = sealPlan({ ...body, catalogue: { asOf: '2020-01-01', digest: 'sha256:0' } });
    await expect(apply(aSimpleWorld(), other)).rejects.toMatchObject({ code: 'CATALOGUE_OTHER', outcome: 'blocked' });
    expect(world.writes).toEqual([]);
  });

  test('when the vault is gone or cannot be read, and these are told apart', async () => {
    const world = aSimpleWorld();
    const plan = planOf(world);
    world.vaults.clear();
    expect(await applyOne(world, plan)).toMatchObject({ outcome: 'blocked', code: 'VAULT_GONE' });
    world.estate = { unreadable: [{ subject: 'kv-app', because: 'forbidden' }] };
    expect(await applyOne(world, plan)).toMatchObject({ outcome: 'undetermined', code: 'VAULT_UNREADABLE' });
    expect(world.writes).toEqual([]);
  });

  test('EA-43: when the operator may not change the permission model, or nobody can say', async () => {
    const world = aSimpleWorld();
    const plan = planOf(world);
    world.operator = [
      { actions: ['Microsoft.KeyVault/*', 'Microsoft.Authorization/*/read'], notActions: [], dataActions: [], notDataActions: [] },
    ];
    await expectNothingWritten(world, async () => {
      expect(await applyOne(world, plan)).toMatchObject({ outcome: 'blocked', code: 'OPERATOR_RIGHTS' });
    });
    world.operator = undefined;
    await expectNothingWritten(world, async () => {
      expect(await applyOne(world, plan)).toMatchObject({ outcome: 'undetermined', code: 'OPERATOR_UNKNOWN' });
    });
  });

  test('P20: when the operator’s own right to assign does not reach a planned role', async () => {
    const world = aSimpleWorld();
    setPolicies(world, [rawPolicy(app, { certificates: ['get', 'list'], secrets: ['get'] })]);
    const plan = planOf(world);
    expect(plan.vaults[0]?.steps[0]).toMatchObject({ roleName: 'Key Vault Certificate User' });
    world.assignments.delete(operatorsOwn[0]);
    const row = anAssignment(`/subscriptions/${subscriptionId}`, operatorId, 'Key Vault Data Access Administrator');
    world.assignments.set(row.id.toLowerCase(), row.raw);
    await expectNothingWritten(world, async () => {
      const result = await applyOne(world, plan, { through: 'stage' });
      expect(result).toMatchObject({ outcome: 'blocked', code: 'OPERATOR_RIGHTS' });
      expect(result.because).toContain('Key Vault Certificate User');
    });
  });

  test('P20: when the plan hands a role over and nobody has assigned it yet; then it goes on', async () => {
    const world = aSimpleWorld();
    setPolicies(world, [rawPolicy(app, { certificates: ['get', 'list'], secrets: ['get'] })]);
    const owner = world.assignments.get(operatorsOwn[0]);
    if (owner === undefined) throw new Error('the operator is an owner');
    world.assignments.delete(operatorsOwn[0]);
    const row = anAssignment(`/subscriptions/${subscriptionId}`, operatorId, 'Key Vault Data Access Administrator');
    world.assignments.set(row.id.toLowerCase(), row.raw);
    const plan = planOf(world);
    await expectNothingWritten(world, async () => {
      const result = await applyOne(world, plan, { through: 'stage' });
      expect(result).toMatchObject({ outcome: 'blocked', code: 'HAND_OFF_OPEN' });
      expect(result.lines).toEqual([expect.stringContaining('az role assignment create')]);
    });
    // Somebody else assigns the role, under a name of Azure's own.
    const made = anAssignment(vaultResourceId('kv-app'), app, 'Key Vault Certificate User', { principalType: 'ServicePrincipal' });
    world.assignments.set(made.id.toLowerCase(), made.raw);
    expect(await applyOne(world, plan, { through: 'verify' })).toMatchObject({ outcome: 'done' });
  });

  test('EA-32: when a principal was deleted since, or turned out to be something else', async () => {
    const world = aSimpleWorld();
    const plan = planOf(world);
    world.principals = world.principals.map((one) =>
      one.objectId === app ? { kind: 'deleted', objectId: app, displayName: '', because: 'gone' } : one,
    );
    await expectNothingWritten(world, async () => {
      expect(await applyOne(world, plan)).toMatchObject({ outcome: 'blocked', code: 'PRINCIPAL_MOVED' });
    });
  });

  test.each<[string, Partial<AssignStep>]>([
    ['at another scope', { scope: `/subscriptions/${subscriptionId}` }],
    ['of a role that is not a vault role', { roleDefinitionId: '8e3af657-a8ff-443c-a75c-2fe8c4bcb635', roleName: 'Key Vault Reader' }],
    ['of another name', { name: id('6') }],
    ['whose undo names another assignment', { undo: { kind: 'deleteRoleAssignment', assignmentId: '/subscriptions/x' } }],
    ['for another principal', { principalId: id('e') }],
  ])('for a plan of a hostile hand, with a step %s, though its digest is right', async (_, change) => {
    const world = aSimpleWorld();
    const body = bodyOf(planOf(world));
    const vaults = body.vaults.map((vault) => ({
      ...vault,
      steps: vault.steps.map((step) => (step.kind === 'ensureRoleAssignment' ? { ...step, ...change } : step)),
    }));
    await expectNothingWritten(world, async () => {
      const result = await applyOne(world, sealPlan({ ...body, vaults }));
      expect(result).toMatchObject({
        outcome: expect.stringMatching(/failed|blocked/) as string,
        code: expect.stringMatching(/^PLAN_/) as string,
      });
    });
  });

  test('when it was asked to stop before it began', async () => {
    const world = aSimpleWorld();
    await expectNothingWritten(world, async () => {
      expect(await applyOne(world, planOf(world), { signal: AbortSignal.abort() })).toMatchObject({ outcome: 'skipped' });
    });
  });
});

describe('the flip is refused', () => {
  /** The reading of that number, in a run that need not wait for lists, is the last one before the flip. */
  const lastReading = 6;

  test('P21: when a policy is added between verify and flip, and the diff is shown', async () => {
    const world = aSimpleWorld();
    const plan = planOf(world);
    for (let reading = 2; reading <= 5; reading++) {
      const other = aSimpleWorld();
      other.meanwhile.set(reading, () => {
        setPolicies(other, [...policies, rawPolicy(id('e'), { secrets: ['get'] })]);
      });
      const result = await applyOne(other, plan);
      expect(result.outcome, `before reading ${reading}`).toBe('blocked');
      expect(isFlipped(other)).toBe(false);
      expect(result.lines.join('\n')).toContain(id('e'));
    }
  });

  test('when anything else the plan stands on moves at the last moment', async () => {
    const world = aSimpleWorld();
    const plan = planOf(world);
    const lock = parseLock({
      id: `${vaultResourceId('kv-app')}/providers/Microsoft.Authorization/locks/l`,
      properties: { level: 'CanNotDelete' },
    });
    world.meanwhile.set(lastReading, () => (world.subscription = { locks: read(lock === undefined ? [] : [lock]) }));
    expect(await applyOne(world, plan)).toMatchObject({ outcome: 'blocked', code: 'PLAN_STALE', phase: 'flip' });
    expect(isFlipped(world)).toBe(false);
  });

  test('when its bundle was taken of policies that were there for a moment only', async () => {
    const world = aSimpleWorld();
    const plan = planOf(world);
    world.meanwhile.set(lastReading - 1, () => {
      setPolicies(world, []);
    });
    world.meanwhile.set(lastReading, () => {
      setPolicies(world, policies);
    });
    expect(await applyOne(world, plan)).toMatchObject({ outcome: 'blocked', code: 'PLAN_STALE', phase: 'flip' });
    expect(world.writes).not.toContain('flip azureRbac');
  });

  test('EA-43: when the operator’s right went away while it waited', async () => {
    const world = aSimpleWorld();
    const plan = planOf(world);
    world.meanwhile.set(lastReading - 1, () => (world.operator = []));
    expect(await applyOne(world, plan)).toMatchObject({ outcome: 'blocked', code: 'OPERATOR_RIGHTS', phase: 'flip' });
    expect(isFlipped(world)).toBe(false);
  });

  test('EA-38: when the operator’s right ends too soon after it for a way back', async () => {
    const ending = (endDateTime: string) =>
      parseScheduleInstance({
        id: '/i/1',
        properties: {
          scope: `/subscriptions/${subscriptionId}`,
          roleDefinitionId: roleNamed('Owner'),
          principalId: operatorId,
          assignmentType: 'Activated',
          originRoleAssignmentId: operatorsOwn[0],
          endDateTime,
        },
      });
    const outcomes: unknown[] = [];
    for (const end of ['2026-11-24T10:00:00Z', '2026-11-24T17:00:00Z']) {
      const world = aSimpleWorld();
      const instance = ending(end);
      world.subscription = { activeInstances: read(instance === undefined ? [] : [instance]) };
      const { outcome, code } = await applyOne(world, planOf(world));
      outcomes.push([outcome, code, world.writes.length > 0]);
    }
    expect(outcomes).toEqual([
      ['blocked', 'OPERATOR_RIGHTS', false],
      ['done', undefined, true],
    ]);
  });

  test('when a new assignment would give somebody access that the plan does not list', async () => {
    const world = aSimpleWorld();
    const plan = planOf(world);
    world.meanwhile.set(4, () => {
      const row = anAssignment(vaultResourceId('kv-app'), id('e'), 'Key Vault Administrator');
      world.assignments.set(row.id.toLowerCase(), row.raw);
    });
    expect(await applyOne(world, plan)).toMatchObject({ outcome: 'blocked' });
    expect(isFlipped(world)).toBe(false);
  });

  test('when one of the staged assignments disappears while it waits', async () => {
    const world = aSimpleWorld();
    const plan = planOf(world);
    world.meanwhile.set(3, () => world.assignments.delete([...world.assignments.keys()].at(-1) ?? ''));
    const result = await applyOne(world, plan);
    expect(result).toMatchObject({ outcome: 'blocked', code: 'VERIFY_GAP' });
    expect(result.lines.join('\n')).toMatch(/would lose/);
    expect(isFlipped(world)).toBe(false);
  });

  test('when the reading before the PATCH shows a policy that slipped in', async () => {
    const world = aSimpleWorld();
    const plan = planOf(world);
    const run = startRun(world);
    const flip: typeof run.ports.writer.setPermissionModel = (...args) => run.ports.writer.setPermissionModel(...args);
    const sneaky = {
      ...run.ports,
      writer: {
        ...run.ports.writer,
        setPermissionModel: async (...args: Parameters<typeof flip>) => {
          if (args[1] === 'azureRbac') setPolicies(world, [...policies, rawPolicy(id('e'), { secrets: ['get'] })]);
          return flip(...args);
        },
      },
    };
    expect(await applyOne(world, plan, {}, { ...run, ports: sneaky })).toMatchObject({ outcome: 'blocked', code: 'PLAN_STALE' });
    expect(world.writes.filter((write) => write.startsWith('flip'))).toEqual([]);
    // A later rollback must not wipe out what slipped in.
    await back(world, wayBack(world));
    expect(JSON.stringify([...world.vaults.values()])).toContain(id('e'));
  });

  test('when the bundle does not read back as it was written', async () => {
    const world = aSimpleWorld();
    const run = startRun(world);
    const broken = { ...run.ports, bundles: { ...run.ports.bundles, read: () => Promise.resolve({}) } };
    expect(await applyOne(world, planOf(world), {}, { ...run, ports: broken })).toMatchObject({
      outcome: 'failed',
      code: 'BUNDLE_UNREADABLE',
    });
    expect(isFlipped(world)).toBe(false);
  });
});

describe('a flip whose end did not reach the journal', () => {
  /** Dies as soon as the flip has taken effect. */
  const flippedAndDied = async () => {
    const world = aSimpleWorld();
    const plan = planOf(world);
    const run = startRun(world);
    const writer: typeof run.ports.writer = {
      ...run.ports.writer,
      setPermissionModel: async (...args) => {
        await run.ports.writer.setPermissionModel(...args);
        throw new Crash();
      },
    };
    const journal = {
      ...run.ports.journal,
      append: (entry: JournalEntry) => (entry.event === 'failed' ? Promise.reject(new Crash()) : run.ports.journal.append(entry)),
    };
    const result = await applyOne(world, plan, {}, { ...run, ports: { ...run.ports, writer, journal } });
    expect(result.bug).toBeInstanceOf(Crash);
    expect(isFlipped(world)).toBe(true);
    return { world, plan };
  };

  test('is found by the next run, which verifies it once more', async () => {
    const { world, plan } = await flippedAndDied();
    expect(await applyOne(world, plan)).toMatchObject({ outcome: 'done' });
    expect(
      parseJournal(world.journal)
        .entries.slice(-2)
        .map((entry) => entry.event),
    ).toEqual(['done', 'verified']);
  });

  test('and whose cover is gone by then is told as a gap', async () => {
    const { world, plan } = await flippedAndDied();
    world.assignments.delete([...world.assignments.keys()].at(-1) ?? '');
    expect(await applyOne(world, plan)).toMatchObject({ outcome: 'blocked', code: 'VERIFY_GAP' });
  });

  test('and into which a policy slipped is taken back', async () => {
    const { world, plan } = await flippedAndDied();
    setPolicies(world, [...policies, rawPolicy(id('e'), { secrets: ['get'] })]);
    expect(await applyOne(world, plan)).toMatchObject({ outcome: 'blocked', code: 'PLAN_STALE' });
    expect(isFlipped(world)).toBe(false);
  });

  test('is not taken for ours by the bundle of another plan', async () => {
    const { world, plan } = await flippedAndDied();
    world.journal = '';
    const other = sealPlan({ ...bodyOf(plan), toolVersion: '0.2.0' });
    const result = await applyOne(world, other);
    expect(result).toMatchObject({ outcome: 'done', because: expect.stringContaining('it was flipped elsewhere') as string });
    expect(isFlipped(world)).toBe(true);
  });
});

test('a vault whose rollback has not ended is not applied to', async () => {
  const world = aSimpleWorld();
  const plan = planOf(world);
  await applyOne(world, plan);
  const writes = world.writes.length;
  // Two moments an append: the line is on disk, and the flag is not yet back.
  await back(world, wayBack(world), true, startRun(world, 2));
  expect(isFlipped(world)).toBe(true);
  const remedy = 'finish it with `keyturn rollback kv-app`, then apply again';
  expect(await applyOne(world, plan)).toMatchObject({ outcome: 'blocked', code: 'ROLLBACK_OPEN', remedy });
  expect(world.writes).toHaveLength(writes);
});

test('a plan that names a vault twice is refused, since the vault would be worked on twice at once', async () => {
  const world = aSimpleWorld();
  const body = bodyOf(planOf(world));
  const twice = sealPlan({
    ...body,
    vaults: [...body.vaults, ...body.vaults.map((vault) => ({ ...vault, vaultId: vault.vaultId.toUpperCase() }))],
  });
  await expect(apply(world, twice)).rejects.toMatchObject({ code: 'PLAN_UNREADABLE' });
  expect(world.writes).toEqual([]);
});

describe('a service error', () => {
  test('at the second assignment leaves a line in the journal, and the next run goes on from there', async () => {
    const world = aSimpleWorld();
    const plan = planOf(world);
    world.refuse.set('flip', new KnownError('failed', 'AZURE_CONFLICT', 'two changes\nat once', 'run it again'));
    expect(await applyOne(world, plan)).toMatchObject({ outcome: 'failed', code: 'AZURE_CONFLICT', phase: 'flip', remedy: 'run it again' });
    expect(parseJournal(world.journal).entries.at(-1)).toMatchObject({ event: 'failed', detail: 'AZURE_CONFLICT: two changes at once' });
    world.refuse.clear();
    expect(await applyOne(world, plan)).toMatchObject({ outcome: 'done' });
    expect(world.writes.filter((write) => write.startsWith('assign'))).toHaveLength(2);
  });
});

function remake(world: World): void {
  const raw = { ...rawVault('kv-app', policies, { enableRbacAuthorization: false }), systemData: { createdAt: '2026-11-20T00:00:00Z' } };
  world.vaults.set(aVault(raw).scope, raw);
}

describe('a vault that somebody else flipped since the plan was made', () => {
  const flippedBy = async (change: (world: World) => void = () => undefined) => {
    const world = aSimpleWorld();
    const plan = planOf(world);
    const raw = rawVault('kv-app', policies, { enableRbacAuthorization: true });
    world.vaults.set(aVault(raw).scope, raw);
    change(world);
    const started = world.now;
    return { world, plan, result: await applyOne(world, plan), waited: () => world.now - started };
  };

  test('is given at once what its plan assigns, since nobody has access meanwhile', async () => {
    const { world, plan, result, waited } = await flippedBy();
    expect(result).toMatchObject({ outcome: 'done' });
    expect(result.because).toMatch(/^the vault is on Azure RBAC; 2 role assignments that were missing were made.*flipped elsewhere$/);
    expect(world.writes).toEqual(['assign Key Vault Crypto User', 'assign Key Vault Secrets User']);
    expect(waited()).toBe(0);
    expect(await applyOne(world, plan)).toMatchObject({ because: expect.stringContaining('nothing to do') as string });
    expect(events(world).filter((event) => event === 'done')).toHaveLength(3);
  });

  test('is refused when its policies are others by now, and nothing is written', async () => {
    const { world, result } = await flippedBy((one) => {
      setPolicies(one, [rawPolicy(app, { keys: ['get', 'sign'] })]);
    });
    expect(result).toMatchObject({ outcome: 'blocked', code: 'PLAN_STALE', lines: expect.arrayContaining(['+ azureRbac']) as string[] });
    expect(result.remedy).toContain('`keyturn plan kv-app`');
    expect(world.writes).toEqual([]);
  });

  test('is refused when it is another vault of the same name', async () => {
    const { world, result } = await flippedBy((one) => {
      const raw = { ...rawVault('kv-app', policies, { enableRbacAuthorization: true }), systemData: { createdAt: '2026-11-25T00:00:00Z' } };
      one.vaults.set(aVault(raw).scope, raw);
    });
    expect(result).toMatchObject({ outcome: 'blocked', code: 'PLAN_STALE' });
    expect(world.writes).toEqual([]);
  });

  test('is refused when whoever runs it may not assign the roles', async () => {
    const { world, result } = await flippedBy((one) => one.assignments.delete(operatorsOwn[0]));
    expect(result).toMatchObject({ outcome: 'blocked', code: 'OPERATOR_RIGHTS' });
    expect(world.writes).toEqual([]);
  });
});

test('what is missing of a flipped vault is made in one run with vaults that are staged, and is told', async () => {
  const world = aSimpleWorld({}, ['kv-app', 'kv-next', 'kv-last']);
  const plan = planOf(world);
  await apply(world, plan, { vaults: ['kv-app'] });
  for (const key of [...world.assignments.keys()].filter((one) => one.includes('/vaults/kv-app/'))) world.assignments.delete(key);
  const [first, ...others] = await apply(world, plan);
  expect(first?.because).toContain('2 role assignments that were missing were made a moment ago');
  expect(others.map(({ outcome }) => outcome)).toEqual(['done', 'done']);
});
