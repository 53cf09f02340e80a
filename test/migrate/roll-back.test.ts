import { describe, expect, test } from 'vitest';
import { KnownError } from '../../src/base/known-error.ts';
import { unreadable } from '../../src/base/reading.ts';
import { readBundle } from '../../src/formats/bundle.ts';
import type { DecisionRow } from '../../src/formats/decisions.ts';
import { parseJournal } from '../../src/formats/journal.ts';
import type { Plan } from '../../src/formats/plan.ts';
import type { WayBack } from '../../src/migrate/way-back.ts';
import { edit } from '../builders/a-decided-world.ts';
import {
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
} from '../builders/a-migration.ts';
import { operatorsOwn, startRun, type World } from '../builders/a-world.ts';
import { anAssignment, aVault, id, rawPolicy, rawVault } from '../builders/an-estate.ts';

async function flipped(): Promise<{ world: World; start: unknown; way: WayBack; plan: Plan }> {
  const world = aSimpleWorld();
  const start = snapshot(world);
  const plan = planOf(world);
  expect(await applyOne(world, plan)).toMatchObject({ outcome: 'done' });
  world.writes = [];
  return { world, start, way: wayBack(world), plan };
}

const added = rawPolicy(id('e'), { secrets: ['get'] });

describe('rolling a flipped vault back', () => {
  test('sets the flag first, and with the assignments removed leaves everything byte for byte as it was', async () => {
    const { world, start, way } = await flipped();
    expect(await back(world, way)).toMatchObject({ outcome: 'done', phase: 'rollback' });
    expect(world.writes).toEqual(['flip accessPolicy', 'unassign', 'unassign']);
    expect(JSON.stringify(snapshot(world))).toBe(JSON.stringify(start));
  });

  test('leaves the assignments unless asked, since they are inert and make the next try cheap', async () => {
    const { world, way } = await flipped();
    await back(world, way, false);
    expect(world.writes).toEqual(['flip accessPolicy']);
    expect(world.assignments.size).toBe(3);
  });

  test('restores policies that moved after the flip, in order, spelling and unknown members', async () => {
    const { world, start, way } = await flipped();
    setPolicies(world, [added, ...policies.toReversed()]);
    expect(await back(world, way)).toMatchObject({
      outcome: 'done',
      because: expect.stringContaining('restored from the saved copy') as string,
    });
    expect(world.writes).toEqual(['flip accessPolicy', 'restore', 'unassign', 'unassign']);
    expect(JSON.stringify(snapshot(world))).toBe(JSON.stringify(start));
  });

  test('a second time writes nothing, and leaves a policy alone that somebody added since', async () => {
    const { world, way } = await flipped();
    await back(world, way);
    world.writes = [];
    setPolicies(world, [...policies, added]);
    expect(await back(world, way)).toMatchObject({ outcome: 'done', because: expect.stringContaining('left as they are') as string });
    expect(world.writes).toEqual([]);
  });

  test('EA-52: works from the bundle alone, with the journal lost: names tell what is ours', async () => {
    const { world, way, start } = await flipped();
    world.journal = '';
    const result = await back(world, way);
    expect(result).toMatchObject({ outcome: 'done', because: expect.stringContaining('2 role assignments deleted') as string });
    expect(snapshot(world)).toEqual(start);
  });

  test('is told in the journal under the plan’s own steps', async () => {
    const { world, way } = await flipped();
    const before = parseJournal(world.journal).entries.length;
    await back(world, way);
    const events = parseJournal(world.journal).entries.slice(before);
    expect(events.map((entry) => entry.event)).toEqual(['undoBegan', 'undone', 'undone', 'undoBegan', 'undone', 'undoBegan', 'undone']);
    expect(events[0]?.step).toMatch(/^flip-/);
  });

  test('tells which assignments a lock kept, after the vault itself is back', async () => {
    const { world, way } = await flipped();
    world.refuse.set('unassign', new KnownError('failed', 'AZURE_LOCKED', 'a lock forbids it', 'lift the lock'));
    const result = await back(world, way);
    expect(result).toMatchObject({ outcome: 'failed', code: 'CLEANUP_INCOMPLETE' });
    const [first = ''] = result.lines;
    expect(result.lines).toHaveLength(2);
    expect(first).toMatch(/^Key Vault [\w ]+ for [^/]+: AZURE_LOCKED$/);
    expect(result.remedy).toBe('lift the lock');
    expect(result.failures).toHaveLength(2);
    expect(result.failures?.[0]).toMatchObject({ id: expect.stringMatching(/^\/subscriptions\//) as string, message: 'a lock forbids it' });
    expect(isFlipped(world)).toBe(false);
    world.refuse.clear();
    expect(await back(world, way)).toMatchObject({ outcome: 'done' });
    expect(world.assignments.size).toBe(1);
  });

  test('says so when Azure refuses the saved list, with the flag already back', async () => {
    const { world, way } = await flipped();
    setPolicies(world, []);
    world.refuse.set(
      'restore',
      new KnownError('failed', 'AZURE_REFUSED', 'an object id is not in the directory', 'write the list without it'),
    );
    expect(await back(world, way)).toMatchObject({ outcome: 'failed', code: 'AZURE_REFUSED' });
    expect(isFlipped(world)).toBe(false);
  });
});

test('a rollback that was left half-way, and overtaken by another flip, is not finished over later policies', async () => {
  const { world, way, plan } = await flipped();
  await back(world, way, true, startRun(world, 4));
  expect(isFlipped(world)).toBe(false);
  expect(await applyOne(world, plan)).toMatchObject({ outcome: 'done' });
  setPolicies(world, [...policies, added]);
  const raw = rawVault('kv-app', [...policies, added], { enableRbacAuthorization: false });
  world.vaults.set(aVault(raw).scope, raw);
  expect(await back(world, wayBack(world))).toMatchObject({ because: expect.stringContaining('left as they are') as string });
});

test('a flag that does not read back as set is a failure, not a success', async () => {
  const { world, way } = await flipped();
  const run = startRun(world);
  const stuck: typeof run.ports.writer = {
    ...run.ports.writer,
    setPermissionModel: (vault) => Promise.resolve({ outcome: 'changed', vault: world.vaults.get(vault.scope) ?? {} }),
  };
  const result = await back(world, way, true, { ...run, ports: { ...run.ports, writer: stuck } });
  expect(result).toMatchObject({ outcome: 'failed', code: 'ROLLBACK_NOT_SEEN' });
  expect(world.assignments.size).toBe(3);
});

test('a rollback with the journal of another plan writes nothing', async () => {
  const { world, way } = await flipped();
  world.journal = world.journal.replace(/"planDigest":"[^"]+"/, '"planDigest":"sha256:other"');
  expect(await back(world, way)).toMatchObject({ outcome: 'blocked', code: 'JOURNAL_FOREIGN' });
  expect(world.writes).toEqual([]);
});

describe('rolling a vault back that was only staged', () => {
  const staged = async () => {
    const world = aSimpleWorld();
    const start = snapshot(world);
    const plan = planOf(world);
    await apply(world, plan, { through: 'stage' });
    world.writes = [];
    const [vaultPlan] = plan.vaults;
    if (vaultPlan === undefined) throw new Error('no vault');
    return { world, start, way: { kind: 'staged', plan, vaultPlan } as const };
  };

  test('removes what was staged and touches nothing else', async () => {
    const { world, start, way } = await staged();
    expect(await back(world, way)).toMatchObject({ outcome: 'done' });
    expect(world.writes).toEqual(['unassign', 'unassign']);
    expect(snapshot(world)).toEqual(start);
  });

  test('leaves a policy alone that was added since', async () => {
    const { world, way } = await staged();
    setPolicies(world, [...policies, added]);
    await back(world, way);
    expect(JSON.stringify([...world.vaults.values()])).toContain(id('e'));
  });

  test('is refused when somebody else flipped it', async () => {
    const { world, way } = await staged();
    const raw = rawVault('kv-app', policies, { enableRbacAuthorization: true });
    world.vaults.set(aVault(raw).scope, raw);
    expect(await back(world, way)).toMatchObject({ outcome: 'blocked', code: 'NOT_FLIPPED_BY_US' });
    expect(world.writes).toEqual([]);
  });
});

describe('a rollback is refused, and nothing is written', () => {
  const refused = async (change: (world: World) => void): Promise<string | undefined> => {
    const { world, way } = await flipped();
    change(world);
    const before = snapshot(world);
    const result = await back(world, way);
    expect(result.outcome).not.toBe('done');
    expect(world.writes).toEqual([]);
    expect(snapshot(world)).toEqual(before);
    return result.code;
  };
  const replace = (world: World, raw: ReturnType<typeof rawVault>) => world.vaults.set(aVault(raw).scope, raw);

  test('when the vault was deleted', async () => {
    expect(
      await refused((world) => {
        world.vaults.clear();
      }),
    ).toBe('VAULT_GONE');
  });
  test('when the vault was deleted and made again', async () => {
    const again = { ...rawVault('kv-app', [], { enableRbacAuthorization: true }), systemData: { createdAt: '2026-11-25T00:00:00Z' } };
    expect(await refused((world) => replace(world, again))).toBe('VAULT_OTHER');
  });
  test('when the vault moved to another tenant', async () => {
    const moved = rawVault('kv-app', policies, { enableRbacAuthorization: true, tenantId: id('6') });
    expect(await refused((world) => replace(world, moved))).toBe('VAULT_OTHER');
  });
  test('when the operator is signed in to another tenant', async () => {
    expect(await refused((world) => (world.estate = { tenantId: id('6') }))).toBe('PLAN_TENANT');
  });
  test('EA-43: when the operator may not change the permission model', async () => {
    expect(await refused((world) => world.assignments.delete(operatorsOwn[0]))).toBe('OPERATOR_RIGHTS');
  });
  test('when another run holds the vault', async () => {
    const { world, way } = await flipped();
    const run = startRun(world);
    world.held.add(aVault(rawVault('kv-app', [])).scope);
    expect(await back(world, way, true, run)).toMatchObject({ outcome: 'blocked', code: 'VAULT_BUSY' });
    expect(world.writes).toEqual([]);
  });
});

test('a bundle cannot make a rollback delete an assignment that does not bear our name, even when the journal knows the step', async () => {
  const { world, way } = await flipped();
  if (way.kind !== 'bundle') throw new Error('no bundle');
  const assignments = way.bundle.assignments.map((one) => ({ ...one, id: operatorsOwn[0] }));
  await back(world, { kind: 'bundle', bundle: { ...way.bundle, assignments } });
  expect(world.assignments.has(operatorsOwn[0])).toBe(true);
  expect(world.writes).toEqual(['flip accessPolicy', 'unassign', 'unassign']);
  expect(() => readBundle(JSON.stringify({ ...way.bundle, assignments }))).toThrow(expect.objectContaining({ code: 'BUNDLE_EDITED' }));
});

describe('EA-52: removing role assignments removes all that keyturn made at the vault, and nothing else', () => {
  const narrowed: DecisionRow = { vault: 'kv-app', principal: person, choice: 'narrow', keep: ['keys/get'], reason: 'it decrypts nothing' };

  /** Staged by one plan on a machine that is gone, then by another plan with its own decisions. */
  async function stagedTwice() {
    const world = aSimpleWorld();
    const start = snapshot(world);
    await apply(world, planOf(world), { through: 'stage' });
    world.journal = '';
    const second = planOf(world, [narrowed]);
    await apply(world, second, { through: 'stage' });
    expect(world.assignments.size).toBe(4);
    world.writes = [];
    return { world, start, second };
  }

  test('what an earlier plan left over too, by the new plan', async () => {
    const { world, start, second } = await stagedTwice();
    const [vaultPlan] = second.vaults;
    if (vaultPlan === undefined) throw new Error('no vault');
    const result = await back(world, { kind: 'staged', plan: second, vaultPlan });
    expect(result).toMatchObject({ outcome: 'done', because: expect.stringContaining('3 role assignments deleted') as string });
    expect(snapshot(world)).toEqual(start);
  });

  test('by nothing but the vault, with no plan, bundle or journal', async () => {
    const { world, start } = await stagedTwice();
    world.journal = '';
    expect(await back(world, aloneWay())).toMatchObject({ outcome: 'done' });
    expect(snapshot(world)).toEqual(start);
    expect(await back(world, aloneWay())).toMatchObject({ because: expect.stringContaining('0 role assignments deleted') as string });
  });

  test('a vault on Azure RBAC is not touched without a bundle: its assignments are its access', async () => {
    const { world } = await flipped();
    const before = snapshot(world);
    world.journal = '';
    const result = await back(world, aloneWay());
    expect(result).toMatchObject({ outcome: 'blocked', code: 'NOT_FLIPPED_BY_US' });
    expect(result.remedy).toMatch(/`keyturn plan kv-app`.*`az keyvault update --name kv-app --enable-rbac-authorization false`/);
    expect(snapshot(world)).toEqual(before);
  });

  test('what bears another name stays, and so does what somebody has changed since', async () => {
    const { world, second } = await stagedTwice();
    const theirs = anAssignment(aVault(rawVault('kv-app', [])).id, id('d', 7), 'Key Vault Reader');
    world.assignments.set(theirs.id.toLowerCase(), theirs.raw);
    const own = second.vaults[0]?.steps.find((step) => step.kind === 'ensureRoleAssignment');
    if (own?.kind !== 'ensureRoleAssignment') throw new Error('no step');
    edit(world.assignments, own.undo.assignmentId, (properties) => ({ ...properties, condition: '(true)', conditionVersion: '2.0' }));
    const [vaultPlan] = second.vaults;
    if (vaultPlan === undefined) throw new Error('no vault');
    const result = await back(world, { kind: 'staged', plan: second, vaultPlan });
    expect(result.because).toContain('2 role assignments deleted, 1 left that somebody has changed since');
    expect([...world.assignments.keys()].sort()).toEqual(
      [own.undo.assignmentId.toLowerCase(), theirs.id.toLowerCase(), operatorsOwn[0]].sort(),
    );
  });

  test('at another vault everything stays, whatever a bundle says', async () => {
    const world = aSimpleWorld({}, ['kv-app', 'kv-other']);
    const plan = planOf(world);
    await apply(world, plan);
    const [here, there] = [wayBack(world), wayBack(world, 'kv-other')];
    if (here.kind !== 'bundle' || there.kind !== 'bundle') throw new Error('no bundle');
    const result = await back(world, { kind: 'bundle', bundle: { ...here.bundle, assignments: there.bundle.assignments } });
    expect(result.because).toContain('2 left that keyturn would not have named so');
    expect([...world.assignments.keys()].filter((key) => key.includes('/vaults/kv-other/'))).toHaveLength(2);
    expect([...world.assignments.keys()].filter((key) => key.includes('/vaults/kv-app/'))).toHaveLength(0);
  });

  test('where role assignments cannot be listed, what the plan names goes, and it is said that there may be more', async () => {
    const { world, second } = await stagedTwice();
    world.subscription = { roleAssignments: unreadable('403 Forbidden') };
    const [vaultPlan] = second.vaults;
    if (vaultPlan === undefined) throw new Error('no vault');
    const result = await back(world, { kind: 'staged', plan: second, vaultPlan });
    expect(result.because).toContain('2 role assignments deleted, and whether keyturn made more could not be read');
  });
});

function aloneWay(): WayBack {
  const { id: vault, tenantId } = aVault(rawVault('kv-app', []));
  return { kind: 'vault', vault: { id: vault, vaultTenantId: tenantId, tenantId, cloud: 'public' } };
}

describe('what keeps a journal or a lock from being used', () => {
  const full = new KnownError('failed', 'DISK', '`x` cannot be used: the disk is full (ENOSPC)', 'make room');
  const busy = new KnownError('blocked', 'JOURNAL_BUSY', 'another run is carrying out this plan: process 7', 'wait');
  const refuse = (error: KnownError) => () => Promise.reject(error);

  test.each([
    ['a journal that cannot be written', full],
    ['a journal that another run holds', busy],
  ])('%s stops no rollback: it goes on without, and says so', async (_what, error) => {
    const { world, way } = await flipped();
    const run = startRun(world);
    const journal = { entries: run.ports.journal.entries, hold: refuse(error), append: refuse(error) };
    const result = await back(world, way, false, { ...run, ports: { ...run.ports, journal } });
    expect(result).toMatchObject({ outcome: 'done', lines: [expect.stringContaining(`goes on without the journal: ${error.message}`)] });
    expect(isFlipped(world)).toBe(false);
  });

  test('a disk with no room for a lock stops no rollback either', async () => {
    const { world, way } = await flipped();
    const run = startRun(world);
    const result = await back(world, way, false, { ...run, ports: { ...run.ports, holds: { hold: refuse(full) } } });
    expect(result).toMatchObject({ outcome: 'done', lines: [expect.stringContaining('without a lock on the vault')] });
    expect(isFlipped(world)).toBe(false);
  });

  test('another run that works on the vault does', async () => {
    const { world, way } = await flipped();
    const run = startRun(world);
    const held = new KnownError('blocked', 'VAULT_BUSY', 'another run is working on it: process 7', 'wait');
    const result = await back(world, way, false, { ...run, ports: { ...run.ports, holds: { hold: refuse(held) } } });
    expect(result).toMatchObject({ outcome: 'blocked', code: 'VAULT_BUSY' });
    expect(isFlipped(world)).toBe(true);
  });
});
