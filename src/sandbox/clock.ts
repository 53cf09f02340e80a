import type { SandboxClock } from './state.ts';

/** A clock that starts at `startsAt` (milliseconds since 1970), runs with real time and can be moved ahead, never back. */
export function sandboxClock(startsAt: number, realNow: () => number = Date.now): SandboxClock {
  let ahead = startsAt - realNow();
  return {
    now: () => realNow() + ahead,
    advance(milliseconds) {
      if (!(milliseconds >= 0)) throw new RangeError('the sandbox clock only moves ahead');
      ahead += milliseconds;
    },
  };
}
