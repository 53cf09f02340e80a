import { describe, expect, test } from 'vitest';
import { askConsent } from '../../src/cli/consent.ts';
import { canAsk } from '../../src/cli/io.ts';
import { testIo } from './test-io.ts';

describe('consent', () => {
  test('--yes is enough, with or without a terminal, and asks nothing', async () => {
    const io = testIo();
    await askConsent('apply', ['kv-a'], true, io);
    expect(io.stderr()).toBe('');
  });

  test('a pipe that answers is no person: without a terminal nothing is asked', async () => {
    const io = testIo({ answers: ['kv-a'] });
    await expect(askConsent('apply', ['kv-a'], false, io)).rejects.toMatchObject({ code: 'NO_TERMINAL', outcome: 'usage' });
    expect(io.stderr()).toBe('');
  });

  test.each(['stdin', 'stdout', 'stderr'] as const)('a terminal on every side but %s is none', (side) => {
    expect(canAsk(testIo({ isTty: { stdin: true, stdout: true, stderr: true, [side]: false } }))).toBe(false);
  });

  test('one vault is confirmed by its name and by nothing else', async () => {
    const io = testIo({ terminal: true, answers: ['y', 'yes', 'kv-b', 'kv-a'] });
    await askConsent('flip', ['kv-a'], undefined, io);
    expect(io.stderr().match(/that is not `kv-a`/g)).toHaveLength(3);
  });

  test('several vaults are confirmed by verb and number', async () => {
    const io = testIo({ terminal: true, answers: ['kv-a', 'apply 2 vaults', 'flip 2 vaults'] });
    await askConsent('flip', ['kv-a', 'kv-b'], undefined, io);
    expect(io.stderr().match(/that is not/g)).toHaveLength(2);
  });
});
