import { describe, expect, test } from 'vitest';
import { digestOf } from '../../src/base/canonical-json.ts';
import type { JsonObject } from '../../src/base/json.ts';
import { type Bundle, readBundle } from '../../src/formats/bundle.ts';
import { rollBack } from '../../src/migrate/roll-back.ts';
import type { WayBack } from '../../src/migrate/way-back.ts';
import { applyOne, aSimpleWorld, isFlipped, planOf, policies, setPolicies, wayBack } from '../builders/a-migration.ts';
import { startRun, type World } from '../builders/a-world.ts';
import { id, rawPolicy } from '../builders/an-estate.ts';
import { catalogue } from '../builders/the-catalogue.ts';

const stranger = rawPolicy(id('e'), { secrets: ['get', 'set'] });

async function flipped(): Promise<{ readonly world: World; readonly bundle: Bundle }> {
  const world = aSimpleWorld();
  expect(await applyOne(world, planOf(world))).toMatchObject({ outcome: 'done' });
  world.writes = [];
  const way = wayBack(world);
  if (way.kind !== 'bundle') throw new Error('no bundle');
  return { world, bundle: way.bundle };
}

/** The bundle as somebody else seals it. */
function forged(bundle: Bundle, changes: Partial<Bundle>): WayBack {
  const body = Object.fromEntries(Object.entries({ ...bundle, ...changes }).filter(([name]) => name !== 'digest'));
  return { kind: 'bundle', bundle: readBundle(JSON.stringify({ ...body, digest: digestOf(body) })) };
}

type MayReplace = (name: string, lines: readonly string[]) => Promise<boolean>;

function back(world: World, way: WayBack, mayReplace?: MayReplace) {
  const { ports } = startRun(world);
  const options = { removeAssignments: false, ...(mayReplace !== undefined && { mayReplace }) };
  return rollBack(way, options, { ports, catalogue });
}

function stored(world: World): string {
  return JSON.stringify([...world.vaults.values()].map((raw) => (raw.properties as JsonObject).accessPolicies));
}

describe('a bundle that nobody vouches for', () => {
  test.each<[string, readonly JsonObject[]]>([
    ['no policy at all', []],
    ['a policy more', [...policies, stranger]],
    ['a policy less', policies.slice(1)],
    ['another order', policies.toReversed()],
  ])('with %s: the flag goes back, and the policies stay as Azure stores them', async (_, accessPolicies) => {
    const { world, bundle } = await flipped();
    const before = stored(world);
    const result = await back(world, forged(bundle, { accessPolicies: [...accessPolicies] as Bundle['accessPolicies'] }));
    expect(result).toMatchObject({ outcome: 'blocked', code: 'BUNDLE_UNVOUCHED' });
    expect(result.lines[0]).toContain('accessPolicies, as stored and as saved');
    expect(world.writes).toEqual(['flip accessPolicy']);
    expect(stored(world)).toBe(before);
  });

  test('writes nothing where going back without its policies would cut off everybody', async () => {
    const { world, bundle } = await flipped();
    setPolicies(world, []);
    world.journal = '';
    expect(await back(world, { kind: 'bundle', bundle })).toMatchObject({ outcome: 'blocked', code: 'BUNDLE_UNVOUCHED' });
    expect(world.writes).toEqual([]);
    expect(isFlipped(world)).toBe(true);
  });

  test('is shown to a person line by line, who may say yes', async () => {
    const { world, bundle } = await flipped();
    const shown: string[] = [];
    const answer = (yes: boolean): MayReplace => {
      return (name, lines) => {
        shown.push(name, ...lines);
        return Promise.resolve(yes);
      };
    };
    const way = forged(bundle, { accessPolicies: [...policies, stranger] as Bundle['accessPolicies'] });
    expect(await back(world, way, answer(false))).toMatchObject({ code: 'BUNDLE_UNVOUCHED' });
    expect(shown.filter((line) => line.startsWith('+'))).toHaveLength(1);
    expect(stored(world)).not.toContain(id('e'));
    const again = await flipped();
    expect(
      await back(again.world, forged(again.bundle, { accessPolicies: [...policies, stranger] as Bundle['accessPolicies'] }), answer(true)),
    ).toMatchObject({
      outcome: 'done',
    });
    expect(stored(again.world)).toContain(id('e'));
  });

  test('cannot borrow the journal of another flip by its name', async () => {
    const { world, bundle } = await flipped();
    setPolicies(world, [...policies, stranger]);
    const result = await back(world, forged(bundle, { flipStep: 'flip-other', accessPolicies: [] }));
    expect(result).toMatchObject({ code: 'BUNDLE_UNVOUCHED' });
    expect(stored(world)).toContain(id('e'));
  });
});

describe('a bundle with the policies that Azure stores, or that the journal vouches for', () => {
  test('goes back without a question, whether or not there is a journal', async () => {
    const { world, bundle } = await flipped();
    world.journal = '';
    expect(await back(world, { kind: 'bundle', bundle })).toMatchObject({ outcome: 'done' });
  });

  test('restores what moved since, as the journal says that it was written by the flip', async () => {
    const { world, bundle } = await flipped();
    setPolicies(world, [stranger]);
    expect(await back(world, { kind: 'bundle', bundle })).toMatchObject({ outcome: 'done' });
    expect(stored(world)).toBe(JSON.stringify([policies]));
  });
});
