import type { SandboxVault } from '../state.ts';
import type { ArmCall } from './arm-context.ts';
import { resourceNotFound } from './refusals.ts';
import { requireScope } from './require-scope.ts';

/** The resource group's id as the client wrote its names, with ARM's own words. */
export function groupIdOf({ places }: Pick<ArmCall, 'places'>): string {
  return `/subscriptions/${places.subscriptionId ?? ''}/resourceGroups/${places.resourceGroupName ?? ''}`;
}

export function vaultIdOf(call: Pick<ArmCall, 'places'>): string {
  return `${groupIdOf(call)}/providers/Microsoft.KeyVault/vaults/${call.places.vaultName ?? ''}`;
}

/** @throws ServiceError 404 when the subscription or the resource group is not there */
export function findVault(call: ArmCall): SandboxVault | undefined {
  requireScope(call.context.state, groupIdOf(call));
  return call.context.state.vaults.get(vaultIdOf(call).toLowerCase());
}

/** @throws ServiceError 404 */
export function vaultAt(call: ArmCall): SandboxVault {
  const vault = findVault(call);
  if (vault === undefined)
    throw resourceNotFound('Microsoft.KeyVault/vaults', call.places.vaultName ?? '', call.places.resourceGroupName ?? '');
  return vault;
}
