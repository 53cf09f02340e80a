import { objectAt, objectsAt, stringAt } from '../base/json.ts';
import type { Estate, SubscriptionFacts, VaultFacts } from '../model/estate.ts';
import type { Finding } from '../model/finding.ts';
import type { Vault } from '../model/vault.ts';
import { governanceFindings } from './governance-findings.ts';
import type { VaultSaying } from './vault-saying.ts';

/** What a person has to know about one vault before its permission model is changed, apart from its entries. Unsorted. */
export function vaultFindings(facts: VaultFacts, estate: Estate): readonly Finding[] {
  const { vault } = facts;
  const subscription = estate.subscriptions.find((item) => item.subscriptionId === vault.subscriptionId);
  const sayings = [
    ...stateOf(vault),
    ...tenants(vault, subscription, estate),
    ...switches(vault),
    ...diagnostics(facts),
    ...(subscription === undefined ? [] : [...unreadLists(subscription), ...governanceFindings(vault, subscription)]),
  ];
  return sayings.map(([severity, code, message, remedy]) => ({ severity, code, subject: vault.id, facts: { message, remedy } }));
}

function stateOf(vault: Vault): readonly VaultSaying[] {
  const flag = objectAt(vault.raw, 'properties').enableRbacAuthorization;
  const found: VaultSaying[] = [];
  if (vault.permissionModel === 'azureRbac') {
    found.push(['note', 'INV-ALREADY-RBAC', 'the vault authorizes by Azure RBAC already', 'nothing to do']);
  } else if (flag !== undefined && flag !== null && flag !== false) {
    const message = `the flag for the permission model is neither true nor false but \`${JSON.stringify(flag)}\``;
    found.push(['blocker', 'INV-FLAG-ODD', message, 'find out what the vault’s permission model is before going on']);
  }
  if (vault.provisioningState === '') {
    const remedy =
      'look whether its provisioning state is `Succeeded`: keyturn asks again before it writes, and goes on only when Azure says so';
    found.push(['note', 'INV-STATE-UNSTATED', 'Azure does not say whether the vault is settled', remedy]);
  } else if (vault.provisioningState.toLowerCase() !== 'succeeded') {
    const message = `the vault’s provisioning state is \`${vault.provisioningState}\``;
    found.push(['blocker', 'INV-NOT-SETTLED', message, 'wait until it is `Succeeded`, then run again']);
  }
  return found;
}

/** Documented for a subscription that moved; one that is managed through Azure Lighthouse trusts the other tenant on purpose. */
const renewal =
  'roles can be given to the subscription’s tenant only. If the subscription was moved here, set the vault’s tenant to it, remove its ' +
  'policies and add those of the new tenant’s principals (learn.microsoft.com/azure/key-vault/general/move-subscription), then run again; ' +
  'a vault made through Azure Lighthouse stays on access policies';

function tenants(vault: Vault, subscription: SubscriptionFacts | undefined, estate: Estate): readonly VaultSaying[] {
  const other = (tenant: string | undefined) => tenant !== undefined && tenant !== '' && tenant.toLowerCase() !== vault.tenantId;
  if (other(subscription?.tenantId)) {
    const message = `the vault trusts tenant \`${vault.tenantId}\`, its subscription belongs to \`${subscription?.tenantId ?? ''}\``;
    return [['blocker', 'INV-TENANT', message, renewal]];
  }
  if (!other(estate.tenantId)) return [];
  const message = `the vault trusts tenant \`${vault.tenantId}\`, and you are signed in to \`${estate.tenantId}\``;
  return [['blocker', 'INV-TENANT', message, 'sign in to the vault’s tenant, whose directory knows its principals']];
}

/** Access that no entry shows; the flip leaves it as it is. */
function switches(vault: Vault): readonly VaultSaying[] {
  const properties = objectAt(vault.raw, 'properties');
  const on = ['enabledForDeployment', 'enabledForTemplateDeployment', 'enabledForDiskEncryption'].filter(
    (name) => properties[name] === true,
  );
  if (on.length === 0) return [];
  const message = `Azure services have access through ${on.map((name) => `\`${name}\``).join(', ')}, which no access policy shows`;
  return [['note', 'INV-SERVICE-SWITCH', message, 'nothing to do: the flip does not change these switches']];
}

function diagnostics({ diagnosticSettings }: VaultFacts): readonly VaultSaying[] {
  if (diagnosticSettings.state === 'notAsked') return [];
  if (diagnosticSettings.state === 'unreadable') {
    const message = `whether calls are logged could not be read: ${diagnosticSettings.because}`;
    return [['note', 'INV-DIAGNOSTICS-UNREAD', message, 'get the right to read diagnostic settings, or look yourself']];
  }
  const logging = diagnosticSettings.value.some((setting) =>
    objectsAt(objectAt(setting, 'properties'), 'logs').some(
      (log) =>
        log.enabled === true &&
        ['auditevent', 'audit', 'alllogs'].includes((stringAt(log, 'category') ?? stringAt(log, 'categoryGroup') ?? '').toLowerCase()),
    ),
  );
  if (logging) return [];
  const message = 'no diagnostic setting logs the vault’s calls: refused ones will not be seen after the flip';
  return [['warning', 'INV-NO-DIAGNOSTICS', message, 'send the category `AuditEvent` to a workspace before the flip']];
}

/** Lists without which nobody can say who has access are blockers; the others leave a reviewer less to go by. */
function unreadLists(subscription: SubscriptionFacts): readonly VaultSaying[] {
  const lists = [
    ['blocker', 'role assignments', subscription.roleAssignments],
    ['blocker', 'role definitions', subscription.roleDefinitions],
    ['blocker', 'deny assignments', subscription.denyAssignments],
    ['blocker', 'time-bound role assignments', subscription.activeInstances],
    ['warning', 'eligible role assignments', subscription.eligibleInstances],
    ['warning', 'locks', subscription.locks],
  ] as const;
  return lists.flatMap(([severity, what, reading]): readonly VaultSaying[] => {
    if (reading.state === 'read') return [];
    const message = `the ${what} of its subscription could not be read: ${reading.because}`;
    return [[severity, 'INV-UNREAD', message, 'get the right to read them, then run again']];
  });
}
