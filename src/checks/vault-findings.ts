import { objectAt, objectsAt, stringAt } from '../base/json.ts';
import { type Estate, type SubscriptionFacts, subscriptionAround, type VaultFacts } from '../model/estate.ts';
import { type Finding, findingsAbout, type Remark, type Severity } from '../model/finding.ts';
import type { FindingFacts } from '../model/finding-facts.ts';
import type { Vault } from '../model/vault.ts';
import { governanceFindings } from './governance-findings.ts';

/** What a person has to know about one vault before its permission model is changed, apart from its entries. Unsorted. */
export function vaultFindings(facts: VaultFacts, estate: Estate): readonly Finding[] {
  const { vault } = facts;
  const subscription = subscriptionAround(estate, vault);
  return findingsAbout({ vault: vault.id }, [
    ...stateOf(vault),
    ...tenants(vault, subscription, estate),
    ...switches(vault),
    ...codeTags(vault),
    ...diagnostics(facts),
    ...(subscription === undefined ? [] : [...unreadLists(subscription), ...governanceFindings(vault, subscription)]),
  ]);
}

function stateOf(vault: Vault): readonly Remark[] {
  const flag = objectAt(vault.raw, 'properties').enableRbacAuthorization;
  const found: Remark[] = [];
  if (vault.permissionModel === 'azureRbac') found.push(['note', 'INV-ALREADY-RBAC', {}]);
  else if (flag !== undefined && flag !== null && flag !== false) found.push(['blocker', 'INV-FLAG-ODD', { flag: JSON.stringify(flag) }]);
  const { provisioningState } = vault;
  if (provisioningState === '') found.push(['note', 'INV-STATE-UNSTATED', {}]);
  else if (provisioningState.toLowerCase() !== 'succeeded') found.push(['blocker', 'INV-NOT-SETTLED', { provisioningState }]);
  return found;
}

function tenants(vault: Vault, subscription: SubscriptionFacts | undefined, { tenantId: signedInTo }: Estate): readonly Remark[] {
  const { tenantId: vaultTenant } = vault;
  const isOther = (tenant: string) => tenant !== '' && tenant.toLowerCase() !== vaultTenant;
  const subscriptionTenant = subscription?.tenantId ?? '';
  if (isOther(subscriptionTenant)) return [['blocker', 'INV-TENANT', { vaultTenant, subscriptionTenant }]];
  return isOther(signedInTo) ? [['blocker', 'INV-TENANT', { vaultTenant, signedInTo }]] : [];
}

/** Access that no entry shows; the flip leaves it as it is. */
function switches(vault: Vault): readonly Remark[] {
  const properties = objectAt(vault.raw, 'properties');
  const all = ['enabledForDeployment', 'enabledForTemplateDeployment', 'enabledForDiskEncryption'] as const;
  const switches = all.filter((name) => properties[name] === true);
  return switches.length === 0 ? [] : [['note', 'INV-SERVICE-SWITCH', { switches }]];
}

/** Tools that are named in tags of what they manage. */
const tools = [
  ['Terraform', /terraform/i],
  ['OpenTofu', /opentofu/i],
  ['Bicep', /\bbicep\b/i],
  ['Pulumi', /pulumi/i],
  ['Crossplane', /crossplane/i],
  ['the Azure Developer CLI', /^azd-/i],
  ['infrastructure code', /^(iac|infrastructure[-_ ]?as[-_ ]?code)$/i],
] as const;

/** The first tag that names each tool, in its name or its value; a value that denies it is none. */
function codeTags(vault: Vault): readonly Remark[] {
  if (vault.permissionModel === 'azureRbac') return [];
  const tags = Object.entries(vault.tags).filter(([, value]) => !/^(false|no|none|0)$/i.test(value.trim()));
  return tools.flatMap(([tool, pattern]): readonly Remark[] => {
    const found = tags.find(([tag, value]) => pattern.test(tag) || pattern.test(value));
    return found === undefined ? [] : [['warning', 'INV-CODE-TAG', { tag: found[0], value: found[1], tool }]];
  });
}

function diagnostics({ diagnosticSettings }: VaultFacts): readonly Remark[] {
  if (diagnosticSettings.state === 'notAsked') return [];
  if (diagnosticSettings.state === 'unreadable') return [['note', 'INV-DIAGNOSTICS-UNREAD', { because: diagnosticSettings.because }]];
  const logging = diagnosticSettings.value.some((setting) =>
    objectsAt(objectAt(setting, 'properties'), 'logs').some(
      (log) =>
        log.enabled === true &&
        ['auditevent', 'audit', 'alllogs'].includes((stringAt(log, 'category') ?? stringAt(log, 'categoryGroup') ?? '').toLowerCase()),
    ),
  );
  return logging ? [] : [['warning', 'INV-NO-DIAGNOSTICS', {}]];
}

/** Lists without which nobody can say who has access are blockers; the others leave a reviewer less to go by. */
function unreadLists(subscription: SubscriptionFacts): readonly Remark[] {
  return lists.flatMap(([severity, list]): readonly Remark[] => {
    const reading = subscription[list];
    return reading.state === 'read' ? [] : [[severity, 'INV-UNREAD', { list, because: reading.because }]];
  });
}

const lists: readonly (readonly [Severity, FindingFacts['INV-UNREAD']['list']])[] = [
  ['blocker', 'roleAssignments'],
  ['blocker', 'roleDefinitions'],
  ['blocker', 'denyAssignments'],
  ['blocker', 'activeInstances'],
  ['warning', 'eligibleInstances'],
  ['warning', 'locks'],
];
