import { setMaxListeners } from 'node:events';
import type { ModelOptions } from '../../migrate/ports.ts';
import type { Limits } from './retry-rules.ts';

/**
 * How the requests of one write end when the run is asked to stop. What has not left is not sent. A write under way is waited
 * for, but not for ever; then Azure is asked what became of it, and that is bounded too.
 */
export interface Ending {
  /** Aborted when the run is asked to stop: nothing is sent, or sent again, after that. */
  readonly asked: AbortSignal;
  /** Ends a write that is under way. */
  readonly cut: AbortSignal;
  /** What ends a wait, and a read: asking what became of a write goes on after the stop. */
  waits(reading: boolean): AbortSignal;
  /** The write leaves now. @throws the reason of the stop when it came before, and what the write's own `mayLeave` throws. */
  leave(): void;
  /** @throws the reason of the stop when it came before anything had left. */
  stopUnlessSent(): void;
  /** Ends the clocks. */
  dispose(): void;
}

/**
 * With `alsoStopped`, a write that is called for after the stop is carried out, in bounded time. `mayLeave` is asked each time that a
 * write is about to leave.
 */
export function startEnding(
  run: AbortSignal | undefined,
  limits: Pick<Limits, 'finishWithin' | 'askWithin'>,
  { alsoStopped = false, mayLeave }: ModelOptions = {},
): Ending {
  const [asked, cut, over] = [new AbortController(), new AbortController(), new AbortController()];
  for (const { signal } of [asked, cut, over]) setMaxListeners(0, signal);
  const timers: NodeJS.Timeout[] = [];
  let sent = false;
  const startClocks = (): void => {
    const [first, second] = [limits.finishWithin, limits.finishWithin + limits.askWithin];
    for (const [controller, after] of [[cut, first] as const, [over, second] as const])
      timers.push(
        setTimeout(() => {
          controller.abort();
        }, after),
      );
  };
  const onStop = (): void => {
    asked.abort(run?.reason);
    startClocks();
  };
  if (run?.aborted === true && alsoStopped) startClocks();
  else if (run?.aborted === true) onStop();
  else run?.addEventListener('abort', onStop, { once: true });
  return {
    asked: asked.signal,
    cut: cut.signal,
    waits: (reading) => (reading && sent ? over.signal : asked.signal),
    leave() {
      asked.signal.throwIfAborted();
      mayLeave?.();
      sent = true;
    },
    stopUnlessSent() {
      if (!sent) asked.signal.throwIfAborted();
    },
    dispose() {
      for (const timer of timers) clearTimeout(timer);
      run?.removeEventListener('abort', onStop);
    },
  };
}
