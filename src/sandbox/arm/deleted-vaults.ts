import { type JsonObject, objectAt, stringAt } from '../../base/json.ts';
import { type Answer, ServiceError } from '../exchange.ts';
import type { SandboxVault } from '../state.ts';
import { versions } from './api-versions.ts';
import type { ArmCall, ArmContext, ArmRoute, DeletedVault } from './arm-context.ts';
import { requireAction } from './authorize.ts';
import { checkShape } from './body-shape.ts';
import { pageOf } from './page.ts';
import { badRequest, notFound } from './refusals.ts';
import { refuseLocked } from './refuse-locked.ts';
import { requireScope } from './require-scope.ts';
import { findVault, vaultIdOf } from './vault-at.ts';
import { nameCheck } from './vault-shapes.ts';

const day = 24 * 3600_000;
const deletedPath = '/subscriptions/{subscriptionId}/providers/Microsoft.KeyVault/locations/{location}/deletedVaults/{vaultName}';

export const deletedVaultRoutes: readonly ArmRoute[] = [
  {
    name: 'Vaults_Delete',
    method: 'DELETE',
    path: '/subscriptions/{subscriptionId}/resourceGroups/{resourceGroupName}/providers/Microsoft.KeyVault/vaults/{vaultName}',
    versions: versions.vaults,
    query: [],
    act: deleteVault,
  },
  {
    name: 'Vaults_ListDeleted',
    method: 'GET',
    path: '/subscriptions/{subscriptionId}/providers/Microsoft.KeyVault/deletedVaults',
    versions: versions.vaults,
    query: ['$skiptoken'],
    act: listDeleted,
  },
  { name: 'Vaults_GetDeleted', method: 'GET', path: deletedPath, versions: versions.vaults, query: [], act: getDeleted },
  { name: 'Vaults_PurgeDeleted', method: 'POST', path: `${deletedPath}/purge`, versions: versions.vaults, query: [], act: purgeDeleted },
  {
    name: 'Vaults_CheckNameAvailability',
    method: 'POST',
    path: '/subscriptions/{subscriptionId}/providers/Microsoft.KeyVault/checkNameAvailability',
    versions: versions.vaults,
    query: [],
    act: checkName,
  },
];

/** Role assignments on the vault and below it go with it, and do not come back when it is recovered (EA-16). */
function deleteVault(call: ArmCall): Answer {
  const { context } = call;
  const id = vaultIdOf(call);
  requireAction(call, 'Microsoft.KeyVault/vaults/delete', id);
  refuseLocked(context, 'delete', id);
  const vault = findVault(call);
  if (vault === undefined) return { status: 204 };
  context.state.vaults.delete(vault.key);
  context.deletedVaults.set(nameOf(vault).toLowerCase(), { vault, deletedAt: context.clock.now() });
  for (const key of context.state.roleAssignments.keys()) {
    if (key.startsWith(`${vault.key}/`)) context.state.roleAssignments.delete(key);
  }
  return { status: 200 };
}

function nameOf(vault: SandboxVault): string {
  return vault.key.slice(vault.key.lastIndexOf('/') + 1);
}

function subscriptionOf({ places }: ArmCall): string {
  return `/subscriptions/${places.subscriptionId ?? ''}`;
}

function listDeleted(call: ArmCall): Answer {
  const scope = subscriptionOf(call);
  requireScope(call.context.state, scope);
  requireAction(call, 'Microsoft.KeyVault/deletedVaults/read', scope);
  const shown = [...call.context.deletedVaults.values()].filter(({ vault }) => vault.key.startsWith(`${scope.toLowerCase()}/`));
  return pageOf(
    call,
    shown.map((deleted) => deletedBody(deleted)),
  );
}

function deletedBody({ vault, deletedAt }: DeletedVault): JsonObject {
  const { body } = vault;
  const properties = objectAt(body, 'properties');
  const days = typeof properties.softDeleteRetentionInDays === 'number' ? properties.softDeleteRetentionInDays : 90;
  const [id, name, location] = [stringAt(body, 'id') ?? '', stringAt(body, 'name') ?? '', stringAt(body, 'location') ?? ''];
  return {
    id: `${id.split('/').slice(0, 3).join('/')}/providers/Microsoft.KeyVault/locations/${location}/deletedVaults/${name}`,
    name,
    type: 'Microsoft.KeyVault/deletedVaults',
    properties: {
      vaultId: id,
      location,
      tags: objectAt(body, 'tags'),
      deletionDate: new Date(deletedAt).toISOString(),
      scheduledPurgeDate: new Date(deletedAt + days * day).toISOString(),
      ...(properties.enablePurgeProtection === true && { purgeProtectionEnabled: true }),
    },
  };
}

function deletedAt(call: ArmCall): DeletedVault {
  const name = call.places.vaultName ?? '';
  const deleted = call.context.deletedVaults.get(name.toLowerCase());
  const sameLocation = (deleted && stringAt(deleted.vault.body, 'location')?.toLowerCase()) === (call.places.location ?? '').toLowerCase();
  if (deleted === undefined || !sameLocation || !deleted.vault.key.startsWith(`${subscriptionOf(call).toLowerCase()}/`)) {
    const help = 'Ensure that the vault was indeed deleted and that it is in recoverable state.';
    throw notFound('DeletedVaultNotFound', `The specified deleted vault '${name}' does not exist. ${help}`);
  }
  return deleted;
}

function getDeleted(call: ArmCall): Answer {
  requireAction(call, 'Microsoft.KeyVault/locations/deletedVaults/read', subscriptionOf(call));
  return { status: 200, body: deletedBody(deletedAt(call)) };
}

function purgeDeleted(call: ArmCall): Answer {
  requireAction(call, 'Microsoft.KeyVault/locations/deletedVaults/purge/action', subscriptionOf(call));
  const { vault } = deletedAt(call);
  if (objectAt(vault.body, 'properties').enablePurgeProtection === true)
    throw badRequest(
      'MethodNotAllowed',
      `Operation 'PurgeDeletedVault' is not allowed: the vault '${nameOf(vault)}' is protected from purge.`,
    );
  call.context.deletedVaults.delete(nameOf(vault));
  return { status: 200 };
}

/** The vault that a PUT with createMode `recover` brings back, or undefined when the PUT asks for no recovery. */
export function recoverVault(call: ArmCall): SandboxVault | undefined {
  if (stringAt(objectAt(call.body, 'properties'), 'createMode')?.toLowerCase() !== 'recover') return undefined;
  const name = (call.places.vaultName ?? '').toLowerCase();
  const deleted = call.context.deletedVaults.get(name);
  if (deleted?.vault.key !== vaultIdOf(call).toLowerCase())
    throw notFound('DeletedVaultNotFound', `The specified deleted vault '${name}' does not exist.`);
  call.context.deletedVaults.delete(name);
  call.context.state.vaults.set(deleted.vault.key, deleted.vault);
  return deleted.vault;
}

function isTaken({ state, deletedVaults }: ArmContext, name: string): boolean {
  const wanted = name.toLowerCase();
  return deletedVaults.has(wanted) || [...state.vaults.values()].some((vault) => nameOf(vault) === wanted);
}

/** @throws ServiceError 409: names are one across all tenants, deleted vaults included */
export function refuseTakenName(context: ArmContext, name: string): void {
  if (!isTaken(context, name)) return;
  throw new ServiceError(409, 'VaultAlreadyExists', `The vault name '${name}' is already in use. Vault names are globally unique.`);
}

function checkName(call: ArmCall): Answer {
  checkShape(call.body, nameCheck);
  requireScope(call.context.state, subscriptionOf(call));
  const name = stringAt(call.body, 'name') ?? '';
  if (stringAt(call.body, 'type')?.toLowerCase() !== 'microsoft.keyvault/vaults')
    throw badRequest('BadRequest', "An invalid value was provided for 'type'.");
  if (!isTaken(call.context, name)) return { status: 200, body: { nameAvailable: true } };
  return { status: 200, body: { nameAvailable: false, reason: 'AlreadyExists', message: `The vault name '${name}' is already in use.` } };
}
