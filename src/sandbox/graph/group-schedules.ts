import { type JsonObject, stringAt } from '../../base/json.ts';
import type { Answer, Ask } from '../exchange.ts';
import type { GroupSchedules, TenantState } from '../state.ts';
import { answer, badRequest, type GraphContext, GraphError } from './graph-answer.ts';
import { checkQuery } from './page.ts';

const path = /^identitygovernance\/privilegedaccess\/group\/(assignment|eligibility)scheduleinstances$/;

/** Which list of PIM for Groups a request is for. */
export function groupScheduleList(ask: Ask): 'assignment' | 'eligibility' | undefined {
  const [, list] = path.exec(ask.segments.slice(1).join('/').toLowerCase()) ?? [];
  return ask.method === 'GET' && (list === 'assignment' || list === 'eligibility') ? list : undefined;
}

/** Answers for one group or one principal, and has to be told which; without a licence or the right for it, for none. */
export function groupSchedules({ state }: GraphContext, ask: Ask, list: 'assignment' | 'eligibility'): Answer {
  const words = list === 'assignment' ? 'PrivilegedAssignmentSchedule' : 'PrivilegedEligibilitySchedule';
  if (state.groupSchedules.access === 'denied')
    throw refusal(403, 'PermissionScopeNotGranted', `Authorization failed due to missing permission scope ${words}.Read.AzureADGroup.`);
  if (state.licence === 'none') {
    const message = 'The tenant needs to have Microsoft Entra ID P2 or Microsoft Entra ID Governance license.';
    throw new GraphError(400, 'AadPremiumLicenseRequired', message);
  }
  checkQuery(ask, ['$filter']);
  const [, name, id] = /^(groupId|principalId) eq '([0-9a-fA-F-]{36})'$/.exec(ask.query.get('$filter') ?? '') ?? [];
  if (name === undefined || id === undefined) throw badRequest('The request needs a $filter by groupId or principalId.');
  const value = state.groupSchedules[list].filter((row) => stringAt(row, name)?.toLowerCase() === id.toLowerCase());
  return answer(`identityGovernance/privilegedAccess/group/${list}ScheduleInstances`, { value });
}

/** PIM puts its own error, as JSON, into the message of Graph's. */
function refusal(status: number, errorCode: string, message: string): GraphError {
  return new GraphError(status, 'UnknownError', JSON.stringify({ errorCode, message, instanceAnnotations: [] }));
}

/** Takes memberships whose time is over out of their groups and out of the list, unless the group has the member in another way. */
export function endMemberships({ directory, groupSchedules: schedules }: TenantState, now: number): void {
  const isOver = (row: JsonObject) => Date.parse(stringAt(row, 'endDateTime') ?? '') <= now;
  const over = schedules.assignment.filter(isOver);
  if (over.length === 0) return;
  schedules.assignment = schedules.assignment.filter((row) => !isOver(row));
  for (const row of over) {
    const [groupId, principalId] = [stringAt(row, 'groupId') ?? '', stringAt(row, 'principalId') ?? ''];
    const group = directory.get(groupId.toLowerCase());
    const stays = schedules.assignment.some((one) => isOf(one, groupId, principalId));
    if (group !== undefined && !stays) group.members = group.members.filter((id) => id !== principalId.toLowerCase());
  }
}

function isOf(row: GroupSchedules['assignment'][number], groupId: string, principalId: string): boolean {
  return row.groupId === groupId && row.principalId === principalId;
}
