import { describe, expect, test } from 'vitest';
import { parseStopAfter, parseWait, parseWaves } from '../../src/cli/wave-options.ts';

describe('options of waves', () => {
  test.each([
    ['ramp', 'ramp'],
    ['Planned', 'planned'],
    ['1,5,25', [1, 5, 25]],
    [' 10 ', [10]],
    ['1, 2', [1, 2]],
  ])('--waves %s', (text, how) => {
    expect(parseWaves(text)).toEqual(how);
  });

  test.each(['', '0', '1,,2', '1,0', '-1', '1.5', 'ramps', '1;2', '10000000'])('--waves %s is refused', (text) => {
    expect(() => parseWaves(text)).toThrow(/ramp, planned, or sizes/);
  });

  test.each([
    ['3', { vaults: 3 }],
    ['10%', { percent: 10 }],
    ['100%', { percent: 100 }],
    ['200', { vaults: 200 }],
  ])('--stop-after %s', (text, stopAfter) => {
    expect(parseStopAfter(text)).toEqual(stopAfter);
  });

  test.each(['', '0', '0%', '101%', '-1', '5 %%', 'x', '1.5%'])('--stop-after %s is refused', (text) => {
    expect(() => parseStopAfter(text)).toThrow(/number of vaults/);
  });

  test.each([
    ['30s', 30_000],
    ['10m', 600_000],
    ['2H', 7_200_000],
    ['0s', 0],
    ['168h', 604_800_000],
  ])('--wait %s', (text, wait) => {
    expect(parseWait(text)).toBe(wait);
  });

  test.each(['', '10', '5d', '169h', '-1m', '1h30m', 'soon'])('--wait %s is refused', (text) => {
    expect(() => parseWait(text)).toThrow(/such as 30s, 10m or 2h/);
  });
});
