import process from 'node:process';

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
