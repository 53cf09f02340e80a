import { type JsonObject, objectAt, objectsAt, stringAt } from '../../base/json.ts';
import { type ObjectType, type PolicyIdentity, readPolicyIdentity, wordsOf } from '../readers/access-policy.ts';
import { identitiesOf } from './identities.ts';
import type { EvaluatorView, Question } from './types.ts';

/**
 * What a vault's access policies say to a call. `noEntry` is Azure's `AccessDenied`; `noPermission` and
 * `needsOnBehalfOf` are its `ForbiddenByPolicy` (LP-6).
 */
export type PolicyVerdict = 'allowed' | 'noEntry' | 'noPermission' | 'needsOnBehalfOf';

/**
 * Decides a data-plane call on a vault that is ruled by access policies (LP-1..8): the union over every entry that
 * matches the caller, for any object of the kind. `vaultBody` is the vault as ARM answers it.
 */
export function decideByPolicy(
  vaultBody: JsonObject,
  caller: Question['caller'],
  view: Pick<EvaluatorView, 'state'>,
  objectType: ObjectType,
  permission: string,
): PolicyVerdict {
  const properties = objectAt(vaultBody, 'properties');
  const tenantId = (stringAt(properties, 'tenantId') ?? '').toLowerCase();
  if (caller.tenantId.toLowerCase() !== tenantId) return 'noEntry';
  const ids = identitiesOf(view.state.directory, caller.objectId);
  const named = objectsAt(properties, 'accessPolicies')
    .map((entry) => ({ entry, identity: readPolicyIdentity(entry) }))
    // An entry of another tenant is inert (LP-2).
    .filter(({ identity }) => identity.tenantId === tenantId && ids.has(identity.objectId));
  const matching = named.filter(({ identity }) => matchesApplication(identity, caller));
  if (matching.some(({ entry }) => gives(entry, objectType, permission))) return 'allowed';
  if (matching.length > 0) return 'noPermission';
  return caller.onBehalfOf === undefined && named.length > 0 ? 'needsOnBehalfOf' : 'noEntry';
}

/** An entry without an application is for any; one with it only for that application on behalf of the user (LP-3). */
function matchesApplication({ applicationId }: PolicyIdentity, caller: Question['caller']): boolean {
  if (applicationId === undefined) return true;
  return caller.onBehalfOf !== undefined && applicationId === caller.appId.toLowerCase();
}

/** Names compare without case (LP-2), and `all` is everything but purge (LP-5). */
function gives(entry: JsonObject, objectType: ObjectType, permission: string): boolean {
  const wanted = permission.toLowerCase();
  return wordsOf(entry, objectType).some((word) => word === wanted || (word === 'all' && wanted !== 'purge'));
}
