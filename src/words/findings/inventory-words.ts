import type { FindingFacts, inventoryFacts } from '../../model/finding-facts.ts';
import { oddEntryWords } from '../odd-entry-words.ts';
import { policyFindingWords } from './policy-finding-words.ts';
import { type FindingWords, nothingToDo, type WordsFor } from './words-for.ts';

export const inventoryWords: WordsFor<typeof inventoryFacts> = {
  ...policyFindingWords,
  'INV-ALREADY-RBAC': () => ({ message: 'the vault authorizes by Azure RBAC already', remedy: nothingToDo }),
  'INV-CODE-TAG': ({ tag, value, tool }) => ({
    message: `the tag \`${tag}\` = \`${value}\` says that ${tool} manages the vault: its next run may set the permission model and the access policies back`,
    remedy: `set the permission model in that code as well, and hold its runs until the vault is flipped`,
  }),
  'INV-DENY': ({ denyAssignment, systemProtected }) => ({
    message: `the deny assignment \`${denyAssignment}\` on vault data has no effect today and takes effect at the flip`,
    remedy: `see whom it keeps out; ${
      systemProtected
        ? 'only what made it can change it: a deployment stack, a managed application or a blueprint'
        : 'anyone who may write deny assignments can change it'
    }`,
  }),
  'INV-DIAGNOSTICS-UNREAD': ({ because }) => ({
    message: `whether calls are logged could not be read: ${because}`,
    remedy: 'get the right to read diagnostic settings, or look yourself',
  }),
  'INV-ENTRY-ODD': (odd) => ({
    message: `the entry cannot be understood: ${oddEntryWords(odd)}`,
    remedy: 'correct or remove the entry in the vault, then run again',
  }),
  'INV-FLAG-ODD': ({ flag }) => ({
    message: `the flag for the permission model is neither true nor false but \`${flag}\``,
    remedy: 'find out what the vault’s permission model is before going on',
  }),
  'INV-LOCK-DELETE': ({ lock }) => ({
    message: `the lock \`${lock}\` forbids deleting, role assignments included: a rollback could not remove those it made`,
    remedy: 'have the lock removed for the migration, or accept that assignments stay after a rollback',
  }),
  'INV-LOCK-READONLY': ({ lock }) => ({
    message: `the lock \`${lock}\` forbids every change of the vault`,
    remedy: 'have the lock’s owner remove it for the time of the migration; keyturn never removes locks',
  }),
  'INV-NO-DIAGNOSTICS': () => ({
    message: 'no diagnostic setting logs the vault’s calls: refused ones will not be seen after the flip',
    remedy: 'send the category `AuditEvent` to a workspace before the flip',
  }),
  'INV-NO-PIM': ({ because }) => ({
    message: `the tenant has no Privileged Identity Management (Azure answers: ${because}), so no role assignment and no group membership ends by it`,
    remedy: nothingToDo,
  }),
  'INV-NOT-SETTLED': ({ provisioningState }) => ({
    message: `the vault’s provisioning state is \`${provisioningState}\``,
    remedy: 'wait until it is `Succeeded`, then run again',
  }),
  'INV-PIM-GROUPS-UNREAD': unreadGroups,
  'INV-SERVICE-SWITCH': ({ switches }) => ({
    message: `Azure services have access through ${quoted(switches)}, which no access policy shows`,
    remedy: 'nothing to do: the flip does not change these switches',
  }),
  'INV-STATE-UNSTATED': () => ({
    message: 'Azure does not say whether the vault is settled',
    remedy: 'look whether its provisioning state is `Succeeded`: keyturn asks again before it writes, and goes on only when Azure says so',
  }),
  'INV-TENANT': otherTenant,
  'INV-UNREAD': ({ list, because }) => ({
    message: `the ${lists[list]} of its subscription could not be read: ${because}`,
    remedy: 'get the right to read them, then run again',
  }),
};

function unreadGroups({ groups, more, because }: FindingFacts['INV-PIM-GROUPS-UNREAD']): FindingWords {
  const others = more > 0 ? ` and ${more} others` : '';
  return {
    message: `whether PIM for Groups ends memberships of ${quoted(groups)}${others} could not be read: ${because}`,
    remedy:
      'nothing to do unless a decision is `keepExisting`: then make sure that the memberships are permanent, or sign in as an application with ' +
      'PrivilegedAssignmentSchedule.Read.AzureADGroup (the token of the Azure CLI never has it)',
  };
}

/** Documented for a subscription that moved; one that is managed through Azure Lighthouse trusts the other tenant on purpose. */
const renewal =
  'roles can be given to the subscription’s tenant only. If the subscription was moved here, set the vault’s tenant to it, remove its ' +
  'policies and add those of the new tenant’s principals (learn.microsoft.com/azure/key-vault/general/move-subscription), then run again; ' +
  'a vault made through Azure Lighthouse stays on access policies';

function otherTenant(facts: FindingFacts['INV-TENANT']): FindingWords {
  const trusts = `the vault trusts tenant \`${facts.vaultTenant}\``;
  return 'subscriptionTenant' in facts
    ? { message: `${trusts}, its subscription belongs to \`${facts.subscriptionTenant}\``, remedy: renewal }
    : {
        message: `${trusts}, and you are signed in to \`${facts.signedInTo}\``,
        remedy: 'sign in to the vault’s tenant, whose directory knows its principals',
      };
}

const lists: Readonly<Record<FindingFacts['INV-UNREAD']['list'], string>> = {
  roleAssignments: 'role assignments',
  roleDefinitions: 'role definitions',
  denyAssignments: 'deny assignments',
  activeInstances: 'time-bound role assignments',
  eligibleInstances: 'eligible role assignments',
  locks: 'locks',
};

function quoted(names: readonly string[]): string {
  return names.map((name) => `\`${name}\``).join(', ');
}
