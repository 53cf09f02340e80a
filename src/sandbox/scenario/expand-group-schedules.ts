import type { JsonObject } from '../../base/json.ts';
import type { GroupSchedules } from '../state.ts';
import type { ScenarioMember } from './scenario-member.ts';
import type { ScenarioNames } from './scenario-names.ts';
import type { ScenarioFile } from './scenario-schema.ts';

const hour = 3600_000;

/**
 * What PIM for Groups lists of the memberships it manages. A group comes under it with the first of them, and then its other members are
 * listed as assigned without a start or an end.
 */
export function expandGroupSchedules(file: ScenarioFile, names: ScenarioNames, now: number): GroupSchedules {
  const rows = (['assignment', 'eligibility'] as const).map((list) =>
    Object.entries(file.principals).flatMap(([alias, principal]): readonly JsonObject[] => {
      const members = principal.kind === 'group' ? (principal.members ?? []) : [];
      if (principal.deleted !== undefined || members.every((member) => typeof member === 'string')) return [];
      const groupId = names.objectId(alias, `principals.${alias}`);
      const listed = members.filter((member) => isEligible(member) === (list === 'eligibility'));
      return listed.map((member, index) => {
        const principalId = names.objectId(aliasOf(member), `principals.${alias}.members`);
        const row = names.make('membership', list, String(index), groupId, principalId);
        return {
          ...body(member, now, list),
          principalId,
          groupId,
          accessId: 'member',
          memberType: 'Direct',
          id: `${groupId}_member_${row}`,
        };
      });
    }),
  );
  return { assignment: rows[0] ?? [], eligibility: rows[1] ?? [], access: file.groupSchedules ?? 'read' };
}

function aliasOf(member: ScenarioMember): string {
  return typeof member === 'string' ? member : member.principal;
}

function isEligible(member: ScenarioMember): boolean {
  return typeof member !== 'string' && member.eligible === true;
}

function body(member: ScenarioMember, now: number, list: 'assignment' | 'eligibility'): JsonObject {
  const at = (hours: number) => new Date(now + hours * hour).toISOString();
  const managed = typeof member === 'string' ? undefined : member;
  return {
    startDateTime: managed === undefined ? null : at(managed.activated === true ? -1 : -720),
    endDateTime: managed?.endsInHours === undefined ? null : at(managed.endsInHours),
    ...(list === 'assignment' && { assignmentType: managed?.activated === true ? 'Activated' : 'Assigned' }),
  };
}
