import type { Phase } from '../formats/phases.ts';
import type { VaultPlan } from '../formats/plan.ts';
import type { StopAfter } from '../migrate/stop-after.ts';
import { hasWork, type Wave } from '../migrate/waves.ts';
import { plainText } from '../report/plain-text.ts';
import type { ApprovalRequest } from './approval-files.ts';
import type { Io } from './io.ts';
import type { CommonOptions } from './options.ts';
import type { PartRequest } from './part-of-plan.ts';
import { shellWord } from './runnable.ts';
import type { WaveRequest } from './wave-options.ts';

/** Which vaults of a plan were asked for, as words of a command that asks for them again. */
export function partWords({ only, except, wave }: PartRequest): readonly string[] {
  const repeated = (flag: string, values: readonly string[] = []) => values.flatMap((value) => [flag, value]);
  return [...repeated('--only', only), ...repeated('--except', except), ...repeated('--wave', wave)];
}

/** What was said about a run's vaults and waves, the same way. */
export function runWords(
  asked: PartRequest & WaveRequest & Pick<CommonOptions, 'factsAge'> & Pick<ApprovalRequest, 'approval'>,
): readonly string[] {
  const { waves, stopAfter, wait, factsAge, approval = [] } = asked;
  return [
    ...partWords(asked),
    ...(waves === undefined ? [] : ['--waves', typeof waves === 'string' ? waves : waves.join(',')]),
    ...(stopAfter === undefined ? [] : ['--stop-after', 'vaults' in stopAfter ? String(stopAfter.vaults) : `${stopAfter.percent}%`]),
    ...(wait === undefined ? [] : ['--wait', durationWord(wait)]),
    ...(factsAge === undefined ? [] : ['--facts-age', String(factsAge)]),
    ...approval.flatMap((file) => ['--approval', file]),
  ];
}

/** The whole command of a run, as it can be typed again. */
export function commandHint(
  request: Parameters<typeof runWords>[0] & {
    readonly plan: string;
    readonly through: Phase;
    readonly verb?: string;
    readonly yes?: boolean;
  },
  { hint = (text) => text }: Pick<Io, 'hint'>,
): string {
  const { plan, through, verb = 'apply', yes } = request;
  const phase = verb === 'apply' && through !== 'watch' ? ['--through', through] : [];
  const words = [verb, plan, ...phase, ...runWords(request), ...(yes === true ? ['--yes'] : [])];
  return hint(`\`keyturn ${words.map((word) => shellWord(plainText(word))).join(' ')}\``).slice(1, -1);
}

function durationWord(wait: number): string {
  if (wait % 3_600_000 === 0) return `${wait / 3_600_000}h`;
  return wait % 60_000 === 0 ? `${wait / 60_000}m` : `${wait / 1_000}s`;
}

/** So many waves are told one by one. */
const told = 6;

/** How a run is divided and where it stops, to be told before it begins; nothing where nothing was asked. */
export function wavesTold(
  waves: readonly Wave[],
  vaults: readonly Pick<VaultPlan, 'vaultId' | 'state'>[],
  { stopAfter, wait = 0 }: { readonly stopAfter?: StopAfter | undefined; readonly wait?: number | undefined },
): readonly string[] {
  const working = new Set(vaults.filter(hasWork).map(({ vaultId }) => vaultId));
  const sizes = waves.map(({ name, vaultIds }, at) => {
    const count = vaultIds.filter((id) => working.has(id)).length;
    return name === String(at + 1) ? String(count) : `${name} (${count})`;
  });
  const more = sizes.length > told ? `, and ${sizes.length - told} waves more` : '';
  const held = wait > 0 ? `, ${durationWord(wait)} apart` : '';
  return [
    ...(waves.length < 2 ? [] : [`  in ${waves.length} waves of ${sizes.slice(0, told).join(', ')} vaults${more}${held}`]),
    ...(stopAfter === undefined || isNever(stopAfter) ? [] : [`  stops after ${stopWords(stopAfter)}`]),
  ].map(plainText);
}

function isNever(stopAfter: StopAfter): boolean {
  return 'percent' in stopAfter && stopAfter.percent === 100;
}

function stopWords(stopAfter: StopAfter): string {
  const many = 'that failed, were blocked or are undetermined';
  if ('percent' in stopAfter) return `${stopAfter.percent} % of the vaults ${many}`;
  return stopAfter.vaults === 1 ? '1 vault that failed, was blocked or is undetermined' : `${stopAfter.vaults} vaults ${many}`;
}
