import { KnownError } from '../base/known-error.ts';
import type { VaultPlan } from '../formats/plan.ts';
import { finding, sortFindings } from '../model/finding.ts';
import { acceptingAgain } from './acceptances.ts';
import { recordedDecisions } from './bind-decisions.ts';
import { compareBasis } from './compare-basis.ts';
import { planVault } from './vault-plan.ts';
import type { VaultSetting } from './vault-setting.ts';

/** What an earlier plan says of a vault. */
export type EarlierVault = Pick<VaultPlan, 'entries' | 'accepted' | 'acceptedGains' | 'basis'>;

/**
 * The plan of a vault after an earlier one: what that one records as decided and accepted still counts, after what is decided now, as long
 * as no fact moved that it stood on. Where one did, the plan is made without it and says so.
 */
export function planAfter(earlier: EarlierVault | undefined, setting: VaultSetting): VaultPlan {
  if (earlier === undefined || !isDecided(earlier)) return planVault(setting);
  const taken = planWith(earlier, setting);
  const moved = taken === undefined ? [] : compareBasis(earlier.basis, taken.basis).map(({ field }) => field);
  if (taken !== undefined && moved.length === 0) return taken;
  const plan = planVault(setting);
  const told = finding('warning', 'PLN-DECISION-MOVED', { vault: setting.vault.id }, { fields: moved });
  return { ...plan, findings: [...sortFindings([...plan.findings, told])] };
}

function isDecided({ entries, accepted = [] }: EarlierVault): boolean {
  return accepted.length > 0 || entries.some(({ decision }) => decision !== undefined);
}

/** Undefined where what was decided can no longer be carried out. */
function planWith(earlier: EarlierVault, setting: VaultSetting): VaultPlan | undefined {
  const { vault, decisions, accepting } = setting;
  const then = acceptingAgain(earlier.accepted);
  try {
    return planVault({
      ...setting,
      decisions: new Map([...recordedDecisions(vault.scope, earlier.entries), ...decisions]),
      accepting: (one) => accepting(one) ?? then(one),
    });
  } catch (error) {
    if (error instanceof KnownError) return undefined;
    throw error;
  }
}
