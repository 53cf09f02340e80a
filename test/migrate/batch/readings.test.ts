import { expect, test } from 'vitest';
import { KnownError } from '../../../src/base/known-error.ts';
import { openReadings } from '../../../src/migrate/batch/readings.ts';
import { Stopped } from '../../../src/migrate/vault-result.ts';
import type { Estate } from '../../../src/model/estate.ts';
import type { Vault } from '../../../src/model/vault.ts';
import { parseVaultId, type VaultId } from '../../../src/model/vault-id.ts';
import { anEstate, aSubscription, aVault, rawVault, subscriptionId, tenantId, vaultResourceId } from '../../builders/an-estate.ts';

const minute = 60_000;

function idOf(name: string): VaultId {
  const id = parseVaultId(vaultResourceId(name));
  if (id === undefined) throw new Error(name);
  return id;
}

/** A reader that answers when told to and knows every vault but those called `gone…`, and a clock that moves when everybody sleeps. */
function slowAzure(signal?: AbortSignal) {
  const calls: string[][] = [];
  const answers: (() => void)[] = [];
  let now = Date.parse('2026-11-28T09:00:00Z');
  const start = now;
  const paused: number[] = [];
  const read = (ids: readonly string[], asOf: (vault: Vault) => Vault = (vault) => vault): Promise<Estate> =>
    new Promise((resolve, reject) => {
      const names = ids.map((id) => id.slice(id.lastIndexOf('/') + 1));
      calls.push(names);
      const readAt = new Date(now).toISOString();
      answers.push(() => {
        const there = names.filter((name) => !name.startsWith('gone'));
        if (there.length === 0) reject(new KnownError('usage', 'VAULT_UNKNOWN', 'none', 'look'));
        else
          resolve(
            anEstate(
              there.map((name) => asOf(aVault(rawVault(name, [])))),
              [],
              aSubscription({}),
              { readAt, tenantId },
            ),
          );
      });
    });
  const readings = openReadings({
    facts: { read },
    clock: {
      now: () => new Date(now),
      turn: () =>
        new Promise((resolve) => {
          setImmediate(resolve);
        }),
      sleep: async (milliseconds, off) => {
        await Promise.resolve();
        off?.throwIfAborted();
        now += milliseconds;
      },
      pause: (milliseconds) => {
        paused.push(milliseconds);
        return new Promise(() => undefined);
      },
    },
    place: { tenantId, cloud: 'public' },
    signal,
  });
  const turns = async () => {
    for (let turn = 0; turn < 6; turn++) await new Promise((resolve) => setImmediate(resolve));
  };
  const settle = async () => {
    await turns();
    for (const answer of answers.splice(0)) answer();
    await turns();
  };
  const sit = (name: string) => readings.sit(idOf(name), (vault) => vault);
  const at = () => now - start;
  const advance = (milliseconds: number) => {
    now += milliseconds;
  };
  return { calls, settle, turns, sit, at, advance, paused };
}

const soon = (at: number) => ({ from: at, by: at + minute, waitsFor: 'atWork' as const });

test('RF-1: vaults that ask together are read together', async () => {
  const { calls, settle, sit } = slowAzure();
  const [a, b] = [sit('a'), sit('b')];
  const both = Promise.all([a.soon(), b.soon()]);
  await settle();
  const [one, other] = await both;
  expect(calls).toEqual([['a', 'b']]);
  expect(one.estate).toBe(other.estate);
});

test('RF-1, EA-16: a question put while a reading is under way is answered by a later one, never by that one', async () => {
  const { calls, settle, turns, sit } = slowAzure();
  const [a, b] = [sit('a'), sit('b')];
  const first = a.soon();
  b.leave();
  await turns();
  const second = sit('c').soon();
  await settle();
  a.leave();
  await settle();
  expect(calls).toEqual([['a'], ['c']]);
  expect((await first).estate).not.toBe((await second).estate);
});

test('RF-1: a reading from before a vault’s own write, or before it was held, says nothing of it; a later one of another vault’s does', async () => {
  const { calls, settle, sit } = slowAzure();
  const [a, b] = [sit('a'), sit('b')];
  const both = Promise.all([a.recent(minute), b.recent(minute)]);
  await settle();
  const [first] = await both;
  expect((await a.recent(minute)).estate).toBe(first.estate);
  a.moved();
  const again = a.recent(minute);
  b.leave();
  await settle();
  expect((await again).estate).not.toBe(first.estate);
  expect(calls).toHaveLength(2);
});

test('RF-5: facts that are older than asked for are read again, by the time at which their reading began', async () => {
  const { calls, settle, turns, sit, advance } = slowAzure();
  const a = sit('a');
  const first = a.recent(2 * minute);
  await turns();
  advance(90_000);
  await settle();
  await first;
  advance(30_000);
  expect((await a.recent(2 * minute)).estate).toBe((await first).estate);
  advance(1);
  const second = a.recent(2 * minute);
  await settle();
  expect((await second).estate).not.toBe((await first).estate);
  expect(calls).toHaveLength(2);
});

test('RF-6: one reading answers all that were flipped, begins when the last one has asked, and at most a minute after the first', async () => {
  const { calls, settle, turns, sit, at, advance, paused } = slowAzure();
  const [a, b, slow] = [sit('a'), sit('b'), sit('slow')];
  const flippedAt = Date.parse('2026-11-28T09:00:00Z') + at();
  const both = Promise.all([a.next(soon(flippedAt)), b.next(soon(flippedAt))]);
  await turns();
  expect(calls, 'somebody is at work').toEqual([]);
  expect(paused, 'the clock is not moved meanwhile').toEqual([minute]);
  advance(minute);
  const late = slow.soon();
  await settle();
  await both;
  expect(calls).toEqual([['a', 'b', 'slow']]);
  await late;
});

test('RF-3: time is slept through only when everybody waits, to the earliest of what is waited for', async () => {
  const { calls, settle, turns, sit, at } = slowAzure();
  const start = Date.parse('2026-11-28T09:00:00Z');
  const [a, b] = [sit('a'), sit('b')];
  const settling = (until: number) => ({ from: start + until, by: start + until, waitsFor: 'atWork' as const, patient: true });
  const first = a.next(settling(15 * minute));
  await turns();
  expect(at()).toBe(0);
  const second = b.next(settling(15 * minute + 1));
  await settle();
  await first;
  expect(at()).toBe(15 * minute);
  expect(calls).toEqual([['a']]);
  a.leave();
  await settle();
  await second;
  expect(at(), 'a minute lies between readings for those who wait').toBe(16 * minute);
});

test('a vault that is gone is asked for by itself and fails alone', async () => {
  const { calls, settle, sit } = slowAzure();
  const there = sit('a').soon();
  const gone = sit('gone')
    .soon()
    .catch((error: unknown) => error);
  await settle();
  await settle();
  expect((await there).vault.name).toBe('a');
  expect(await gone).toMatchObject({ code: 'VAULT_GONE' });
  expect(calls).toEqual([['a', 'gone'], ['gone']]);
});

test('a reading that fails as a whole fails each asker, and the next one works', async () => {
  const { settle, sit } = slowAzure();
  const [one, other, a] = [sit('gone1'), sit('gone2'), sit('a')];
  a.leave();
  const errors = Promise.all([one.soon(), other.soon()].map((asked) => asked.catch((error: unknown) => error)));
  await settle();
  expect(await errors).toEqual([
    expect.objectContaining({ code: 'VAULT_GONE', message: expect.stringContaining('gone1') as string }),
    expect.objectContaining({ code: 'VAULT_GONE', message: expect.stringContaining('gone2') as string }),
  ]);
  const later = sit('b').soon();
  one.leave();
  other.leave();
  await settle();
  expect((await later).vault.name).toBe('b');
});

test('a run that is asked to stop waits no more', async () => {
  const run = new AbortController();
  const { settle, turns, sit, calls } = slowAzure(run.signal);
  const [a, b] = [sit('a'), sit('b')];
  const waiting = a.next(soon(Date.parse('2026-11-28T09:00:00Z'))).catch((error: unknown) => error);
  await turns();
  run.abort();
  expect(await waiting).toBeInstanceOf(Stopped);
  await expect(b.soon()).rejects.toBeInstanceOf(Stopped);
  await settle();
  expect(calls).toEqual([]);
});

test('subscriptions are read apart', async () => {
  const { calls, settle, sit } = slowAzure();
  expect(idOf('a').subscriptionId).toBe(subscriptionId);
  const other = parseVaultId(vaultResourceId('z').replace(subscriptionId, '99999999-0000-0000-0000-000000000000'));
  if (other === undefined) throw new Error('an id');
  const a = sit('a').soon();
  await settle();
  await a;
  expect(calls).toEqual([['a']]);
});
