import type { AuthorizationManagementClient } from '@azure/arm-authorization';
import type { JsonValue } from '../../base/json.ts';
import type { PimReading, ResourceReader } from '../../inventory/ports.ts';
import { parseScheduleInstance, type ScheduleInstance } from '../../model/schedule-instance.ts';
import { saysUnlicensed, unreadableAnswer } from '../client/azure-error.ts';
import type { Lister, ListsAround } from './lists-around.ts';
import { toReading } from './reading.ts';

/** What PIM has active and makes eligible (EA-34..36), and whether the tenant has PIM at all (EA-58). */
export function pimReader(lists: ListsAround): Pick<ResourceReader, 'activeInstances' | 'eligibleInstances'> {
  const read = (kind: string, scope: string, lister: Lister) =>
    orUnlicensed(() => lists.allAround(kind, scope, lister, parseScheduleInstance));
  return {
    async activeInstances(scope) {
      const [active, schedules] = await Promise.all([
        read('active role assignment schedules', scope, (client, at, o) => client.roleAssignmentScheduleInstances.listForScope(at, o)),
        toReading(() => lists.rows(`list the schedules of role assignments at \`${scope}\``, scope, schedulesOf)),
      ]);
      if (active.state !== 'read' || schedules.state !== 'read') return active;
      return toReading(() => Promise.resolve(withoutContradiction(scope, active.value, schedules.value)));
    },
    eligibleInstances: (scope) =>
      read('eligible role assignments', scope, (client, at, o) => client.roleEligibilityScheduleInstances.listForScope(at, o)),
  };
}

const schedulesOf = (client: AuthorizationManagementClient, at: string) => client.roleAssignmentSchedules.listForScope(at);

/** Only this code says that there is no PIM; any other refusal leaves open what PIM would list. */
async function orUnlicensed(work: () => Promise<readonly ScheduleInstance[]>): Promise<PimReading> {
  let because: string | undefined;
  const reading = await toReading(() =>
    work().catch((error: unknown) => {
      if (saysUnlicensed(error)) because = error.detail;
      throw error;
    }),
  );
  return because === undefined ? reading : { state: 'unlicensed', because };
}

/**
 * An instance without an end whose schedule has one is damaged: read as it is, access that ends would pass for access that lasts.
 * The schedules are a second reading of the same facts, so one that lacks a schedule, or has rows of its own, says nothing.
 */
function withoutContradiction(
  scope: string,
  instances: readonly ScheduleInstance[],
  schedules: readonly JsonValue[],
): readonly ScheduleInstance[] {
  const known = schedules.flatMap((row) => parseScheduleInstance(row) ?? []);
  const byId = grouped(known, ({ id }) => lastPart(id));
  const byGrant = grouped(known, grantOf);
  const odd = instances.find((one) => {
    if (one.endDateTime !== undefined) return false;
    const behind = byId.get(lastPart(one.roleAssignmentScheduleId ?? '')) ?? byGrant.get(grantOf(one)) ?? [];
    return behind.length > 0 && behind.every((schedule) => schedule.endDateTime !== undefined);
  });
  if (odd === undefined) return instances;
  const what = `list the active role assignment schedules at \`${scope}\``;
  throw unreadableAnswer(what, `\`${odd.id}\` has no end there, and its schedule has one`);
}

function grantOf({ scope, roleDefinitionId, principalId, assignmentType }: ScheduleInstance): string {
  return [scope, roleDefinitionId, principalId, assignmentType.toLowerCase()].join(' ');
}

function lastPart(id: string): string {
  return id.slice(id.lastIndexOf('/') + 1).toLowerCase();
}

function grouped<T>(items: readonly T[], keyOf: (item: T) => string): ReadonlyMap<string, readonly T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const [key, group] = [keyOf(item), groups.get(keyOf(item))];
    if (group === undefined) groups.set(key, [item]);
    else group.push(item);
  }
  return groups;
}
