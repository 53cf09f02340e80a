import type { JsonObject } from '../../base/json.ts';
import { readDenyAssignment } from '../readers/deny-assignment.ts';
import { readLock } from '../readers/lock.ts';
import { readRoleAssignment } from '../readers/role-assignment.ts';
import { readRoleBlocks } from '../readers/role-definition.ts';
import { readInstance } from '../readers/schedule-instance.ts';
import { UnreadableRow } from '../readers/stored-row.ts';
import type { TenantState } from '../state.ts';
import { scenarioError } from './scenario-error.ts';

const readers = {
  roleDefinitions: readRoleBlocks,
  roleAssignments: readRoleAssignment,
  denyAssignments: readDenyAssignment,
  activeInstances: readInstance,
  locks: readLock,
} satisfies Partial<Record<keyof TenantState, (body: JsonObject) => unknown>>;

/**
 * Every row that access is judged by can be read. Access policies are left out: a scenario may hold odd ones, as vaults do.
 * @throws KnownError (usage) SCENARIO_UNREADABLE with the id of the first row that cannot
 */
export function requireReadable(tenant: Pick<TenantState, keyof typeof readers>): void {
  for (const kind of Object.keys(readers) as (keyof typeof readers)[]) {
    for (const { body } of tenant[kind].values()) {
      try {
        readers[kind](body);
      } catch (error) {
        if (!(error instanceof UnreadableRow)) throw error;
        throw scenarioError('scenario.json', kind, error.message, error);
      }
    }
  }
}
