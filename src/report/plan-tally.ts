import type { PlannedGain, VaultPlan } from '../formats/plan.ts';
import type { Finding } from '../model/finding.ts';
import { subscriptionIdOf } from '../model/vault-id.ts';
import type { MadeAlready } from '../plan/made-already.ts';
import { sameWords } from './parts/findings-text.ts';

interface SubscriptionTally {
  readonly subscriptionId: string;
  readonly states: Record<VaultPlan['state'], number>;
  /** Role assignments that the plan makes, and how many of them keyturn has made already. */
  toMake: number;
  made: number;
}

/** What stands in the way of vaults, or is said of them, in the same words or about entries under the same code. */
export interface FindingTally {
  readonly finding: Finding;
  readonly aboutEntries: boolean;
  vaults: number;
  /** Names of the first of them. */
  readonly first: string[];
}

interface GainTally {
  readonly gain: PlannedGain;
  vaults: number;
}

/** What a reader of a large plan wants to know first; it does not grow with the number of vaults. */
export interface PlanTally {
  readonly subscriptions: ReadonlyMap<string, SubscriptionTally>;
  readonly blockers: ReadonlyMap<string, FindingTally>;
  /** Gains through assignments that stand already, by assignment and principal. */
  readonly gains: ReadonlyMap<string, GainTally>;
  /** How many gains are not in `gains`, since there are too many. */
  readonly moreGains: number;
  readonly undecidedEntries: number;
  /** How many vaults are in each wave that the plan gives. */
  readonly waves: ReadonlyMap<string, number>;
}

const firstNames = 3;
const mostGains = 5000;

export interface TallyBook extends PlanTally {
  add(vault: VaultPlan, made: MadeAlready): void;
}

export function tallyBook(): TallyBook {
  const subscriptions = new Map<string, SubscriptionTally>();
  const blockers = new Map<string, FindingTally>();
  const gains = new Map<string, GainTally>();
  const waves = new Map<string, number>();
  let moreGains = 0;
  let undecidedEntries = 0;
  return {
    subscriptions,
    blockers,
    gains,
    waves,
    get moreGains() {
      return moreGains;
    },
    get undecidedEntries() {
      return undecidedEntries;
    },
    add(vault, made) {
      countSteps(vault, made, subscriptions);
      countBlockers(vault, blockers);
      if (vault.wave !== undefined) waves.set(vault.wave, (waves.get(vault.wave) ?? 0) + 1);
      undecidedEntries += vault.entries.filter((entry) => entry.outcome === 'undecided').length;
      const counted = new Set<string>();
      for (const gain of vault.gains.filter(({ cause }) => cause === 'flip')) {
        const key = `${gain.assignmentId} ${gain.principalId} ${gain.throughGroup ?? ''}`;
        if (counted.has(key)) continue;
        counted.add(key);
        const known = gains.get(key);
        if (known !== undefined) known.vaults += 1;
        else if (gains.size < mostGains) gains.set(key, { gain, vaults: 1 });
        else moreGains += 1;
      }
    },
  };
}

function countSteps({ vaultId, state, steps }: VaultPlan, made: MadeAlready, subscriptions: Map<string, SubscriptionTally>): void {
  const subscriptionId = subscriptionIdOf({ vaultId });
  const none = { ready: 0, blocked: 0, repair: 0, alreadyOnRbac: 0 };
  const tally = subscriptions.get(subscriptionId) ?? { subscriptionId, states: none, toMake: 0, made: 0 };
  subscriptions.set(subscriptionId, tally);
  tally.states[state] += 1;
  const assigned = steps.filter((step) => step.kind === 'ensureRoleAssignment');
  tally.toMake += assigned.length;
  tally.made += assigned.filter((step) => made.has(step.id)).length;
}

function countBlockers({ name, findings }: VaultPlan, blockers: Map<string, FindingTally>): void {
  const counted = new Set<string>();
  for (const finding of findings.filter(({ severity }) => severity === 'blocker')) {
    const aboutEntries = finding.subject.principal !== undefined;
    const key = aboutEntries ? finding.code : sameWords(finding);
    if (counted.has(key)) continue;
    counted.add(key);
    const tally = blockers.get(key) ?? { finding, aboutEntries, vaults: 0, first: [] };
    blockers.set(key, tally);
    tally.vaults += 1;
    if (tally.first.length < firstNames) tally.first.push(name);
  }
}
