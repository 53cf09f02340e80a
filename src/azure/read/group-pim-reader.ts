import type { Client } from '@microsoft/microsoft-graph-client';
import { isObject, type JsonObject, stringAt } from '../../base/json.ts';
import type { Directory, PimList, PimMembershipReading } from '../../inventory/directory-ports.ts';
import { parsePimMembership } from '../../model/pim-membership.ts';
import { AzureError } from '../client/azure-error.ts';
import { followPages } from '../client/paging.ts';
import { parseRows } from '../client/parse-rows.ts';
import type { Transport } from '../client/transport.ts';
import { toReading } from './reading.ts';

const words: Readonly<Record<PimList, string>> = { assignment: 'active', eligibility: 'eligible' };

/** What PIM for Groups says of the members of a group. Graph answers for one group or one principal at a time, and wants to be told which. */
export function groupPimReader(transport: Transport, graph: Client): Pick<Directory, 'pimMemberships'> {
  return {
    async pimMemberships(groupId, kind) {
      const what = `list the ${words[kind]} memberships of group \`${groupId}\` in PIM for Groups`;
      const first = () =>
        graph
          .api(`/identityGovernance/privilegedAccess/group/${kind}ScheduleInstances`)
          .filter(`groupId eq '${groupId}'`)
          .get() as Promise<unknown>;
      let failure: AzureError | undefined;
      const reading = await toReading(async () => {
        const rows = await transport
          .askList(what, async () => followPages(transport, 'graph', await first()))
          .catch((error: unknown) => {
            if (error instanceof AzureError) failure = error;
            throw error;
          });
        return parseRows(what, rows, (row) => parsePimMembership(row, groupId, kind));
      });
      return failure === undefined || reading.state === 'read' ? reading : whyNot(failure, reading.because);
    },
  };
}

/** PIM answers what went wrong in JSON of its own, inside the message of Graph's error. */
function whyNot({ status, serviceCode, detail }: AzureError, because: string): PimMembershipReading {
  const inner = innerError(detail);
  const said = stringAt(inner, 'message') ?? detail;
  const codes = [serviceCode, stringAt(inner, 'errorCode')].map((code) => code?.toLowerCase());
  if (codes.includes('aadpremiumlicenserequired') && (status === 400 || status === 403)) return { state: 'unlicensed', because: said };
  return { state: 'unreadable', because: because.replace(detail, said), ...(status === 403 && { refused: true }) };
}

function innerError(detail: string): JsonObject {
  try {
    const inner: unknown = JSON.parse(detail.slice(Math.max(0, detail.indexOf('{'))));
    return isObject(inner) ? inner : {};
  } catch {
    return {};
  }
}
