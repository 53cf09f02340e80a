import { type Guid, guidAtEnd, parseGuid } from '../../base/guid.ts';
import type { AzureWriter } from '../../migrate/ports.ts';
import { parseRoleAssignment, type RoleAssignment } from '../../model/role.ts';
import { parseScope, type Scope } from '../../model/scope.ts';
import { AzureError } from '../client/azure-error.ts';
import { drain } from '../client/paging.ts';
import { parseRows } from '../client/parse-rows.ts';
import { type Patience, tries } from '../client/patience.ts';
import type { Transport } from '../client/transport.ts';
import { clientFor, sdkScope } from '../read/lists-around.ts';
import { readIfThere } from '../read/read-if-there.ts';
import { removeByName } from './remove-by-name.ts';
import { seenInAzure, sendUntilAnswered } from './send-until-answered.ts';

type AssignStep = Parameters<AzureWriter['ensureRoleAssignment']>[0];
type AssignmentWriter = Pick<AzureWriter, 'ensureRoleAssignment' | 'deleteRoleAssignment'>;

interface AssignmentAddress {
  /** The scope as it was given: it goes over the wire in the spelling that people will see again. */
  readonly at: string;
  readonly name: Guid;
}

interface RequestedAssignment extends AssignmentAddress {
  readonly scope: Scope;
  readonly principalId: Guid;
  readonly roleDefinitionId: Guid;
  readonly condition: string | undefined;
}

export function assignmentWriter(transport: Transport, patience: Patience): AssignmentWriter {
  return {
    async ensureRoleAssignment(step, listed = false) {
      const wanted = wantedBy(step);
      const under = wanted.condition === undefined ? '' : ' under a condition';
      const what = `assign \`${step.roleName}\` to \`${step.principalId}\` at \`${step.scope}\`${under}`;
      const before = listed ? await byName(transport, what, wanted) : undefined;
      if (before !== undefined) {
        assertOurs(what, wanted, before);
        return 'found';
      }
      const { outcome, shown } = await put(transport, patience, what, wanted, step);
      if (outcome === 'alreadyThere') return outcome;
      assertOurs(what, wanted, shown ?? (await seenInAzure(what, patience, () => byName(transport, what, wanted))));
      return outcome;
    },
    async deleteRoleAssignment(assignmentId) {
      const place = placeOf(assignmentId);
      const what = `remove the role assignment \`${assignmentId}\``;
      return await removeByName(transport, patience, {
        what,
        remove: () => clientFor(transport, place.at).roleAssignments.delete(sdkScope(place.at), place.name),
        isThere: async () => (await byName(transport, what, place)) !== undefined,
        onRefusal: (error) => {
          throw error;
        },
      });
    },
  };
}

interface PutOutcome {
  readonly outcome: 'created' | 'alreadyThere';
  /** The assignment under our name, as Azure answered. */
  readonly shown?: RoleAssignment | undefined;
}

/**
 * The answer says what stands under the name now. Whether it stood before, which the status tells, changes nothing: after a PUT Azure counts
 * it as changed at this moment, and so do we.
 */
function put(transport: Transport, patience: Patience, what: string, wanted: RequestedAssignment, step: AssignStep): Promise<PutOutcome> {
  const left = { replication: tries.replication, conflict: tries.conflict };
  const body = bodyOf(wanted, step);
  const look = async (): Promise<PutOutcome | undefined> => {
    const shown = await byName(transport, what, wanted);
    return shown === undefined ? undefined : { outcome: 'created', shown };
  };
  return sendUntilAnswered<PutOutcome>(
    {
      what,
      send: async () => {
        const answers = await transport.ask(what, 'object', () =>
          clientFor(transport, wanted.at).roleAssignments.create(sdkScope(wanted.at), wanted.name, body),
        );
        const shown = parseRoleAssignment(answers.at(-1)?.body);
        return { outcome: 'created', shown: shown?.name === wanted.name ? shown : undefined };
      },
      lookFor: look,
      onRefusal: async (error) => {
        // A principal or a role that was just made is not known everywhere at once.
        if (isNotReplicated(error) && --left.replication > 0) return undefined;
        if (error.serviceCode !== 'RoleAssignmentExists') throw error;
        return (await look()) ?? (await existing(transport, what, wanted, error, --left.conflict > 0));
      },
    },
    patience,
  );
}

/** Plans know a role by its GUID alone; Azure asks for its resource id. */
function bodyOf({ at, roleDefinitionId, condition }: RequestedAssignment, { principalId, principalType }: AssignStep) {
  const subscription = /^\/*subscriptions\/+[^/]+/i.exec(at)?.[0] ?? '';
  return {
    roleDefinitionId: `${subscription}/providers/Microsoft.Authorization/roleDefinitions/${roleDefinitionId}`,
    principalId,
    principalType,
    ...(condition !== undefined && { condition, conditionVersion: '2.0' }),
  };
}

/** A new role may be missing at first, or be known without its scopes. */
const notReplicated = ['PrincipalNotFound', 'RoleDefinitionDoesNotExist', 'RoleAssignmentScopeNotAssignableToRoleDefinition'];

function isNotReplicated({ serviceCode = '' }: AzureError): boolean {
  return notReplicated.includes(serviceCode);
}

/** Azure knows the same principal, role and scope already, and not under our name: it is somebody's. */
async function existing(
  transport: Transport,
  what: string,
  wanted: RequestedAssignment,
  error: AzureError,
  again: boolean,
): Promise<PutOutcome | undefined> {
  const named = guidAtEnd(/\b([0-9a-f]{32})\b/i.exec(error.detail)?.[1] ?? '');
  const other =
    (named === undefined ? undefined : await byName(transport, what, { at: wanted.at, name: named })) ??
    (await bySame(transport, what, wanted));
  if (other === undefined && again) return undefined;
  if (other === undefined || !sameTriple(other, wanted)) throw error;
  if (other.condition === wanted.condition) return { outcome: 'alreadyThere' };
  throw otherwiseConditioned(what, wanted, other);
}

/** Azure keeps one assignment per principal, role and scope, whatever the condition: ours cannot stand beside that one. */
function otherwiseConditioned(what: string, wanted: RequestedAssignment, { name, condition }: RoleAssignment): AzureError {
  const how = condition === undefined ? 'without a condition, which is more than was approved' : 'under a condition that was not asked for';
  const remedy =
    wanted.condition === undefined
      ? 'remove that assignment or its condition, or drop this role from the plan by a decision'
      : 'remove that assignment or give it the planned condition, and run it again, or decide anew for the entry';
  return new AzureError('blocked', 'AZURE_CONFLICT', `could not ${what}: \`${name}\` assigns it already, ${how}`, remedy);
}

async function bySame(transport: Transport, what: string, wanted: RequestedAssignment): Promise<RoleAssignment | undefined> {
  const options = { filter: `principalId eq '${wanted.principalId}'` };
  const rows = await transport.askList(what, () =>
    drain(clientFor(transport, wanted.at).roleAssignments.listForScope(sdkScope(wanted.at), options)),
  );
  return parseRows(what, rows, parseRoleAssignment).find((row) => sameTriple(row, wanted));
}

function byName(transport: Transport, what: string, { at, name }: AssignmentAddress): Promise<RoleAssignment | undefined> {
  return readIfThere(transport, what, () => clientFor(transport, at).roleAssignments.get(sdkScope(at), name), parseRoleAssignment);
}

function assertOurs(what: string, wanted: RequestedAssignment, found: RoleAssignment): void {
  const same = sameTriple(found, wanted);
  if (same && found.condition === wanted.condition) return;
  const remedy = 'look at that assignment, remove it if it is not needed, and run `keyturn plan` again';
  const other = same ? 'the same assignment under another condition, or under none' : 'another assignment';
  throw new AzureError('blocked', 'AZURE_CONFLICT', `could not ${what}: its name \`${found.name}\` stands for ${other}`, remedy);
}

function sameTriple(found: RoleAssignment, wanted: RequestedAssignment): boolean {
  return found.scope === wanted.scope && found.principalId === wanted.principalId && found.roleDefinitionId === wanted.roleDefinitionId;
}

function wantedBy(step: AssignStep): RequestedAssignment {
  const [scope, name] = [parseScope(step.scope), parseGuid(step.name)];
  const [principalId, roleDefinitionId] = [parseGuid(step.principalId), guidAtEnd(step.roleDefinitionId)];
  const { condition } = step;
  // An empty condition would assign the role without any.
  if (scope === undefined || name === undefined || principalId === undefined || roleDefinitionId === undefined || condition?.trim() === '')
    throw badId(`step \`${step.id}\``);
  return { at: step.scope, scope, name, principalId, roleDefinitionId, condition };
}

function placeOf(assignmentId: string): AssignmentAddress {
  const match = /^(.+)\/providers\/microsoft\.authorization\/roleassignments\/([^/]+)\/*$/i.exec(assignmentId);
  const [at = '?', name] = [match?.[1], parseGuid(match?.[2] ?? '')];
  if (parseScope(at) === undefined || name === undefined) throw badId(`\`${assignmentId}\``);
  return { at, name };
}

function badId(subject: string): AzureError {
  return new AzureError('usage', 'AZURE_ID', `${subject} does not name a role assignment`, 'make the plan anew: run `keyturn plan` again');
}
