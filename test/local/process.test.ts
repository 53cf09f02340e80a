import { expect, test } from 'vitest';
import { systemClock } from '../../src/local/process.ts';

test('a sleep ends with the reason it was aborted for, before and while it sleeps', async () => {
  const reason = new Error('stop');
  const abort = new AbortController();
  const sleeping = systemClock.sleep(60_000, abort.signal);
  abort.abort(reason);
  await expect(sleeping).rejects.toBe(reason);
  await expect(systemClock.sleep(60_000, abort.signal)).rejects.toBe(reason);
});

test('no time at all is no sleep', async () => {
  await expect(systemClock.sleep(0)).resolves.toBeUndefined();
});
