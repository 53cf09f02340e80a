import type { AuthorizationManagementClient } from '@azure/arm-authorization';
import type { ResourceReader } from '../inventory/ports.ts';
import { parseDenyAssignment } from '../model/deny-assignment.ts';
import { everyone } from '../model/guid.ts';
import type { JsonValue } from '../model/json.ts';
import { parseRoleAssignment, parseRoleDefinition } from '../model/role.ts';
import { parseScheduleInstance } from '../model/schedule-instance.ts';
import { parseScope, subscriptionOf } from '../model/scope.ts';
import { drain } from './paging.ts';
import { parseRows, unitedById } from './parse-rows.ts';
import { toReading } from './reading.ts';
import type { Transport } from './transport.ts';

type AuthorizationReader = Pick<
  ResourceReader,
  'roleAssignments' | 'assignedTo' | 'roleDefinitions' | 'denyAssignments' | 'activeInstances' | 'eligibleInstances'
>;
type Lister = (client: AuthorizationManagementClient, scope: string, options: { filter?: string }) => AsyncIterable<unknown>;

/** Assignments, definitions, denials and schedule instances (EA-44..46). */
export function authorizationReader(transport: Transport): AuthorizationReader {
  const rows = (what: string, scope: string, lister: Lister, filter?: string): Promise<readonly JsonValue[]> =>
    transport.askList(what, () => drain(lister(clientFor(transport, scope), sdkScope(scope), filter === undefined ? {} : { filter })));
  /** At, above and below: without a filter, and with `atScope()`, which alone is documented to hold what lies above (EA-45). */
  const allAround = <T>(kind: string, scope: string, lister: Lister, parse: (row: JsonValue) => T | undefined) =>
    toReading(async () => {
      const what = `list the ${kind} at \`${scope}\``;
      const [all, above] = await Promise.all([rows(what, scope, lister), rows(what, scope, lister, 'atScope()')]);
      return parseRows(what, unitedById(all, above), parse);
    });
  return {
    roleAssignments: (scope) =>
      allAround('role assignments', scope, (client, at, o) => client.roleAssignments.listForScope(at, o), parseRoleAssignment),
    assignedTo: (scope, principalId) =>
      toReading(async () => {
        const what = `list what is assigned to \`${principalId}\` at \`${scope}\``;
        const lister: Lister = (client, at, o) => client.roleAssignments.listForScope(at, o);
        return parseRows(what, await rows(what, scope, lister, `assignedTo('${principalId}')`), parseRoleAssignment);
      }),
    denyAssignments: (scope) =>
      allAround('deny assignments', scope, (client, at, o) => client.denyAssignments.listForScope(at, o), parseDenyAssignment),
    activeInstances: (scope) =>
      allAround(
        'active role assignment schedules',
        scope,
        (client, at, o) => client.roleAssignmentScheduleInstances.listForScope(at, o),
        parseScheduleInstance,
      ),
    eligibleInstances: (scope) =>
      allAround(
        'eligible role assignments',
        scope,
        (client, at, o) => client.roleEligibilityScheduleInstances.listForScope(at, o),
        parseScheduleInstance,
      ),
    roleDefinitions: (scope) =>
      toReading(async () => {
        const what = `list the role definitions at \`${scope}\``;
        // A custom role of one resource group is no role of its subscription's, and yet an assignment there may name it.
        const found = await rows(what, scope, (client, at, o) => client.roleDefinitions.list(at, o), 'atScopeAndBelow()');
        return parseRows(what, found, parseRoleDefinition);
      }),
  };
}

/** The SDK puts a slash of its own before the scope. */
export function sdkScope(scope: string): string {
  return scope.replace(/^\/+/, '').replace(/\/+$/, '');
}

/** The client's subscription is never part of these requests, so any will do above subscriptions. */
export function clientFor(transport: Transport, scope: string): AuthorizationManagementClient {
  const at = parseScope(scope);
  return transport.authorization((at === undefined ? undefined : subscriptionOf(at)) ?? everyone);
}
