import { guidAtEnd } from '../base/guid.ts';
import { shortAction } from '../model/data-action.ts';
import type { Answers } from './questions.ts';
import type { Review, ReviewEntry, ReviewGain, ReviewPrincipal, ReviewVault } from './review.ts';
import { type ReviewNames, whereOf } from './review-names.ts';

type Names = ReviewNames;
type Tiered = ReviewGain['dataActions'];

/** Who has access, gains it, holds it already or loses it. */
export function accessAnswers(vault: ReviewVault, review: Review, names: Names): Pick<Answers, AccessQuestion> {
  return {
    who: who(vault, review, names),
    gains: gains(vault, review, names),
    why: why(vault, review, names),
    held: held(vault, review, names),
    losses: losses(vault, review, names),
    irreversible: irreversible(vault, review, names),
  };
}

type AccessQuestion = 'who' | 'gains' | 'why' | 'held' | 'losses' | 'irreversible';

function who({ entries, gains: own }: ReviewVault, { principals }: Review, names: Names): readonly string[] {
  const all = [...new Set([...entries, ...own].map(({ principal }) => principal))];
  if (all.length === 0) return ['nobody: the vault has no access policy, and nobody gains anything'];
  const compound = (at: number) => entries.find(({ principal, applicationId }) => principal === at && applicationId !== undefined);
  return [
    ...all.map((at) => {
      const through = compound(at)?.applicationId;
      const part = through === undefined ? '' : `, through application ${through} alone`;
      return `${names.whole(at)}: ${standingWords(principals[at]?.standing)}${part}`;
    }),
    'owners, and whether accounts are enabled, are unknown: a plan does not read them; `az ad sp owner list --id ID` and `az ad group owner list --group ID` do',
  ];
}

function standingWords(standing: ReviewPrincipal['standing'] = 'unknown'): string {
  switch (standing) {
    case 'found':
      return 'found in the directory';
    case 'deleted':
      return 'deleted';
    case 'noPrincipal':
      return 'an id that belongs to no security principal';
    case 'unknown':
      return 'unknown whether it exists';
  }
}

function gains({ id, gains: own }: ReviewVault, review: Review, names: Names): readonly string[] {
  if (own.length === 0) return ['nobody gains anything'];
  return own.flatMap(({ gain, principal }) => {
    const one = review.gains[gain];
    return one === undefined ? [] : [`${names.principal(principal)} ${gainWords(one, names, whereOf(one.scope, id))}`];
  });
}

/** What a gain is, without who: `gains secrets/purge (A): …`. */
export function gainWords(gain: ReviewGain, names: Names, where: string): string {
  const { certain, dataActions, role, throughGroup, assignmentId, cause, because } = gain;
  const through = throughGroup === undefined ? '' : ` through group ${names.group(throughGroup)}`;
  const assignment = assignmentId === undefined ? '' : ` (assignment ${guidAtEnd(assignmentId) ?? assignmentId})`;
  const by = `${role === undefined ? 'a role' : `\`${names.role(role)}\``} ${where}${through}${assignment}`;
  const when = cause === 'plan' ? 'made by this plan' : 'which stands already and takes effect at the flip';
  const open = certain ? '' : `; not certain${because.length === 0 ? '' : `: ${because.join('; ')}`}`;
  return `${certain ? 'gains' : 'may gain'} ${tieredWords(dataActions)}: ${by}, ${when}${open}`;
}

/** Of tier A all data actions are named; of the others so many, and the number of those that are left. */
const mostNamed = { A: Number.POSITIVE_INFINITY, B: 8, C: 4, D: 4 } as const;

/** Worst first: `secrets/purge (A); keys/backup, keys/sign (B)`. */
function tieredWords(actions: Tiered): string {
  const tiers = [...new Set(actions.map(({ tier }) => tier))].sort();
  return tiers
    .map((tier) => {
      const some = [...new Set(actions.filter((one) => one.tier === tier).map(({ dataAction }) => shortAction(dataAction)))];
      const left = some.length - mostNamed[tier];
      return `${some.slice(0, mostNamed[tier]).join(', ')}${left > 0 ? ` and ${left} more` : ''} (${tier})`;
    })
    .join('; ');
}

function why({ entries }: ReviewVault, review: Review, names: Names): readonly string[] {
  const found = new Map<string, string[]>();
  for (const { change, principal } of entries) {
    const because = review.changes[change]?.because ?? '';
    if (because === '') continue;
    found.set(because, [...(found.get(because) ?? []), names.principal(principal)]);
  }
  if (found.size === 0) return ['no role is assigned'];
  return [...found].map(([because, whom]) => `${because.replace(/\.$/, '')}: for ${whom.join(', ')}`);
}

function held({ id, entries }: ReviewVault, review: Review, names: Names): readonly string[] {
  const lines = entries.flatMap(({ principal, held: grants = [] }) =>
    grants.flatMap((at) => {
      const grant = review.grants[at];
      if (grant === undefined) return [];
      const { role, scope, assignmentId, throughGroup, groupName: group = throughGroup, dataActions } = grant;
      const through = throughGroup === undefined ? '' : ` through group \`${group ?? ''}\` (${throughGroup})`;
      const by = `\`${names.role(role)}\` ${whereOf(scope, id)}${through} (assignment ${guidAtEnd(assignmentId) ?? assignmentId})`;
      return [`${names.principal(principal)} has ${dataActions.map(shortAction).join(', ')} by ${by}`];
    }),
  );
  return lines.length === 0 ? ['nothing of what the access policies give is held already'] : lines;
}

function losses({ entries, findings }: ReviewVault, review: Review, names: Names): readonly string[] {
  const lines = [
    ...entries.flatMap((entry) => lossLines(entry, review, names)),
    ...findings.flatMap(({ finding, principal }) => {
      const one = review.findings[finding];
      if (one?.code !== 'PLN-UNCOVERED') return [];
      return [`${principal === undefined ? '' : `${names.principal(principal)}: `}${one.message}`];
    }),
  ];
  if (lines.length === 0) return ['nobody loses anything that the access policies give'];
  return [...lines, 'whether the access is used is unknown: no log was read for this plan'];
}

function lossLines({ principal, change, decision }: ReviewEntry, review: Review, names: Names): readonly string[] {
  const { outcome, lost = [], open = [], objects = [], permissions = [] } = review.changes[change] ?? {};
  const name = names.principal(principal);
  if (outcome === 'undecided') return [`${name} may lose ${someActions(open, permissions)}: nobody has decided yet`];
  if (lost.length === 0) return [];
  const one = decision === undefined ? undefined : review.decisions[decision];
  const by = one === undefined ? '' : `, by the decision \`${one.choice}\`: ${one.reason}`;
  const stays = objects.length === 0 ? '' : ` except on ${objects.map(({ object }) => object).join(', ')}`;
  return [`${name} loses ${someActions(lost, permissions)}${stays}${by}`];
}

function someActions(actions: readonly string[], permissions: readonly string[]): string {
  if (actions.length > 0) return actions.map(shortAction).join(', ');
  return permissions.length === 0 ? 'nothing' : permissions.join('; ');
}

function irreversible({ gains: own, flip, assign }: ReviewVault, review: Review, names: Names): readonly string[] {
  const worst = new Map<number, Tiered>();
  for (const { gain, principal } of own) {
    const actions = review.gains[gain]?.dataActions.filter(({ tier }) => tier <= 'B') ?? [];
    if (actions.length > 0) worst.set(principal, [...(worst.get(principal) ?? []), ...actions]);
  }
  const told = [...worst].map(([principal, actions]) => `${names.principal(principal)}: ${tieredWords(actions)}`);
  const made = flip ? 'the flip and each assignment can be taken back' : 'each assignment can be taken back';
  return [
    flip || assign.length > 0 ? `nothing that keyturn itself does: ${made}` : 'nothing is changed',
    ...(told.length === 0
      ? []
      : [`what is done meanwhile with what is gained, such as values read and objects destroyed: ${told.join('; ')}`]),
  ];
}
