import { isObject, stringAt } from '../../base/json.ts';
import { itemsRead } from '../../base/reading.ts';
import { type DenyAssignment, isAuditOnly } from '../../model/deny-assignment.ts';
import { armUrl } from '../client/arm-url.ts';
import { sendPaged } from '../client/paging.ts';
import type { Transport } from '../client/transport.ts';
import { toReading } from './reading.ts';

const showsEffects = '2024-07-01-preview';

/**
 * Deny assignments with their effects, which the API version of the SDK leaves out (EA-26). Asked for only where there are
 * any; where that cannot be read, each of them counts as enforced.
 */
export async function withEffects(
  transport: Transport,
  scope: string,
  denies: readonly DenyAssignment[],
): Promise<readonly DenyAssignment[]> {
  if (denies.length === 0) return denies;
  const what = `list the effects of the deny assignments at \`${scope}\``;
  const all = armUrl(transport.profile, `${scope}/providers/Microsoft.Authorization/denyAssignments`, showsEffects);
  const above = new URL(all);
  above.searchParams.set('$filter', 'atScope()');
  const list = (url: string) => transport.askList(what, () => sendPaged(transport, 'resourceManager', { method: 'GET', url }));
  const newer = await toReading(async () => (await Promise.all([list(all), list(above.href)])).flat());
  const auditing = new Set(
    itemsRead(newer).flatMap((row) => (isObject(row) && isAuditOnly(row) ? [(stringAt(row, 'id') ?? '').toLowerCase()] : [])),
  );
  return denies.map((deny) => (auditing.has(deny.id.toLowerCase()) ? { ...deny, auditOnly: true } : deny));
}
