import { request } from 'node:https';
import { isObject, stringAt } from '../base/json.ts';
import { KnownError } from '../base/known-error.ts';
import type { Clock } from '../migrate/ports.ts';
import { systemClock } from './process.ts';

/**
 * The clock of a running sandbox: now is its now, and a sleep moves it ahead instead of waiting. Sleeps that begin together
 * move it once, as time would. A pause waits: the sandbox's clock runs by itself.
 * @throws KnownError SANDBOX_GONE (failed) when the sandbox does not answer.
 */
export async function sandboxClock(address: string, caPem: string | undefined): Promise<Clock> {
  const options = { ...(caPem !== undefined && { ca: caPem }) };
  let ahead = (await askClock(address, options)) - Date.now();
  let tail: Promise<void> = Promise.resolve();
  const now = () => Date.now() + ahead;
  const moveTo = async (target: number, signal: AbortSignal | undefined): Promise<void> => {
    signal?.throwIfAborted();
    const by = target - now();
    if (by > 0) ahead = (await askClock(address, options, { advanceMilliseconds: by })) - Date.now();
  };
  return {
    now: () => new Date(now()),
    sleep(milliseconds, signal) {
      const target = now() + milliseconds;
      const moved = tail.then(() => moveTo(target, signal));
      tail = moved.catch(() => undefined);
      return moved;
    },
    pause: (milliseconds, signal) => systemClock.sleep(milliseconds, signal),
    turn: () => systemClock.turn(),
  };
}

/** Reads or moves the clock; answers with its time in milliseconds since 1970. */
function askClock(address: string, options: { readonly ca?: string }, move?: { readonly advanceMilliseconds: number }): Promise<number> {
  const body = move === undefined ? '' : JSON.stringify(move);
  const headers = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) };
  return new Promise((resolve, reject) => {
    const sent = request(address, { ...options, method: move === undefined ? 'GET' : 'POST', headers, timeout: 10_000 }, (response) => {
      let text = '';
      response.setEncoding('utf8');
      response.on('data', (piece: string) => (text += piece));
      response.on('error', (cause) => {
        reject(gone(address, cause.message, cause));
      });
      response.on('end', () => {
        const time = timeIn(text);
        if (Number.isNaN(time)) reject(gone(address, `it answered ${response.statusCode ?? 0}`));
        else resolve(time);
      });
    });
    sent.on('timeout', () => sent.destroy(new Error('it did not answer in time')));
    sent.on('error', (cause) => {
      reject(gone(address, cause.message, cause));
    });
    sent.end(body);
  });
}

function gone(address: string, why: string, cause?: Error): KnownError {
  const message = `the sandbox at ${new URL(address).origin} is not there: ${why}`;
  const remedy = 'start it with `keyturn sandbox`, and use the cloud profile that this run of it writes';
  return new KnownError('failed', 'SANDBOX_GONE', message, remedy, cause === undefined ? {} : { cause });
}

function timeIn(text: string): number {
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? Date.parse(stringAt(value, 'now') ?? '') : Number.NaN;
  } catch {
    return Number.NaN;
  }
}
