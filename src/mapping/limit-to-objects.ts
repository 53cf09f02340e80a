import type { NamedObject } from '../access/judgement.ts';
import { compareText } from '../base/compare-text.ts';
import type { Catalogue } from '../model/catalogue.ts';
import { type CandidateSet, candidateSet } from './candidate-set.ts';
import { chooseRoles } from './choose-roles.ts';
import { nameCondition } from './name-condition.ts';
import type { RoleChoice } from './role-choice.ts';

export interface LimitRequest {
  /** All data actions that the entry stands for. */
  readonly required: readonly string[];
  /** Those that have to work in the whole vault as before; the others are wanted on the objects alone. */
  readonly everywhere: readonly string[];
  readonly objects: readonly NamedObject[];
  readonly held: readonly string[];
  readonly candidates: CandidateSet;
  readonly catalogue: Catalogue;
}

/** What has to work on one object. */
export interface ObjectShare {
  readonly object: NamedObject;
  readonly dataActions: readonly string[];
}

/** What has to work on each object; a certificate is a key and a secret as well, each a resource of its own (EA-15). */
export function objectShares({
  required,
  everywhere,
  objects,
  catalogue,
}: Omit<LimitRequest, 'held' | 'candidates'>): readonly ObjectShare[] {
  const limited = required.filter((name) => !everywhere.includes(name));
  const shares = new Map<string, ObjectShare>();
  for (const named of objects) {
    const collections = named.collection === 'certificates' ? ['certificates', 'keys', 'secrets'] : [named.collection];
    for (const collection of collections) {
      const works = catalogue.dataActions.filter((action) => action.collection === collection && action.checkedAt.includes('object'));
      const dataActions = works.map(({ name }) => name).filter((name) => limited.includes(name));
      const object = { ...named, collection };
      if (dataActions.length > 0) shares.set(objectWords(object).toLowerCase(), { object, dataActions: dataActions.sort(compareText) });
    }
  }
  return [...shares].sort(([a], [b]) => compareText(a, b)).map(([, share]) => share);
}

export function objectWords({ collection, name }: NamedObject): string {
  return `${collection}/${name}`;
}

/** Roles for the whole vault, and roles for each object: Microsoft advises against the latter but for single objects that are shared. */
export function limitByScope(request: LimitRequest): {
  readonly wide: RoleChoice;
  readonly shares: readonly (ObjectShare & { readonly choice: RoleChoice })[];
} {
  const { everywhere, held, candidates } = request;
  const wide = chooseRoles({ required: everywhere, held, candidates });
  const given = [...held, ...givenBy(wide, candidates)];
  const shares = objectShares(request).map((share) => {
    return { ...share, choice: chooseRoles({ required: share.dataActions, held: given, candidates }) };
  });
  return { wide, shares };
}

/**
 * Roles under a condition on the names of secrets, and roles without one for the rest. Only roles of secrets alone stand under
 * it, since nobody documents what such a condition does to keys and certificates (EA-39, EA-40).
 * @returns undefined when anything but secrets is to be limited.
 */
export function limitByName(request: LimitRequest): NameLimit | undefined {
  const { everywhere, objects, held, candidates, catalogue } = request;
  const shares = objectShares(request);
  if (shares.length === 0 || shares.some(({ object }) => object.collection !== 'secrets')) return undefined;
  const ofSecrets = new Set(catalogue.dataActions.filter(({ collection }) => collection === 'secrets').map(({ name }) => name));
  const free = everywhere.filter((name) => ofSecrets.has(name));
  const limited = [...new Set(shares.flatMap(({ dataActions }) => dataActions))];
  const narrow = onlyFor(ofSecrets, candidates, catalogue);
  const conditioned = chooseRoles({ required: [...free, ...limited], held, candidates: narrow });
  const bound = givenBy(conditioned, candidates).filter((name) => !free.includes(name));
  // What they bring has to work everywhere, and all else is held already: then no condition is needed.
  if (bound.length === 0) return { wide: chooseRoles({ required: everywhere, held, candidates }), wideHeld: held, conditioned, shares };
  // Every spelling that was given: nobody knows which one Key Vault compares with (EA-41).
  const names = objects.map(({ name }) => name);
  const wideHeld = [...held, ...free];
  const wide = chooseRoles({ required: everywhere, held: wideHeld, candidates });
  return { wide, wideHeld, conditioned, condition: nameCondition(names, bound), shares };
}

export interface NameLimit {
  /** For what has to work everywhere and is no secret. */
  readonly wide: RoleChoice;
  /** What counted as held when `wide` was chosen. */
  readonly wideHeld: readonly string[];
  /** Whose assignments stand under `condition`. */
  readonly conditioned: RoleChoice;
  /** Absent when nothing has to be assigned under one. */
  readonly condition?: string;
  readonly shares: readonly ObjectShare[];
}

function givenBy(choice: RoleChoice, { roles }: CandidateSet): readonly string[] {
  const chosen = new Set(choice.roles.map(({ id }) => id));
  return [...new Set(roles.filter(({ role }) => chosen.has(role.id)).flatMap(({ role }) => role.dataActions))];
}

const reduced = new WeakMap<CandidateSet, CandidateSet>();

function onlyFor(actions: ReadonlySet<string>, candidates: CandidateSet, catalogue: Catalogue): CandidateSet {
  const known = reduced.get(candidates);
  if (known !== undefined) return known;
  const roles = candidates.roles.map(({ role }) => role).filter((role) => role.dataActions.every((name) => actions.has(name)));
  const set = candidateSet(roles, { ...catalogue, idle: candidates.index.namesOf(candidates.index.idle) });
  reduced.set(candidates, set);
  return set;
}
