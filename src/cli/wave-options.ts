import { type Command, InvalidArgumentError, Option } from 'commander';
import type { StopAfter } from '../migrate/stop-after.ts';
import type { WavesHow } from '../migrate/waves.ts';

/** How a run is divided, where it stops, and what it leaves behind. */
export interface WaveRequest {
  readonly waves?: WavesHow;
  /** Names of waves of the plan: their vaults alone. */
  readonly wave?: readonly string[];
  readonly stopAfter?: StopAfter;
  /** Between two waves, in milliseconds. */
  readonly wait?: number;
  /** Where to write what the run did. */
  readonly report?: string;
}

export function withWaves(command: Command): Command {
  return command
    .addOption(
      new Option(
        '--waves <how>',
        'one wave of vaults after the other: ramp (1, 5, 25, …), sizes such as 1,10,50 (the last one repeats), or planned',
      ).argParser(parseWaves),
    )
    .addOption(
      new Option(
        '--stop-after <n>',
        'begin no further vault once so many, or such a share (10%), failed or were blocked; with --waves: 1 unless said, 100% never stops',
      ).argParser(parseStopAfter),
    )
    .addOption(new Option('--wait <duration>', 'hold between two waves, such as 30s, 10m or 2h').argParser(parseWait))
    .option('--report <file>', 'write what the run did, whatever came of it: .md, .txt or .json');
}

/** @throws InvalidArgumentError. */
export function parseWaves(text: string): WavesHow {
  const word = text.trim().toLowerCase();
  if (word === 'ramp' || word === 'planned') return word;
  const sizes = word.split(',').map((size) => size.trim());
  if (sizes.every((size) => /^[1-9]\d{0,5}$/.test(size))) return sizes.map(Number);
  throw new InvalidArgumentError('Give ramp, planned, or sizes such as 1,10,50.');
}

/** @throws InvalidArgumentError. */
export function parseStopAfter(text: string): StopAfter {
  const [, number = '', percent] = /^([1-9]\d{0,5})(%?)$/.exec(text.trim()) ?? [];
  const value = Number(number);
  if (value > 0 && percent === '') return { vaults: value };
  if (value > 0 && value <= 100) return { percent: value };
  throw new InvalidArgumentError('Give a number of vaults from 1 on, or a share from 1% to 100%.');
}

const inMilliseconds: Readonly<Record<string, number>> = { s: 1_000, m: 60_000, h: 3_600_000 };
const longestWait = 7 * 24 * 3_600_000;

/** @throws InvalidArgumentError. */
export function parseWait(text: string): number {
  const [, number = '', unit = ''] = /^(\d{1,6})([smh])$/i.exec(text.trim()) ?? [];
  const wait = Number(number) * (inMilliseconds[unit.toLowerCase()] ?? 0);
  if (number !== '' && wait <= longestWait) return wait;
  throw new InvalidArgumentError('Give a number and s, m or h, such as 30s, 10m or 2h; a week at most.');
}
