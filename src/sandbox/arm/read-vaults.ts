import { type JsonObject, objectAt, stringAt } from '../../base/json.ts';
import type { Answer } from '../exchange.ts';
import type { SandboxVault } from '../state.ts';
import { versions } from './api-versions.ts';
import type { ArmCall, ArmRoute } from './arm-context.ts';
import { mayDo, requireAction } from './authorize.ts';
import { parseFilter, unsupported } from './filter.ts';
import { pageOf } from './page.ts';
import { badRequest } from './refusals.ts';
import { requireScope } from './require-scope.ts';
import { groupIdOf, vaultAt, vaultIdOf } from './vault-at.ts';

const read = 'Microsoft.KeyVault/vaults/read';
const list = { method: 'GET', query: ['$top', '$skiptoken'] } as const;

export const vaultReadRoutes: readonly ArmRoute[] = [
  {
    ...list,
    name: 'Vaults_ListBySubscription',
    path: '/subscriptions/{subscriptionId}/providers/Microsoft.KeyVault/vaults',
    versions: versions.vaults,
    act: (call) => listVaults(call, `/subscriptions/${call.places.subscriptionId ?? ''}`),
  },
  {
    ...list,
    name: 'Vaults_ListByResourceGroup',
    path: '/subscriptions/{subscriptionId}/resourceGroups/{resourceGroupName}/providers/Microsoft.KeyVault/vaults',
    versions: versions.vaults,
    act: (call) => listVaults(call, groupIdOf(call)),
  },
  {
    name: 'Vaults_Get',
    method: 'GET',
    path: '/subscriptions/{subscriptionId}/resourceGroups/{resourceGroupName}/providers/Microsoft.KeyVault/vaults/{vaultName}',
    versions: versions.vaults,
    query: [],
    act: getVault,
  },
  {
    ...list,
    name: 'ManagedHsms_ListBySubscription',
    path: '/subscriptions/{subscriptionId}/providers/Microsoft.KeyVault/managedHSMs',
    versions: versions.vaults,
    act: (call) => listManagedHsms(call, `/subscriptions/${call.places.subscriptionId ?? ''}`),
  },
  {
    ...list,
    name: 'ManagedHsms_ListByResourceGroup',
    path: '/subscriptions/{subscriptionId}/resourceGroups/{resourceGroupName}/providers/Microsoft.KeyVault/managedHSMs',
    versions: versions.vaults,
    act: (call) => listManagedHsms(call, groupIdOf(call)),
  },
  {
    method: 'GET',
    query: ['$filter', '$top', '$expand', '$skiptoken'],
    name: 'Resources_List',
    path: '/subscriptions/{subscriptionId}/resources',
    versions: versions.resources,
    act: listResources,
  },
];

function getVault(call: ArmCall): Answer {
  requireAction(call, read, vaultIdOf(call));
  return { status: 200, headers: { 'x-ms-keyvault-service-version': '1.5.1361.0' }, body: vaultAt(call).body };
}

/** Lists show what the caller may read; a caller who may read nothing there is refused. */
function readable(call: ArmCall, scope: string): readonly SandboxVault[] {
  requireScope(call.context.state, scope);
  const vaults = [...call.context.state.vaults.values()].filter((vault) => vault.key.startsWith(`${scope.toLowerCase()}/`));
  if (mayDo(call, read, scope).allowed) return vaults;
  const shown = vaults.filter((vault) => mayDo(call, read, vault.key).allowed);
  if (shown.length === 0) requireAction(call, read, scope);
  return shown;
}

function listVaults(call: ArmCall, scope: string): Answer {
  const bodies = readable(call, scope).map((vault) => vault.body);
  return pageOf(call, bodies, topOf(call));
}

/** @throws ServiceError 400 unless it is a whole number above 0 */
export function topOf({ ask }: ArmCall): number | undefined {
  const text = ask.query.get('$top');
  if (text === null) return undefined;
  if (!/^[1-9]\d{0,5}$/.test(text)) throw badRequest('InvalidTopParameter', `The $top query parameter '${text}' is not valid.`);
  return Number(text);
}

/** Azure CLI asks for them beside the vaults; no scenario has any. */
function listManagedHsms(call: ArmCall, scope: string): Answer {
  requireScope(call.context.state, scope);
  requireAction(call, 'Microsoft.KeyVault/managedHSMs/read', scope);
  return pageOf(call, []);
}

/** The generic list knows vaults only, and answers id, name, type, location and tags. */
function listResources(call: ArmCall): Answer {
  const filter = call.ask.query.get('$filter');
  const type = parseFilter(filter, ['resourceType']).get('resourcetype');
  if (type?.toLowerCase() !== 'microsoft.keyvault/vaults') throw unsupported(filter ?? '', ["resourceType eq 'Microsoft.KeyVault/vaults'"]);
  const scope = `/subscriptions/${call.places.subscriptionId ?? ''}`;
  const rows = readable(call, scope).map(({ body }): JsonObject => {
    const [id, name] = [stringAt(body, 'id'), stringAt(body, 'name')];
    return { id, name, type: 'Microsoft.KeyVault/vaults', location: stringAt(body, 'location'), tags: objectAt(body, 'tags') };
  });
  return pageOf(call, rows, topOf(call));
}
