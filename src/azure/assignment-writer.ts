import type { AzureWriter } from '../migrate/ports.ts';
import { type Guid, guidAtEnd, parseGuid } from '../model/guid.ts';
import { isObject, type JsonObject } from '../model/json.ts';
import { parseRoleAssignment, type RoleAssignment } from '../model/role.ts';
import { parseScope, type Scope } from '../model/scope.ts';
import { clientFor, sdkScope } from './authorization-reader.ts';
import { AzureError, saysNotFound, unconfirmed } from './azure-error.ts';
import { drain } from './paging.ts';
import { parseRows } from './parse-rows.ts';
import { type Patience, tryFor } from './patience.ts';
import type { Transport } from './transport.ts';

type AssignStep = Parameters<AzureWriter['ensureRoleAssignment']>[0];
type AssignmentWriter = Pick<AzureWriter, 'ensureRoleAssignment' | 'deleteRoleAssignment'>;

/** Directory replication mostly ends within this many refusals, which take some three minutes. */
const principalTries = 14;
const conflictTries = 6;
const unclearTries = 4;
const readBackTries = 7;

interface Place {
  /** The scope as it was given: it goes over the wire in the spelling that people will see again. */
  readonly at: string;
  readonly name: Guid;
}

interface Wanted extends Place {
  readonly scope: Scope;
  readonly principalId: Guid;
  readonly roleDefinitionId: Guid;
}

export function assignmentWriter(transport: Transport, patience: Patience): AssignmentWriter {
  return {
    async ensureRoleAssignment(step) {
      const wanted = wantedBy(step);
      const what = `assign \`${step.roleName}\` to \`${step.principalId}\` at \`${step.scope}\``;
      const before = await byName(transport, what, wanted);
      if (before !== undefined) return ours(what, wanted, before);
      const outcome = await put(transport, patience, what, wanted, step);
      if (outcome === 'alreadyThere') return outcome;
      const shown = await tryFor(readBackTries, patience, () => byName(transport, what, wanted));
      if (shown === undefined) throw unconfirmed(what, 'Azure accepted it, and does not show it yet');
      return ours(what, wanted, shown);
    },
    async deleteRoleAssignment(assignmentId) {
      const place = placeOf(assignmentId);
      const what = `remove the role assignment \`${assignmentId}\``;
      const outcome = await remove(transport, patience, what, place);
      const gone = await tryFor(readBackTries, patience, async () =>
        (await byName(transport, what, place)) === undefined ? true : undefined,
      );
      if (gone === undefined) throw unconfirmed(what, 'Azure accepted it, and still shows the assignment');
      return outcome;
    },
  };
}

async function put(
  transport: Transport,
  patience: Patience,
  what: string,
  wanted: Wanted,
  step: AssignStep,
): Promise<'created' | 'alreadyThere'> {
  const left = { principal: principalTries, conflict: conflictTries, unclear: unclearTries };
  const outcome = await tryFor(principalTries + unclearTries, patience, async () => {
    try {
      const { roleDefinitionId, principalId, principalType } = step;
      const body = { roleDefinitionId, principalId, principalType };
      await transport.ask(what, 'object', () =>
        clientFor(transport, wanted.at).roleAssignments.create(sdkScope(wanted.at), wanted.name, body),
      );
      return 'created' as const;
    } catch (error) {
      if (!(error instanceof AzureError)) throw error;
      if (error.serviceCode === 'PrincipalNotFound' && --left.principal > 0) return undefined;
      if (error.serviceCode === 'RoleAssignmentExists') return await existing(transport, what, wanted, error, --left.conflict > 0);
      // No answer says nothing about what was done: look, and only then try again.
      if (!error.unclear) throw error;
      if ((await byName(transport, what, wanted)) !== undefined) return 'created' as const;
      if (--left.unclear > 0) return undefined;
      throw error;
    }
  });
  if (outcome === undefined) throw unconfirmed(what, 'Azure did not settle the question in time');
  return outcome;
}

/** Azure knows the same principal, role and scope already: under our name it is ours, under another it is somebody's. */
async function existing(
  transport: Transport,
  what: string,
  wanted: Wanted,
  error: AzureError,
  again: boolean,
): Promise<'created' | 'alreadyThere' | undefined> {
  if ((await byName(transport, what, wanted)) !== undefined) return 'created';
  const named = guidAtEnd(/\b([0-9a-f]{32})\b/i.exec(error.detail)?.[1] ?? '');
  const other =
    (named === undefined ? undefined : await byName(transport, what, { at: wanted.at, name: named })) ??
    (await bySame(transport, what, wanted));
  if (other === undefined && again) return undefined;
  if (other === undefined || !sameTriple(other, wanted)) throw error;
  if (other.condition === undefined) return 'alreadyThere';
  const remedy = 'remove that assignment or its condition, or drop this role from the plan by a decision';
  throw new AzureError('blocked', 'AZURE_CONFLICT', `could not ${what}: \`${other.name}\` assigns it already, under a condition`, remedy);
}

async function bySame(transport: Transport, what: string, wanted: Wanted): Promise<RoleAssignment | undefined> {
  const options = { filter: `principalId eq '${wanted.principalId}'` };
  const rows = await transport.askList(what, () =>
    drain(clientFor(transport, wanted.at).roleAssignments.listForScope(sdkScope(wanted.at), options)),
  );
  return parseRows(what, rows, parseRoleAssignment).find((row) => sameTriple(row, wanted));
}

async function remove(transport: Transport, patience: Patience, what: string, place: Place): Promise<'deleted' | 'notThere'> {
  let left = unclearTries;
  const outcome = await tryFor(unclearTries, patience, async () => {
    try {
      const answers = await transport.ask(what, 'done', () =>
        clientFor(transport, place.at).roleAssignments.delete(sdkScope(place.at), place.name),
      );
      return answers.at(-1)?.status === 204 ? ('notThere' as const) : ('deleted' as const);
    } catch (error) {
      if (saysNotFound(error)) return 'notThere' as const;
      if (!(error instanceof AzureError && error.unclear)) throw error;
      if ((await byName(transport, what, place)) === undefined) return 'deleted' as const;
      if (--left > 0) return undefined;
      throw error;
    }
  });
  if (outcome === undefined) throw unconfirmed(what, 'Azure did not settle the question in time');
  return outcome;
}

/** The assignment of that name; undefined only when Azure itself says that there is none. */
async function byName(transport: Transport, what: string, { at, name }: Place): Promise<RoleAssignment | undefined> {
  let raw: JsonObject;
  try {
    raw = await transport.askObject(what, () => clientFor(transport, at).roleAssignments.get(sdkScope(at), name));
  } catch (error) {
    if (saysNotFound(error)) return undefined;
    throw error;
  }
  return parseRows<RoleAssignment>(what, [raw], (row) => (isObject(row) ? parseRoleAssignment(row) : undefined))[0];
}

function ours(what: string, wanted: Wanted, found: RoleAssignment): 'created' {
  if (sameTriple(found, wanted) && found.condition === undefined) return 'created';
  const remedy = 'look at that assignment, remove it if nobody needs it, and run `keyturn plan` again';
  throw new AzureError('blocked', 'AZURE_CONFLICT', `could not ${what}: its name \`${found.name}\` stands for another assignment`, remedy);
}

function sameTriple(found: RoleAssignment, wanted: Wanted): boolean {
  return found.scope === wanted.scope && found.principalId === wanted.principalId && found.roleDefinitionId === wanted.roleDefinitionId;
}

function wantedBy(step: AssignStep): Wanted {
  const [scope, name] = [parseScope(step.scope), parseGuid(step.name)];
  const [principalId, roleDefinitionId] = [parseGuid(step.principalId), guidAtEnd(step.roleDefinitionId)];
  if (scope === undefined || name === undefined || principalId === undefined || roleDefinitionId === undefined)
    throw badId(`step \`${step.id}\``);
  return { at: step.scope, scope, name, principalId, roleDefinitionId };
}

function placeOf(assignmentId: string): Place {
  const match = /^(.+)\/providers\/microsoft\.authorization\/roleassignments\/([^/]+)\/*$/i.exec(assignmentId);
  const [at = '?', name] = [match?.[1], parseGuid(match?.[2] ?? '')];
  if (parseScope(at) === undefined || name === undefined) throw badId(`\`${assignmentId}\``);
  return { at, name };
}

function badId(subject: string): AzureError {
  return new AzureError('usage', 'AZURE_ID', `${subject} does not name a role assignment`, 'make the plan anew: run `keyturn plan` again');
}
