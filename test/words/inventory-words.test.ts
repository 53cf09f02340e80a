import { describe, expect, test } from 'vitest';
import { finding } from '../../src/model/finding.ts';
import { type FindingCode, type FindingFacts, findingFacts } from '../../src/model/finding-facts.ts';
import { inventoryFacts } from '../../src/model/findings/inventory-facts.ts';
import { findingWords } from '../../src/words/finding-words.ts';

type Row = { [C in FindingCode]: readonly [code: C, facts: FindingFacts[C], message: string, remedy: string] }[FindingCode];

const nothing = 'nothing to do';
const policy = { assignment: 'house rules', definition: 'Vaults use RBAC' };
const own = { assignment: '/subscriptions/1/assignment' };
const [named, ownNamed] = ['`house rules` (`Vaults use RBAC`)', '`/subscriptions/1/assignment`'];
const correct = 'correct or remove the entry in the vault, then run again';
const right = 'get the right to read them, then run again';
const exempt = 'exempt the vault from it, or have its effect changed, then plan again';
const untilDone =
  'exempt the vault from it, or have its effect set to Audit, until the migration is complete; or accept by a decision that there is no rollback';
const unsure = 'get the right to read policy definitions and exemptions, or accept by a decision that there may be no rollback';
const look = 'look at what it refuses; if it refuses the flip, the vault stays as it is';
const inTime = 'finish the migration before that time, or have the exemption extended';
const mayBeChanged = 'look whether the vault may be changed so; applications may depend on it';
const permanent =
  'nothing to do unless a decision is `keepExisting`: then make sure that the memberships are permanent, or sign in as an application with ' +
  'PrivilegedAssignmentSchedule.Read.AzureADGroup (the token of the Azure CLI never has it)';
const renewal =
  'roles can be given to the subscription’s tenant only. If the subscription was moved here, set the vault’s tenant to it, remove its ' +
  'policies and add those of the new tenant’s principals (learn.microsoft.com/azure/key-vault/general/move-subscription), then run again; ' +
  'a vault made through Azure Lighthouse stays on access policies';

const ofVaults: readonly Row[] = [
  ['INV-ALREADY-RBAC', {}, 'the vault authorizes by Azure RBAC already', nothing],
  [
    'INV-CODE-TAG',
    { tag: 'managed-by', value: 'terraform', tool: 'Terraform' },
    'the tag `managed-by` = `terraform` says that Terraform manages the vault: its next run may set the permission model and the access policies back',
    'set the permission model in that code as well, and hold its runs until the vault is flipped',
  ],
  [
    'INV-DENY',
    { denyAssignment: 'stack', systemProtected: true },
    'the deny assignment `stack` on vault data has no effect today and takes effect at the flip',
    'see whom it keeps out; only what made it can change it: a deployment stack, a managed application or a blueprint',
  ],
  [
    'INV-DENY',
    { denyAssignment: 'd1', systemProtected: false },
    'the deny assignment `d1` on vault data has no effect today and takes effect at the flip',
    'see whom it keeps out; anyone who may write deny assignments can change it',
  ],
  [
    'INV-DIAGNOSTICS-UNREAD',
    { because: 'Azure answered 403' },
    'whether calls are logged could not be read: Azure answered 403',
    'get the right to read diagnostic settings, or look yourself',
  ],
  ['INV-ENTRY-ODD', { kind: 'tenantId', written: 't' }, 'the entry cannot be understood: tenant id `t` is not a GUID', correct],
  ['INV-ENTRY-ODD', { kind: 'objectId', written: 'o' }, 'the entry cannot be understood: object id `o` is not a GUID', correct],
  ['INV-ENTRY-ODD', { kind: 'category', written: 'wallets' }, 'the entry cannot be understood: permission category `wallets`', correct],
  ['INV-ENTRY-ODD', { kind: 'list', category: 'keys' }, 'the entry cannot be understood: permissions.keys is not a list of words', correct],
  ['INV-ENTRY-ODD', { kind: 'noPermissions' }, 'the entry cannot be understood: permissions are missing', correct],
  ['INV-ENTRY-ODD', { kind: 'applicationId' }, 'the entry cannot be understood: the application id is not text', correct],
  ['INV-ENTRY-ODD', { kind: 'letterCase' }, 'the entry cannot be understood: a member is spelled in another letter case', correct],
  [
    'INV-FLAG-ODD',
    { flag: '"true"' },
    'the flag for the permission model is neither true nor false but `"true"`',
    'find out what the vault’s permission model is before going on',
  ],
  [
    'INV-LOCK-DELETE',
    { lock: '/locks/l' },
    'the lock `/locks/l` forbids deleting, role assignments included: a rollback could not remove those it made',
    'have the lock removed for the migration, or accept that assignments stay after a rollback',
  ],
  [
    'INV-LOCK-READONLY',
    { lock: '/locks/l' },
    'the lock `/locks/l` forbids every change of the vault',
    'have the lock’s owner remove it for the time of the migration; keyturn never removes locks',
  ],
  [
    'INV-NO-DIAGNOSTICS',
    {},
    'no diagnostic setting logs the vault’s calls: refused ones will not be seen after the flip',
    'send the category `AuditEvent` to a workspace before the flip',
  ],
  [
    'INV-NO-PIM',
    { because: 'The tenant needs a licence.' },
    'the tenant has no Privileged Identity Management (Azure answers: The tenant needs a licence.), ' +
      'so no role assignment and no group membership ends by it',
    nothing,
  ],
  [
    'INV-NOT-SETTLED',
    { provisioningState: 'RegisteringDns' },
    'the vault’s provisioning state is `RegisteringDns`',
    'wait until it is `Succeeded`, then run again',
  ],
  [
    'INV-PIM-GROUPS-UNREAD',
    { groups: ['admins', 'devs'], more: 0, because: '403' },
    'whether PIM for Groups ends memberships of `admins`, `devs` could not be read: 403',
    permanent,
  ],
  [
    'INV-PIM-GROUPS-UNREAD',
    { groups: ['admins'], more: 7, because: '403' },
    'whether PIM for Groups ends memberships of `admins` and 7 others could not be read: 403',
    permanent,
  ],
  [
    'INV-SERVICE-SWITCH',
    { switches: ['enabledForDeployment', 'enabledForDiskEncryption'] },
    'Azure services have access through `enabledForDeployment`, `enabledForDiskEncryption`, which no access policy shows',
    'nothing to do: the flip does not change these switches',
  ],
  [
    'INV-STATE-UNSTATED',
    {},
    'Azure does not say whether the vault is settled',
    'look whether its provisioning state is `Succeeded`: keyturn asks again before it writes, and goes on only when Azure says so',
  ],
  ['INV-TENANT', { vaultTenant: 'a', subscriptionTenant: 'b' }, 'the vault trusts tenant `a`, its subscription belongs to `b`', renewal],
  [
    'INV-TENANT',
    { vaultTenant: 'a', signedInTo: 'b' },
    'the vault trusts tenant `a`, and you are signed in to `b`',
    'sign in to the vault’s tenant, whose directory knows its principals',
  ],
  ...(
    [
      ['roleAssignments', 'role assignments'],
      ['roleDefinitions', 'role definitions'],
      ['denyAssignments', 'deny assignments'],
      ['activeInstances', 'time-bound role assignments'],
      ['eligibleInstances', 'eligible role assignments'],
      ['locks', 'locks'],
    ] as const
  ).map(([list, words]): Row => {
    return ['INV-UNREAD', { list, because: '403' }, `the ${words} of its subscription could not be read: 403`, right];
  }),
];

const ofPolicies: readonly Row[] = [
  [
    'INV-POLICY-DENIES-FLIP',
    { policy, does: 'refuses' },
    `the policy assignment ${named} refuses the vault as it would be after the flip`,
    exempt,
  ],
  [
    'INV-POLICY-DENIES-FLIP',
    { policy: own, does: 'undoes' },
    `the policy assignment ${ownNamed} puts vaults back on access policies: the flip would not be kept`,
    exempt,
  ],
  [
    'INV-POLICY-DENIES-FLIP',
    { policy, does: 'clears' },
    `the policy assignment ${named} changes the stored access policies at the flip, and a rollback needs them`,
    exempt,
  ],
  [
    'INV-POLICY-DENIES-ROLLBACK',
    { kind: 'certain', policy, does: 'refuses' },
    `the policy assignment ${named} denies vaults without Azure RBAC, so a rollback would be denied`,
    untilDone,
  ],
  [
    'INV-POLICY-DENIES-ROLLBACK',
    { kind: 'certain', policy, does: 'undoes' },
    `the policy assignment ${named} puts vaults back on Azure RBAC, so a rollback would be accepted and not kept`,
    untilDone,
  ],
  [
    'INV-POLICY-DENIES-ROLLBACK',
    { kind: 'doubtful', policy, does: 'refuses', doubt: { kind: 'definitionUnread', because: '403' } },
    `the policy assignment ${named} may refuse the rollback: its definition could not be read: 403`,
    unsure,
  ],
  [
    'INV-POLICY-DENIES-ROLLBACK',
    { kind: 'doubtful', policy: own, does: 'undoes', doubt: { kind: 'notWorkedOut' } },
    `the policy assignment ${ownNamed} may undo the rollback: its rule, its effect or an exemption cannot be worked out`,
    unsure,
  ],
  [
    'INV-POLICY-DENIES-ROLLBACK',
    { kind: 'unread', because: '403' },
    'the policy assignments of its subscription could not be read, and one may refuse the rollback: 403',
    unsure,
  ],
  [
    'INV-POLICY-DENY',
    { policies: [policy, own], more: 0, doubt: { kind: 'enrollment' } },
    `${named}, ${ownNamed} may refuse the flip: it is enforced where an enrollment says so, and keyturn does not read enrollments`,
    look,
  ],
  [
    'INV-POLICY-DENY',
    { policies: [policy], more: 2, doubt: { kind: 'notWorkedOut' } },
    `${named} and 2 more may refuse the flip: its rule, its effect or an exemption cannot be worked out`,
    look,
  ],
  [
    'INV-POLICY-EXEMPT-ENDS',
    { policy, until: '2027-01-01', certain: true },
    `the vault is exempt from the policy assignment ${named} until 2027-01-01 only; after that it refuses the change`,
    inTime,
  ],
  [
    'INV-POLICY-EXEMPT-ENDS',
    { policy, until: '2027-01-01', certain: false },
    `the vault is exempt from the policy assignment ${named} until 2027-01-01 only; after that it may refuse the change`,
    inTime,
  ],
  [
    'INV-POLICY-MODIFIES',
    { policy, property: 'publicNetworkAccess', certain: true },
    `the policy assignment ${named} changes \`publicNetworkAccess\` of the vault with every write, the flip included`,
    mayBeChanged,
  ],
  [
    'INV-POLICY-MODIFIES',
    { policy, property: 'publicNetworkAccess', certain: false },
    `the policy assignment ${named} may change \`publicNetworkAccess\` of the vault with every write, the flip included`,
    mayBeChanged,
  ],
];

describe('what is said of vaults and what stands around them', () => {
  test.each([...ofVaults, ...ofPolicies])('%s: %j', (code, facts, message, remedy) => {
    expect(findingFacts[code].parse(facts)).toEqual(facts);
    expect(findingWords(finding('note', code, {}, facts))).toEqual({ message, remedy });
  });
  test('is told of every code', () => {
    expect([...new Set([...ofVaults, ...ofPolicies].map(([code]) => code))].sort()).toEqual(Object.keys(inventoryFacts).sort());
  });
});
