import { expect, test } from 'vitest';
import { inGroups } from '../../../src/migrate/batch/in-groups.ts';

/** Work that ends when it is told to, by its item's number. */
function workshop() {
  const groups: number[][] = [];
  const ends = new Map<number, () => void>();
  let most = 0;
  const begin = (group: readonly number[]) => {
    groups.push([...group]);
    return group.map(
      (item) =>
        new Promise<void>((resolve) => {
          ends.set(item, resolve);
          most = Math.max(most, ends.size);
        }),
    );
  };
  const end = async (...items: readonly number[]) => {
    for (const item of items) {
      ends.get(item)?.();
      ends.delete(item);
    }
    await new Promise((resolve) => setImmediate(resolve));
  };
  return { groups, begin, end, most: () => most };
}

async function* stream(count: number, taken: number[]): AsyncGenerator<number> {
  for (let item = 0; item < count; item++) {
    await Promise.resolve();
    taken.push(item);
    yield item;
  }
}

test('RF-1: a group begins together, and the next one when half of the room is free, however slow one is', async () => {
  const { groups, begin, end } = workshop();
  const all = inGroups([0, 1, 2, 3, 4, 5, 6, 7, 8], 4, begin);
  await end();
  expect(groups).toEqual([[0, 1, 2, 3]]);
  await end(1);
  expect(groups).toHaveLength(1);
  await end(2);
  expect(groups).toEqual([
    [0, 1, 2, 3],
    [4, 5],
  ]);
  await end(4, 5);
  expect(groups.at(-1)).toEqual([6, 7]);
  await end(0, 3, 6, 7);
  await end(8);
  await all;
});

test('no more is taken from a stream than there is room for', async () => {
  const { begin, end, most } = workshop();
  const taken: number[] = [];
  const all = inGroups(stream(1_000, taken), 10, begin);
  await end();
  expect(taken.length).toBeLessThanOrEqual(11);
  for (let item = 0; item < 1_000; item++) await end(item);
  await all;
  expect(most()).toBe(10);
});

test('what one of them fails of is told when all have ended', async () => {
  const ended: number[] = [];
  const work = inGroups([0, 1, 2], 3, (group) =>
    group.map(async (item) => {
      await Promise.resolve();
      if (item === 1) throw new Error('one');
      ended.push(item);
    }),
  );
  await expect(work).rejects.toThrow('one');
  expect(ended).toEqual([0, 2]);
});

test('nothing to do ends at once', async () => {
  await inGroups([], 5, () => []);
});
