import { setTimeout as wait } from 'node:timers/promises';
import { isObject, type JsonObject, objectAt, stringAt } from '../../base/json.ts';
import { type Answer, ServiceError } from '../exchange.ts';
import type { SandboxVault } from '../state.ts';
import { acceptPolicies, changePolicies, type PolicyChange } from './access-policy-list.ts';
import { versions } from './api-versions.ts';
import type { ArmCall, ArmRoute } from './arm-context.ts';
import { requireAction, requireModelChange } from './authorize.ts';
import { checkShape } from './body-shape.ts';
import { recoverVault, refuseTakenName } from './deleted-vaults.ts';
import { badRequest, UnknownAsk } from './refusals.ts';
import { governedVault } from './refuse-by-policy.ts';
import { refuseLocked } from './refuse-locked.ts';
import { findVault, vaultAt, vaultIdOf } from './vault-at.ts';
import { patchedProperties, policiesOf, putProperties, usesRbac } from './vault-body.ts';
import { accessPoliciesPut, vaultPatch, vaultPut } from './vault-shapes.ts';

const vaultPath = '/subscriptions/{subscriptionId}/resourceGroups/{resourceGroupName}/providers/Microsoft.KeyVault/vaults/{vaultName}';
const write = 'Microsoft.KeyVault/vaults/write';
const serviceVersion = { 'x-ms-keyvault-service-version': '1.5.1361.0' };

export const vaultWriteRoutes: readonly ArmRoute[] = [
  { name: 'Vaults_CreateOrUpdate', method: 'PUT', path: vaultPath, versions: versions.vaults, query: [], act: putVault },
  { name: 'Vaults_Update', method: 'PATCH', path: vaultPath, versions: versions.vaults, query: [], act: patchVault },
  {
    name: 'Vaults_UpdateAccessPolicy',
    method: 'PUT',
    path: `${vaultPath}/accessPolicies/{operationKind}`,
    versions: versions.vaults,
    query: [],
    act: putPolicies,
  },
];

function patchVault(call: ArmCall): Promise<Answer> {
  checkShape(call.body, vaultPatch);
  const id = vaultIdOf(call);
  requireAction(call, write, id);
  refuseLocked(call.context, 'write', id);
  return alone(call, () => {
    const vault = vaultAt(call);
    const tags = isObject(call.body.tags) ? { tags: call.body.tags } : {};
    const body = { ...vault.body, ...tags };
    const properties = guarded(call, vault, body, patchedProperties(call, objectAt(vault.body, 'properties')));
    return store(call, vault, { ...body, properties });
  });
}

function putVault(call: ArmCall): Promise<Answer> {
  checkShape(call.body, vaultPut);
  const id = vaultIdOf(call);
  requireAction(call, write, id);
  refuseLocked(call.context, 'write', id);
  const name = call.places.vaultName ?? '';
  if (!/^[a-zA-Z][a-zA-Z0-9-]{1,22}[a-zA-Z0-9]$/.test(name) || name.includes('--'))
    throw badRequest(
      'VaultNameNotValid',
      `The vault name '${name}' is invalid. A vault's name must be between 3-24 alphanumeric characters.`,
    );
  return alone(call, () => {
    const vault = findVault(call) ?? recoverVault(call);
    if (vault === undefined) refuseTakenName(call.context, name);
    const { location, tags } = call.body;
    const body = { location, tags: isObject(tags) ? tags : {} };
    const properties = guarded(call, vault, body, putProperties(call, name, vault && objectAt(vault.body, 'properties')));
    if (vault !== undefined) return store(call, vault, { ...vault.body, ...body, properties });
    return store(call, created(call, id), { id, name, type: 'Microsoft.KeyVault/vaults', ...body, properties }, 'RegisteringDns');
  });
}

function created({ context }: ArmCall, id: string): SandboxVault {
  const key = id.toLowerCase();
  const vault = { key, body: {}, since: context.clock.now(), secrets: new Map(), keys: new Map(), certificates: new Map() };
  context.state.vaults.set(key, vault);
  return vault;
}

function putPolicies(call: ArmCall): Promise<Answer> {
  checkShape(call.body, accessPoliciesPut);
  const kind = (call.places.operationKind ?? '').toLowerCase();
  if (kind !== 'add' && kind !== 'replace' && kind !== 'remove')
    throw new UnknownAsk(400, 'BadRequest', `The access policy operation '${kind}' is not one of add, replace, remove.`);
  const id = vaultIdOf(call);
  requireAction(call, 'Microsoft.KeyVault/vaults/accessPolicies/write', id);
  refuseLocked(call.context, 'write', id);
  return alone(call, () => applyPolicies(call, kind));
}

function applyPolicies(call: ArmCall, kind: PolicyChange): Answer {
  const vault = vaultAt(call);
  const properties = objectAt(vault.body, 'properties');
  const given = acceptPolicies(objectAt(call.body, 'properties').accessPolicies, call.context.state);
  const accessPolicies = changePolicies(policiesOf(properties), kind, given);
  store(call, vault, { ...vault.body, properties: { ...properties, accessPolicies } });
  const id = `${stringAt(vault.body, 'id') ?? ''}/accessPolicies/`;
  const body = { id, type: 'Microsoft.KeyVault/vaults/accessPolicies', properties: { accessPolicies } };
  return { status: 200, headers: serviceVersion, body };
}

/**
 * Azure Policy sees the vault as it would be and may change it; a new permission model of an existing vault asks for more than
 * a write.
 * @returns the properties to store
 */
function guarded(call: ArmCall, vault: SandboxVault | undefined, body: JsonObject, wanted: JsonObject): JsonObject {
  const id = vaultIdOf(call);
  const properties = governedVault(call, id, body, wanted);
  if (vault !== undefined && usesRbac(objectAt(vault.body, 'properties')) !== usesRbac(properties)) requireModelChange(call, id);
  return properties;
}

/** Keeps the new body, stamps who changed it, and answers with it. */
function store({ context, caller }: ArmCall, vault: SandboxVault, body: JsonObject, provisioningState?: string): Answer {
  const object = context.state.directory.get(caller.objectId.toLowerCase());
  const by = (object?.kind === 'user' ? stringAt(object.properties, 'userPrincipalName') : undefined) ?? caller.appId;
  const type = object?.kind === 'user' ? 'User' : 'Application';
  const at = new Date(context.clock.now()).toISOString();
  const before = objectAt(vault.body, 'systemData');
  const systemData = {
    createdBy: before.createdBy ?? by,
    createdByType: before.createdByType ?? type,
    createdAt: before.createdAt ?? at,
    lastModifiedBy: by,
    lastModifiedByType: type,
    lastModifiedAt: at,
  };
  const { id, name, type: resourceType, location, tags, properties } = body;
  vault.body = { id, name, type: resourceType, location, tags, systemData, properties };
  const shown =
    provisioningState === undefined ? vault.body : { ...vault.body, properties: { ...objectAt(body, 'properties'), provisioningState } };
  return { status: 200, headers: serviceVersion, body: shown };
}

/**
 * One write of a vault at a time.
 * @throws ServiceError 409 for the second
 */
async function alone({ context, places }: ArmCall, act: () => Answer): Promise<Answer> {
  const key = vaultIdOf({ places }).toLowerCase();
  if (context.busyVaults.has(key)) {
    const message =
      'A conflict occurred that prevented the operation from completing. The resource was changed from the point the operation began. ' +
      'This can happen if multiple operations are performed simultaneously on the same resource; please serialize them.';
    throw new ServiceError(409, 'ConflictError', message);
  }
  context.busyVaults.add(key);
  try {
    if (context.vaultWriteTime > 0) await wait(context.vaultWriteTime);
    return act();
  } finally {
    context.busyVaults.delete(key);
  }
}
