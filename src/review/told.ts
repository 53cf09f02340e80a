import { shortAction } from '../model/data-action.ts';
import { parseScope, rootScope } from '../model/scope.ts';
import { describeScope } from '../words/scope-words.ts';
import { gainWords } from './access-answers.ts';
import type { Headline, Review, ReviewFinding, ReviewGain, ReviewLoss } from './review.ts';
import { countWords, reviewNames } from './review-names.ts';

/** One thing that stands first, under the word that says what it is about. */
export interface HeadlineLine {
  readonly about: 'vaults' | 'new access' | 'losses' | 'undecided' | 'to make' | 'wide roles' | 'since';
  readonly text: string;
}

/** What a reviewer reads first: the same sentences in every format. */
export function toldHeadline(review: Review): readonly HeadlineLine[] {
  const { headline } = review;
  return [
    { about: 'vaults', text: vaultsWords(headline) },
    ...gainsTold(headline).map((text) => ({ about: 'new access' as const, text })),
    { about: 'losses', text: lossesWords(headline) },
    { about: 'undecided', text: undecidedWords(headline) },
    { about: 'to make', text: toMakeWords(headline) },
    ...wideWords(review).map((text) => ({ about: 'wide roles' as const, text })),
    { about: 'since', text: sinceWords(review) },
  ];
}

function vaultsWords({ vaults, subscriptions, states, unreadable }: Headline): string {
  const parts = [
    `${states.ready} ready`,
    `${states.blocked} blocked`,
    ...(states.repair === 0 ? [] : [`${states.repair} on Azure RBAC, to repair`]),
    `${states.alreadyOnRbac} on Azure RBAC already`,
    ...(unreadable === 0 ? [] : [`${countWords(unreadable, 'subject')} could not be read`]),
  ];
  return `${countWords(vaults, 'vault')} in ${countWords(subscriptions, 'subscription')}: ${parts.join(', ')}`;
}

const harm = {
  A: 'reads secret values or destroys for good',
  B: 'uses, replaces or copies what is protected',
  C: 'settings and undo',
  D: 'metadata and public keys',
} as const;

function gainsTold({ gains }: Headline): readonly string[] {
  if (gains.length === 0) return ['nobody gets access that they did not have'];
  return gains.map(({ tier, cause, principals, vaults }) => {
    const by = cause === 'plan' ? 'by roles that this plan assigns' : 'by assignments that stand already and take effect at the flip';
    return `(${tier}) ${harm[tier]}: ${countWords(principals, 'principal')} in ${countWords(vaults, 'vault')}, ${by}`;
  });
}

function lossesWords({ losses: { decided, uncovered } }: Headline): string {
  const parts = [
    ...(decided.entries === 0
      ? []
      : [
          `${countWords(decided.entries, 'access policy loses', 'access policies lose')} something by decision, in ${countWords(decided.vaults, 'vault')}`,
        ]),
    ...(uncovered.entries === 0
      ? []
      : [`${countWords(uncovered.entries, 'is', 'are')} not covered, in ${countWords(uncovered.vaults, 'vault')}`]),
  ];
  return parts.length === 0 ? 'nobody loses anything by a decision' : parts.join('; ');
}

function undecidedWords({ losses: { undecided } }: Headline): string {
  if (undecided.entries === 0) return 'nothing waits for a decision';
  return `${countWords(undecided.entries, 'access policy waits', 'access policies wait')} for a decision, in ${countWords(undecided.vaults, 'vault')}`;
}

function toMakeWords({ toMake: { assignments, customRoles, flips } }: Headline): string {
  const roles = customRoles === 0 ? '' : `, ${countWords(customRoles, 'custom role')}`;
  return `${countWords(assignments, 'role assignment')}${roles}; ${countWords(flips, 'vault')} to flip`;
}

function wideWords({ headline: { wide }, roles }: Review): readonly string[] {
  return wide.map(({ role, tier, assignments, vaults }) => {
    return `\`${roles[role]?.name ?? ''}\` is assigned ${countWords(assignments, 'time')} in ${countWords(vaults, 'vault')}, and brings extra access of tier ${tier}`;
  });
}

function sinceWords({ since }: Review): string {
  if (since === undefined) return 'not compared with an earlier plan: `--since OLD` does';
  const gone = since.gone.length === 0 ? '' : `, ${since.gone.length} no longer in it`;
  return `against the plan ${since.digest.slice(0, 19)}…: ${countWords(since.moved, 'vault')} moved, ${since.new} new, ${since.same} the same${gone}`;
}

/** Gains grouped by assignment, worst first and most vaults first, in words. */
export function toldGains(review: Review): readonly string[] {
  const names = reviewNames(review);
  return [...review.gains].sort(worstGain).map((gain) => {
    const { principal, principals, scope, vaults, level } = gain;
    const who = principal === undefined ? countWords(principals, 'principal') : names.whole(principal);
    const where =
      scope === undefined
        ? level === 'object'
          ? 'on an object of the vault'
          : 'at the vault'
        : describeScope(parseScope(scope) ?? rootScope);
    const said = gainWords(gain, names, where);
    const verb = principal === undefined && principals !== 1 ? said.replace(/^gains /, 'gain ') : said;
    return `${inVaults(vaults, review)}: ${who} ${verb}`;
  });
}

function worstGain(a: ReviewGain, b: ReviewGain): number {
  return a.tier === b.tier ? b.vaults - a.vaults : a.tier < b.tier ? -1 : 1;
}

export function toldLosses(review: Review): readonly string[] {
  const order: readonly ReviewLoss['kind'][] = ['uncovered', 'undecided', 'decided'];
  return [...review.losses]
    .sort((a, b) => order.indexOf(a.kind) - order.indexOf(b.kind) || b.vaults - a.vaults)
    .map((loss) => {
      const { kind, decision, dataActions, entries, vaults } = loss;
      const what = dataActions.length === 0 ? 'what no data action stands for' : dataActions.map(shortAction).join(', ');
      const whom = `${inVaults(vaults, review)}: ${countWords(entries, 'access policy', 'access policies')}`;
      const one = decision === undefined ? undefined : review.decisions[decision];
      if (kind === 'undecided') return `${whom} may lose ${what}: nobody has decided yet`;
      if (kind === 'uncovered') return `${whom} not covered for ${what}`;
      return `${whom} ${entries === 1 ? 'loses' : 'lose'} ${what}${one === undefined ? '' : `, by the decision \`${one.choice}\`: ${one.reason}`}`;
    });
}

export function toldDecisions(review: Review): readonly string[] {
  return [...review.decisions]
    .sort((a, b) => b.vaults - a.vaults)
    .map(({ choice, reason, entries, vaults }) => {
      return `${inVaults(vaults, review)}: \`${choice}\` for ${countWords(entries, 'access policy', 'access policies')}, because: ${reason}`;
    });
}

/** Blockers first, then those of most vaults. */
export function sortedFindings(review: Pick<Review, 'findings'>): readonly (ReviewFinding & { readonly at: number })[] {
  const rank = { blocker: 0, warning: 1, note: 2 };
  return review.findings
    .map((one, at) => ({ ...one, at }))
    .sort((a, b) => rank[a.severity] - rank[b.severity] || b.vaults - a.vaults || a.at - b.at);
}

function inVaults(vaults: number, { headline }: Pick<Review, 'headline'>): string {
  if (headline.vaults === 1) return 'in the vault';
  return vaults === headline.vaults ? `in all ${vaults} vaults` : `in ${vaults} of ${headline.vaults} vaults`;
}
