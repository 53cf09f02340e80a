import { judgeVault } from '../access/judge-vault.ts';
import type { Gain, PairVerdict } from '../access/judgement.ts';
import type { Catalogue } from '../model/catalogue.ts';
import { shortAction } from '../model/data-action.ts';
import { compareText } from '../model/finding.ts';
import { type Guid, parseGuid } from '../model/guid.ts';
import type { Principal } from '../model/principal.ts';
import { parseScope, scopeReaches } from '../model/scope.ts';
import type { PlannedGain, VaultPlan } from '../plan/plan.ts';
import { vaultNeeds } from '../plan/vault-needs.ts';
import type { SecondOpinion } from './second-opinion.ts';
import { shownPrincipal } from './shown-principal.ts';
import type { VaultNow } from './vault-now.ts';
import { vaultQuestion } from './vault-question.ts';

export interface VerifyQuestion extends VaultNow {
  readonly catalogue: Catalogue;
  readonly at: Date;
  readonly minimumAgeMinutes: number;
  /** Without a plan every access that the vault's policies give has to be covered, and every gain is news. */
  readonly plan?: VaultPlan;
}

/** What `covered` stands on: pairs and gains as they are now; lines say in words what keeps the state from being covered. */
export interface VerifyVerdict {
  readonly state: 'covered' | 'gap' | 'undetermined';
  readonly pairs: readonly PairVerdict[];
  readonly gains: readonly Gain[];
  /** Gains that the plan does not list. Without a plan: all of them; they do not change the state then. */
  readonly unlisted: readonly Gain[];
  readonly doubts: readonly string[];
  readonly lines: readonly string[];
  /** What Azure said when it was asked for its own judgement. */
  readonly secondOpinion?: SecondOpinion;
}

/**
 * Whether the vault's access survives its flip, from facts alone. Pure; serves the gate of the flip and `keyturn verify`.
 * Unknown is never covered; and with a plan, a gain that nobody was shown is as much a stop as a loss.
 */
export function verifyVault(question: VerifyQuestion): VerifyVerdict {
  const { vault, estate, catalogue, plan } = question;
  const { needs, open } = vaultNeeds(vault, estate, catalogue, plan?.entries);
  const { pairs, gains, doubts } = judgeVault(vaultQuestion(question, needs));
  const listed = plan?.gains ?? [];
  const unlisted = gains.filter((gain) => !isListed(gain, listed, question));
  const unknown = pairs.some((pair) => pair.state === 'unknown') || open.some((one) => one.state === 'undetermined');
  const gap = pairs.some((pair) => pair.state === 'uncovered') || open.some((one) => one.state === 'gap');
  const news = plan === undefined ? [] : unlisted;
  const state = gap || news.length > 0 ? 'gap' : unknown ? 'undetermined' : 'covered';
  const lines = [
    ...open.map((one) => one.line),
    ...pairLines(pairs, estate.principals),
    ...news.map((gain) => gainLine(gain, estate.principals)),
  ];
  return { state, pairs, gains, unlisted, doubts, lines };
}

/** Listed: the same principal was shown to gain the same actions at that scope or a wider one. */
function isListed(gain: Gain, listed: readonly PlannedGain[], { subscription }: VerifyQuestion): boolean {
  const same = listed.filter((one) => {
    const scope = parseScope(one.scope);
    return (
      parseGuid(one.principalId) === gain.principalId &&
      scope !== undefined &&
      scopeReaches(scope, gain.route.scope, subscription.managementGroups)
    );
  });
  const shown = new Set(same.flatMap((one) => one.dataActions.map((action) => action.dataAction)));
  return gain.dataActions.every((action) => shown.has(action.name));
}

/** One line per principal and reason, its actions together. */
function pairLines(pairs: readonly PairVerdict[], principals: ReadonlyMap<Guid, Principal>): readonly string[] {
  const groups = new Map<string, { readonly pair: PairVerdict; readonly actions: Set<string> }>();
  for (const pair of pairs) {
    if (pair.state === 'covered') continue;
    const key = `${pair.principalId} ${pair.state} ${pair.because}`;
    const group = groups.get(key) ?? { pair, actions: new Set<string>() };
    group.actions.add(shortAction(pair.dataAction));
    groups.set(key, group);
  }
  return [...groups.values()].map(({ pair, actions }) => {
    const word = pair.state === 'uncovered' ? 'would lose' : 'may lose';
    return `${shownPrincipal(pair.principalId, principals)} ${word} ${[...actions].sort(compareText).join(', ')}: ${pair.because}`;
  });
}

function gainLine({ principalId, dataActions, certain, route }: Gain, principals: ReadonlyMap<Guid, Principal>): string {
  const actions = dataActions.map((action) => shortAction(action.name)).join(', ');
  const word = certain ? 'would gain' : 'may gain';
  return `${shownPrincipal(principalId, principals)} ${word} ${actions}, which the plan does not list: ${route.assignmentId}`;
}
