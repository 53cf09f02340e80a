import { compareText } from '../../base/compare-text.ts';
import { grouped } from '../../base/grouped.ts';
import type { Guid } from '../../base/guid.ts';
import { type Reason, reasonKey, uniqueReasons } from '../../model/reason.ts';
import type { AccessFacts } from '../access-facts.ts';
import { decideLegacy, type Match, matchingEntries } from '../decide-legacy.ts';
import { judgePairs } from '../judge-pairs.ts';
import type { NamedObject, PairVerdict } from '../judgement.ts';
import { legacyEntries } from '../legacy-entries.ts';
import type { EntryRoute, Loss } from '../people-verdict.ts';
import type { StandingAssignment } from '../standing-assignment.ts';
import type { Requirement, VaultQuestion } from '../vault-question.ts';

/** What losses are judged on, the same for everybody at a vault. */
export interface LossGround {
  readonly question: VaultQuestion;
  readonly facts: AccessFacts;
  readonly missing: readonly StandingAssignment[];
  /** Data actions that a decision gives up, by the key of the entry. */
  readonly givenUp: ReadonlyMap<string, ReadonlySet<string>>;
  /** What such a decision keeps on single objects, by the key of the entry. */
  readonly keptOnObjects: ReadonlyMap<string, readonly KeptOnObject[]>;
  /** Keys of entries for which what the principal has through groups counts, by decision (EA-53). */
  readonly byGroups: ReadonlySet<string>;
  /** Whether durable access of the group covers the data action, at the object or everywhere: then whoever is in it keeps it. */
  readonly groupKeeps: (group: Guid, dataAction: string, object?: NamedObject) => boolean;
}

interface KeptOnObject {
  readonly object: NamedObject;
  readonly dataActions: readonly string[];
}

interface LossRow {
  readonly dataAction: string;
  readonly loss: Omit<Loss, 'dataActions'>;
}

/** What the principal can do by the vault's policies and will not be able to do, or may not (EA-37); by reason. */
export function personLosses(principalId: Guid, ground: LossGround): readonly Loss[] {
  const { question, facts } = ground;
  const plain = matchingEntries({ principalId }, question.vault, facts);
  const after = coverAfter(principalId, plain, ground);
  const rows = actionsOf(plain).flatMap((action) => plainLoss(principalId, action, plain, after, ground) ?? []);
  return united(
    [...rows, ...plain.flatMap((match) => objectLosses(principalId, match, ground)), ...compoundLosses(principalId, ground)],
    facts,
  );
}

/**
 * What an entry of one's own gives hangs on no group today, and has to hang on none afterwards unless that was decided. Whoever has it
 * by a group depends on one before the flip as after it.
 */
function coverAfter(principalId: Guid, plain: readonly Match[], ground: LossGround): ReadonlyMap<string, Cover> {
  const own = actionsOf(plain.filter((match) => isOwn(match, principalId, ground)));
  const others = actionsOf(plain).filter((action) => !own.includes(action));
  return new Map([
    ...coverOf({ principalId, dataActions: own }, ground),
    ...coverOf({ principalId, dataActions: others, alsoByGroups: true }, ground),
  ]);
}

function isOwn({ entry }: Match, principalId: Guid, { byGroups }: LossGround): boolean {
  return entry.objectId === principalId && !byGroups.has(entry.key);
}

/** A decision may give something up but for a few objects: there it is demanded of each as before. */
function objectLosses(principalId: Guid, match: Match, ground: LossGround): readonly LossRow[] {
  const { entry, doubt } = match;
  return (ground.keptOnObjects.get(entry.key) ?? []).flatMap(({ object, dataActions }) =>
    dataActions.flatMap((dataAction): readonly LossRow[] => {
      const byGroups = isOwn(match, principalId, ground) ? {} : { alsoByGroups: true as const };
      const cover = coverOf({ principalId, dataActions: [dataAction], object, ...byGroups }, ground).get(dataAction);
      if (cover === undefined || cover.state === 'covered' || !entry.actions.includes(dataAction)) return [];
      const byGroup = cover.lack !== 'denied' && entry.objectId !== principalId && ground.groupKeeps(entry.objectId, dataAction, object);
      if (byGroup) return [];
      const reasons = [...(doubt === undefined ? [] : [doubt]), ...cover.because];
      const because: readonly Reason[] = [{ kind: 'onObject', object: `${object.collection}/${object.name}`, reasons }];
      const certain = doubt === undefined && isSurelyLost(cover);
      return [{ dataAction, loss: { certain, decided: false, entries: routesOf([match], principalId), because } }];
    }),
  );
}

function plainLoss(
  principalId: Guid,
  dataAction: string,
  matches: readonly Match[],
  after: ReadonlyMap<string, Cover>,
  ground: LossGround,
): LossRow | undefined {
  const today = decideLegacy({ principalId, dataAction }, ground.question.vault, ground.facts);
  const cover = after.get(dataAction);
  if (today.state === 'notGranted' || cover === undefined || cover.state === 'covered') return undefined;
  const giving = matches.filter(({ entry }) => entry.actions.includes(dataAction));
  // Whether a token carries the group matters before the flip as after it: who has it by the group keeps what the group keeps,
  // unless a deny is aimed at him by another way.
  const byGroups =
    cover.lack !== 'denied' && giving.every(({ entry }) => entry.objectId !== principalId && ground.groupKeeps(entry.objectId, dataAction));
  if (byGroups) return undefined;
  const doubts = today.state === 'unknown' ? today.because : [];
  return {
    dataAction,
    loss: {
      certain: doubts.length === 0 && isSurelyLost(cover),
      decided: isGivenUp(dataAction, giving, ground),
      entries: routesOf(giving, principalId),
      because: uniqueReasons([...doubts, ...cover.because]),
    },
  };
}

/** Azure RBAC knows no grant for one application on behalf of one user: what only such an entry gives ends (LP-3). */
function compoundLosses(principalId: Guid, ground: LossGround): readonly LossRow[] {
  const { vault } = ground.question;
  const applications = new Set(legacyEntries(vault, ground.facts.catalogue).flatMap((entry) => entry.applicationId ?? []));
  return [...applications].sort(compareText).flatMap((applicationId) => {
    const through = matchingEntries({ principalId, applicationId }, vault, ground.facts);
    const compound = through.filter(({ entry }) => entry.applicationId !== undefined);
    return actionsOf(compound).flatMap((dataAction): readonly LossRow[] => {
      const plainly = decideLegacy({ principalId, dataAction }, vault, ground.facts);
      const today = decideLegacy({ principalId, dataAction, applicationId }, vault, ground.facts);
      // What it has by itself too was judged already.
      if (plainly.state === 'granted' || today.state === 'notGranted') return [];
      const giving = compound.filter(({ entry }) => entry.actions.includes(dataAction));
      const doubts = today.state === 'unknown' ? today.because : [];
      const loss = {
        certain: today.state === 'granted',
        decided: isGivenUp(dataAction, giving, ground),
        entries: routesOf(giving, principalId),
        because: [...doubts, { kind: 'throughApplicationOnly' as const }],
      };
      return [{ dataAction, loss }];
    });
  });
}

/** Who is left with what a group has may lose it some day, and has it until then. */
function isSurelyLost({ state, lack }: Cover): boolean {
  return state === 'uncovered' && lack !== 'decision';
}

type Cover = Pick<PairVerdict, 'state' | 'because' | 'lack'>;

/** The worst answer of the places where each action may be checked (EA-14). */
export function coverOf(
  requirement: Requirement,
  { question, facts, missing }: Pick<LossGround, 'question' | 'facts' | 'missing'>,
): ReadonlyMap<string, Cover> {
  const pairs = judgePairs({ ...question, requirements: [requirement] }, facts, missing);
  const worst = ({ state }: PairVerdict) => ['uncovered', 'unknown', 'covered'].indexOf(state);
  return new Map(
    [...grouped(pairs, (pair) => pair.dataAction)].map(([action, some]) => {
      return [action, [...some].sort((a, b) => worst(a) - worst(b))[0] ?? { state: 'unknown', because: [] }] as const;
    }),
  );
}

function actionsOf(matches: readonly Match[]): readonly string[] {
  return [...new Set(matches.flatMap(({ entry }) => entry.actions))].sort(compareText);
}

function routesOf(matches: readonly Match[], principalId: Guid): readonly EntryRoute[] {
  const routes = matches.map(({ entry: { objectId, applicationId } }): EntryRoute => {
    return { objectId, throughGroup: objectId !== principalId, ...(applicationId !== undefined && { applicationId }) };
  });
  const byKey = new Map(routes.map((route) => [`${route.throughGroup ? 1 : 0} ${route.objectId} ${route.applicationId ?? ''}`, route]));
  return [...byKey].sort(([a], [b]) => compareText(a, b)).map(([, route]) => route);
}

function isGivenUp(dataAction: string, giving: readonly Match[], { givenUp }: LossGround): boolean {
  return giving.every(({ entry }) => givenUp.get(entry.key)?.has(dataAction) === true);
}

/** One loss a reason, its actions together; certain ones first. */
function united(rows: readonly LossRow[], facts: AccessFacts): readonly Loss[] {
  return [...grouped(rows, ({ loss }) => JSON.stringify(loss)).values()]
    .flatMap((same): readonly Loss[] => {
      const dataActions = same.map(({ dataAction: name }) => ({ name, tier: facts.dataAction(name)?.tier ?? ('A' as const) }));
      return same.slice(0, 1).map(({ loss }) => ({ ...loss, dataActions }));
    })
    .sort((a, b) => Number(b.certain) - Number(a.certain) || compareText(keyOf(a), keyOf(b)));
}

function keyOf({ because }: Loss): string {
  return because.map(reasonKey).join();
}
