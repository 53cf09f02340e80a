import { parseGuid } from '../../base/guid.ts';
import { isObject, type JsonObject, type JsonValue, objectAt, objectsAt, stringAt } from '../../base/json.ts';
import { acceptPolicies } from './access-policy-list.ts';
import type { ArmCall } from './arm-context.ts';
import { badRequest } from './refusals.ts';

/** Members that a request sets and the vault keeps as they came. */
const verbatim = [
  'enabledForDeployment',
  'enabledForDiskEncryption',
  'enabledForTemplateDeployment',
  'networkAcls',
  'publicNetworkAccess',
] as const;

/**
 * The properties after a PATCH: what is missing or null stays as it is, a list replaces the whole list.
 * @throws ServiceError 400 for values that a vault cannot take
 */
export function patchedProperties(call: ArmCall, present: JsonObject): JsonObject {
  const given = withoutNulls(objectAt(call.body, 'properties'));
  checkValues(given);
  const next: Record<string, JsonValue | undefined> = { ...present };
  for (const name of [...verbatim, 'sku', 'tenantId', 'enableRbacAuthorization', 'softDeleteRetentionInDays', 'enablePurgeProtection']) {
    if (given[name] !== undefined) next[name] = given[name];
  }
  if (present.enablePurgeProtection === true && given.enablePurgeProtection === false)
    throw badRequest(
      'BadRequest',
      'The property "enablePurgeProtection" cannot be set to false. Enabling the purge protection for a vault is an irreversible action.',
    );
  if (given.accessPolicies !== undefined) next.accessPolicies = acceptPolicies(given.accessPolicies, call.context.state);
  return next;
}

/**
 * The properties after a PUT: everything as the request says, with the service's defaults for the rest. A new vault
 * without the flag uses Azure RBAC from api-version 2026-02-01 on; an existing one keeps its model.
 * @throws ServiceError 400 for values that a vault cannot take
 */
export function putProperties(call: ArmCall, name: string, present: JsonObject | undefined): JsonObject {
  const given = withoutNulls(objectAt(call.body, 'properties'));
  checkValues(given);
  if (!isObject(given.sku) || parseGuid(stringAt(given, 'tenantId') ?? '') === undefined || stringAt(call.body, 'location') === undefined)
    throw badRequest('BadRequest', 'location, properties.tenantId and properties.sku have to be specified.');
  const flag = given.enableRbacAuthorization ?? (present === undefined ? call.apiVersion >= '2026-02-01' : present.enableRbacAuthorization);
  if (given.accessPolicies === undefined && flag !== true) throw badRequest('BadRequest', 'The parameter accessPolicies is not specified.');
  return {
    sku: given.sku,
    tenantId: given.tenantId,
    ...(given.networkAcls !== undefined && { networkAcls: given.networkAcls }),
    accessPolicies: acceptPolicies(given.accessPolicies, call.context.state),
    enabledForDeployment: given.enabledForDeployment ?? false,
    ...copied(given, ['enabledForDiskEncryption', 'enabledForTemplateDeployment']),
    enableSoftDelete: true,
    softDeleteRetentionInDays: given.softDeleteRetentionInDays ?? present?.softDeleteRetentionInDays ?? 90,
    ...(flag !== undefined && { enableRbacAuthorization: flag }),
    ...(given.enablePurgeProtection === true || present?.enablePurgeProtection === true ? { enablePurgeProtection: true } : {}),
    vaultUri: stringAt(present ?? {}, 'vaultUri') ?? `https://${name.toLowerCase()}.vault.azure.net/`,
    provisioningState: 'Succeeded',
    publicNetworkAccess: given.publicNetworkAccess ?? 'Enabled',
  };
}

/** The permission model that properties mean: false, null and missing are all access policies. */
export function usesRbac(properties: JsonObject | undefined): boolean {
  return properties?.enableRbacAuthorization === true;
}

function checkValues(given: JsonObject): void {
  const days = given.softDeleteRetentionInDays;
  if (days !== undefined && (typeof days !== 'number' || !Number.isInteger(days) || days < 7 || days > 90))
    throw badRequest('BadRequest', 'The property "softDeleteRetentionInDays" has to be between 7 and 90.');
  const mode = stringAt(given, 'createMode');
  if (mode !== undefined && !['default', 'recover'].includes(mode.toLowerCase()))
    throw badRequest('BadRequest', `An invalid value was provided for 'createMode'.`);
  if (given.enableSoftDelete === false)
    throw badRequest(
      'BadRequest',
      'The property "enableSoftDelete" can be set to false only for creating new vault. Enabling the \'soft delete\' functionality is an irreversible action.',
    );
}

function copied(given: JsonObject, names: readonly string[]): JsonObject {
  return Object.fromEntries(names.flatMap((name) => (given[name] === undefined ? [] : [[name, given[name]]])));
}

function withoutNulls(object: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(object).filter(([, value]) => value !== null));
}

export function policiesOf(properties: JsonObject): readonly JsonObject[] {
  return objectsAt(properties, 'accessPolicies');
}
