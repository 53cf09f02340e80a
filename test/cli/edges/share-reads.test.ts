import { expect, test } from 'vitest';
import { shareReads } from '../../../src/cli/edges/share-reads.ts';
import type { Estate } from '../../../src/model/estate.ts';
import type { Scope } from '../../../src/model/scope.ts';

const idOf = (name: string) => `/subscriptions/s/resourceGroups/rg/providers/Microsoft.KeyVault/vaults/${name}`;

/** A reader that answers when told to, and knows every vault but those called `gone…`. */
function slowAzure() {
  const calls: string[][] = [];
  const answers: (() => void)[] = [];
  const readNow = (vaultIds: readonly string[]): Promise<Estate> =>
    new Promise((resolve, reject) => {
      const names = vaultIds.map((id) => id.slice(id.lastIndexOf('/') + 1));
      calls.push(names);
      answers.push(() => {
        const there = names.filter((name) => !name.startsWith('gone'));
        if (there.length === 0) reject(new Error(`nothing of ${names.join()}`));
        const vaults = there.map((name) => ({ vault: { scope: idOf(name).toLowerCase() as Scope, name } }));
        resolve({ vaults, readAt: String(calls.length) } as unknown as Estate);
      });
    });
  const settle = async () => {
    await new Promise((resolve) => setImmediate(resolve));
    for (const answer of answers.splice(0)) answer();
    await new Promise((resolve) => setImmediate(resolve));
  };
  return { calls, readNow, settle };
}

test('vaults that ask together are read together', async () => {
  const azure = slowAzure();
  const read = shareReads(azure.readNow);
  const both = Promise.all([read([idOf('a')]), read([idOf('b')])]);
  await azure.settle();
  const [a, b] = await both;
  expect(azure.calls).toEqual([['a', 'b']]);
  expect(a).toBe(b);
});

test('EA-16: a question put while a reading is under way is answered by a later one, never by that one', async () => {
  const azure = slowAzure();
  const read = shareReads(azure.readNow);
  const first = read([idOf('a')]);
  await new Promise((resolve) => setImmediate(resolve));
  const second = read([idOf('a')]);
  await azure.settle();
  await azure.settle();
  expect(azure.calls).toEqual([['a'], ['a']]);
  expect(await first).not.toBe(await second);
});

test('a vault that is gone is asked for by itself and fails alone', async () => {
  const azure = slowAzure();
  const read = shareReads(azure.readNow);
  const there = read([idOf('a')]);
  const gone = read([idOf('gone')]).catch((error: unknown) => error);
  await azure.settle();
  await azure.settle();
  expect((await there).vaults).toHaveLength(1);
  expect(await gone).toEqual(new Error('nothing of gone'));
});

test('a reading that fails as a whole fails each asker with its own error, and the next one works', async () => {
  const azure = slowAzure();
  const read = shareReads(azure.readNow);
  const errors = Promise.all([read([idOf('gone1')]), read([idOf('gone2')])].map((one) => one.catch((error: unknown) => error)));
  for (let i = 0; i < 3; i++) await azure.settle();
  expect(await errors).toEqual([new Error('nothing of gone1'), new Error('nothing of gone2')]);
  const later = read([idOf('a')]);
  await azure.settle();
  expect((await later).vaults).toHaveLength(1);
});
