import { describe, expect, test } from 'vitest';
import { read } from '../../src/base/reading.ts';
import { type DecisionRow, readDecisions } from '../../src/formats/decisions.ts';
import type { VaultPlan } from '../../src/formats/plan.ts';
import { conditionLimit } from '../../src/mapping/name-condition.ts';
import { shortAction } from '../../src/model/data-action.ts';
import type { Estate } from '../../src/model/estate.ts';
import type { RoleDefinition } from '../../src/model/role.ts';
import { buildPlan } from '../../src/plan/build-plan.ts';
import { findingWords } from '../../src/words/finding-words.ts';
import {
  anAssignment,
  anEstate,
  application,
  aSubscription,
  aVault,
  id,
  rawPolicy,
  rawVault,
  roleDefinitions,
  subscriptionId,
  vaultResourceId,
} from '../builders/an-estate.ts';
import { catalogue } from '../builders/the-catalogue.ts';

const app = id('d', 1);
const kv = vaultResourceId('kv-app');

type Permissions = Parameters<typeof rawPolicy>[1];

function estateWith(permissions: Permissions, more: Parameters<typeof aSubscription>[0] = {}, extra: object = {}): Estate {
  return anEstate([aVault(rawVault('kv-app', [rawPolicy(app, permissions, extra as never)]))], [application(app)], aSubscription(more));
}

/** Goes through the decisions file, as a person's decision does. */
function decided(estate: Estate, more: object, principal = app): VaultPlan {
  const row = { vault: 'kv-app', principal, reason: 'asked the owner', ...more };
  const { decisions } = readDecisions(JSON.stringify({ formatVersion: 1, decisions: [row] }));
  return planned(estate, decisions);
}

function planned(estate: Estate, decisions: readonly DecisionRow[]): VaultPlan {
  const [vault] = buildPlan(estate, { catalogue, decisions, settings: { minimumAgeMinutes: 15 }, toolVersion: '0.1.0' }).vaults;
  if (vault === undefined) throw new Error('no vault planned');
  return vault;
}

const assigned = ({ steps }: VaultPlan) =>
  steps.flatMap((step) =>
    step.kind === 'ensureRoleAssignment'
      ? [
          `${step.roleName.replace('Key Vault ', '')} on ${step.scope.slice(kv.length + 1) || 'the vault'}${step.condition === undefined ? '' : ', conditioned'}`,
        ]
      : [],
  );
const coded = ({ findings }: VaultPlan, code: string) => findings.find((finding) => finding.code === code);
const said = (vault: VaultPlan, code: string) => {
  const finding = coded(vault, code);
  return finding === undefined ? undefined : findingWords(finding);
};
const blockers = ({ findings }: VaultPlan) => findings.flatMap(({ severity, code }) => (severity === 'blocker' ? code : []));
const dropped = ({ entries }: VaultPlan) => (entries[0]?.dropped ?? []).map(shortAction);

describe('objectScope', () => {
  test('EA-14: assigns on the objects alone, gives up the rest, and says that the list ends', () => {
    const vault = decided(estateWith({ secrets: ['get', 'list'] }), { choice: 'objectScope', objects: ['secrets/db', 'secrets/Api-Key'] });
    expect(vault.state).toBe('ready');
    expect(assigned(vault)).toEqual(['Secrets User on secrets/Api-Key', 'Secrets User on secrets/db']);
    expect(dropped(vault)).toEqual(['secrets/getSecret', 'secrets/readMetadata']);
    expect(coded(vault, 'MAP-OBJECT-SCOPE')).toMatchObject({ severity: 'warning' });
    expect(said(vault, 'MAP-LIST-LOST')?.message).toContain('`secrets/list`');
  });

  test('EA-14: keeps for the whole vault what is kept, and is silent about its list then', () => {
    const vault = decided(estateWith({ secrets: ['get', 'list'] }), {
      choice: 'objectScope',
      objects: ['secrets/db'],
      keep: ['Secrets/LIST'],
    });
    expect(assigned(vault)).toEqual(['Reader on the vault', 'Secrets User on secrets/db']);
    expect(dropped(vault)).toEqual(['secrets/getSecret']);
    expect(coded(vault, 'MAP-LIST-LOST')).toBeUndefined();
  });

  test('EA-14: says what else ends that is checked at the vault: issuers, contacts, storage accounts', () => {
    const permissions = { certificates: ['get', 'getissuers', 'managecontacts'], storage: ['get'] };
    const vault = decided(estateWith(permissions), { choice: 'objectScope', objects: ['certificates/tls'] });
    expect(said(vault, 'MAP-LIST-LOST')?.message).toBe(
      'what is checked at the vault ends at the flip: `certificates/getissuers`, `certificates/managecontacts`, `storage/get`',
    );
    expect(vault.state).toBe('ready');
  });

  test('EA-14: says of what nobody knows where it is checked that nobody does', () => {
    const vault = decided(estateWith({ secrets: ['get', 'recover'] }), { choice: 'objectScope', objects: ['secrets/db'] });
    expect(said(vault, 'MAP-OBJECT-UNSURE')?.message).toContain('secrets/recover');
    const sure = decided(estateWith({ secrets: ['get', 'list'] }), { choice: 'objectScope', objects: ['secrets/db'] });
    expect(coded(sure, 'MAP-OBJECT-UNSURE')).toBeUndefined();
  });

  test('EA-57: says of writing by a role on an object that Microsoft raises a doubt, and nothing of reading', () => {
    const on = (secrets: string[]) => decided(estateWith({ secrets }), { choice: 'objectScope', objects: ['secrets/db'] });
    expect(coded(on(['get', 'set']), 'MAP-OBJECT-WRITE')).toMatchObject({
      severity: 'warning',
      facts: { dataActions: ['setSecret', 'update'].map((name) => `Microsoft.KeyVault/vaults/secrets/${name}/action`) },
    });
    expect(coded(on(['get', 'list']), 'MAP-OBJECT-WRITE')).toBeUndefined();
  });

  test('EA-15: reaches the private part of a certificate through its secret, and lists what comes along there alone', () => {
    const vault = decided(estateWith({ certificates: ['get'], secrets: ['get'] }), {
      choice: 'objectScope',
      objects: ['certificates/tls'],
    });
    expect(assigned(vault)).toEqual(['Reader on certificates/tls', 'Secrets User on secrets/tls']);
    const [entry] = vault.entries;
    // Reader gives seven data actions, and on a certificate only one of them.
    expect(entry?.objects?.map(({ object, excess }) => [object, excess.map(({ dataAction }) => shortAction(dataAction))])).toEqual([
      ['certificates/tls', []],
      ['secrets/tls', ['secrets/readMetadata']],
    ]);
    const gained = vault.gains.flatMap(({ dataActions }) => dataActions.map(({ dataAction }) => shortAction(dataAction)));
    expect(gained).toEqual(['secrets/readMetadata']);
  });

  test('assigns nothing that is held in the whole vault already, and loses nothing of it', () => {
    const there = { roleAssignments: read([anAssignment(kv, app, 'Key Vault Reader')]) };
    const vault = decided(estateWith({ keys: ['get', 'sign'] }, there), { choice: 'objectScope', objects: ['keys/k'], keep: ['keys/get'] });
    expect(assigned(vault)).toEqual(['Crypto User on keys/k']);
    const all = decided(estateWith({ keys: ['get'] }, there), { choice: 'objectScope', objects: ['keys/k'] });
    expect(all).toMatchObject({ state: 'ready', entries: [{ outcome: 'alreadyCovered' }] });
    expect(assigned(all)).toEqual([]);
  });

  test('may keep permissions on storage accounts for the whole vault', () => {
    const vault = decided(estateWith({ secrets: ['get'], storage: ['get'] }), {
      choice: 'objectScope',
      objects: ['secrets/db'],
      keep: ['storage/get'],
    });
    expect(vault.state).toBe('ready');
    expect(assigned(vault)).toEqual(['Reader on the vault', 'Secrets User on secrets/db']);
  });
});

describe('nameCondition', () => {
  test('EA-39: assigns at the vault under a condition, spells names as given, and warns of what it is', () => {
    const vault = decided(estateWith({ secrets: ['get', 'list'] }), {
      choice: 'nameCondition',
      objects: ['secrets/Api-Key'],
      keep: ['secrets/list'],
    });
    expect(vault.state).toBe('ready');
    expect(assigned(vault)).toEqual(['Secrets User on the vault, conditioned']);
    expect(vault.entries[0]?.conditioned?.condition).toContain("StringEquals 'Api-Key'");
    expect(said(vault, 'MAP-NAME-CONDITION')?.message).toMatch(/preview.*case/);
    expect(vault.entries[0]?.objects).toMatchObject([{ object: 'secrets/Api-Key', roles: [], excess: [] }]);
  });

  test('EA-41: names both spellings where both are given', () => {
    const vault = decided(estateWith({ secrets: ['get'] }), { choice: 'nameCondition', objects: ['secrets/Api-Key', 'secrets/api-key'] });
    expect(vault.entries[0]?.conditioned?.condition).toMatch(/StringEquals 'Api-Key' OR .*StringEquals 'api-key'/);
    expect(vault.state).toBe('ready');
  });

  test('EA-39: a name for keys or certificates is refused, with the way that there is', () => {
    const both = estateWith({ secrets: ['get'], keys: ['get'], certificates: ['get'] });
    for (const objects of [['keys/k'], ['secrets/s', 'keys/k'], ['certificates/c']]) {
      expect(() => decided(both, { choice: 'nameCondition', objects })).toThrow(
        expect.objectContaining({ code: 'DECISION_WRONG', outcome: 'usage', remedy: expect.stringContaining('objectScope') as string }),
      );
    }
  });

  test('of more names than 8 KB hold is refused, and of as many as they hold is not', () => {
    const names = (count: number) => Array.from({ length: count }, (_, at) => `secrets/${String(at).padStart(12, 'x')}`);
    const estate = estateWith({ secrets: ['get', 'list'] });
    const under = (count: number) => decided(estate, { choice: 'nameCondition', objects: names(count), keep: ['secrets/list'] });
    const bytes = (vault: VaultPlan) => Buffer.byteLength(vault.entries[0]?.conditioned?.condition ?? '');
    const room = (conditionLimit - bytes(under(1))) / 81;
    const most = 1 + Math.floor(room);
    expect(bytes(under(most))).toBeLessThanOrEqual(conditionLimit);
    expect(() => under(most + 1)).toThrow(
      expect.objectContaining({
        code: 'DECISION_WRONG',
        message: expect.stringMatching(/takes \d+ bytes, and Azure takes 8192/) as string,
      }),
    );
  });

  test('that no role of secrets alone can carry out leaves the entry undecided: no wider role in silence', () => {
    const noOfficer = { roleDefinitions: read(roleDefinitions.filter(({ name }) => name !== 'Key Vault Secrets Officer')) };
    const vault = decided(estateWith({ secrets: ['set'] }, noOfficer), { choice: 'nameCondition', objects: ['secrets/db'] });
    expect(vault).toMatchObject({ state: 'blocked', entries: [{ outcome: 'undecided' }] });
    expect(assigned(vault)).toEqual([]);
    expect(coded(vault, 'MAP-UNCOVERED')).toMatchObject({ severity: 'blocker', facts: { underCondition: true } });
    expect(planned(estateWith({ secrets: ['set'] }, noOfficer), []).state).toBe('ready');
  });

  test('where everything it would bind is held assigns without a condition', () => {
    const held = read([anAssignment(kv, app, 'Key Vault Secrets Officer', {}, id('9', 3))]);
    const vault = decided(estateWith({ secrets: ['get'] }, { roleAssignments: held }), {
      choice: 'nameCondition',
      objects: ['secrets/db'],
    });
    expect(vault).toMatchObject({ state: 'ready', entries: [{ outcome: 'alreadyCovered' }] });
    expect(vault.entries[0]?.conditioned).toBeUndefined();
  });
});

describe('customRole', () => {
  const sign = { keys: ['get', 'sign'] };
  const custom = (number: number): RoleDefinition => {
    return { id: id('7', number), name: `role ${number}`, kind: 'custom', permissions: [], assignableScopes: [], raw: {} };
  };
  const holding = (count: number) => ({
    roleDefinitions: read([...roleDefinitions, ...Array.from({ length: count }, (_, at) => custom(at + 1))]),
  });

  test('gives exactly the data actions of the entry by a role that the plan makes first', () => {
    const vault = decided(estateWith(sign), { choice: 'customRole' });
    expect(vault).toMatchObject({ state: 'ready', gains: [] });
    expect(vault.steps.map((step) => step.kind)).toEqual(['ensureRoleDefinition', 'ensureRoleAssignment', 'flip']);
    const [role, assignment] = vault.steps;
    if (role?.kind !== 'ensureRoleDefinition' || assignment?.kind !== 'ensureRoleAssignment') throw new Error('no steps');
    expect(role).toMatchObject({ scope: `/subscriptions/${subscriptionId}`, dataActions: vault.entries[0]?.required });
    expect(assignment.roleDefinitionId).toBe(role.name);
    expect(role.undo.roleDefinitionId).toBe(
      `/subscriptions/${subscriptionId}/providers/Microsoft.Authorization/roleDefinitions/${role.name}`,
    );
  });

  test('makes none where built-in roles are exact, or where nothing has to be assigned', () => {
    const exact = decided(estateWith({ secrets: ['get', 'list'] }), { choice: 'customRole' });
    expect(exact.steps.map((step) => step.kind)).toEqual(['ensureRoleAssignment', 'flip']);
    const there = { roleAssignments: read([anAssignment(kv, app, 'Key Vault Crypto Officer')]) };
    const held = decided(estateWith(sign, there), { choice: 'customRole' });
    expect(held).toMatchObject({ entries: [{ outcome: 'alreadyCovered' }], steps: [{ kind: 'flip' }] });
  });

  test('LP-10: that reads values and no metadata says that deleted secrets are out of sight', () => {
    expect(coded(decided(estateWith({ secrets: ['get', 'backup'] }), { choice: 'customRole' }), 'MAP-CUSTOM-DELETED')).toBeDefined();
    expect(coded(decided(estateWith(sign), { choice: 'customRole' }), 'MAP-CUSTOM-DELETED')).toBeUndefined();
  });

  test('EA-20: leaves the entry undecided in a tenant that holds 5,000 already, and not one before that', () => {
    const full = decided(estateWith(sign, holding(5000)), { choice: 'customRole' });
    expect(full).toMatchObject({ state: 'blocked', entries: [{ outcome: 'undecided' }], steps: [{ kind: 'flip' }] });
    expect(blockers(full)).toEqual(['MAP-CUSTOM-LIMIT']);
    expect(decided(estateWith(sign, holding(4999)), { choice: 'customRole' }).state).toBe('ready');
    const china = { ...estateWith(sign, holding(2000)), cloud: 'china' };
    expect(blockers(decided(china, { choice: 'customRole' }))).toEqual(['MAP-CUSTOM-LIMIT']);
  });

  test('EA-20: is still planned in a full tenant that has this very role, as after a first run', () => {
    const [step] = decided(estateWith(sign), { choice: 'customRole' }).steps;
    if (step?.kind !== 'ensureRoleDefinition') throw new Error('no role');
    const permissions = [{ actions: [], notActions: [], dataActions: step.dataActions, notDataActions: [] }];
    const ours: RoleDefinition = {
      id: step.name as never,
      name: step.roleName,
      kind: 'custom',
      permissions,
      assignableScopes: [],
      raw: {},
    };
    const { value } = holding(4999).roleDefinitions as { value: readonly RoleDefinition[] };
    expect(decided(estateWith(sign, { roleDefinitions: read([...value, ours]) }), { choice: 'customRole' }).state).toBe('ready');
  });

  test('EA-18: shows what a role of that name gives by now, and not what it should', () => {
    const [step] = decided(estateWith(sign), { choice: 'customRole' }).steps;
    if (step?.kind !== 'ensureRoleDefinition') throw new Error('no role');
    const permissions = [{ actions: [], notActions: [], dataActions: ['Microsoft.KeyVault/vaults/*'], notDataActions: [] }];
    const wider: RoleDefinition = {
      id: step.name as never,
      name: step.roleName,
      kind: 'custom',
      permissions,
      assignableScopes: [],
      raw: {},
    };
    const vault = decided(estateWith(sign, { roleDefinitions: read([...roleDefinitions, wider]) }), { choice: 'customRole' });
    expect(vault.gains[0]?.dataActions.map(({ dataAction }) => dataAction)).toContain('Microsoft.KeyVault/vaults/secrets/getSecret/action');
  });

  test('EA-20: two subscriptions do not share a role, since it can be assigned in one of them only', () => {
    const other = id('b', 2);
    const raw = rawVault('kv-two', [rawPolicy(app, sign)]);
    const two = aVault({ ...raw, id: vaultResourceId('kv-two').replace(subscriptionId, other) });
    const one = estateWith(sign);
    const estate: Estate = {
      ...one,
      vaults: [...one.vaults, { vault: two, diagnosticSettings: { state: 'notAsked' } }],
      subscriptions: [...one.subscriptions, { ...aSubscription(), subscriptionId: other }],
    };
    const rows = ['kv-app', 'kv-two'].map((vault): DecisionRow => ({ vault, principal: app, choice: 'customRole', reason: 'exact' }));
    const { vaults } = buildPlan(estate, { catalogue, decisions: rows, settings: { minimumAgeMinutes: 15 }, toolVersion: '0.1.0' });
    const roles = vaults.flatMap(({ steps }) => steps.filter((step) => step.kind === 'ensureRoleDefinition'));
    expect(roles.map(({ scope }) => scope)).toEqual([`/subscriptions/${subscriptionId}`, `/subscriptions/${other}`]);
    expect(new Set(roles.map(({ name }) => name)).size).toBe(2);
    expect(new Set(roles.map(({ roleName }) => roleName)).size).toBe(2);
  });
});

describe('what a role brings along is remarked on', () => {
  const officer = { certificates: ['get', 'list', 'update'], secrets: ['set'] };

  test.each(['objectScope', 'nameCondition'])(
    'by %s too, where it stands for the whole vault: values, purge, the control plane',
    (choice) => {
      const vault = decided(estateWith({ ...officer, secrets: ['get', 'set'], keys: ['import'] }), {
        choice,
        objects: ['secrets/db'],
        keep: ['keys/import', 'certificates/update'],
      });
      expect(assigned(vault)).toEqual(expect.arrayContaining(['Certificates Officer on the vault', 'Crypto Officer on the vault']));
      expect(said(vault, 'MAP-PURGE')?.message).toMatch(
        /`Key Vault Crypto Officer`.* destroy for good \(certificates\/purge, keys\/purge\)/,
      );
      expect(said(vault, 'MAP-CONTROL-PLANE')?.message).toContain('`Key Vault Certificates Officer`');
    },
  );

  test('by a condition: what the role gives on the named secrets, and on the control plane, where no condition reaches', () => {
    const vault = decided(estateWith({ secrets: ['set'] }), { choice: 'nameCondition', objects: ['secrets/db'] });
    expect(assigned(vault)).toEqual(['Secrets Officer on the vault, conditioned']);
    expect(coded(vault, 'MAP-SECRET-VALUES')).toMatchObject({ severity: 'warning' });
    expect(said(vault, 'MAP-SECRET-VALUES')?.message).toBe(
      '`Key Vault Secrets Officer` lets the principal read the value of what is named, which the access policy does not',
    );
    expect(said(vault, 'MAP-PURGE')?.message).toBe(
      '`Key Vault Secrets Officer` lets the principal destroy for good what is named (secrets/purge), which the access policy does not',
    );
    expect(said(vault, 'MAP-CONTROL-PLANE')?.message).toMatch(
      /^`Key Vault Secrets Officer` also gives control-plane actions .*Microsoft\.Resources\/deployments/,
    );
  });

  test('by an assignment on an object: what it gives there, and no more', () => {
    const vault = decided(estateWith({ keys: ['import'], certificates: ['update'] }), {
      choice: 'objectScope',
      objects: ['keys/k', 'certificates/c'],
    });
    expect(said(vault, 'MAP-PURGE')?.message).toContain('(certificates/purge, keys/purge)');
    expect(said(vault, 'MAP-CONTROL-PLANE')?.message).toMatch(
      /^`Key Vault Certificates Officer` with `Key Vault Crypto Officer` also gives/,
    );
    const reader = decided(estateWith({ certificates: ['get'] }), { choice: 'objectScope', objects: ['certificates/c'] });
    expect([coded(reader, 'MAP-PURGE'), coded(reader, 'MAP-SECRET-VALUES')]).toEqual([undefined, undefined]);
    expect(
      coded(decided(estateWith({ secrets: ['get'] }), { choice: 'objectScope', objects: ['secrets/s'] }), 'MAP-CONTROL-PLANE'),
    ).toBeUndefined();
  });

  test('and a service of Microsoft’s is named, whatever it is limited to', () => {
    const [appId] = catalogue.services.keys();
    if (appId === undefined) throw new Error('the catalogue knows no service');
    const estate = { ...estateWith({ secrets: ['get', 'set'] }), principals: new Map([[app, { ...application(app), appId } as const]]) };
    for (const choice of ['objectScope', 'nameCondition']) {
      expect(coded(decided(estate, { choice, objects: ['secrets/db'] }), 'MAP-SERVICE'), choice).toBeDefined();
    }
  });
});

test('preferFewer takes one wide role where narrow ones would be more assignments, and shows what comes along', () => {
  const release = estateWith({ keys: ['get', 'release'] });
  const narrow = decided(release, { choice: 'reproduce' });
  expect(assigned(narrow)).toHaveLength(2);
  const fewer = decided(release, { choice: 'preferFewer' });
  expect(assigned(fewer)).toEqual(['Crypto Officer on the vault']);
  expect(fewer.entries[0]?.choice?.excess.length).toBeGreaterThan(narrow.entries[0]?.choice?.excess.length ?? 0);
  expect(fewer.state).toBe('ready');
});

const limiting = [
  ['objectScope', { objects: ['secrets/db'] }],
  ['nameCondition', { objects: ['secrets/db'] }],
  ['customRole', {}],
  ['preferFewer', {}],
] as const;

describe.each(limiting)('%s', (choice, more) => {
  test('P17: on a compound identity is refused, and what can be decided is named', () => {
    const compound = estateWith({ secrets: ['get', 'set'] }, {}, { applicationId: id('e') });
    expect(() => decided(compound, { choice, ...more, applicationId: id('e') })).toThrow(
      expect.objectContaining({ code: 'DECISION_WRONG', remedy: 'decide `drop` in the decisions file' }),
    );
  });

  test('P19: on an entry with a permission that nobody knows is refused, and what can be decided is named', () => {
    expect(() => decided(estateWith({ secrets: ['get', 'frobnicate'] }), { choice, ...more })).toThrow(
      expect.objectContaining({ code: 'DECISION_WRONG', remedy: 'decide `narrow` or `drop` in the decisions file' }),
    );
  });

  test('P22: on a principal that the directory did not answer for leaves it undecided, and says so without a decision', () => {
    const unknown = { ...estateWith({ secrets: ['get', 'set'] }), principals: new Map() };
    const vault = decided(unknown, { choice, ...more });
    expect(vault).toMatchObject({ state: 'blocked', entries: [{ outcome: 'undecided' }], steps: [{ kind: 'flip' }] });
    expect(vault.entries[0]).not.toHaveProperty('decision');
    expect(coded(vault, 'PRN-UNRESOLVED')).toMatchObject({ answer: { kind: 'cannot', choice } });
    expect(said(vault, 'PRN-UNRESOLVED')?.remedy).toMatch(
      new RegExp(`^\`${choice}\` cannot be carried out for an id that does not exist; .*decide \`drop\``),
    );
  });
});

describe('a decision that cannot be carried out is refused, and names why', () => {
  const estate = estateWith({ secrets: ['get', 'list'] });

  test.each([
    ['an object on which the entry gives nothing', { objects: ['keys/k'] }, /`keys\/k`/],
    ['one such object among others', { objects: ['secrets/db', 'certificates/x', 'keys/k'] }, /`keys\/k`/],
    ['an object when all is kept for the whole vault', { objects: ['secrets/db'], keep: ['secrets/get', 'secrets/list'] }, /`secrets\/db`/],
    ['a permission to keep that the entry does not have', { objects: ['secrets/db'], keep: ['secrets/set'] }, /`secrets\/set`/],
  ])('%s', (_, more, message) => {
    for (const choice of ['objectScope', 'nameCondition']) {
      expect(() => decided(estate, { choice, ...more })).toThrow(expect.objectContaining({ code: 'DECISION_WRONG', outcome: 'usage' }));
      expect(() => decided(estate, { choice, ...more })).toThrow(message);
    }
  });

  test.each([
    ['objects without a choice that limits to them', { choice: 'reproduce', objects: ['secrets/db'] }],
    ['objects beside narrow', { choice: 'narrow', keep: ['secrets/get'], objects: ['secrets/db'] }],
    ['objectScope without objects', { choice: 'objectScope' }],
    ['nameCondition without objects', { choice: 'nameCondition', keep: ['secrets/list'] }],
    ['no object at all', { choice: 'objectScope', objects: [] }],
    ['keep with a custom role', { choice: 'customRole', keep: ['secrets/get'] }],
    ['keep with few roles', { choice: 'preferFewer', keep: ['secrets/get'] }],
    ['an object of storage', { choice: 'objectScope', objects: ['storage/a'] }],
    ['a version', { choice: 'objectScope', objects: ['secrets/a/1'] }],
    ['an object without a kind', { choice: 'objectScope', objects: ['db'] }],
    ['a name with a quote', { choice: 'nameCondition', objects: ["secrets/a'}) OR (1"] }],
    ['a name with a wildcard', { choice: 'nameCondition', objects: ['secrets/app-*'] }],
    ['a name that leads elsewhere', { choice: 'objectScope', objects: ['secrets/..'] }],
    ['a name that is longer than names are', { choice: 'objectScope', objects: [`secrets/${'x'.repeat(128)}`] }],
  ])('%s', (_, more) => {
    expect(() => decided(estate, more)).toThrow(expect.objectContaining({ code: 'DECISIONS_UNREADABLE', outcome: 'usage' }));
  });
});
