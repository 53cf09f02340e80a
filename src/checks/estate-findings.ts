import type { Guid } from '../base/guid.ts';
import type { Estate, SubscriptionFacts } from '../model/estate.ts';
import type { Finding } from '../model/finding.ts';
import type { FindingCode } from '../model/finding-facts.ts';

/** What is said once, since it is so for every vault in view: by tenant, not by vault. Unsorted. */
export function estateFindings(estate: Estate): readonly Finding[] {
  const saying = (tenantId: string, [code, message, remedy]: Saying): Finding => {
    return { severity: 'note', code, subject: tenantId, facts: { message, remedy } };
  };
  const without = tenantsWithoutPim(estate).map(([tenantId, because]) => saying(tenantId, noPim(because)));
  const { pimForGroups } = estate;
  if (pimForGroups === undefined) return without;
  if (pimForGroups.state === 'unreadable') return [...without, saying(estate.tenantId, unreadGroups(estate, pimForGroups))];
  return without.length > 0 ? without : [saying(estate.tenantId, noPim(pimForGroups.because))];
}

function tenantsWithoutPim({ subscriptions }: Estate): readonly (readonly [string, string])[] {
  const told = ({ tenantId, withoutPim }: SubscriptionFacts) => (withoutPim === undefined ? [] : [[tenantId, withoutPim] as const]);
  return [...new Map(subscriptions.flatMap(told))];
}

type Saying = readonly [code: FindingCode, facts: { message: string, remedy: string }];

function noPim(because: string): Saying {
  return [
    'INV-NO-PIM',
    `the tenant has no Privileged Identity Management (Azure answers: ${because}), so no role assignment and no group membership ends by it`,
    'nothing to do',
  ];
}

const mostNames = 5;

function unreadGroups({ principals }: Estate, { because, groups }: { readonly because: string; readonly groups: readonly Guid[] }): Saying {
  const nameOf = (id: Guid) => {
    const known = principals.get(id);
    return known?.kind === 'group' && known.displayName !== '' ? known.displayName : id;
  };
  const names = groups.slice(0, mostNames).map((id) => `\`${nameOf(id)}\``);
  const others = groups.length > mostNames ? ` and ${groups.length - mostNames} others` : '';
  return [
    'INV-PIM-GROUPS-UNREAD',
    `whether PIM for Groups ends memberships of ${names.join(', ')}${others} could not be read: ${because}`,
    'nothing to do unless a decision is `keepExisting`: then make sure that the memberships are permanent, or sign in as an application with ' +
      'PrivilegedAssignmentSchedule.Read.AzureADGroup (the token of the Azure CLI never has it)',
  ];
}
