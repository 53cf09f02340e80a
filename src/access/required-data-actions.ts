import { compareText } from '../base/compare-text.ts';
import { type AccessPolicy, type Oddity, objectTypes } from '../model/access-policy.ts';
import type { Catalogue } from '../model/catalogue.ts';

export interface RequiredActions {
  readonly required: readonly string[];
  readonly unknown: readonly UnknownPart[];
}

/** Of an entry: a permission that nobody knows, as `secrets/frobnicate`, or what could not be understood at all. */
export type UnknownPart = { readonly kind: 'permission'; readonly written: string } | Oddity;

/**
 * The data actions an access policy stands for (LP-9), sorted, each once. `all` is everything but purge (LP-5). `unknown`
 * holds what of the entry nobody knows.
 */
export function requiredDataActions(policy: Pick<AccessPolicy, 'permissions' | 'oddities'>, catalogue: Catalogue): RequiredActions {
  if (policy.oddities.length > 0) return actionsOf(policy, catalogue);
  const known = remembered.get(catalogue) ?? new Map<string, RequiredActions>();
  remembered.set(catalogue, known);
  const { keys, secrets, certificates, storage } = policy.permissions;
  const words = JSON.stringify([keys, secrets, certificates, storage]);
  const found = known.get(words);
  if (found !== undefined) return found;
  if (known.size >= memoryLimit) known.clear();
  const made = actionsOf(policy, catalogue);
  known.set(words, made);
  return made;
}

/** Thousands of entries share a handful of permission sets. Emptied when full, so that memory stays flat. */
const remembered = new WeakMap<Catalogue, Map<string, RequiredActions>>();
const memoryLimit = 2000;

function actionsOf(policy: Pick<AccessPolicy, 'permissions' | 'oddities'>, catalogue: Catalogue): RequiredActions {
  const required = new Set<string>();
  const unknown = new Set<string>();
  for (const type of objectTypes) {
    for (const written of policy.permissions[type]) {
      const word = written.trim().toLowerCase();
      for (const permission of word === 'all' ? catalogue.all[type] : [word]) {
        const actions = catalogue.permissions.get(`${type}/${permission}`.toLowerCase());
        if (actions === undefined) unknown.add(`${type}/${written}`);
        for (const action of actions ?? []) required.add(action);
      }
    }
  }
  const permissions = [...unknown].sort(compareText).map((written) => ({ kind: 'permission' as const, written }));
  return { required: [...required].sort(compareText), unknown: [...policy.oddities, ...permissions] };
}
