import { compareText } from '../base/compare-text.ts';
import type { Guid } from '../base/guid.ts';
import type { Reason } from '../model/reason.ts';
import type { Vault } from '../model/vault.ts';
import { type AccessFacts, accessFacts, type FactSources, unreadLists } from './access-facts.ts';
import type { AccessRequest } from './access-request.ts';
import { goneBecause } from './decide-rbac.ts';
import type { Route } from './judgement.ts';
import { membershipIn } from './membership.ts';
import { reachOf } from './rbac/reach.ts';
import { weighDenies } from './rbac/weigh-denies.ts';
import { weighGrants } from './rbac/weigh-grants.ts';
import { lasts } from './standing-assignment.ts';

export interface GrantingQuestion extends FactSources {
  readonly vault: Pick<Vault, 'scope' | 'name'>;
  /** ISO 8601. */
  readonly at: string;
}

/** Somebody who can hand out access to a vault's data; a group is one, whatever the number of its members. */
export interface Grantor {
  readonly principalId: Guid;
  readonly route: Route;
  /** A condition stands on the right, or it ends: not all of it, or not for good. */
  readonly restricted: boolean;
}

export interface WhoCanGrant {
  /** Can write access policies today, also one for himself (LP-8). */
  readonly today: readonly Grantor[];
  /** Of those, who loses that way at the flip, surely or perhaps: neither he nor a group that he is in may assign roles. */
  readonly losingIt: readonly LosingGrantor[];
  /** Can assign roles, and so grant access after the flip (EA-42, EA-43). */
  readonly afterwards: readonly Grantor[];
  /** Lists that could not be read: there may be more than these. */
  readonly unread: readonly Reason[];
}

interface LosingGrantor extends Grantor {
  /** He can write the vault, and whether that is enough to flip it back is open (EA-43). */
  readonly mayFlipBack: boolean;
  /** Groups that may assign roles, and of which nobody knows whether he is in them. */
  readonly unlessIn: readonly Guid[];
}

const writeVault = 'Microsoft.KeyVault/vaults/write';
const writePolicies = [writeVault, 'Microsoft.KeyVault/vaults/accessPolicies/write'];
const assignRoles = ['Microsoft.Authorization/roleAssignments/write'];

/** Who holds the keys to the vault's access before the flip, and who after it: the security that the migration buys. */
export function whoCanGrant(question: GrantingQuestion): WhoCanGrant {
  const facts = accessFacts(question);
  const today = grantors(writePolicies, question, facts);
  const afterwards = grantors(assignRoles, question, facts);
  const writers = new Set(grantors([writeVault], question, facts).map((grantor) => grantor.principalId));
  const losingIt = today.flatMap((grantor): readonly LosingGrantor[] => {
    const ways = afterwards.map(({ principalId, principalType }) => ({
      principalId,
      in: membershipIn(principalId, principalType, grantor, facts),
    }));
    if (ways.some((way) => way.in.state === 'self' || way.in.state === 'member')) return [];
    const unlessIn = ways.filter((way) => way.in.state === 'unknown').map((way) => way.principalId);
    return [{ ...told(grantor), mayFlipBack: writers.has(grantor.principalId), unlessIn }];
  });
  return { today: today.map(told), losingIt, afterwards: afterwards.map(told), unread: unreadLists(facts) };
}

type TypedGrantor = Grantor & { readonly principalType: string };

function told({ principalId, route, restricted }: Grantor): Grantor {
  return { principalId, route, restricted };
}

/** One row a principal, by its least restricted way; sorted. */
function grantors(actions: readonly string[], { vault, at }: GrantingQuestion, facts: AccessFacts): readonly TypedGrantor[] {
  const resource = { kind: 'vault' } as const;
  const reach = reachOf(resource, vault, facts);
  const found = new Map<Guid, TypedGrantor>();
  for (const standing of reach.scopes.flatMap((scope) => facts.byScope.get(scope) ?? [])) {
    const { principalId, principalType, roleDefinitionId } = standing.assignment;
    if (goneBecause({ principalId }, facts)?.state === 'notGranted') continue;
    for (const action of actions.filter((one) => facts.role(roleDefinitionId)?.matching('control', one).length !== 0)) {
      const request: AccessRequest = { principalId, plane: 'control', action, vault, resource, at };
      const [grant] = weighGrants(request, [{ standing, membership: { state: 'self' } }], facts).grants;
      if (grant === undefined || weighDenies(request, reach, facts).some((denial) => denial.certainty === 'certain')) continue;
      const restricted = grant.conditional || !lasts(standing.term, at);
      const known = found.get(principalId);
      const better = known === undefined || (known.restricted && !restricted);
      if (better) found.set(principalId, { principalId, principalType, route: grant.route, restricted });
    }
  }
  return [...found.values()].sort((a, b) => compareText(a.principalId, b.principalId));
}
