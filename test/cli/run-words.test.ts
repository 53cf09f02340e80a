import { describe, expect, test } from 'vitest';
import { commandHint, runWords, wavesTold } from '../../src/cli/run-words.ts';
import { wavesOf } from '../../src/migrate/waves.ts';

const ready = (count: number, wave?: string) =>
  Array.from({ length: count }, (_, at) => ({
    vaultId: `${wave ?? ''}${at}`,
    state: 'ready' as const,
    ...(wave !== undefined && { wave }),
  }));

describe('what was asked of a run', () => {
  test('is said again in the command that goes on', () => {
    expect(runWords({})).toEqual([]);
    const asked = {
      only: ['kv-a', 'kv-b'],
      except: ['kv-c'],
      wave: ['2,10'],
      waves: [1, 5],
      stopAfter: { percent: 10 },
      wait: 90_000,
      factsAge: 60,
    };
    expect(runWords(asked).join(' ')).toBe(
      '--only kv-a --only kv-b --except kv-c --wave 2,10 --waves 1,5 --stop-after 10% --wait 90s --facts-age 60',
    );
    expect(runWords({ waves: 'ramp', wait: 7_200_000, stopAfter: { vaults: 3 } }).join(' ')).toBe('--waves ramp --stop-after 3 --wait 2h');
    expect(runWords({ wait: 600_000 }).join(' ')).toBe('--wait 10m');
  });

  test('is a command that a shell takes as it was meant, in a report', () => {
    const request = { plan: 'my plan.json', through: 'verify', wave: ["Bob's"], yes: true } as const;
    expect(commandHint(request, {})).toBe(`keyturn apply 'my plan.json' --through verify --wave 'Bob'\\''s' --yes`);
    expect(commandHint({ plan: 'p.json', through: 'flip', verb: 'flip' }, {})).toBe('keyturn flip p.json');
  });

  test('is told before it begins: how many vaults in each wave, how far apart, and what stops it', () => {
    const vaults = ready(200);
    expect(wavesTold(wavesOf(vaults), vaults, {})).toEqual([]);
    expect(wavesTold(wavesOf(vaults, 'ramp'), vaults, { stopAfter: { vaults: 1 }, wait: 600_000 })).toEqual([
      '  in 5 waves of 1, 5, 25, 125, 44 vaults, 10m apart',
      '  stops after 1 vault that failed, was blocked or is undetermined',
    ]);
    expect(wavesTold(wavesOf(vaults, [20]), vaults, { stopAfter: { percent: 100 } })).toEqual([
      '  in 10 waves of 20, 20, 20, 20, 20, 20 vaults, and 4 waves more',
    ]);
  });

  test('names the waves of the plan, and a hostile name harms no terminal', () => {
    const vaults = [...ready(2, 'pilot'), ...ready(1, '\u001b[2Jx\u202e')];
    const [line] = wavesTold(wavesOf(vaults, 'planned'), vaults, {});
    expect(line).toMatch(/^ {2}in 2 waves of (pilot \(2\), x \(1\)|x \(1\), pilot \(2\)) vaults$/);
  });
});
