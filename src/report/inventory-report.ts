import { compareText } from '../base/compare-text.ts';
import { parseGuid } from '../base/guid.ts';
import { objectAt, stringAt } from '../base/json.ts';
import type { Reading } from '../base/reading.ts';
import { vaultPolicies } from '../governance/vault-policy.ts';
import { objectTypes } from '../model/access-policy.ts';
import { type Estate, type SubscriptionFacts, subscriptionAround, type VaultFacts } from '../model/estate.ts';
import { type Finding, sortFindings } from '../model/finding.ts';
import { type Scope, scopeTouches } from '../model/scope.ts';
import { purgeProtected, type Vault } from '../model/vault.ts';
import { type FindingShown, findingShown } from '../words/finding-words.ts';
import { oddEntryWords } from '../words/odd-entry-words.ts';
import { type NamedPrincipal, namedPrincipal } from './principal-name.ts';

/** How many of a kind reach the vault; null when the list could not be read. */
type Count = number | null;

export interface InventoryVault {
  readonly id: string;
  readonly name: string;
  readonly resourceGroup: string;
  readonly subscriptionId: string;
  readonly location: string;
  readonly tags: Readonly<Record<string, string>>;
  readonly permissionModel: Vault['permissionModel'];
  readonly accessPolicies: readonly {
    readonly tenantId: string;
    readonly objectId: string;
    readonly applicationId?: string;
    readonly principal: NamedPrincipal;
    readonly permissions: Readonly<Record<string, readonly string[]>>;
    readonly oddities: readonly string[];
  }[];
  readonly reachedBy: {
    readonly roleAssignments: Count;
    readonly denyAssignments: Count;
    readonly activeInstances: Count;
    readonly eligibleInstances: Count;
    readonly locks: Count;
    readonly denyPolicies: Count;
  };
  readonly enabledFor: { readonly deployment: boolean; readonly diskEncryption: boolean; readonly templateDeployment: boolean };
  readonly network: { readonly publicAccess: string; readonly defaultAction: string };
  readonly recovery: { readonly softDelete: boolean; readonly purgeProtection: boolean };
  /** Whether any diagnostic setting is there; null when it was not asked or could not be read. */
  readonly diagnostics: boolean | null;
}

/** What `inventory` prints, version 1. Facts only. */
export interface InventoryReport {
  readonly format: 'keyturn-inventory';
  readonly formatVersion: 1;
  readonly cloud: string;
  readonly tenantId: string;
  readonly operator: string;
  readonly readAt: string;
  readonly vaults: readonly InventoryVault[];
  readonly unreadable: readonly { readonly subject: string; readonly because: string }[];
  readonly findings: readonly Finding[];
}

export function inventoryReport(estate: Estate, findings: readonly Finding[]): InventoryReport {
  const vaults = estate.vaults.map((facts) => inventoryVault(facts, subscriptionAround(estate, facts.vault), estate));
  return {
    format: 'keyturn-inventory',
    formatVersion: 1,
    cloud: estate.cloud,
    tenantId: estate.tenantId,
    operator: estate.operator.objectId,
    readAt: estate.readAt,
    vaults: [...vaults].sort((a, b) => compareText(a.name, b.name) || compareText(a.id, b.id)),
    unreadable: [...estate.unreadable].sort((a, b) => compareText(a.subject, b.subject)),
    findings: sortFindings(findings),
  };
}

/** The report with its findings in words as well. */
export function inventoryDocument(
  report: InventoryReport,
): Omit<InventoryReport, 'findings'> & { readonly findings: readonly FindingShown[] } {
  return { ...report, findings: report.findings.map((one) => findingShown(one)) };
}

function inventoryVault(
  { vault, diagnosticSettings }: VaultFacts,
  subscription: SubscriptionFacts | undefined,
  estate: Estate,
): InventoryVault {
  const properties = objectAt(vault.raw, 'properties');
  return {
    id: vault.id,
    name: vault.name,
    resourceGroup: vault.resourceGroup,
    subscriptionId: vault.subscriptionId,
    location: vault.location,
    tags: vault.tags,
    permissionModel: vault.permissionModel,
    accessPolicies: vault.accessPolicies.map(({ tenantId, objectId, applicationId, permissions, oddities }) => ({
      tenantId,
      objectId,
      ...(applicationId !== undefined && { applicationId }),
      principal: namedPrincipal(principalOf(objectId, estate)),
      permissions: Object.fromEntries(objectTypes.map((type) => [type, permissions[type]])),
      oddities: oddities.map(oddEntryWords),
    })),
    reachedBy: reachedBy(vault, subscription),
    enabledFor: {
      deployment: properties.enabledForDeployment === true,
      diskEncryption: properties.enabledForDiskEncryption === true,
      templateDeployment: properties.enabledForTemplateDeployment === true,
    },
    network: {
      publicAccess: stringAt(properties, 'publicNetworkAccess') ?? 'Enabled',
      defaultAction: stringAt(objectAt(properties, 'networkAcls'), 'defaultAction') ?? 'Allow',
    },
    recovery: { softDelete: properties.enableSoftDelete !== false, purgeProtection: purgeProtected(vault) },
    diagnostics: diagnosticSettings.state === 'read' ? diagnosticSettings.value.length > 0 : null,
  };
}

function principalOf(objectId: string, estate: Estate) {
  const id = parseGuid(objectId);
  return id === undefined ? undefined : estate.principals.get(id);
}

function reachedBy(vault: Vault, subscription: SubscriptionFacts | undefined): InventoryVault['reachedBy'] {
  const count = <T extends { readonly scope: Scope }>(
    list: Reading<readonly T[]> | undefined,
    counts: (item: T) => boolean = () => true,
  ) => {
    if (subscription === undefined || list?.state !== 'read') return null;
    const { managementGroups } = subscription;
    return list.value.filter((item) => scopeTouches(item.scope, vault.scope, managementGroups) && counts(item)).length;
  };
  return {
    roleAssignments: count(subscription?.roleAssignments),
    denyAssignments: count(subscription?.denyAssignments),
    activeInstances: count(subscription?.activeInstances),
    eligibleInstances: count(subscription?.eligibleInstances),
    locks: count(subscription?.locks),
    denyPolicies: denyPolicies(vault, subscription),
  };
}

/** Policy assignments that refuse the flip of the vault or its rollback, or may. */
function denyPolicies(vault: Vault, subscription: SubscriptionFacts | undefined): Count {
  if (subscription?.policyAssignments.state !== 'read') return null;
  const { flip, rollback } = vaultPolicies(vault, subscription);
  const refusing = [...flip, ...rollback].filter((hit) => hit.does === 'refuses' && hit.from === undefined);
  return new Set(refusing.map((hit) => hit.assignment.id)).size;
}
