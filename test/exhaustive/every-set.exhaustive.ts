import { describe, expect, test } from 'vitest';
import { mapPermissions, offlineMapping, type PermissionAnswer } from '../../src/mapping/map-permissions.ts';
import { catalogue } from '../builders/the-catalogue.ts';
import { bestOf, type Halves, halvesOf, permissionsOf, unions } from './union-search.ts';

const offline = offlineMapping(catalogue);
const nothing = { keys: [], secrets: [], certificates: [], storage: [] } as const;
type Lists = Partial<Record<keyof typeof nothing, readonly string[]>>;
const map = (lists: Lists): PermissionAnswer => mapPermissions({ permissions: { ...nothing, ...lists }, existingRoles: [] }, offline);

/** What differs from the search over all subsets, or undefined. Compared by hand: a million calls of `expect` take minutes. */
function difference(answer: PermissionAnswer, required: Halves): string | undefined {
  const best = bestOf(required);
  const ids = answer.roles.map((role) => role.id).join();
  if (ids !== best.ids || answer.price !== best.price) return `${ids} for ${answer.price} instead of ${best.ids} for ${best.price}`;
  const covered = halvesOf(answer.covered);
  if (covered.low !== required.low || covered.high !== required.high || answer.uncovered.length > 0) return 'not all of it is covered';
  return undefined;
}

/** Asks about every non-empty subset of an object type's permissions; answers with how many and what differed. */
function sweep(type: 'keys' | 'secrets' | 'certificates') {
  const rows = permissionsOf(type);
  const wrong: string[] = [];
  for (let number = 1; number < 2 ** rows.length; number++) {
    const picked = rows.filter((_, place) => ((number >>> place) & 1) === 1);
    const required = picked.reduce((all, { set }) => ({ low: all.low | set.low, high: all.high | set.high }), { low: 0, high: 0 });
    const words = picked.map((row) => row.word);
    const differs = difference(map({ [type]: words }), required);
    if (differs !== undefined && wrong.length < 5) wrong.push(`${words.join()}: ${differs}`);
  }
  return { sets: 2 ** rows.length - 1, wrong };
}

describe('the answer equals a search of all 1,024 subsets of the roles', () => {
  test('which give 102 different things, and nothing', () => {
    expect(unions).toHaveLength(103);
  });
  test('for each of the 255 sets of secret permissions', () => {
    expect(sweep('secrets')).toEqual({ sets: 255, wrong: [] });
  });
  test('for each of the 65,535 sets of certificate permissions', () => {
    expect(sweep('certificates')).toEqual({ sets: 65_535, wrong: [] });
  });
  test('for each of the 1,048,575 sets of key permissions', () => {
    expect(sweep('keys')).toEqual({ sets: 1_048_575, wrong: [] });
  });
  test('for 200,000 mixed sets from the seed that the run printed, small ones and large ones', () => {
    const seed = Number(process.env.KEYTURN_TEST_SEED);
    const random = numbersFrom(seed);
    const types = ['keys', 'secrets', 'certificates'] as const;
    const rows = types.flatMap((type) => permissionsOf(type).map((row) => ({ type, ...row })));
    const wrong: string[] = [];
    for (let count = 0; count < 200_000; count++) {
      const wanted = count % 2 === 0 ? 1 + Math.floor(random() * 5) : 1 + Math.floor(random() * rows.length);
      const lists: Record<(typeof types)[number], string[]> = { keys: [], secrets: [], certificates: [] };
      let [low, high] = [0, 0];
      for (let draw = 0; draw < wanted; draw++) {
        const row = rows[Math.floor(random() * rows.length)];
        if (row === undefined) continue;
        lists[row.type].push(row.word);
        low |= row.set.low;
        high |= row.set.high;
      }
      const differs = difference(map(lists), { low, high });
      if (differs !== undefined && wrong.length < 5) wrong.push(`seed ${seed}, ${JSON.stringify(lists)}: ${differs}`);
    }
    expect(wrong).toEqual([]);
  });
});

/** Numbers from 0 to 1, the same for the same seed (a 32-bit xorshift). */
function numbersFrom(seed: number): () => number {
  let state = seed | 0 || 1;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 2 ** 32;
  };
}
