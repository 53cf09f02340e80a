import type { ResourceReader } from '../../inventory/ports.ts';
import { parseDenyAssignment } from '../../model/deny-assignment.ts';
import { parseRoleAssignment, parseRoleDefinition } from '../../model/role.ts';
import { parseRows } from '../client/parse-rows.ts';
import type { Transport } from '../client/transport.ts';
import { withEffects } from './deny-effects.ts';
import { type Lister, listsAround } from './lists-around.ts';
import { pimReader } from './pim-reader.ts';
import { toReading } from './reading.ts';

type AuthorizationReader = Pick<
  ResourceReader,
  'roleAssignments' | 'assignedTo' | 'roleDefinitions' | 'denyAssignments' | 'activeInstances' | 'eligibleInstances'
>;

const denies: Lister = (client, at, o) => client.denyAssignments.listForScope(at, o);
const assignments: Lister = (client, at, o) => client.roleAssignments.listForScope(at, o);

/** Assignments, definitions, denials and schedule instances (EA-44..46). */
export function authorizationReader(transport: Transport): AuthorizationReader {
  const lists = listsAround(transport);
  return {
    roleAssignments: (scope) => toReading(() => lists.allAround('role assignments', scope, assignments, parseRoleAssignment)),
    assignedTo: (scope, principalId) =>
      toReading(async () => {
        const what = `list what is assigned to \`${principalId}\` at \`${scope}\``;
        return parseRows(what, await lists.rows(what, scope, assignments, `assignedTo('${principalId}')`), parseRoleAssignment);
      }),
    denyAssignments: (scope) =>
      toReading(async () => withEffects(transport, scope, await lists.allAround('deny assignments', scope, denies, parseDenyAssignment))),
    ...pimReader(lists),
    roleDefinitions: (scope) =>
      toReading(async () => {
        const what = `list the role definitions at \`${scope}\``;
        // A custom role of one resource group is no role of its subscription's, and yet an assignment there may name it.
        const found = await lists.rows(what, scope, (client, at, o) => client.roleDefinitions.list(at, o), 'atScopeAndBelow()');
        return parseRows(what, found, parseRoleDefinition);
      }),
  };
}
