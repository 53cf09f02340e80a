import { guidAtEnd } from '../../base/guid.ts';
import { isObject, type JsonObject, type JsonValue, objectAt, stringAt } from '../../base/json.ts';
import type { AccessChecker } from '../../migrate/ports.ts';
import type { AccessCheck, AccessDecision } from '../../model/access-check.ts';
import { armUrl } from '../client/arm-url.ts';
import { chunks } from '../client/chunks.ts';
import { parseRows } from '../client/parse-rows.ts';
import type { Transport } from '../client/transport.ts';
import { toReading } from './reading.ts';

const apiVersion = '2018-09-01-preview';
/** The one caller in the open puts no more into one question. */
const mostActions = 200;

/** Asks Azure to judge another principal (EA-49). No groups go along: that Azure finds them out by itself is the use of it. */
export function accessChecker(transport: Transport): AccessChecker {
  const ask = async (check: AccessCheck, dataActions: readonly string[]): Promise<readonly AccessDecision[]> => {
    const { principalId, resourceId } = check;
    const what = `ask Azure about the access of \`${principalId}\` to \`${resourceId}\``;
    const body = JSON.stringify({
      Subject: { Attributes: { ObjectId: principalId } },
      Actions: dataActions.map((action) => ({ Id: action, IsDataAction: true })),
      Resource: { Id: resourceId },
    });
    const url = armUrl(transport.profile, `${resourceId}/providers/Microsoft.Authorization/checkAccess`, apiVersion);
    const rows = await transport.askArray(what, () => transport.send('resourceManager', { method: 'POST', url, body }));
    return parseRows(what, rows, parseDecision).flatMap((decision) => decision ?? []);
  };
  return {
    check: (check) =>
      toReading(async () => (await Promise.all(chunks(check.dataActions, mostActions).map((some) => ask(check, some)))).flat()),
  };
}

/** @returns null for a decision on the control plane, where the same string may be another action (EA-7). */
function parseDecision(row: JsonValue): AccessDecision | null | undefined {
  if (!isObject(row)) return undefined;
  const [dataAction, word] = [stringAt(row, 'actionId'), stringAt(row, 'accessDecision')];
  if (dataAction === undefined || word === undefined || !/^\w{1,40}$/.test(word) || typeof row.isDataAction !== 'boolean') return undefined;
  if (!row.isDataAction) return null;
  const by = namedBy(row, 'deny assignment') ?? namedBy(row, 'role assignment');
  // Whatever it is called, what a deny assignment is named for is not allowed (EA-2).
  const allowed = word.toLowerCase() === 'allowed' && by?.kind !== 'deny assignment';
  return { dataAction, allowed, word, ...(by !== undefined && { by }) };
}

function namedBy(row: JsonObject, kind: 'role assignment' | 'deny assignment'): AccessDecision['by'] {
  const member = kind === 'deny assignment' ? 'denyAssignment' : 'roleAssignment';
  const name = guidAtEnd(stringAt(objectAt(row, member), 'id') ?? '');
  return name === undefined ? undefined : { kind, name };
}
