import type { JsonObject } from '../../base/json.ts';
import type { Answer } from '../exchange.ts';
import { versions } from './api-versions.ts';
import type { ArmCall, ArmRoute } from './arm-context.ts';
import { requireAction } from './authorize.ts';
import { pageOf } from './page.ts';
import { topOf } from './read-vaults.ts';
import { vaultAt, vaultIdOf } from './vault-at.ts';

const path = '/subscriptions/{subscriptionId}/resourceGroups/{resourceGroupName}/providers/Microsoft.KeyVault/vaults/{vaultName}';
const list = { method: 'GET', query: ['$top', '$skiptoken'], versions: versions.vaults } as const;

/** Names by the control plane: its rights alone count, whatever the vault's permission model, and no value is ever answered. */
export const objectReadRoutes: readonly ArmRoute[] = [
  { ...list, name: 'Secrets_List', path: `${path}/secrets`, act: (call) => listObjects(call, 'secrets') },
  { ...list, name: 'Keys_List', path: `${path}/keys`, act: (call) => listObjects(call, 'keys') },
];

function listObjects(call: ArmCall, kind: 'secrets' | 'keys'): Answer {
  const id = vaultIdOf(call);
  const vault = vaultAt(call);
  requireAction(call, `Microsoft.KeyVault/vaults/${kind}/read`, id);
  const there = [...vault[kind].values()].filter(({ deletedOn }) => deletedOn === undefined);
  const bodies = there.map(({ name }): JsonObject => {
    return {
      id: `${id}/${kind}/${name}`,
      name,
      type: `Microsoft.KeyVault/vaults/${kind}`,
      location: vault.body.location ?? '',
      properties: {},
    };
  });
  return pageOf(call, bodies, topOf(call));
}
