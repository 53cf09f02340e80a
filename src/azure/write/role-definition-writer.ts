import { type Guid, parseGuid } from '../../base/guid.ts';
import type { AzureWriter } from '../../migrate/ports.ts';
import { parseRoleDefinition, type RoleDefinition } from '../../model/role.ts';
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

type RoleStep = Parameters<AzureWriter['ensureRoleDefinition']>[0];
type RoleDefinitionWriter = Pick<AzureWriter, 'ensureRoleDefinition' | 'deleteRoleDefinition'>;

const description =
  'Made by keyturn when a key vault moved from access policies to Azure RBAC: it gives the data actions that were approved, and no others.';

interface RoleAddress {
  readonly at: string;
  readonly name: Guid;
}

interface RequestedRole extends RoleAddress {
  readonly scope: Scope;
  readonly roleName: string;
  readonly dataActions: readonly string[];
}

/** Makes and removes custom roles. Several vaults may ask for the same one at once: they send the same PUT. */
export function roleDefinitionWriter(transport: Transport, patience: Patience): RoleDefinitionWriter {
  return {
    async ensureRoleDefinition(step) {
      const wanted = wantedBy(step);
      const what = `make the custom role \`${step.roleName}\` at \`${step.scope}\``;
      const before = await byName(transport, what, wanted);
      if (before !== undefined) return ours(what, wanted, before);
      await put(transport, patience, what, wanted);
      return ours(what, wanted, await seenInAzure(what, patience, () => byName(transport, what, wanted)));
    },
    async deleteRoleDefinition(roleDefinitionId) {
      const place = placeOf(roleDefinitionId);
      const what = `remove the custom role \`${roleDefinitionId}\``;
      let inUse = tries.inUse;
      return await removeByName<'inUse'>(transport, patience, {
        what,
        remove: () => clientFor(transport, place.at).roleDefinitions.delete(sdkScope(place.at), place.name),
        isThere: async () => (await byName(transport, what, place)) !== undefined,
        onRefusal: (error) => {
          if (error.serviceCode !== 'RoleDefinitionHasAssignments') throw error;
          // Assignments that were removed a moment ago may still be counted.
          return --inUse > 0 ? undefined : 'inUse';
        },
      });
    },
  };
}

async function put(transport: Transport, patience: Patience, what: string, wanted: RequestedRole): Promise<void> {
  let conflict: number = tries.conflict;
  await sendUntilAnswered<'sent'>(
    {
      what,
      send: async () => {
        await transport.ask(what, 'object', () =>
          clientFor(transport, wanted.at).roleDefinitions.createOrUpdate(sdkScope(wanted.at), wanted.name, bodyOf(wanted)),
        );
        return 'sent';
      },
      lookFor: async () => ((await byName(transport, what, wanted)) === undefined ? undefined : 'sent'),
      onRefusal: async (error) => {
        if (error.serviceCode !== 'RoleDefinitionWithSameNameExists') throw error;
        if ((await byName(transport, what, wanted)) !== undefined) return 'sent';
        const other = await byRoleName(transport, what, wanted);
        if (other !== undefined) throw nameTaken(what, other);
        if (--conflict > 0) return undefined;
        throw error;
      },
    },
    patience,
  );
}

function bodyOf({ at, roleName, dataActions }: RequestedRole) {
  const permissions = [{ actions: [], notActions: [], dataActions: [...dataActions], notDataActions: [] }];
  return { roleName, roleType: 'CustomRole', description, permissions, assignableScopes: [at] };
}

function byName(transport: Transport, what: string, { at, name }: RoleAddress): Promise<RoleDefinition | undefined> {
  return readIfThere(transport, what, () => clientFor(transport, at).roleDefinitions.get(sdkScope(at), name), parseRoleDefinition);
}

/** The definition of another name that people know as ours would be called; only where the operator can see it. */
async function byRoleName(transport: Transport, what: string, { at, name, roleName }: RequestedRole): Promise<RoleDefinition | undefined> {
  const options = { filter: `roleName eq '${roleName.replaceAll("'", "''")}'` };
  const rows = await transport.askList(what, () => drain(clientFor(transport, at).roleDefinitions.list(sdkScope(at), options)));
  return parseRows(what, rows, parseRoleDefinition).find((row) => row.id !== name && same(row.name, roleName));
}

function nameTaken(what: string, { id, name }: RoleDefinition): AzureError {
  const remedy = `rename or delete the role \`${id}\` if nothing needs it, and run it again; a tenant has each role name once`;
  return new AzureError('blocked', 'AZURE_CONFLICT', `could not ${what}: the role \`${id}\` is called \`${name}\` already`, remedy);
}

function ours(what: string, wanted: RequestedRole, found: RoleDefinition): 'created' {
  const because = differenceTo(wanted, found);
  if (because === undefined) return 'created';
  const remedy = 'look at that role: delete it if it is not needed, or restore what the plan says, and run it again';
  throw new AzureError(
    'blocked',
    'AZURE_CONFLICT',
    `could not ${what}: its id \`${wanted.name}\` stands for a role that ${because}`,
    remedy,
  );
}

function differenceTo({ scope, dataActions }: RequestedRole, { kind, permissions, assignableScopes }: RoleDefinition): string | undefined {
  if (kind !== 'custom') return 'is built in';
  if (permissions.some((block) => block.condition !== undefined)) return 'holds under a condition';
  if (permissions.some((block) => block.actions.length > 0)) return 'allows managing resources too';
  if (permissions.some((block) => block.notActions.length > 0 || block.notDataActions.length > 0)) return 'leaves actions out';
  const found = new Set(permissions.flatMap((block) => block.dataActions.map(plain)));
  const planned = new Set(dataActions.map(plain));
  if (found.size !== planned.size || [...planned].some((action) => !found.has(action))) return 'gives other data actions';
  return assignableScopes.some((at) => parseScope(at) === scope) ? undefined : `cannot be assigned there`;
}

function plain(action: string): string {
  return action.trim().toLowerCase();
}

function same(one: string, other: string): boolean {
  return plain(one) === plain(other);
}

function wantedBy({ id, scope: at, name: rawName, roleName, dataActions }: RoleStep): RequestedRole {
  const [scope, name] = [parseScope(at), parseGuid(rawName)];
  if (scope === undefined || name === undefined || !/^\/subscriptions\/[^/]+$/.test(scope) || roleName.trim() === '')
    throw badId(`step \`${id}\``);
  return { at, scope, name, roleName, dataActions };
}

function placeOf(roleDefinitionId: string): RoleAddress {
  const match = /^(\/subscriptions\/[^/]+)\/providers\/microsoft\.authorization\/roledefinitions\/([^/]+)\/*$/i.exec(roleDefinitionId);
  const [at, name] = [match?.[1], parseGuid(match?.[2] ?? '')];
  if (at === undefined || name === undefined) throw badId(`\`${roleDefinitionId}\``);
  return { at, name };
}

function badId(subject: string): AzureError {
  return new AzureError('usage', 'AZURE_ID', `${subject} does not name a custom role`, 'make the plan anew: run `keyturn plan` again');
}
