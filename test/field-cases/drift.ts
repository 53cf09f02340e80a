import { type JsonObject, objectAt, objectsAt } from '../../src/base/json.ts';
import type { Sandbox } from '../../src/sandbox/start-sandbox.ts';

function setProperties({ tenant }: Sandbox, change: (properties: JsonObject) => JsonObject): void {
  const [vault] = tenant.vaults.values();
  if (vault === undefined) throw new Error('the case has a vault');
  vault.body = { ...vault.body, properties: change(objectAt(vault.body, 'properties')) };
}

/** Somebody flips the vault in the portal, one way or the other. */
export function flipElsewhere(sandbox: Sandbox, enableRbacAuthorization = true): void {
  setProperties(sandbox, (properties) => ({ ...properties, enableRbacAuthorization }));
}

export function changePolicies(sandbox: Sandbox, change: (policies: readonly JsonObject[]) => readonly JsonObject[]): void {
  setProperties(sandbox, (properties) => ({ ...properties, accessPolicies: [...change(objectsAt(properties, 'accessPolicies'))] }));
}

/** What a deletion and recovery of the vault does too: every assignment at it or below is gone, and works no more. @returns how many. */
export function removeVaultAssignments({ tenant }: Sandbox): number {
  const gone = [...tenant.roleAssignments.keys()].filter((key) => key.includes('/vaults/'));
  for (const key of gone) tenant.roleAssignments.delete(key);
  return gone.length;
}
