import process from 'node:process';
import { setTimeout } from 'node:timers/promises';
import type { Clock } from '../migrate/ports.ts';
import { decodeChunks } from './decode-text.ts';

/** What is piped in, as text, chunk by chunk. */
export function standardInput(): AsyncIterable<string> {
  return decodeChunks(process.stdin as AsyncIterable<Buffer>);
}

/** Waits until the reader of stdout has taken what was written, so that a slow one does not fill our memory. */
export function outputTaken(): Promise<void> {
  const { stdout } = process;
  if (!stdout.writableNeedDrain || stdout.destroyed || stdout.errored !== null) return Promise.resolve();
  return new Promise((resolve) => {
    const done = (): void => {
      for (const event of ['drain', 'close', 'error']) stdout.off(event, done);
      resolve();
    };
    // A reader that goes away takes nothing any more.
    for (const event of ['drain', 'close', 'error']) stdout.on(event, done);
  });
}

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
