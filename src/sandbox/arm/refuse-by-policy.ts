import { type JsonObject, objectAt, stringAt } from '../../base/json.ts';
import { governed, refuseProtected } from '../policy/govern.ts';
import type { GovernedResource } from '../policy/resource.ts';
import type { ArmCall } from './arm-context.ts';

/**
 * Judges a vault as it would be after a write.
 * @returns the properties that Azure Policy lets through, changed where a policy modifies them
 * @throws ServiceError 403 RequestDisallowedByPolicy
 */
export function governedVault(call: ArmCall, id: string, body: JsonObject, properties: JsonObject): JsonObject {
  const resource: GovernedResource = {
    id,
    type: 'Microsoft.KeyVault/vaults',
    name: call.places.vaultName ?? '',
    location: stringAt(body, 'location') ?? '',
    tags: objectAt(body, 'tags'),
    properties,
    sent: Object.keys(objectAt(call.body, 'properties')),
    apiVersion: call.apiVersion,
  };
  return governed(call.context.state, resource, call.context.clock.now());
}

/** @throws ServiceError 403 RequestDisallowedByPolicy */
export function refuseByPolicy(call: ArmCall, id: string, type: string, properties: JsonObject): void {
  governed(call.context.state, hung(call, id, type, properties), call.context.clock.now());
}

/** @throws ServiceError 403 RequestDisallowedByPolicy where a policy protects it from removal */
export function refuseRemovalByPolicy(call: ArmCall, id: string, type: string, properties: JsonObject): void {
  refuseProtected(call.context.state, hung(call, id, type, properties), call.context.clock.now());
}

/** Role assignments and definitions hang on a scope, and have neither tags nor a place. */
function hung(call: ArmCall, id: string, type: string, properties: JsonObject): GovernedResource {
  const name = id.slice(id.lastIndexOf('/') + 1);
  return {
    id,
    type: `Microsoft.Authorization/${type}`,
    name,
    tags: {},
    properties,
    sent: Object.keys(properties),
    apiVersion: call.apiVersion,
  };
}
