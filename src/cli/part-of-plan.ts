import { KnownError } from '../base/known-error.ts';
import type { Plan, VaultPlan } from '../formats/plan.ts';
import { waveNames } from '../migrate/waves.ts';
import { namedVaults } from '../plan/named-vaults.ts';

/** So many waves are named. */
const told = 20;

/** Which vaults of a plan are meant; all of them where nothing is given. */
export interface PartRequest {
  /** Vaults of the plan, by name or id: these alone, or all but those. */
  readonly only?: readonly string[];
  readonly except?: readonly string[];
  /** Names of the plan's waves, several in one with commas between them: their vaults alone. */
  readonly wave?: readonly string[];
}

/** The plan with the vaults that are meant. @throws KnownError VAULT_NOT_PLANNED, WAVE_UNKNOWN, PLAN_EMPTY (usage). */
export function partOfPlan(plan: Plan, { only, except, wave }: PartRequest): Plan {
  if (only === undefined && except === undefined && wave === undefined) return plan;
  const among = only === undefined ? plan.vaults : namedVaults(plan.vaults, only);
  const left = new Set(except === undefined ? [] : namedVaults(plan.vaults, except));
  const waves = wave === undefined ? undefined : wavesMeant(wave, plan.vaults);
  const vaults = among.filter((vault) => !left.has(vault) && (waves === undefined || waves.has(vault.wave ?? '')));
  if (vaults.length > 0) return { ...plan, vaults };
  throw new KnownError('usage', 'PLAN_EMPTY', 'no vault of the plan is left', 'name other vaults with `--only`, `--except` and `--wave`');
}

/** @throws KnownError WAVE_UNKNOWN (usage) where the plan gives no vault a wave. */
export function assertInWaves({ vaults }: Pick<Plan, 'vaults'>): void {
  if (vaults.some(({ wave }) => wave !== undefined)) return;
  throw noWaves('the plan gives no vault a wave');
}

function wavesMeant(words: readonly string[], vaults: readonly Pick<VaultPlan, 'wave'>[]): ReadonlySet<string> {
  const known = waveNames(vaults);
  const meant = words.flatMap((word) => (known.includes(word.trim()) ? [word.trim()] : word.split(',').map((one) => one.trim())));
  const wrong = meant.find((word) => !known.includes(word));
  if (wrong === undefined) return new Set(meant);
  const message = `no vault of the plan is in wave \`${wrong}\``;
  if (known.length === 0) throw noWaves(message);
  const names = known.slice(0, told).map((name) => `\`${name}\``);
  const more = known.length > told ? `, and ${known.length - told} more` : '';
  throw new KnownError('usage', 'WAVE_UNKNOWN', message, `name one of its waves: ${names.join(', ')}${more}`);
}

function noWaves(message: string): KnownError {
  return new KnownError('usage', 'WAVE_UNKNOWN', message, 'make the plan with `--wave-by tag:NAME`, by the tag that names the waves');
}
