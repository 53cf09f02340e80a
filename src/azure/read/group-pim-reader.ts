import type { Guid } from '../../base/guid.ts';
import { isObject, type JsonObject, stringAt } from '../../base/json.ts';
import { KnownError } from '../../base/known-error.ts';
import { read } from '../../base/reading.ts';
import type { Directory, PimList, PimMembershipReading } from '../../inventory/directory-ports.ts';
import { parsePimMembership } from '../../model/pim-membership.ts';
import { AzureError } from '../client/azure-error.ts';
import type { GraphBatches } from '../client/graph-batch.ts';

const words: Readonly<Record<PimList, string>> = { assignment: 'active', eligibility: 'eligible' };

/**
 * What PIM for Groups says of the members of groups. Graph answers for one group or one principal at a time, and wants to be told
 * which; a batch holds the questions for many.
 */
export function groupPimReader(batches: GraphBatches): Pick<Directory, 'pimMembershipsOf'> {
  return {
    async pimMembershipsOf(groups, list) {
      const what = (whom: string) => `list the ${words[list]} memberships of ${whom} in PIM for Groups`;
      const parts = groups.map((id) => [id, { what: what(`group \`${id}\``), url: addressOf(id, list) }] as const);
      const parse = (row: unknown, group: Guid) => parsePimMembership(row, group, list);
      const answers = await batches.lists(what(`${groups.length} groups`), new Map(parts), parse);
      return new Map([...answers].map(([id, answer]) => [id, answer instanceof KnownError ? whyNot(answer) : read(answer)]));
    },
  };
}

function addressOf(group: Guid, list: PimList): string {
  const filter = encodeURIComponent(`groupId eq '${group}'`);
  return `/identityGovernance/privilegedAccess/group/${list}ScheduleInstances?$filter=${filter}`;
}

/** PIM answers what went wrong in JSON of its own, inside the message of Graph's error. */
function whyNot(error: KnownError): PimMembershipReading {
  if (!(error instanceof AzureError)) return { state: 'unreadable', because: error.message };
  const { status, serviceCode, detail } = error;
  const inner = innerError(detail);
  const said = stringAt(inner, 'message') ?? detail;
  const codes = [serviceCode, stringAt(inner, 'errorCode')].map((code) => code?.toLowerCase());
  if (codes.includes('aadpremiumlicenserequired') && (status === 400 || status === 403)) return { state: 'unlicensed', because: said };
  return { state: 'unreadable', because: error.message.replace(detail, said), ...(status === 403 && { refused: true }) };
}

function innerError(detail: string): JsonObject {
  try {
    const inner: unknown = JSON.parse(detail.slice(Math.max(0, detail.indexOf('{'))));
    return isObject(inner) ? inner : {};
  } catch {
    return {};
  }
}
