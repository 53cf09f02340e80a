import { describe, expect, test } from 'vitest';
import type { DeniedBy, NamedAssignment, NamedGroup, Passing, Reason } from '../../src/model/reason.ts';
import { reason as reasonSchema } from '../../src/model/reason-schema.ts';
import { oddEntryWords } from '../../src/words/odd-entry-words.ts';
import { reasonInWords, reasonsInWords, unreadInWords } from '../../src/words/reason-words.ts';
import { toldReasons } from '../../src/words/told-reasons.ts';
import * as t from '../builders/a-tenant.ts';

const { anna, team, division } = t;
const group: NamedGroup = { id: team, name: 'sec-app' };
const nameless: NamedGroup = { id: team, name: '' };
const assignment: NamedAssignment = { roleName: 'Key Vault Reader', scope: t.scope(t.vaultId), assignmentId: `/x/${t.id(9)}` };
const toGroup: NamedAssignment = { ...assignment, scope: t.scope(t.subscription), toGroup: group };
const deny: DeniedBy = { id: '/d', name: 'stack', everyone: false };
const closed = { kind: 'unreadable', text: '403' } as const;
const notAsked = { kind: 'notAsked' } as const;
const write = 'Microsoft.KeyVault/vaults/write';

type Of<Kind> = Extract<Reason, { readonly kind: Kind }>;
type Examples = { readonly [Kind in Reason['kind']]: readonly (readonly [Omit<Of<Kind>, 'kind'>, string])[] };

/** Every kind of reason, and what people read. */
const examples: Examples = {
  principalDeleted: [[{}, 'the principal is deleted']],
  idOfAppRegistration: [[{}, 'the id is an app registration, which no token carries']],
  idOfNoPrincipal: [[{ is: { what: 'device' } }, 'the id is a device, which no token carries as an object id']],
  principalUnresolved: [
    [{ why: { kind: 'directoryUnread', because: '404' } }, 'the directory does not say who this is: the directory could not be read: 404'],
  ],
  principalTypeUnknown: [[{}, 'Azure does not say what kind of principal the assignment names']],
  listUnread: [
    [{ list: 'roleAssignments', text: '403' }, 'role assignments could not be read: 403'],
    [{ list: 'eligibleInstances', text: '403' }, 'what may be activated through PIM could not be read: 403'],
  ],
  groupUnread: [[{ group, text: '403' }, 'members of `sec-app` could not be read: 403']],
  membersUnknown: [
    [{ group, why: closed }, 'the members of `sec-app` are not known: 403'],
    [{ group: nameless, why: notAsked }, `the members of \`${team}\` are not known: they were not asked for`],
  ],
  groupNotSecurity: [[{ group }, '`sec-app` is not a security group, and it is open whether a token carries it']],
  groupUnresolved: [
    [
      { group: nameless, why: { kind: 'otherType', type: 'device' } },
      `whether \`${team}\` is a security group is not known: the directory knows it as \`device\`, which cannot hold a role`,
    ],
  ],
  policyNone: [[{}, 'no access policy gives it']],
  policyOdd: [
    [{ oddity: { kind: 'noPermissions' } }, `an access policy of it cannot be understood: ${oddEntryWords({ kind: 'noPermissions' })}`],
  ],
  policyOfGroupMayGive: [
    [
      { doubt: { kind: 'groupNotSecurity', group } },
      'the policy of a group may give it today already: `sec-app` is not a security group, and it is open whether a token carries it',
    ],
  ],
  policyNamesApplicationId: [[{ appId: anna }, `one names its application id \`${anna}\`, which no token carries as an object id`]],
  throughApplicationOnly: [[{}, 'Azure RBAC has no grant for calls through one application only']],
  assignmentNone: [[{}, 'no role assignment gives it']],
  assignmentInactive: [[{ assignment }, '`Key Vault Reader` at `kv1` is not active at this time']],
  assignmentRestricted: [[{ assignment: toGroup }, '`Key Vault Reader` of `sec-app` at the subscription is restricted by a condition']],
  assignmentRoleUnread: [[{ assignment }, 'what `Key Vault Reader` at `kv1` gives could not be read']],
  assignmentTimeUnknown: [
    [{ assignment, why: closed }, 'whether `Key Vault Reader` at `kv1` is active at this time is not known: 403'],
    [
      { assignment, why: { kind: 'notListed' } },
      'whether `Key Vault Reader` at `kv1` is active at this time is not known: PIM lists no instance for it',
    ],
  ],
  assignmentOnSecrets: [
    [{ assignment, secrets: ['a'] }, '`Key Vault Reader` at `kv1` holds on secret `a` only, by its condition'],
    [{ assignment, secrets: ['a', 'b', 'c'] }, '`Key Vault Reader` at `kv1` holds on secrets `a`, `b` and `c` only, by its condition'],
  ],
  assignmentOnObjects: [
    [{ assignment, others: 0 }, '`Key Vault Reader` at `kv1` reaches that object alone'],
    [{ assignment, others: 2 }, '`Key Vault Reader` at `kv1` and 2 like it reach those objects alone'],
  ],
  assignmentTakesOut: [[{ assignment, by: 'notActions' }, '`Key Vault Reader` at `kv1` takes it out again by notActions']],
  assignmentOnControlPlane: [[{ assignment }, '`Key Vault Reader` at `kv1` names it for the control plane only']],
  assignmentEligible: [[{ assignment }, '`Key Vault Reader` at `kv1` is only eligible, which gives no access until activated']],
  conditionOpen: [[{ assignment }, 'the condition on `Key Vault Reader` at `kv1` cannot be judged']],
  conditionHidden: [
    [{ assignment }, '`Key Vault Reader` at `kv1` is a built-in role newer than the catalogue, and Azure may not show its condition'],
  ],
  conditionUnmet: [
    [{ assignment, roles: [], more: 0 }, 'the condition on `Key Vault Reader` at `kv1` is not met'],
    [
      { assignment, roles: [{ id: 'x', name: 'Owner' }, { id: 'y' }], more: 2 },
      'the condition on `Key Vault Reader` at `kv1` is not met: it names `Owner` and `y`, an id of no role that Azure lists here and 2 more',
    ],
  ],
  denied: [[{ deny }, 'the deny assignment `stack` denies it']],
  denyConditionOpen: [[{ deny }, 'the deny assignment `stack` may deny it: its condition cannot be judged']],
  denyExcludesGroup: [[{ deny }, 'the deny assignment `stack` takes out a group of the principal, and whether that counts is open']],
  denyMayConcern: [
    [
      { deny, doubt: { kind: 'membersUnknown', group, why: closed } },
      'the deny assignment `stack` may concern it: the members of `sec-app` are not known: 403',
    ],
  ],
  denyNamesOddId: [[{ deny }, 'the deny assignment `stack` names a principal by an id that is not a GUID']],
  denyOnMembers: [[{ deny }, 'the deny assignment `stack` denies it to members of the group']],
  denyMayBeOnMembers: [
    [
      { deny, group, why: notAsked },
      'the deny assignment `stack` may concern members of the group: `sec-app`: its members were not asked for',
    ],
  ],
  denySparesMembers: [[{ deny }, 'the deny assignment `stack` denies it, but spares members of the group']],
  denyMaySpareMembers: [
    [{ deny, group, why: closed }, 'the deny assignment `stack` denies it, but may spare members of the group: `sec-app`: 403'],
  ],
  endUnlisted: [
    [{ assignment }, 'Azure lists every assignment in PIM but `Key Vault Reader` at `kv1`, so whether it has an end is not known'],
  ],
  endUnread: [
    [
      { assignment, why: { kind: 'otherCondition' } },
      'whether `Key Vault Reader` at `kv1` has an end could not be read: PIM names a condition on it that the assignment itself does not name',
    ],
  ],
  endsSomeDay: [
    [{ assignment }, 'covered only while `Key Vault Reader` at `kv1` stays activated'],
    [{ assignment, until: t.now }, `covered only until ${t.now}: \`Key Vault Reader\` at \`kv1\` ends then`],
  ],
  membershipPasses: [
    [
      { assignment: toGroup, passing: { kind: 'groupDynamic', group } },
      'covered by `Key Vault Reader` of `sec-app` at the subscription while the rule of the dynamic group `sec-app` takes it in',
    ],
  ],
  notMade: [[{ assignment }, '`Key Vault Reader` at `kv1` is planned and not made yet']],
  ageUnknown: [[{ assignment }, '`Key Vault Reader` at `kv1` is of unknown age']],
  tooYoung: [
    [
      { assignment, ageMinutes: 3, neededMinutes: 15, atManagementGroup: false },
      '`Key Vault Reader` at `kv1` is only 3 minutes old, and 15 are needed',
    ],
    [
      { assignment, ageMinutes: 70, neededMinutes: 1440, atManagementGroup: true },
      '`Key Vault Reader` at `kv1` is only 70 minutes old, and counts there after a day',
    ],
  ],
  throughGroupOnly: [
    [
      { assignment: toGroup },
      'covered only through a group, by `Key Vault Reader` of `sec-app` at the subscription: a membership may end, so it counts by decision alone',
    ],
  ],
  azureListUnread: [[{ text: '429' }, "nor is Azure's own list of what is assigned to it known: 429"]],
  azureListEmpty: [[{}, 'Azure itself lists no role assignment that gives it, neither its own nor one of a group']],
  azureLists: [
    [
      { assignment, others: 0 },
      `Azure itself lists \`Key Vault Reader\` at \`kv1\` (assignment ${t.id(9)}) as reaching it directly; that alone is not counted, and the directory's answer is all that is missing (it takes Directory.Read.All, or the role Directory Readers)`,
    ],
    [
      { assignment, others: 2, throughGroup: group, lack: { kind: 'notMade', assignment } },
      `Azure itself lists \`Key Vault Reader\` at \`kv1\` (assignment ${t.id(9)}) and 2 more as reaching it through the group \`sec-app\`; in addition to the directory's answer, this stands in the way: \`Key Vault Reader\` at \`kv1\` is planned and not made yet`,
    ],
  ],
  rightHeld: [[{ action: write, assignment }, `\`${write}\` by \`Key Vault Reader\` at \`kv1\``]],
  rightEnds: [
    [{ action: write, assignment, until: t.now }, `\`${write}\` by \`Key Vault Reader\` at \`kv1\`, which ends ${t.now}`],
    [{ action: write, assignment }, `\`${write}\` by \`Key Vault Reader\` at \`kv1\`, which may end at a time that is not known`],
  ],
  rightNotGiven: [
    [{ action: write }, `\`${write}\` is given by no role assignment`],
    [
      { action: write, nearest: { kind: 'assignmentInactive', assignment } },
      `\`${write}\` is given by no role assignment; nearest: \`Key Vault Reader\` at \`kv1\` is not active at this time`,
    ],
  ],
  rightNotListed: [[{ action: write }, `\`${write}\` is not among the permissions that Azure lists for the operator`]],
  rightUnderCondition: [[{ action: write }, `\`${write}\`: Azure names it under a condition that cannot be judged`]],
  rightHindered: [
    [
      { action: write, reasons: [{ kind: 'denied', deny }, { kind: 'assignmentNone' }] },
      `\`${write}\`: the deny assignment \`stack\` denies it; no role assignment gives it`,
    ],
  ],
  roleIdOdd: [[{ roleDefinitionId: 'x' }, '`x` names no role']],
  nearest: [[{ lack: { kind: 'conditionOpen', assignment } }, 'nearest: the condition on `Key Vault Reader` at `kv1` cannot be judged']],
  wouldGive: [[{ assignment }, '`Key Vault Reader` at `kv1` would give it']],
  notOnEveryObject: [[{ reason: { kind: 'denied', deny } }, 'not every one: the deny assignment `stack` denies it']],
  onObject: [[{ object: 'secrets/a', reasons: [{ kind: 'assignmentNone' }] }, 'on `secrets/a`: no role assignment gives it']],
};

const rows = Object.entries(examples).flatMap(([kind, some]) =>
  some.map(([parameters, words]) => [kind, { kind, ...parameters } as unknown as Reason, words] as const),
);

describe('a reason in words', () => {
  test.each(rows)('%s', (_, reason, words) => {
    expect(reasonInWords(reason)).toBe(words);
  });
  test('is a clause that goes on a sentence: no capital but of a name, no full stop, nothing left out', () => {
    for (const [, reason] of rows) {
      const words = reasonInWords(reason);
      expect(words).toMatch(/^([a-z`]|Azure )/);
      expect(words).not.toMatch(/\.$|undefined|\[object|``| {2}/);
    }
  });
  test('says while what, or until when, a membership holds', () => {
    const passing: readonly (readonly [Passing, string])[] = [
      [{ kind: 'membershipActivated', group }, 'while the membership of `sec-app` stays activated in PIM for Groups'],
      [{ kind: 'membershipEnds', group, until: t.now }, `until ${t.now}, when PIM for Groups ends the membership of \`sec-app\``],
      [{ kind: 'groupDynamic', group }, 'while the rule of the dynamic group `sec-app` takes it in'],
      [
        { kind: 'dynamicGroupWithin', group, within: { id: division, name: 'all' } },
        'while the rule of the dynamic group `all`, nested in `sec-app`, takes it in',
      ],
      [{ kind: 'managedIdentityToken', group }, "while the managed identity's token carries `sec-app`, which can take a day after joining"],
    ];
    for (const [one, words] of passing)
      expect(reasonInWords({ kind: 'membershipPasses', assignment, passing: one })).toBe(
        `covered by \`Key Vault Reader\` at \`kv1\` ${words}`,
      );
  });
});

describe('a reason in a file', () => {
  test.each(rows)('%s is read as it is, and with anything more in it refused', (_, one) => {
    expect(reasonSchema.parse(JSON.parse(JSON.stringify(one)))).toEqual(one);
    expect(reasonSchema.safeParse({ ...one, remedy: 'curl' }).success).toBe(false);
  });
  test.each<[string, unknown]>([
    ['of a kind that nobody knows', { kind: 'trustMe' }],
    ['that is words', 'no role assignment gives it'],
    ['without what belongs to it', { kind: 'listUnread', list: 'roleAssignments' }],
    ['of a list that is not read', { kind: 'listUnread', list: 'secrets', text: '403' }],
    ['with a scope that is none', { kind: 'assignmentInactive', assignment: { ...assignment, scope: '/subscriptions/S/' } }],
    ['with a group whose id is none', { kind: 'groupNotSecurity', group: { ...group, id: 'sec-app' } }],
    ['with half a minute', { kind: 'tooYoung', assignment, ageMinutes: 0.5, neededMinutes: 15, atManagementGroup: false }],
    ['with such a one in it', { kind: 'rightHindered', action: write, reasons: [{ kind: 'nearest', lack: { kind: 'trustMe' } }] }],
  ])('%s is refused', (_, one) => {
    expect(reasonSchema.safeParse(one).success).toBe(false);
  });
});

describe('several reasons in words', () => {
  const unread: Reason = { kind: 'listUnread', list: 'roleAssignments', text: 'Forbidden.' };
  test('come in their order, each sentence once', () => {
    expect(reasonsInWords([])).toBe('');
    expect(reasonsInWords([{ kind: 'assignmentNone' }, { kind: 'policyNone' }, { kind: 'assignmentNone' }])).toBe(
      'no role assignment gives it; no access policy gives it',
    );
  });
  test('lose the full stop of another’s text only where the sentence goes on', () => {
    expect(reasonsInWords([unread, { kind: 'assignmentNone' }])).toBe(
      'role assignments could not be read: Forbidden; no role assignment gives it',
    );
    expect(reasonsInWords([unread])).toBe('role assignments could not be read: Forbidden.');
  });
  test('are told by JSON as the text and as data, and without data where there is none', () => {
    expect(toldReasons([unread])).toEqual({ because: 'role assignments could not be read: Forbidden.', reasons: [unread] });
    expect(toldReasons([])).toEqual({ because: '' });
  });
});

test('why something was not read is somebody else’s word, or that nobody asked', () => {
  expect([unreadInWords(closed), unreadInWords(notAsked)]).toEqual(['403', 'they were not asked for']);
});
