import { describe, expect, test } from 'vitest';
import { KnownError } from '../../../src/base/known-error.ts';
import { type Bundle, readBundle } from '../../../src/formats/bundle.ts';
import { parseJournal } from '../../../src/formats/journal.ts';
import { customRole } from '../../../src/mapping/custom-role.ts';
import { parseScope, rootScope } from '../../../src/model/scope.ts';
import { roleStep } from '../../../src/plan/custom-role-step.ts';
import { aDecidedWorld, decidedPlan, edit, planOfVault, roleStepOf } from '../../builders/a-decided-world.ts';
import { apply, back, isFlipped, planOf, snapshot, wayBack } from '../../builders/a-migration.ts';
import { Crash, startRun, type World } from '../../builders/a-world.ts';
import { anAssignment, aVault, id, rawVault, subscriptionId } from '../../builders/an-estate.ts';

async function flipped() {
  const world = aDecidedWorld();
  const start = snapshot(world);
  const plan = decidedPlan(world);
  await apply(world, plan);
  expect([isFlipped(world, 'kv-one'), isFlipped(world, 'kv-two')]).toEqual([true, true]);
  return { world, start, plan, role: roleStepOf(plan) };
}

/** The bundle of the vault that has nothing but its share of the role. */
function bundleOf(world: World, name = 'kv-two'): Bundle {
  const way = wayBack(world, name);
  if (way.kind !== 'bundle') throw new Error('no bundle');
  return way.bundle;
}

describe('a custom role that two vaults share', () => {
  test.each([
    ['kv-one', 'kv-two'],
    ['kv-two', 'kv-one'],
  ])('EA-20: stays with the rollback of %s, as it says, and goes with that of %s', async (first, last) => {
    const { world, start, role } = await flipped();
    const kept = await back(world, wayBack(world, first));
    expect(kept).toMatchObject({ outcome: 'done' });
    expect(kept.because).toContain(`custom role \`${role.roleName}\` left, since somebody is still assigned it`);
    expect(world.roles.size).toBe(1);
    const gone = await back(world, wayBack(world, last));
    expect(gone.because).toContain(`custom role \`${role.roleName}\` deleted`);
    expect(snapshot(world)).toEqual(start);
  });

  test('is asked about again by a later rollback, once nobody is assigned it any more', async () => {
    const { world, start } = await flipped();
    const elsewhere = anAssignment(`/subscriptions/${subscriptionId}`, id('d', 9), 'Key Vault Reader');
    const [roleId] = [...world.roles.keys()];
    const properties = { ...(elsewhere.raw.properties as object), roleDefinitionId: roleId ?? '' };
    world.assignments.set(elsewhere.id.toLowerCase(), { ...elsewhere.raw, properties });
    for (const name of ['kv-one', 'kv-two']) expect((await back(world, wayBack(world, name))).because).toContain('still assigned');
    world.assignments.delete(elsewhere.id.toLowerCase());
    expect((await back(world, wayBack(world, 'kv-one'))).because).toContain('deleted');
    expect((await back(world, wayBack(world, 'kv-two'))).because).not.toContain('custom role');
    expect(snapshot(world)).toEqual(start);
  });

  test('is not touched by a rollback that leaves the assignments', async () => {
    const { world } = await flipped();
    for (const name of ['kv-one', 'kv-two']) await back(world, wayBack(world, name), false);
    expect(world.writes).not.toContain('removeRole');
    expect(world.roles.size).toBe(1);
  });

  test('is made again when the plan is applied after a rollback took it away', async () => {
    const { world, plan } = await flipped();
    for (const name of ['kv-one', 'kv-two']) await back(world, wayBack(world, name));
    world.writes = [];
    expect((await apply(world, plan)).map(({ outcome }) => outcome)).toEqual(['done', 'done']);
    expect(world.writes.filter((write) => write.startsWith('makeRole'))).toHaveLength(1);
  });
});

describe('EA-52: a custom role goes by its name', () => {
  test('when the journal is lost', async () => {
    const { world, start } = await flipped();
    world.journal = '';
    for (const name of ['kv-one', 'kv-two']) await back(world, wayBack(world, name));
    expect(snapshot(world)).toEqual(start);
  });

  test('when a plan with other decisions does not ask for it any more, and when a run died before it assigned it', async () => {
    const world = aDecidedWorld();
    const start = snapshot(world);
    const plan = decidedPlan(world);
    const died = startRun(world);
    const writer: typeof died.ports.writer = { ...died.ports.writer, ensureRoleAssignment: () => Promise.reject(new Crash()) };
    await apply(world, plan, { through: 'stage' }, { ...died, ports: { ...died.ports, writer } }).catch(() => undefined);
    expect([world.roles.size, world.assignments.size]).toEqual([1, 1]);
    world.journal = '';
    const other = planOf(world);
    const result = await back(world, { kind: 'staged', plan: other, vaultPlan: planOfVault(other, 'kv-two') });
    expect(result.because).toContain(`custom role \`${roleStepOf(plan).roleName}\` deleted`);
    expect(snapshot(world)).toEqual(start);
  });

  test('but not one that somebody has edited, which is no longer what its id stands for', async () => {
    const { world } = await flipped();
    const [id = ''] = world.roles.keys();
    edit(world.roles, id, (properties) => ({
      ...properties,
      permissions: [{ actions: ['*'], notActions: [], dataActions: [], notDataActions: [] }],
    }));
    const { vault } = aloneWay('kv-one');
    world.vaults.set(aVault(rawVault('kv-one', [])).scope, rawVault('kv-one', []));
    await back(world, { kind: 'vault', vault });
    expect(world.roles.size).toBe(1);
  });
});

describe('a custom role stays, and it is said so', () => {
  test.each<[string, (role: { step: string; id: string; roleName: string; dataActions: string[] }) => object]>([
    ['another id', (role) => ({ ...role, id: `${role.id.slice(0, -1)}0` })],
    ['an id elsewhere', (role) => ({ ...role, id: role.id.replace(subscriptionId, id('6')) })],
    [
      'another of our roles, under a step that the journal knows',
      (role) => {
        const home = parseScope(`/subscriptions/${subscriptionId}`) ?? rootScope;
        const other = roleStep(customRole(home, ['Microsoft.KeyVault/vaults/keys/read']), '');
        return { ...role, id: other.undo.roleDefinitionId, dataActions: other.dataActions };
      },
    ],
  ])('when a bundle names %s for it', async (_, change) => {
    const { world } = await flipped();
    const bundle = bundleOf(world);
    const roles = (bundle.roles ?? []).map(change) as NonNullable<Bundle['roles']>;
    const result = await back(world, { kind: 'bundle', bundle: { ...bundle, roles } });
    expect(result).toMatchObject({ outcome: 'done', because: expect.stringContaining('not known to be ours') as string });
    expect(world.writes).not.toContain('removeRole');
  });

  test('when Azure refuses its deletion, after the vault itself is back; the next rollback tries again', async () => {
    const { world, start } = await flipped();
    await back(world, wayBack(world, 'kv-one'));
    world.refuse.set('removeRole', new KnownError('failed', 'AZURE_LOCKED', 'a lock forbids it', 'lift the lock'));
    const result = await back(world, wayBack(world, 'kv-two'));
    expect(result).toMatchObject({ outcome: 'failed', code: 'CLEANUP_INCOMPLETE', remedy: 'lift the lock' });
    expect(result.lines).toEqual([expect.stringMatching(/^role definition Key Vault custom [0-9a-f]{16}: AZURE_LOCKED$/)]);
    expect(isFlipped(world, 'kv-two')).toBe(false);
    world.refuse.clear();
    expect(await back(world, wayBack(world, 'kv-two'))).toMatchObject({ outcome: 'done' });
    expect(snapshot(world)).toEqual(start);
  });

  test('while one of our assignments could not be deleted: Azure would keep it anyhow', async () => {
    const { world } = await flipped();
    await back(world, wayBack(world, 'kv-one'));
    world.refuse.set('unassign', new KnownError('failed', 'AZURE_LOCKED', 'a lock forbids it', 'lift the lock'));
    await back(world, wayBack(world, 'kv-two'));
    const steps = parseJournal(world.journal).entries.filter(({ event, vaultId }) => event === 'undoBegan' && vaultId?.endsWith('kv-two'));
    expect(steps.map(({ step }) => step?.split('-')[0])).toEqual(['flip', 'assign']);
  });
});

test('a bundle with roles, conditions and assignments on objects comes back from its text as it was', async () => {
  const { world } = await flipped();
  const bundle = bundleOf(world, 'kv-one');
  expect(bundle.roles).toHaveLength(1);
  expect(bundle.assignments.filter(({ condition }) => condition !== undefined)).toHaveLength(1);
  expect(bundle.assignments.filter(({ scope }) => scope.endsWith('/secrets/orders-db'))).toHaveLength(1);
  expect(readBundle(JSON.stringify(bundle, undefined, 2))).toEqual(bundle);
  for (const edit of [{ roles: [] }, { assignments: bundle.assignments.map((one) => ({ ...one, condition: '' })) }]) {
    expect(() => readBundle(JSON.stringify({ ...bundle, ...edit }))).toThrow(expect.objectContaining({ code: 'BUNDLE_EDITED' }));
  }
});

function aloneWay(name: string) {
  const { id: vault, tenantId } = aVault(rawVault(name, []));
  return { kind: 'vault', vault: { id: vault, vaultTenantId: tenantId, tenantId, cloud: 'public' } } as const;
}
