import { type AccessFacts, accessFacts } from '../../access/access-facts.ts';
import { endingIn, shownGroup } from '../../access/membership.ts';
import { distinct } from '../../base/distinct.ts';
import { parseGuid } from '../../base/guid.ts';
import type { EntryPlan } from '../../formats/plan.ts';
import { entrySubject } from '../../model/entry-standing.ts';
import { type Finding, findingsAbout, type Remark } from '../../model/finding.ts';
import type { FindingFacts } from '../../model/finding-facts.ts';
import { scopeReaches } from '../../model/scope.ts';
import type { VaultSetting } from '../vault-setting.ts';

const groupsWithEnds = new WeakMap<AccessFacts, AccessFacts['groupGrantees']>();

/** Groups that have roles and that PIM takes anybody out of again: few, and asked about for every entry. */
function endingGroups(facts: AccessFacts): AccessFacts['groupGrantees'] {
  const found =
    groupsWithEnds.get(facts) ??
    facts.groupGrantees.filter(({ id }) => {
      const group = facts.principals.get(id);
      return group?.kind === 'group' && (group.ending ?? []).length > 0;
    });
  groupsWithEnds.set(facts, found);
  return found;
}

type Ending = FindingFacts['PLN-GROUP-ENDS'];
type Setting = Pick<VaultSetting, 'vault' | 'subscription' | 'estate' | 'catalogue'>;

/**
 * What the entry's principal has through a group only as long as PIM for Groups keeps it in (EA-61): no decision makes that lasting, so
 * whoever decided to keep what is there is warned that it goes.
 */
export function remarksOnEnding(entry: EntryPlan, { vault, subscription, estate, catalogue }: Setting): readonly Finding[] {
  const principalId = parseGuid(entry.objectId);
  if (principalId === undefined || entry.applicationId !== undefined || entry.outcome === 'inert') return [];
  const facts = accessFacts({ subscription, principals: estate.principals, members: estate.members, catalogue });
  const required = new Set(entry.required);
  const kept = entry.decision?.choice === 'keepExisting';
  const endings = endingGroups(facts).flatMap(({ id }): readonly Ending[] => {
    const ending = endingIn(id, principalId, facts);
    if (ending === undefined) return [];
    const held = [...(facts.byGrantee.get(id)?.values() ?? [])].flat().map(({ assignment }) => assignment);
    const here = held.filter(({ scope }) => scopeReaches(scope, vault.scope, subscription.managementGroups));
    return here.flatMap(({ roleDefinitionId, scope }) => {
      const dataActions = (facts.dataActionsOf(roleDefinitionId) ?? []).map(({ name }) => name).filter((name) => required.has(name));
      if (dataActions.length === 0) return [];
      const roleName = facts.role(roleDefinitionId)?.name ?? roleDefinitionId;
      const until = ending.until === undefined ? {} : { until: ending.until };
      return [{ roleName, scope, groupName: shownGroup(id, facts), dataActions, ...until, ...(kept && { kept: true as const }) }];
    });
  });
  const remarks = distinct(endings).map((one): Remark => [kept ? 'warning' : 'note', 'PLN-GROUP-ENDS', one]);
  return findingsAbout(entrySubject(vault.id, entry), remarks);
}
