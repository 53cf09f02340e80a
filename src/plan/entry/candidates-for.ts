import { operatorRights } from '../../access/operator-rights.ts';
import { itemsRead } from '../../base/reading.ts';
import type { PlanBody } from '../../formats/plan.ts';
import { purgeActions } from '../../mapping/action-masks.ts';
import { type CandidateSet, candidateSet } from '../../mapping/candidate-set.ts';
import type { CandidateRole, Candidates } from '../../mapping/candidates.ts';
import { tenantRoles } from '../../mapping/tenant-roles.ts';
import type { Catalogue } from '../../model/catalogue.ts';
import type { Estate, SubscriptionFacts } from '../../model/estate.ts';
import { type Principal, principalTypeOf } from '../../model/principal.ts';
import { purgeProtected, type Vault } from '../../model/vault.ts';
import { isOurRole } from '../bears-our-name.ts';

/** The roles to choose from at one vault, for one principal. */
export type CandidatesFor = (vault: Vault) => (principal: Principal | undefined) => CandidateSet;

interface CandidateQuestion {
  readonly builtIn: Pick<Candidates, 'roles' | 'known' | 'drifts'>;
  readonly subscription: SubscriptionFacts;
  readonly estate: Estate;
  readonly catalogue: Catalogue;
  readonly settings: PlanBody['settings'];
  /**
   * Where a plan that replaced what its maker may not assign is made again, by whomever: what the maker could choose from is not known
   * any more, but what was chosen is.
   */
  readonly chosen?: (vault: Vault, principal: Principal | undefined) => ReadonlySet<string>;
}

/** Built-in roles; where the plan asks so, custom roles of the tenant as well, and only what the operator may assign (EA-42). */
export function candidatesFor({ builtIn, subscription, estate, catalogue, settings, chosen }: CandidateQuestion): CandidatesFor {
  const { drifts } = builtIn;
  const sets = new Map<string, CandidateSet>();
  // Ours come by decision, and are not offered to others as soon as one of them is made (EA-52).
  const definitions = itemsRead(subscription.roleDefinitions).filter((role) => !isOurRole(role));
  return (vault) => {
    // No call can purge there, so what only purge would cost does not count.
    const priced = purgeProtected(vault) ? { ...catalogue, idle: purgeActions(catalogue) } : catalogue;
    const own = settings.tenantRoles === true ? tenantRoles(definitions, vault.scope, catalogue) : [];
    const roles = [...builtIn.roles, ...own];
    const setOf = (permitted: ReadonlySet<string> | undefined): CandidateSet => {
      const key = JSON.stringify([roles.map((role) => role.id), permitted === undefined ? 'all' : [...permitted], purgeProtected(vault)]);
      const may = (id: string) => permitted?.has(id) ?? true;
      const asKnown = () => ({ drifts, candidates: candidateSet([...builtIn.known, ...own], priced, may) });
      const set = sets.get(key) ?? { ...candidateSet(roles, priced, may), ...(drifts.length > 0 && { asKnown: asKnown() }) };
      sets.set(key, set);
      return set;
    };
    const all = setOf(undefined);
    if (settings.operatorLimits !== 'replace') return () => all;
    if (chosen !== undefined) return (principal) => setOf(chosen(vault, principal));
    const { operator, principals, members, readAt: at } = estate;
    const rights = operatorRights({ operator, vault, subscription, principals, members, catalogue, at });
    return (principal) => {
      const type = (principal === undefined ? undefined : principalTypeOf(principal)) ?? 'ServicePrincipal';
      const may = (role: CandidateRole) => rights.canAssign(role.id, type, principal?.objectId).state === 'yes';
      return setOf(new Set(roles.filter(may).map((role) => role.id)));
    };
  };
}
