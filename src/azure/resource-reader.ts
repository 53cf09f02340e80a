import type { ResourceReader, SubscriptionRow } from '../inventory/ports.ts';
import { parseLock, parsePolicyAssignment } from '../model/governance.ts';
import { isObject, type JsonObject, type JsonValue, stringAt } from '../model/json.ts';
import { read } from '../model/reading.ts';
import { parsePermissionBlock } from '../model/role.ts';
import { parseScope, scopeChain } from '../model/scope.ts';
import { armUrl } from './arm-url.ts';
import { authorizationReader } from './authorization-reader.ts';
import { saysNotFound } from './azure-error.ts';
import { drain, sendPaged } from './paging.ts';
import { parseRows, unitedById } from './parse-rows.ts';
import { toReading, unreadableBecause } from './reading.ts';
import type { Transport } from './transport.ts';
import { vaultRaw } from './vault-raw.ts';

const apiVersions = { subscriptions: '2022-12-01', locks: '2020-05-01', policies: '2024-05-01', diagnostics: '2021-05-01-preview' };

/** Reads Azure Resource Manager through its SDKs' pipelines; every fact is taken from the raw answers. */
export function createResourceReader(transport: Transport): ResourceReader {
  const rows = (what: string, path: string, apiVersion: string) =>
    transport.askList(what, () =>
      sendPaged(transport, 'resourceManager', { method: 'GET', url: armUrl(transport.profile, path, apiVersion) }),
    );
  const list = <T>(what: string, path: string, apiVersion: string, parse: (row: JsonValue) => T | undefined) =>
    toReading(async () => parseRows(what, await rows(what, path, apiVersion), parse));
  return {
    ...authorizationReader(transport),
    subscriptions: () => list('list the subscriptions', '/subscriptions', apiVersions.subscriptions, parseSubscription),
    vaults: (subscriptionId) =>
      toReading(() => {
        const what = `list the vaults of subscription \`${subscriptionId}\``;
        return transport.askList(what, () => drain(transport.vaults(subscriptionId).listBySubscription()));
      }),
    async vault(id) {
      try {
        return read(await vaultRaw(transport, id));
      } catch (error) {
        return saysNotFound(error) ? { state: 'notFound' } : unreadableBecause(error);
      }
    },
    // Whether a list of locks holds those inherited from above is not documented, so each level is asked.
    locks: (scope) =>
      toReading(async () => {
        const what = `list the locks at \`${scope}\``;
        const levels = await Promise.all(
          lockLevels(scope).map((level) => rows(what, `${level}/providers/Microsoft.Authorization/locks`, apiVersions.locks)),
        );
        return parseRows(what, unitedById(...levels), parseLock);
      }),
    policyAssignments: (scope) =>
      list(
        `list the policy assignments at \`${scope}\``,
        `${scope}/providers/Microsoft.Authorization/policyAssignments`,
        apiVersions.policies,
        parsePolicyAssignment,
      ),
    diagnosticSettings: (vaultId) =>
      list(
        `list the diagnostic settings of \`${vaultId}\``,
        `${vaultId}/providers/Microsoft.Insights/diagnosticSettings`,
        apiVersions.diagnostics,
        asObject,
      ),
    operatorPermissions: (id) =>
      toReading(async () => {
        const what = `list your own permissions at \`${id.id}\``;
        const { permissions } = transport.authorization(id.subscriptionId);
        const answered = await transport.askList(what, () =>
          drain(permissions.listForResource(id.resourceGroup, 'Microsoft.KeyVault', '', 'vaults', id.name)),
        );
        return parseRows(what, answered, (row) => (isObject(row) ? parsePermissionBlock(row) : undefined));
      }),
  };
}

function asObject(row: JsonValue): JsonObject | undefined {
  return isObject(row) ? row : undefined;
}

function parseSubscription(row: JsonValue): SubscriptionRow | undefined {
  if (!isObject(row)) return undefined;
  const [subscriptionId, tenantId] = [stringAt(row, 'subscriptionId'), stringAt(row, 'tenantId')];
  if (subscriptionId === undefined || tenantId === undefined) return undefined;
  return {
    subscriptionId: subscriptionId.toLowerCase(),
    displayName: stringAt(row, 'displayName') ?? '',
    tenantId: tenantId.toLowerCase(),
  };
}

/** The scope itself, and below a subscription its resource group and subscription; what lies between is no level of its own. */
function lockLevels(scope: string): readonly string[] {
  const at = parseScope(scope);
  if (at === undefined) return [scope];
  return scopeChain(at, []).filter((level) => level === at || /^\/subscriptions\/[^/]+(\/resourcegroups\/[^/]+)?$/.test(level));
}
