import { isObject, type JsonObject, type JsonValue, stringAt } from '../../base/json.ts';
import type { ResourceReader, SubscriptionRow } from '../../inventory/ports.ts';
import { parseLock, parsePolicyAssignment } from '../../model/governance.ts';
import { parsePolicyExemption } from '../../model/policy-definition.ts';
import { parseScope, scopeChain } from '../../model/scope.ts';
import { armUrl } from '../client/arm-url.ts';
import { sendPaged } from '../client/paging.ts';
import { parseRows, unitedById } from '../client/parse-rows.ts';
import type { Transport } from '../client/transport.ts';
import { toReading } from './reading.ts';

const versions = {
  subscriptions: '2022-12-01',
  locks: '2020-05-01',
  policies: '2024-05-01',
  exemptions: '2022-07-01-preview',
  diagnostics: '2021-05-01-preview',
};

type GovernanceReader = Pick<ResourceReader, 'subscriptions' | 'locks' | 'policyAssignments' | 'policyExemptions' | 'diagnosticSettings'>;

/** Lists for which no client of the fixed set exists: read through the same pipeline without one. */
export function governanceReader(transport: Transport): GovernanceReader {
  const rows = (what: string, path: string, version: string) =>
    transport.askList(what, () =>
      sendPaged(transport, 'resourceManager', { method: 'GET', url: armUrl(transport.profile, path, version) }),
    );
  const list = <T>(what: string, path: string, version: string, parse: (row: JsonValue) => T | undefined) =>
    toReading(async () => parseRows(what, await rows(what, path, version), parse));
  return {
    subscriptions: () => list('list the subscriptions', '/subscriptions', versions.subscriptions, parseSubscription),
    // Whether a list of locks holds those inherited from above is not documented, so each level is asked.
    locks: (scope) =>
      toReading(async () => {
        const what = `list the locks at \`${scope}\``;
        const path = (level: string) => `${level}/providers/Microsoft.Authorization/locks`;
        const lists = await Promise.all(lockLevels(scope).map((level) => rows(what, path(level), versions.locks)));
        return parseRows(what, unitedById(...lists), parseLock);
      }),
    policyAssignments(scope) {
      const path = `${scope}/providers/Microsoft.Authorization/policyAssignments`;
      return list(`list the policy assignments at \`${scope}\``, path, versions.policies, parsePolicyAssignment);
    },
    policyExemptions(scope) {
      const path = `${scope}/providers/Microsoft.Authorization/policyExemptions`;
      return list(`list the policy exemptions at \`${scope}\``, path, versions.exemptions, parsePolicyExemption);
    },
    diagnosticSettings(vaultId) {
      const path = `${vaultId}/providers/Microsoft.Insights/diagnosticSettings`;
      return list(`list the diagnostic settings of \`${vaultId}\``, path, versions.diagnostics, asObject);
    },
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

/** The scope itself, its resource group and its subscription; what else lies between is no level of its own. */
function lockLevels(scope: string): readonly string[] {
  const at = parseScope(scope);
  if (at === undefined) return [scope];
  return scopeChain(at, []).filter((level) => level === at || /^\/subscriptions\/[^/]+(\/resourcegroups\/[^/]+)?$/.test(level));
}
