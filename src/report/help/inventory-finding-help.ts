import type { FindingCode } from '../../model/finding-facts.ts';
import type { FindingHelp } from './help.ts';

/** Findings about vaults and what surrounds them. */
export const inventoryFindingHelp: Readonly<Record<Extract<FindingCode, `INV-${string}`>, FindingHelp>> = {
  'INV-ALREADY-RBAC': {
    severities: ['note'],
    cause: 'The vault authorizes by Azure RBAC already.',
    consequence: 'Its stored access policies decide nothing, and there is nothing to flip.',
    remedy: 'Run `keyturn verify` on the vault to see whether role assignments give what its stored policies give.',
  },
  'INV-CODE-TAG': {
    severities: ['warning'],
    cause: 'A tag of the vault says that infrastructure code manages it. keyturn does not read that code.',
    consequence: 'The next run of that code may set the permission model or the access policies back to what it says.',
    remedy: 'Set the permission model in the code as well, and hold its runs until the vault is flipped.',
  },
  'INV-DENY': {
    severities: ['warning'],
    cause:
      'A deny assignment on vault data reaches the vault. While access policies decide, it has no effect; it takes effect at the flip (EA-27).',
    consequence:
      'Principals that it names lose the denied access at the flip, whatever roles they have. The plan blocks what would be lost.',
    remedy:
      'See whom the deny assignment keeps out. One made by a deployment stack or a managed application can only be changed by its owner (EA-24).',
  },
  'INV-DIAGNOSTICS-UNREAD': {
    severities: ['note'],
    cause: 'keyturn could not read the diagnostic settings of the vault.',
    consequence: 'keyturn cannot say whether calls to the vault are logged. The migration does not depend on it.',
    remedy: 'Get the right to read diagnostic settings, or look at them in the portal.',
  },
  'INV-ENTRY-ODD': {
    severities: ['blocker', 'warning', 'note'],
    cause:
      'keyturn does not understand an access policy: an id is not a GUID, its permissions are missing or of another type, it has an unknown permission category, or a member is spelled in another letter case.',
    consequence:
      'Nobody can say what the policy grants, so the plan blocks the vault. It is a note once a decision drops the policy, and a warning on a vault that is on Azure RBAC.',
    remedy: 'Correct or remove the policy in the vault and plan again, or decide `drop` for it in the decisions file.',
  },
  'INV-FLAG-ODD': {
    severities: ['blocker'],
    cause: 'The property `enableRbacAuthorization` of the vault is neither true nor false.',
    consequence: 'keyturn cannot say which permission model the vault uses, so the plan blocks it.',
    remedy: 'Find out which permission model the vault uses and set the property to true or false, then run the command again.',
  },
  'INV-LOCK-DELETE': {
    severities: ['warning'],
    cause: 'A lock of level CanNotDelete reaches the vault. It also forbids deleting role assignments there.',
    consequence: 'The flip and the flip back work, but a rollback with --remove-assignments cannot remove what keyturn made.',
    remedy:
      'Have the lock removed before you remove assignments, or accept that they stay. They give no access to data while access policies decide.',
  },
  'INV-LOCK-READONLY': {
    severities: ['blocker'],
    cause: 'A lock of level ReadOnly reaches the vault.',
    consequence: 'Azure refuses every change of the vault, the flip and the flip back included, so the plan blocks it.',
    remedy: 'Have the owner of the lock remove it for the time of the migration and plan again. keyturn never removes locks.',
  },
  'INV-NO-DIAGNOSTICS': {
    severities: ['warning'],
    cause: 'No diagnostic setting of the vault logs its calls (category `AuditEvent`, or the groups `audit` or `allLogs`).',
    consequence: 'Calls that are refused after the flip appear in no log.',
    remedy: 'Send the category `AuditEvent` to a Log Analytics workspace before the flip.',
  },
  'INV-NO-PIM': {
    severities: ['note'],
    cause: 'The tenant has no Privileged Identity Management: Azure answers that the licence for it is missing (EA-58).',
    consequence: 'No role assignment and no group membership can be eligible, or end by PIM.',
    remedy: 'Nothing to do.',
  },
  'INV-NOT-SETTLED': {
    severities: ['blocker'],
    cause: 'The provisioning state of the vault is not `Succeeded`: Azure is still changing it, or failed to finish.',
    consequence: 'The vault may still change, so the plan blocks it.',
    remedy: 'Wait until the state is `Succeeded`, then run the command again. Update the vault if the state is `Failed` and stays so.',
  },
  'INV-PIM-GROUPS-UNREAD': {
    severities: ['note'],
    cause: 'keyturn could not read from Microsoft Graph whether PIM for Groups ends memberships of the groups named (EA-61).',
    consequence: 'A membership that looks permanent may end. It matters only where a decision `keepExisting` relies on such a group.',
    remedy:
      'Make sure that the memberships are permanent before you decide `keepExisting`, or sign in as an application with `PrivilegedAssignmentSchedule.Read.AzureADGroup`. The token of the Azure CLI never has this permission.',
  },
  'INV-POLICY-DENIES-FLIP': {
    severities: ['blocker'],
    cause:
      'An Azure Policy assignment refuses the vault as it would be after the flip, puts vaults back on access policies, or changes the stored access policies.',
    consequence: 'The flip would be refused or not kept, or the policies that a rollback needs would be lost. The plan blocks the vault.',
    remedy: 'Exempt the vault from the policy assignment, or have its effect changed, then plan again.',
  },
  'INV-POLICY-DENIES-ROLLBACK': {
    severities: ['blocker', 'warning'],
    cause:
      'An Azure Policy assignment refuses vaults without Azure RBAC or puts them back on it, or may do so; or the policy assignments could not be read.',
    consequence:
      'Once flipped, the vault may have to stay on Azure RBAC: no rollback. The plan blocks the vault until the finding is accepted.',
    remedy:
      'Exempt the vault, or have the effect set to Audit until the migration is complete. If you can do without a rollback, accept `INV-POLICY-DENIES-ROLLBACK` under `acceptances` in the decisions file, with a reason.',
  },
  'INV-POLICY-DENY': {
    severities: ['warning'],
    cause: 'Azure Policy assignments may refuse the flip; keyturn could not judge them for certain.',
    consequence: 'Azure decides when the flip is tried. If it refuses, the vault stays as it is.',
    remedy: 'Look at what the policy assignments refuse. Exempt the vault if they would refuse the flip.',
  },
  'INV-POLICY-EXEMPT-ENDS': {
    severities: ['warning'],
    cause: 'The vault is exempt from an Azure Policy assignment that refuses the change, and the exemption ends at the time named.',
    consequence: 'After that time Azure may refuse the flip or the rollback.',
    remedy: 'Finish the migration before that time, or have the exemption extended.',
  },
  'INV-POLICY-MODIFIES': {
    severities: ['warning'],
    cause:
      'An Azure Policy assignment with the effect modify or append changes a property of the vault, or may change it, with every write.',
    consequence: 'The flip is a write: it changes that property too.',
    remedy: 'Look whether that property may change; applications may depend on it. Exempt the vault otherwise.',
  },
  'INV-SERVICE-SWITCH': {
    severities: ['note'],
    cause: 'One of the three switches `enabledForDeployment`, `enabledForTemplateDeployment`, `enabledForDiskEncryption` is on (LP-7).',
    consequence: 'Azure services have access that no access policy shows. The flip leaves the switches as they are.',
    remedy: 'Nothing to do.',
  },
  'INV-STATE-UNSTATED': {
    severities: ['note'],
    cause: 'Azure does not say in which provisioning state the vault is.',
    consequence: 'The plan goes on. The vault is asked again before every write and has to be `Succeeded` then.',
    remedy: 'Look whether the provisioning state of the vault is `Succeeded`, in the portal or with `az keyvault show`.',
  },
  'INV-TENANT': {
    severities: ['blocker'],
    cause:
      'The vault trusts another tenant than the one its subscription belongs to, or than the one you are signed in to. The first happens when a subscription is moved to another tenant, or with Azure Lighthouse.',
    consequence: 'Roles can be given to principals of the subscription’s tenant only, so the plan blocks the vault.',
    remedy:
      'Sign in to the tenant of the vault. After a move of the subscription, set the vault’s tenant and give it policies for principals of the new tenant first; a vault made through Azure Lighthouse stays on access policies.',
  },
  'INV-UNREAD': {
    severities: ['blocker', 'warning'],
    cause: 'A list of the vault’s subscription could not be read: role assignments, role definitions, deny assignments, PIM, or locks.',
    consequence:
      'Without the lists that decide who has access, the plan blocks the vault. Without eligible assignments or locks, it is a warning: the plan shows less.',
    remedy: 'Get the right to read the list named, then run the command again. The role Reader at the subscription gives it.',
  },
};
