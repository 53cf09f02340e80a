import { describe, expect, test } from 'vitest';
import type { Spinner } from '../../src/cli/io.ts';
import { startProgress } from '../../src/cli/progress.ts';
import { viewOf } from '../../src/cli/view.ts';
import { testIo } from './test-io.ts';

describe('progress', () => {
  test('goes to stderr, a line per change where there is no terminal', async () => {
    const io = testIo();
    const progress = await startProgress({}, io);
    progress.say('reading');
    progress.say('reading');
    progress.say('staging');
    progress.stop();
    expect(io.stderr()).toBe('reading\nstaging\n');
    expect(io.stdout()).toBe('');
  });

  test('says nothing with --quiet', async () => {
    const io = testIo();
    const progress = await startProgress({ quiet: true }, io);
    progress.say('reading');
    progress.keep('done');
    expect(io.stderr()).toBe('');
  });

  test('a line that stays is written while the spinner rests', async () => {
    const calls: string[] = [];
    const spinner: Spinner = { show: (text) => calls.push(`show ${text}`), stop: () => calls.push('stop') };
    const io = testIo({ spinner: () => Promise.resolve(spinner), err: (text) => calls.push(`err ${text.trim()}`) });
    const progress = await startProgress({}, io);
    progress.say('staging');
    progress.keep('made one');
    progress.stop();
    expect(calls).toEqual(['show staging', 'stop', 'err made one', 'show staging', 'stop']);
  });
});

describe('colour and width', () => {
  const painted = (options: { color: boolean }, env: Record<string, string>, terminal: boolean) =>
    viewOf(options, testIo({ terminal, env })).look.paint('red', 'x') !== 'x';

  test('there is colour on a terminal only, and not with --no-color, NO_COLOR or a dumb terminal', () => {
    expect(painted({ color: true }, {}, true)).toBe(true);
    expect(painted({ color: true }, {}, false)).toBe(false);
    expect(painted({ color: false }, {}, true)).toBe(false);
    expect(painted({ color: true }, { NO_COLOR: '1' }, true)).toBe(false);
    expect(painted({ color: true }, { NO_COLOR: '' }, true)).toBe(true);
    expect(painted({ color: true }, { TERM: 'dumb' }, true)).toBe(false);
  });

  test('nothing is cut in a pipe', () => {
    expect(viewOf({ color: true }, testIo({ terminal: false, columns: 40 })).look.columns).toBe(0);
    expect(viewOf({ color: true }, testIo({ terminal: true, columns: 40 })).look.columns).toBe(40);
  });
});
