import { setTimeout } from 'node:timers/promises';
import type { Clock } from '../migrate/ports.ts';

const longestTimer = 2 ** 31 - 1;

export const systemClock: Clock = {
  now: () => new Date(),
  turn: () =>
    new Promise((resolve) => {
      setImmediate(resolve);
    }),
  async sleep(milliseconds, signal) {
    for (let left = milliseconds; left > 0; left -= longestTimer) {
      signal?.throwIfAborted();
      await setTimeout(Math.min(left, longestTimer), undefined, signal === undefined ? {} : { signal }).catch((error: unknown) => {
        throw signal?.aborted === true ? signal.reason : error;
      });
    }
  },
};
