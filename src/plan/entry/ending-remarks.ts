import { accessFacts } from '../../access/access-facts.ts';
import { endingIn, shownGroup } from '../../access/membership.ts';
import { compareText } from '../../base/compare-text.ts';
import { parseGuid } from '../../base/guid.ts';
import type { EntryPlan } from '../../formats/plan.ts';
import { shortAction } from '../../model/data-action.ts';
import { entrySubject } from '../../model/entry-standing.ts';
import type { Finding } from '../../model/finding.ts';
import type { EndingMembership } from '../../model/principal.ts';
import { scopeReaches } from '../../model/scope.ts';
import { describeScope } from '../../words/scope-words.ts';
import type { VaultSetting } from '../vault-setting.ts';

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
  const messages = facts.groupGrantees.flatMap(({ id }): readonly string[] => {
    const ending = endingIn(id, principalId, facts);
    if (ending === undefined) return [];
    const held = [...(facts.byGrantee.get(id)?.values() ?? [])].flat().map(({ assignment }) => assignment);
    const here = held.filter(({ scope }) => scopeReaches(scope, vault.scope, subscription.managementGroups));
    return here.flatMap(({ roleDefinitionId, scope }) => {
      const given = (facts.dataActionsOf(roleDefinitionId) ?? []).map(({ name }) => name).filter((name) => required.has(name));
      const role = facts.role(roleDefinitionId)?.name ?? roleDefinitionId;
      const what = `\`${role}\` ${describeScope(scope)} through group \`${shownGroup(id, facts)}\` gives ${given.map(shortAction).join(', ')}`;
      return given.length === 0 ? [] : [`${what} ${untilWhen(ending)}, and does not count`];
    });
  });
  const decided = entry.decision?.choice === 'keepExisting';
  return [...new Set(messages)].sort(compareText).map((message): Finding => {
    return {
      severity: decided ? 'warning' : 'note',
      code: 'PLN-GROUP-ENDS',
      subject: entrySubject(vault.id, entry),
      facts: {
        message,
        remedy: decided
          ? 'decide `reproduce` to keep the access of the policy, or have the membership assigned without an end and plan again; `keepExisting` gives the access up at the flip or with the membership'
          : 'nothing to do',
      },
    };
  });
}

function untilWhen({ until }: EndingMembership): string {
  return until === undefined
    ? 'only while the membership stays activated in PIM for Groups'
    : `only until ${until}, when PIM for Groups ends the membership`;
}
