import type { Guid } from '../../base/guid.ts';
import { type AccessPolicy, objectTypes } from '../../model/access-policy.ts';
import type { Catalogue } from '../../model/catalogue.ts';
import { type ActionMasks, actionMasks } from '../action-masks.ts';
import type { CandidateSet } from '../candidate-set.ts';
import { type ActionSet, meets, minus, overlap, union } from './action-set.ts';

/** A choice's matter in sets. */
export interface ForcingMatter {
  readonly policy: AccessPolicy;
  readonly catalogue: Catalogue;
  readonly candidates: CandidateSet;
  readonly required: ActionSet;
  readonly held: ActionSet;
}

/**
 * For each chosen role of wide excess the one legacy permission for whose sake it was chosen, such as `secrets/set`: what no
 * candidate of little excess gives. Roles that more than one permission asks for are left out.
 */
export function forcingPermissions(chosen: readonly { readonly id: Guid }[], matter: ForcingMatter): ReadonlyMap<Guid, string> {
  const { policy, catalogue, candidates, required, held } = matter;
  const masks = actionMasks(candidates.index, catalogue);
  const free = union([required, held]);
  const isWide = (role: ActionSet) => meets(minus(role, free), masks.heavy);
  const open = minus(minus(required, held), union(candidates.roles.filter((role) => !isWide(role))));
  const found = new Map<Guid, string>();
  if (open.low === 0 && open.high === 0) return found;
  for (const role of candidates.roles) {
    if (!chosen.some(({ id }) => id === role.role.id) || !isWide(role)) continue;
    const permission = onlyOneThatAsks(overlap(open, role), policy, catalogue, masks);
    if (permission !== undefined) found.set(role.role.id, permission);
  }
  return found;
}

/** The entry's permissions with `all` written out, in the entry's spelling; the only one of them that stands for any of `actions`. */
function onlyOneThatAsks(actions: ActionSet, policy: AccessPolicy, catalogue: Catalogue, masks: ActionMasks): string | undefined {
  let found: string | undefined;
  for (const type of objectTypes) {
    for (const written of policy.permissions[type]) {
      const word = written.trim();
      for (const permission of word.toLowerCase() === 'all' ? catalogue.all[type] : [word]) {
        const key = `${type}/${permission}`;
        if (!meets(actions, masks.permission(key.toLowerCase()))) continue;
        if (found !== undefined && found.toLowerCase() !== key.toLowerCase()) return undefined;
        found ??= key;
      }
    }
  }
  return found;
}
