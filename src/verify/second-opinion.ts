import type { CheckedResource, PairVerdict } from '../access/judgement.ts';
import { compareText } from '../base/compare-text.ts';
import type { Guid } from '../base/guid.ts';
import type { Reading } from '../base/reading.ts';
import type { AccessDecision } from '../model/access-check.ts';
import { shortAction } from '../model/data-action.ts';
import type { Principal } from '../model/principal.ts';
import type { CheckOfPairs } from './checks-to-ask.ts';
import { shownPrincipal } from './parts/shown-principal.ts';
import type { SecondOpinion, VerifyVerdict } from './verify-verdict.ts';

export type AnsweredCheck = CheckOfPairs & { readonly answer: Reading<readonly AccessDecision[]> };

/** Holds Azure's answers against the verdicts. Silence is no consent: what was asked and not answered counts as refused. */
export function secondOpinion(
  answered: readonly AnsweredCheck[],
  leftOut: readonly Guid[],
  principals: ReadonlyMap<Guid, Principal>,
): SecondOpinion {
  const shown = (id: Guid) => shownPrincipal(id, principals);
  const people = [...new Set(answered.map(({ check }) => check.principalId))];
  const said = people.map((id) => ({ id, ...whatIsSaid(answered.filter(({ check }) => check.principalId === id)) }));
  const lines = (kind: keyof Said) =>
    said.flatMap((one) => (one[kind].length === 0 ? [] : [`${shown(one.id)}: ${one[kind].join('; ')}`])).sort(compareText);
  const others = leftOut.map(shown).sort(compareText).join(', ');
  const notAsked = others === '' ? [] : [`Azure was asked about users and service principals only, and so not about ${others}`];
  return { against: lines('against'), remarks: [...lines('besides'), ...notAsked] };
}

/** A second opinion can only make the answer worse: what is a gap stays one, and what was open stays open. */
export function heedOpinion(verdict: VerifyVerdict, opinion: SecondOpinion): VerifyVerdict {
  const state = verdict.state === 'covered' && opinion.against.length > 0 ? 'undetermined' : verdict.state;
  return { ...verdict, state, secondOpinion: opinion };
}

interface Said {
  readonly against: readonly string[];
  readonly besides: readonly string[];
}

function whatIsSaid(answered: readonly AnsweredCheck[]): Said {
  const failures = answered.flatMap(({ answer }) => (answer.state === 'unreadable' ? [answer.because] : []));
  const rows = answered.flatMap(({ answer, pairs }) =>
    answer.state === 'unreadable' ? [] : pairs.map((pair) => ({ pair, decision: decisionOn(pair, answer.value) })),
  );
  const refused = (state: PairVerdict['state']) => rows.filter(({ pair, decision }) => decision?.allowed === false && pair.state === state);
  const allowed = rows.filter(({ pair, decision }) => decision?.allowed === true && pair.state !== 'covered');
  const silent = rows.filter(({ decision }) => decision === undefined);
  const more = failures.length > 1 ? ` (and ${failures.length - 1} more questions about it failed)` : '';
  return {
    against: [
      ...told(refused('covered'), (words) => `Azure says ${words}, which keyturn judged covered`),
      ...told(silent, (words) => `Azure says ${words}`),
      ...failures.slice(0, 1).map((because) => `Azure gave no opinion: ${because}${more}`),
    ],
    besides: [
      ...told(allowed, (words) => `Azure says ${words}, which keyturn does not count as lasting access`),
      ...told(refused('unknown'), (words) => `Azure says ${words}; keyturn could not decide these`),
    ],
  };
}

interface PairWithDecision {
  readonly pair: PairVerdict;
  readonly decision: AccessDecision | undefined;
}

/** Of two answers that differ the worse counts. */
function decisionOn({ dataAction }: PairVerdict, decisions: readonly AccessDecision[]): AccessDecision | undefined {
  const own = decisions.filter((one) => one.dataAction.trim().toLowerCase() === dataAction.toLowerCase());
  return own.find((one) => !one.allowed) ?? own[0];
}

/** Actions gathered by what is said of them and where: `NotAllowed to secrets/getSecret on any of its secrets`. */
function told(rows: readonly PairWithDecision[], sentence: (words: string) => string): readonly string[] {
  if (rows.length === 0) return [];
  const parts = new Map<string, { readonly word: string; readonly place: string; readonly actions: Set<string> }>();
  for (const { pair, decision } of rows) {
    const [word, place] = [wordOf(decision), placeOf(pair.resource)];
    const part = parts.get(`${word} ${place}`) ?? { word, place, actions: new Set<string>() };
    part.actions.add(shortAction(pair.dataAction));
    parts.set(`${word} ${place}`, part);
  }
  return [
    sentence(
      [...parts.values()].map(({ word, place, actions }) => `${word} to ${[...actions].sort(compareText).join(', ')} ${place}`).join(', '),
    ),
  ];
}

function wordOf(decision: AccessDecision | undefined): string {
  if (decision === undefined) return 'nothing';
  return decision.by === undefined ? decision.word : `${decision.word} (${decision.by.kind} ${decision.by.name})`;
}

function placeOf(resource: CheckedResource): string {
  switch (resource.kind) {
    case 'vault':
      return 'at the vault';
    case 'anyObject':
      return `on any of its ${resource.collection}`;
    case 'object':
      return `on \`${resource.collection}/${resource.name}\``;
  }
}
