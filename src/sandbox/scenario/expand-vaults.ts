import type { JsonObject } from '../../base/json.ts';
import { type ObjectSeeds, seedObjects } from '../data-plane/seed.ts';
import type { SandboxVault, Stored } from '../state.ts';
import { scenarioError } from './scenario-error.ts';
import type { ScenarioNames } from './scenario-names.ts';
import type { ScenarioAccessPolicy, ScenarioFile, ScenarioVault } from './scenario-schema.ts';

const day = 24 * 3600_000;

/** The vault resources as Resource Manager answers them; `seedVaults` fills them. */
export function expandVaults(file: ScenarioFile, names: ScenarioNames, now: number): Map<string, SandboxVault> {
  const vaults = new Map<string, SandboxVault>();
  for (const [name, vault] of Object.entries(file.vaults)) {
    const id = names.vault(name, `vaults.${name}`);
    const key = id.toLowerCase();
    const body = vaultBody(id, name, vault, { file, names, now });
    vaults.set(key, { key, body, since: now - 300 * day, secrets: new Map(), keys: new Map(), certificates: new Map() });
  }
  return vaults;
}

function vaultBody(
  id: string,
  name: string,
  vault: ScenarioVault,
  context: { file: ScenarioFile; names: ScenarioNames; now: number },
): JsonObject {
  const { file, names, now } = context;
  const policies = vault.accessPolicies ?? [];
  const model = vault.model ?? 'accessPolicy';
  return {
    id,
    name,
    type: 'Microsoft.KeyVault/vaults',
    location: vault.location ?? file.resourceGroups[vault.resourceGroup]?.location ?? '',
    tags: vault.tags ?? {},
    systemData: systemData(`operations@${file.tenant.domain}`, new Date(now - 300 * day).toISOString()),
    properties: {
      sku: { family: 'A', name: vault.sku ?? 'standard' },
      tenantId: names.tenantId,
      accessPolicies: policies.map((policy, index) => accessPolicy(policy, names, `vaults.${name}.accessPolicies.${index}`)),
      enabledForDeployment: false,
      enabledForDiskEncryption: false,
      enabledForTemplateDeployment: false,
      enableSoftDelete: true,
      softDeleteRetentionInDays: 90,
      ...(model !== 'unset' && { enableRbacAuthorization: model === 'azureRbac' }),
      vaultUri: `https://${name.toLowerCase()}.vault.azure.net/`,
      provisioningState: 'Succeeded',
      publicNetworkAccess: 'Enabled',
      ...vault.properties,
    },
  };
}

function systemData(by: string, at: string): JsonObject {
  return { createdBy: by, createdByType: 'User', createdAt: at, lastModifiedBy: by, lastModifiedByType: 'User', lastModifiedAt: at };
}

/** Puts the secrets, keys and certificates of the scenario into its vaults, made two months ago. */
export async function seedVaults(
  file: ScenarioFile,
  names: ScenarioNames,
  vaults: ReadonlyMap<string, SandboxVault>,
  now: number,
): Promise<void> {
  for (const [name, { objects = {} }] of Object.entries(file.vaults)) {
    const vault = vaults.get(names.vault(name, `vaults.${name}`).toLowerCase());
    const seeds: ObjectSeeds = {
      secrets: Object.entries(objects.secrets ?? {}).map(([secret, value]) => ({ name: secret, value })),
      keys: Object.entries(objects.keys ?? {}).map(([key, kty]) => ({ name: key, kty })),
      certificates: Object.entries(objects.certificates ?? {}).map(([certificate, subject]) => ({ name: certificate, subject })),
    };
    if (vault === undefined) continue;
    await seedObjects(vault, seeds, { now: now - 60 * day }).catch((error: unknown) => {
      throw scenarioError('scenario.json', `vaults.${name}.objects`, error instanceof Error ? error.message : 'cannot be made', error);
    });
  }
}

/** Lists that the scenario leaves out are left out of the entry too, as they are in real vaults. */
function accessPolicy(policy: ScenarioAccessPolicy, names: ScenarioNames, path: string): JsonObject {
  if ('raw' in policy) return policy.raw;
  const { principal, application, tenant, ...permissions } = policy;
  return {
    tenantId: tenant ?? names.tenantId,
    objectId: names.objectId(principal, `${path}.principal`),
    ...(application !== undefined && { applicationId: names.appId(application, `${path}.application`) }),
    permissions,
  };
}

/** Keyed by the setting's own lower-case resource id. */
export function expandDiagnosticSettings(file: ScenarioFile, names: ScenarioNames, now: number): Map<string, Stored> {
  const settings = new Map<string, Stored>();
  for (const [vaultName, vault] of Object.entries(file.vaults)) {
    for (const { name, workspace, dedicated } of vault.diagnostics ?? []) {
      const vaultId = names.vault(vaultName, `vaults.${vaultName}`);
      const id = `${vaultId}/providers/Microsoft.Insights/diagnosticSettings/${name}`;
      const home = vaultId.slice(0, vaultId.indexOf('/providers/'));
      const body = {
        id: id.toLowerCase(),
        type: 'Microsoft.Insights/diagnosticSettings',
        name,
        properties: {
          workspaceId: `${home}/providers/Microsoft.OperationalInsights/workspaces/${workspace}`,
          logAnalyticsDestinationType: dedicated === false ? null : 'Dedicated',
          logs: [{ category: null, categoryGroup: 'audit', enabled: true, retentionPolicy: { enabled: false, days: 0 } }],
          metrics: [],
        },
      };
      settings.set(id.toLowerCase(), { body, since: now - 250 * day });
    }
  }
  return settings;
}
