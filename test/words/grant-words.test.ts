import { describe, expect, test } from 'vitest';
import { finding } from '../../src/model/finding.ts';
import { type FindingCode, type FindingFacts, findingFacts } from '../../src/model/finding-facts.ts';
import { findingWords } from '../../src/words/finding-words.ts';

type Row = { [C in FindingCode]: readonly [code: C, facts: FindingFacts[C], message: string, remedy: string] }[FindingCode];

const dataActions = ['Microsoft.KeyVault/vaults/secrets/getSecret/action', 'Microsoft.KeyVault/vaults/secrets/readMetadata/action'];
const subscription = '/subscriptions/00000000-0000-0000-0000-000000000001';
const grant = { roleName: 'Key Vault Secrets User', scope: subscription, dataActions };
const inTeam = { ...grant, groupName: 'Team' };
const assignmentId = `${subscription}/providers/Microsoft.Authorization/roleAssignments/00000000-0000-0000-0000-0000000000a1`;
const gives = 'gives secrets/getSecret, secrets/readMetadata';
const choose =
  'decide `keepExisting` to keep the access only while it is activated, which gives up the standing access of the policy; ' +
  'or `reproduce` to confirm that standing access is wanted';
const rely = (known: string) =>
  'nothing to do; to rely on the group instead of a new assignment, make sure that nothing ends the membership ' +
  `(${known}; access packages and access reviews are not read) and decide \`keepExisting\``;

const rows: readonly Row[] = [
  [
    'PLN-ELIGIBLE',
    grant,
    'is eligible through PIM for `Key Vault Secrets User` at the subscription, and the plan makes secrets/getSecret, secrets/readMetadata standing',
    choose,
  ],
  [
    'PLN-ELIGIBLE',
    { ...inTeam, scope: `${subscription}/resourcegroups/rg` },
    'is eligible through PIM for `Key Vault Secrets User` at the resource group `rg` through group `Team`, ' +
      'and the plan makes secrets/getSecret, secrets/readMetadata standing',
    choose,
  ],
  [
    'PLN-ELIGIBLE',
    { ...inTeam, scope: '', asMember: true },
    'is eligible through PIM for membership of the group `Team`, which has `Key Vault Secrets User` at the root, ' +
      'and the plan makes secrets/getSecret, secrets/readMetadata standing',
    choose,
  ],
  [
    'PLN-GROUP-COVER',
    { ...inTeam, assignmentId },
    '`Key Vault Secrets User` at the subscription through group `Team` (assignment 00000000-0000-0000-0000-0000000000a1) ' +
      `${gives} already, and does not count: a membership may end`,
    rely('PIM for Groups names no end'),
  ],
  [
    'PLN-GROUP-COVER',
    { ...grant, assignmentId, pimUnread: true },
    '`Key Vault Secrets User` at the subscription (assignment 00000000-0000-0000-0000-0000000000a1) ' +
      `${gives} already, and does not count: a membership may end`,
    rely('PIM for Groups could not be read'),
  ],
  [
    'PLN-GROUP-ENDS',
    inTeam,
    `\`Key Vault Secrets User\` at the subscription through group \`Team\` ${gives} ` +
      'only while the membership stays activated in PIM for Groups, and does not count',
    'nothing to do',
  ],
  [
    'PLN-GROUP-ENDS',
    { ...inTeam, until: '2026-11-25T14:00:00Z', kept: true },
    `\`Key Vault Secrets User\` at the subscription through group \`Team\` ${gives} ` +
      'only until 2026-11-25T14:00:00Z, when PIM for Groups ends the membership, and does not count',
    'decide `reproduce` to keep the access of the policy, or have the membership assigned without an end and plan again; ' +
      '`keepExisting` gives the access up at the flip or with the membership',
  ],
  [
    'PLN-OBJECTS-UNREAD',
    { because: 'Azure answers 403' },
    'whether the vault holds the objects that the decision names could not be read: Azure answers 403',
    'get the right to read `Microsoft.KeyVault/vaults/secrets/read` and `…/keys/read` (names only), ' +
      'or accept `PLN-OBJECTS-UNREAD` in the decisions file with a reason',
  ],
];

describe('what is said of access that an entry’s principal has or may have besides', () => {
  test.each(rows)('%s: %j', (code, facts, message, remedy) => {
    expect(findingFacts[code].parse(facts)).toEqual(facts);
    expect(findingWords(finding('note', code, {}, facts))).toEqual({ message, remedy });
  });
});
