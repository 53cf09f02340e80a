import { describe, expect, test } from 'vitest';
import { app, apply, applyOne, aSimpleWorld, events, planOf, policies, setPolicies } from '../../builders/a-migration.ts';
import { operatorsOwn, type World } from '../../builders/a-world.ts';
import { aVault, rawPolicy, rawVault } from '../../builders/an-estate.ts';

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
