import { resourceKey } from '../access/checked-resources.ts';
import type { CheckedResource, PairVerdict } from '../access/judgement.ts';
import type { Guid } from '../base/guid.ts';
import { nameGuid } from '../base/name-guid.ts';
import type { AccessCheck } from '../model/access-check.ts';
import type { Principal } from '../model/principal.ts';
import type { Vault } from '../model/vault.ts';

/** One question to Azure with the verdicts that it is a second opinion on. */
export interface CheckOfPairs {
  readonly check: AccessCheck;
  readonly pairs: readonly PairVerdict[];
}

export interface ChecksToAsk {
  readonly checks: readonly CheckOfPairs[];
  /** Principals with required pairs whom no question can honestly be put about. */
  readonly leftOut: readonly Guid[];
}

/**
 * What to ask Azure about a vault (EA-49): one question a principal and place, for all the actions that are required there. Users
 * and service principals only: a group calls nothing, and of whom the directory does not name nobody knows what he is.
 */
export function checksToAsk(
  pairs: readonly PairVerdict[],
  vault: Pick<Vault, 'id' | 'scope'>,
  principals: ReadonlyMap<Guid, Principal>,
): ChecksToAsk {
  const asked = new Map<string, { readonly at: string; readonly pairs: PairVerdict[] }>();
  const leftOut = new Set<Guid>();
  for (const pair of pairs) {
    const kind = principals.get(pair.principalId)?.kind;
    if (kind !== 'user' && kind !== 'servicePrincipal') {
      leftOut.add(pair.principalId);
      continue;
    }
    if (namesWhatIsNotThere(pair)) continue;
    const key = `${pair.principalId} ${resourceKey(pair.resource)}`;
    const one = asked.get(key) ?? { at: resourceId(pair.resource, vault), pairs: [] };
    one.pairs.push(pair);
    asked.set(key, one);
  }
  return { checks: [...asked.values()].flatMap(checkOf), leftOut: [...leftOut] };
}

/**
 * A restore brings the name of its secret along, and conditions may ask for it (EA-39); a question about the vault has no place
 * for it. What it is on the object is asked.
 */
function namesWhatIsNotThere({ dataAction, resource }: PairVerdict): boolean {
  return resource.kind === 'vault' && /\/secrets\/restore\//i.test(dataAction);
}

function checkOf({ at, pairs }: { readonly at: string; readonly pairs: readonly PairVerdict[] }): readonly CheckOfPairs[] {
  const [first] = pairs;
  if (first === undefined) return [];
  return [{ check: { principalId: first.principalId, resourceId: at, dataActions: pairs.map((pair) => pair.dataAction) }, pairs }];
}

/**
 * "Any object" is asked about by a name that no object has. A call is checked on the object it is about, so this is the question
 * that a real call would put, and since nothing can be assigned, denied or conditioned by that name, the answer is the one for every
 * object that nothing singles out. The collection alone (`…/secrets`) is no resource that a call is ever checked on (EA-13, EA-14).
 */
function resourceId(resource: CheckedResource, { id, scope }: Pick<Vault, 'id' | 'scope'>): string {
  switch (resource.kind) {
    case 'vault':
      return id;
    case 'anyObject':
      return `${id}/${resource.collection}/no-object-${nameGuid(scope, resource.collection)}`;
    case 'object':
      return `${id}/${resource.collection}/${resource.name}`;
  }
}
