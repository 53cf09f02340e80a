import { subscriptionIdOf } from '../model/vault-id.ts';
import type { Headline, Review, ReviewChange, ReviewVault, Tier } from './review.ts';

type Counted = Pick<Review, 'vaults' | 'gains' | 'losses' | 'changes' | 'findings'> & { readonly unreadable: number };

/** What stands first, counted from all that is told after it. */
export function headlineOf(review: Counted): Headline {
  const { vaults, unreadable } = review;
  const states = { ready: 0, blocked: 0, repair: 0, alreadyOnRbac: 0 };
  const entries = { reproduce: 0, alreadyCovered: 0, drop: 0, inert: 0, undecided: 0 };
  for (const vault of vaults) {
    states[vault.state] += 1;
    for (const { change } of vault.entries) {
      const outcome = review.changes[change]?.outcome;
      if (outcome !== undefined) entries[outcome] += 1;
    }
  }
  return {
    vaults: vaults.length,
    subscriptions: new Set(vaults.map(({ id }) => subscriptionIdOf({ vaultId: id }))).size,
    states,
    unreadable,
    entries,
    gains: gainCounts(review),
    losses: lossCounts(review),
    toMake: {
      assignments: vaults.reduce((sum, { assign }) => sum + assign.length, 0),
      customRoles: new Set(vaults.flatMap(({ customRoles }) => customRoles)).size,
      flips: vaults.filter(({ flip, state }) => flip && state === 'ready').length,
    },
    wide: wideRoles(review),
    blockers: vaults.filter(({ findings }) => findings.some(({ finding }) => review.findings[finding]?.severity === 'blocker')).length,
  };
}

function gainCounts({ vaults, gains }: Counted): Headline['gains'] {
  const tiersOf = gains.map(({ cause, dataActions }) => [...new Set(dataActions.map(({ tier }) => `${tier} ${cause}`))]);
  const found = new Map<string, { readonly principals: Set<number>; readonly vaults: Set<number> }>();
  for (const [at, vault] of vaults.entries()) {
    for (const { gain, principal } of vault.gains) {
      for (const key of tiersOf[gain] ?? []) {
        const one = found.get(key) ?? { principals: new Set(), vaults: new Set() };
        found.set(key, one);
        one.principals.add(principal);
        one.vaults.add(at);
      }
    }
  }
  return [...found].sort().map(([key, one]) => {
    const [tier, cause] = key.split(' ') as [Tier, 'plan' | 'flip'];
    return { tier, cause, principals: one.principals.size, vaults: one.vaults.size };
  });
}

/** Losses of a vault may be of several kinds, and of several entries: each vault counts once a kind. */
function lossCounts({ vaults, losses, changes, findings }: Counted): Headline['losses'] {
  const entries = (kind: Review['losses'][number]['kind']) =>
    losses.reduce((sum, loss) => (loss.kind === kind ? sum + loss.entries : sum), 0);
  const withEntry = (test: (change: ReviewChange) => boolean) =>
    vaults.filter((vault) => vault.entries.some(({ change }) => changes[change] !== undefined && test(changes[change]))).length;
  const withFinding = ({ findings: own }: ReviewVault) => own.some(({ finding }) => findings[finding]?.code === 'PLN-UNCOVERED');
  return {
    decided: {
      entries: entries('decided'),
      vaults: withEntry(({ outcome, lost }) => outcome !== 'undecided' && lost.length > 0),
    },
    undecided: { entries: entries('undecided'), vaults: withEntry(({ outcome }) => outcome === 'undecided') },
    uncovered: { entries: entries('uncovered'), vaults: vaults.filter(withFinding).length },
  };
}

/** Roles to be assigned that bring their holder more of what is dangerous. */
function wideRoles({ vaults, gains }: Counted): Headline['wide'] {
  const worst = new Map<number, Tier>();
  for (const { cause, role, tier } of gains) {
    if (cause !== 'plan' || role === undefined || (tier !== 'A' && tier !== 'B')) continue;
    if (tier < (worst.get(role) ?? 'D')) worst.set(role, tier);
  }
  const counts = new Map<number, { assignments: number; vaults: number }>();
  for (const { assign } of vaults) {
    for (const { role } of assign) {
      const one = counts.get(role) ?? { assignments: 0, vaults: 0 };
      counts.set(role, one);
      one.assignments += 1;
    }
    for (const role of new Set(assign.map((one) => one.role))) {
      const one = counts.get(role);
      if (one !== undefined) one.vaults += 1;
    }
  }
  return [...worst]
    .map(([role, tier]) => ({ role, tier, ...(counts.get(role) ?? { assignments: 0, vaults: 0 }) }))
    .sort((a, b) => (a.tier === b.tier ? b.assignments - a.assignments : a.tier < b.tier ? -1 : 1));
}
