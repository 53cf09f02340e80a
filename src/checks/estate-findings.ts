import type { Estate, UnreadPimForGroups } from '../model/estate.ts';
import { type Finding, finding } from '../model/finding.ts';

/** What is said once, since it is so for every vault in view: by tenant, not by vault. Unsorted. */
export function estateFindings(estate: Estate): readonly Finding[] {
  const without = [...tenantsWithoutPim(estate)].map(([tenant, because]) => noPim(tenant, because));
  const { pimForGroups, tenantId } = estate;
  if (pimForGroups === undefined) return without;
  if (pimForGroups.state === 'unreadable') return [...without, unreadGroups(estate, pimForGroups)];
  return without.length > 0 ? without : [noPim(tenantId, pimForGroups.because)];
}

/** In Azure's words, by tenant. */
function tenantsWithoutPim({ subscriptions }: Estate): ReadonlyMap<string, string> {
  return new Map(subscriptions.flatMap(({ tenantId, withoutPim }) => (withoutPim === undefined ? [] : [[tenantId, withoutPim] as const])));
}

function noPim(tenant: string, because: string): Finding {
  return finding('note', 'INV-NO-PIM', { tenant }, { because });
}

const mostNames = 5;

function unreadGroups({ principals, tenantId }: Estate, { because, groups }: UnreadPimForGroups): Finding {
  const names = groups.slice(0, mostNames).map((id) => {
    const known = principals.get(id);
    return known?.kind === 'group' && known.displayName !== '' ? known.displayName : id;
  });
  const facts = { groups: names, more: groups.length - names.length, because };
  return finding('note', 'INV-PIM-GROUPS-UNREAD', { tenant: tenantId }, facts);
}
