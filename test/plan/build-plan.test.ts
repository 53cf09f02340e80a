import { describe, expect, test } from 'vitest';
import { read, unreadable } from '../../src/base/reading.ts';
import type { DecisionRow } from '../../src/formats/decisions.ts';
import { encodePlan, readPlan } from '../../src/formats/plan-file.ts';
import type { Estate } from '../../src/model/estate.ts';
import type { Principal } from '../../src/model/principal.ts';
import { buildPlan } from '../../src/plan/build-plan.ts';
import {
  anAssignment,
  anEstate,
  application,
  aSubscription,
  aVault,
  id,
  operatorId,
  rawPolicy,
  rawVault,
  roleDefinitions,
  subscriptionId,
  user,
  vaultResourceId,
} from '../builders/an-estate.ts';
import { catalogue, roleId } from '../builders/the-catalogue.ts';

const app = id('d', 1);
const person = id('d', 2);
const team = id('d', 3);
const get = 'Microsoft.KeyVault/vaults/secrets/getSecret/action';
const kv = vaultResourceId('kv-app');

function planOf(estate: Estate, decisions: readonly DecisionRow[] = []) {
  return buildPlan(estate, { catalogue, decisions, settings: { minimumAgeMinutes: 15 }, toolVersion: '0.1.0' });
}

function onlyVault(estate: Estate, decisions: readonly DecisionRow[] = []) {
  const [vault] = planOf(estate, decisions).vaults;
  if (vault === undefined) throw new Error('no vault planned');
  return vault;
}

const codes = (vault: { findings: readonly { code: string; severity: string }[] }, severity: string) =>
  vault.findings.filter((finding) => finding.severity === severity).map((finding) => finding.code);

const secretsReader = rawPolicy(app, { secrets: ['get', 'list'] });
const simple = anEstate([aVault(rawVault('kv-app', [secretsReader]))], [application(app)]);
const decide = (choice: DecisionRow['choice'], principal = app, more: Partial<DecisionRow> = {}): DecisionRow => ({
  vault: 'kv-app',
  principal,
  choice,
  reason: 'asked the owner',
  ...more,
});

describe('a plan', () => {
  test('gives an application that reads secrets the one role that does just that, and then flips', () => {
    const vault = onlyVault(simple);
    expect(vault).toMatchObject({ state: 'ready', gains: [], entries: [{ outcome: 'reproduce', dropped: [] }] });
    expect(vault.steps).toMatchObject([
      { kind: 'ensureRoleAssignment', roleName: 'Key Vault Secrets User', principalId: app, principalType: 'ServicePrincipal', scope: kv },
      { kind: 'flip', undo: { kind: 'flipBack' } },
    ]);
  });

  test('is the same text for the same facts, in whatever order they were read', () => {
    const policies = [rawPolicy(app, { keys: ['get'] }), rawPolicy(person, { secrets: ['get'] })];
    const [one, two] = [aVault(rawVault('kv-one', policies)), aVault(rawVault('kv-two', policies))];
    const rows = [
      anAssignment(kv, app, 'Key Vault Reader'),
      anAssignment(`/subscriptions/${subscriptionId}`, person, 'Key Vault Administrator'),
    ];
    const first = anEstate([one, two], [application(app), user(person)], aSubscription({ roleAssignments: read(rows) }));
    const second = anEstate([two, one], [user(person), application(app)], aSubscription({ roleAssignments: read(rows.toReversed()) }));
    expect(encodePlan(planOf(second))).toBe(encodePlan(planOf({ ...first, readAt: '2026-11-24T08:00:01.000Z' })));
    expect(readPlan(encodePlan(planOf(first)))).toEqual(planOf(first));
  });

  test('tells a managed identity from other service principals, and a guest from other users', () => {
    const policies = [secretsReader, rawPolicy(person, { secrets: ['get'] })];
    const principals = [{ ...application(app), managedIdentity: true } as const, { ...user(person), guest: true } as const];
    const { entries } = onlyVault(anEstate([aVault(rawVault('kv-app', policies))], principals));
    expect(entries.map((entry) => entry.principal.kind)).toEqual(['managedIdentity', 'guest']);
  });

  test('names assignments by scope, principal and role alone, so that a later plan finds its own work', () => {
    const [first] = onlyVault(simple).steps;
    const other = {
      ...simple,
      vaults: [
        { vault: aVault(rawVault('kv-app', [secretsReader, rawPolicy(person, {})])), diagnosticSettings: { state: 'notAsked' as const } },
      ],
    };
    expect(onlyVault(other).steps[0]).toEqual(first);
  });

  test('reuses an assignment that exists, and makes no second one', () => {
    const there = aSubscription({ roleAssignments: read([anAssignment(kv, app, 'Key Vault Secrets User')]) });
    const vault = onlyVault({ ...simple, subscriptions: [there] });
    expect(vault.entries[0]?.outcome).toBe('alreadyCovered');
    expect(vault.steps.map((step) => step.kind)).toEqual(['flip']);
  });

  test('says of what is held already by which assignment, role, scope and group, and nothing of what is given besides', () => {
    const subscription = `/subscriptions/${subscriptionId}`;
    const rows = [
      anAssignment(subscription, app, 'Key Vault Reader'),
      anAssignment(kv, team, 'Key Vault Secrets User', { principalType: 'Group' }),
      anAssignment(`${kv}/secrets/one`, app, 'Key Vault Secrets Officer', {}, id('9', 80)),
    ];
    const group: Principal = { kind: 'group', objectId: team, displayName: 'Team', securityEnabled: true, dynamic: false };
    const estate = {
      ...anEstate([aVault(rawVault('kv-app', [secretsReader]))], [application(app), group], aSubscription({ roleAssignments: read(rows) })),
      members: new Map([[team, read(new Set([app]))]]),
    };
    expect(onlyVault(estate).entries[0]?.held).toMatchObject([{ assignmentId: rows[0]?.id }]);
    expect(onlyVault(estate, [decide('keepExisting')]).entries[0]?.held).toEqual([
      {
        dataActions: ['Microsoft.KeyVault/vaults/secrets/readMetadata/action'],
        assignmentId: rows[0]?.id,
        roleDefinitionId: roleId('Key Vault Reader'),
        roleName: 'Key Vault Reader',
        scope: subscription,
      },
      {
        dataActions: [get, 'Microsoft.KeyVault/vaults/secrets/readMetadata/action'],
        assignmentId: rows[1]?.id,
        roleDefinitionId: roleId('Key Vault Secrets User'),
        roleName: 'Key Vault Secrets User',
        scope: kv.toLowerCase(),
        throughGroup: team,
        groupName: 'Team',
      },
    ]);
  });

  test('P12: an assignment on one secret is no cover, so the role is assigned at the vault', () => {
    const there = aSubscription({ roleAssignments: read([anAssignment(`${kv}/secrets/one`, app, 'Key Vault Secrets User')]) });
    expect(onlyVault({ ...simple, subscriptions: [there] }).steps[0]).toMatchObject({ scope: kv, roleName: 'Key Vault Secrets User' });
  });

  test('lists what a principal without any policy gains when the flip wakes its assignment up', () => {
    const there = aSubscription({
      roleAssignments: read([anAssignment(`/subscriptions/${subscriptionId}`, person, 'Key Vault Secrets User')]),
    });
    const vault = onlyVault({
      ...simple,
      subscriptions: [there],
      principals: new Map([...simple.principals, [person, user(person, 'Ada')]]),
    });
    const role = { roleName: 'Key Vault Secrets User', scope: `/subscriptions/${subscriptionId}` };
    expect(vault.gains).toMatchObject([{ principalId: person, cause: 'flip', certain: true, principal: { displayName: 'Ada' }, ...role }]);
    expect(vault.gains[0]?.dataActions.map((action) => action.dataAction)).toContain(get);
  });

  test('lists what the plan’s own roles give beyond the policy', () => {
    const vault = onlyVault(anEstate([aVault(rawVault('kv-app', [rawPolicy(app, { secrets: ['set'] })]))], [application(app)]));
    expect(vault.gains).toMatchObject([
      { principalId: app, cause: 'plan', roleName: 'Key Vault Secrets Officer', scope: kv.toLowerCase() },
    ]);
    const assign = vault.steps.find((step) => step.kind === 'ensureRoleAssignment');
    expect(vault.gains[0]?.roleDefinitionId).toBe(assign?.roleDefinitionId);
    expect(vault.gains[0]).not.toHaveProperty('because');
    expect(vault.gains[0]?.dataActions.map((action) => action.dataAction)).toContain(get);
  });

  test('unites two entries of one principal, and leaves an entry with nothing in it alone', () => {
    const policies = [rawPolicy(app, { secrets: ['get'] }), rawPolicy(app.toUpperCase(), { secrets: ['list'] }), rawPolicy(person, {})];
    const vault = onlyVault(anEstate([aVault(rawVault('kv-app', policies))], [application(app), user(person)]));
    expect(vault.entries.map((entry) => [entry.outcome, entry.permissions.secrets])).toEqual([
      ['reproduce', ['get', 'list']],
      ['inert', []],
    ]);
    expect(vault.state).toBe('ready');
  });

  test('of a vault on Azure RBAC that is covered says so and does nothing', () => {
    const covered = aSubscription({ roleAssignments: read([anAssignment(vaultResourceId('kv-app'), app, 'Key Vault Secrets User')]) });
    const raw = rawVault('kv-app', [secretsReader], { enableRbacAuthorization: true });
    const vault = onlyVault(anEstate([aVault(raw)], [application(app)], covered));
    expect(vault).toMatchObject({ state: 'alreadyOnRbac', steps: [], entries: [] });
  });

  test('of a vault on Azure RBAC that is not covered makes what is missing, and flips nothing', () => {
    const vault = onlyVault(anEstate([aVault(rawVault('kv-app', [secretsReader], { enableRbacAuthorization: true }))], [application(app)]));
    expect(vault).toMatchObject({ state: 'repair', steps: [{ kind: 'ensureRoleAssignment', roleName: 'Key Vault Secrets User' }] });
    expect(vault.findings.map(({ code }) => code)).toContain('PLN-REPAIR');
  });
});

describe('a vault is blocked', () => {
  const blocked = (estate: Estate) => {
    const vault = onlyVault(estate);
    expect(vault.state).toBe('blocked');
    return codes(vault, 'blocker');
  };
  const withPolicy = (policy: ReturnType<typeof rawPolicy>, principals = [application(app)]) =>
    anEstate([aVault(rawVault('kv-app', [policy]))], principals);

  test('P19: by a permission that nobody knows', () => {
    expect(blocked(withPolicy(rawPolicy(app, { secrets: ['frobnicate'] })))).toContain('MAP-UNKNOWN-PERMISSION');
  });
  test('P22: by a principal that the directory did not answer for, who is not read as deleted', () => {
    expect(
      blocked(
        withPolicy(secretsReader, [{ kind: 'unresolved', objectId: app, why: { kind: 'deletedUnread', because: 'not in the answer' } }]),
      ),
    ).toContain('PRN-UNRESOLVED');
  });
  test('P17: by a compound identity, and the plain principal is not widened for it', () => {
    const estate = withPolicy(rawPolicy(person, { secrets: ['get'] }, { applicationId: id('e') }), [user(person)]);
    expect(blocked(estate)).toContain('PRN-COMPOUND');
    expect(onlyVault(estate).steps.map((step) => step.kind)).toEqual(['flip']);
  });
  test('by an entry that is undecided, and what that loses is not said a second time', () => {
    const vault = onlyVault(withPolicy(rawPolicy(app, { secrets: ['get', 'frobnicate'] })));
    expect(vault).toMatchObject({ state: 'blocked', entries: [{ outcome: 'undecided' }] });
    expect(codes(vault, 'blocker')).toEqual(['MAP-UNKNOWN-PERMISSION']);
  });
  test('P23: by storage permissions, while the rest of the entry has its exact role', () => {
    const estate = withPolicy(rawPolicy(app, { secrets: ['get', 'list'], storage: ['regeneratekey'] }));
    expect(blocked(estate)).toContain('MAP-STORAGE');
    expect(onlyVault(estate).entries[0]?.choice?.roles.map((role) => role.name)).toEqual(['Key Vault Secrets User']);
  });
  test('by lists that could not be read: not knowing is no cover', () => {
    const subscription = aSubscription({ denyAssignments: unreadable('forbidden') });
    expect(blocked({ ...simple, subscriptions: [subscription] })).toContain('INV-UNREAD');
  });
  test('EA-51: by a subscription that the plan would fill, and not when it adds nothing', () => {
    const many = Array.from({ length: 3599 }, (_, at) =>
      anAssignment(vaultResourceId('kv-other'), id('8', at + 1), 'Key Vault Reader', {}, id('7', at + 1)),
    );
    const full = aSubscription({ roleAssignments: read(many) });
    expect(blocked({ ...simple, subscriptions: [full] })).toContain('PLN-LIMIT');
    const told = onlyVault({ ...simple, subscriptions: [full] }).findings.find(({ code }) => code === 'PLN-LIMIT');
    expect(told?.facts).toEqual({ there: 3599, added: 1, limit: 4000, vaults: 1, fit: 0 });
    const less = aSubscription({ roleAssignments: read(many.slice(1)) });
    expect(codes(onlyVault({ ...simple, subscriptions: [less] }), 'blocker')).not.toContain('PLN-LIMIT');
    const covered = aSubscription({ roleAssignments: read([...many, anAssignment(kv, app, 'Key Vault Secrets User')]) });
    expect(codes(onlyVault({ ...simple, subscriptions: [covered] }), 'blocker')).not.toContain('PLN-LIMIT');
  });
});

describe('a decision', () => {
  const wide = anEstate(
    [aVault(rawVault('kv-app', [rawPolicy(app, { secrets: ['get', 'list', 'purge'], storage: ['list'] })]))],
    [application(app)],
  );

  test('to drop gives the entry up, and nothing is assigned', () => {
    const vault = onlyVault(wide, [decide('drop')]);
    expect(vault).toMatchObject({ state: 'ready', entries: [{ outcome: 'drop', decision: { reason: 'asked the owner' } }] });
    expect(vault.entries[0]?.dropped).toEqual(vault.entries[0]?.required);
    expect(vault.steps.map((step) => step.kind)).toEqual(['flip']);
  });

  test('to narrow keeps what is named and lists what is given up', () => {
    const vault = onlyVault(wide, [decide('narrow', app, { keep: ['secrets/Get', 'secrets/list'] })]);
    expect(vault.state).toBe('ready');
    expect(vault.entries[0]).toMatchObject({ outcome: 'reproduce', choice: { roles: [{ name: 'Key Vault Secrets User' }] } });
    expect(vault.entries[0]?.dropped).toContain('Microsoft.KeyVault/vaults/secrets/purge/action');
    expect(vault.entries[0]?.dropped).not.toContain(get);
  });

  test.each(['keys/get', 'secrets/all'])('to keep %s, which the entry does not have, is refused', (word) => {
    expect(() => planOf(wide, [decide('narrow', app, { keep: [word] })])).toThrow(expect.objectContaining({ code: 'DECISION_WRONG' }));
  });

  describe('on an entry whose policy says `all`', () => {
    const all = anEstate([aVault(rawVault('kv-app', [rawPolicy(app, { keys: ['All'], secrets: [' ALL '] })]))], [application(app)]);

    test.each([['secrets/get'], ['Secrets/GET']])('LP-5: narrows to %s, which `all` stands for', (word) => {
      const vault = onlyVault(all, [decide('narrow', app, { keep: [word] })]);
      expect(vault).toMatchObject({
        state: 'ready',
        entries: [{ choice: { roles: [{ name: 'Key Vault Secrets User' }], covered: [get] } }],
      });
      expect(vault.entries[0]?.dropped).toContain('Microsoft.KeyVault/vaults/keys/read');
    });

    test('LP-5: may keep one `all` and give up the other', () => {
      const [entry] = onlyVault(all, [decide('narrow', app, { keep: ['secrets/all'] })]).entries;
      expect(entry?.choice?.roles.map((role) => role.name)).toEqual(['Key Vault Secrets Officer']);
      expect(entry?.dropped.every((action) => action.includes('/vaults/key'))).toBe(true);
    });

    test('LP-5: has no purge to keep', () => {
      const purge = decide('narrow', app, { keep: ['secrets/purge'] });
      expect(() => planOf(all, [purge])).toThrow(expect.objectContaining({ code: 'DECISION_WRONG' }));
    });
  });

  describe('is what the remarks are about', () => {
    const officer = anEstate(
      [aVault(rawVault('kv-app', [rawPolicy(app, { keys: ['all'], secrets: ['all'], certificates: ['all'] })]))],
      [application(app)],
    );
    const remarks = (decisions: readonly DecisionRow[], estate = officer) =>
      onlyVault(estate, decisions)
        .findings.map((finding) => finding.code)
        .filter((code) => code.startsWith('MAP-'));

    test('to reproduce: the wide roles are remarked on', () => {
      expect(remarks([decide('reproduce')])).toEqual(expect.arrayContaining(['MAP-PURGE', 'MAP-CONTROL-PLANE']));
      expect(remarks([decide('reproduce')])).toEqual(remarks([]));
    });
    test('to narrow: only what is kept is remarked on', () => {
      expect(remarks([decide('narrow', app, { keep: ['secrets/get', 'secrets/list'] })])).toEqual([]);
      const purge = onlyVault(officer, [decide('narrow', app, { keep: ['secrets/set'] })]).findings.find(
        ({ code }) => code === 'MAP-PURGE',
      );
      expect(purge?.facts).toMatchObject({ roles: ['Key Vault Secrets Officer'] });
    });
    test('and while none is made, no role is remarked on', () => {
      const gone = { kind: 'deleted', objectId: app, displayName: 'Gone' } as const;
      expect(remarks([], { ...officer, principals: new Map([[app, gone]]) })).toEqual([]);
    });
    test.each(['drop', 'keepExisting'] as const)('to %s: no role is remarked on', (choice) => {
      expect(remarks([decide(choice)])).toEqual([]);
    });
    test('P23: to reproduce storage permissions: the roles remarked on are those chosen with them', () => {
      const stored = anEstate(
        [aVault(rawVault('kv-app', [rawPolicy(app, { secrets: ['get'], storage: ['delete'] })]))],
        [application(app)],
      );
      expect(remarks([decide('reproduce')], stored)).toContain('MAP-STORAGE');
      const purge = onlyVault(stored, [decide('reproduce')]).findings.find(({ code }) => code === 'MAP-PURGE');
      expect(purge?.facts).toMatchObject({ roles: ['Key Vault Administrator'] });
    });
    test('to drop what belongs to a service of Microsoft’s: which one it is stays said', () => {
      const [appId] = catalogue.services.keys();
      if (appId === undefined) throw new Error('the catalogue knows no service');
      const service = { ...application(app), appId } as const;
      const estate = anEstate(
        officer.vaults.map(({ vault }) => vault),
        [service],
      );
      expect(remarks([decide('drop')], estate)).toEqual(['MAP-SERVICE']);
    });
  });

  test('to reproduce accepts the wide role that storage permissions need', () => {
    const vault = onlyVault(wide, [decide('reproduce')]);
    expect(vault.state).toBe('ready');
    expect(vault.entries[0]).toMatchObject({ outcome: 'reproduce', dropped: [] });
  });

  test('to keep only existing access gives up what that does not cover', () => {
    const there = aSubscription({ roleAssignments: read([anAssignment(kv, app, 'Key Vault Secrets User')]) });
    const vault = onlyVault({ ...wide, subscriptions: [there] }, [decide('keepExisting')]);
    expect(vault).toMatchObject({ state: 'ready', entries: [{ outcome: 'drop' }] });
    expect(vault.entries[0]?.dropped).not.toContain(get);
    expect(vault.entries[0]?.dropped).toContain('Microsoft.KeyVault/vaults/secrets/purge/action');
  });

  test.each(['reproduce', 'narrow'] as const)(
    'P17, P22: to %s cannot turn a compound identity or an unknown principal into a role',
    (choice) => {
      const compound = rawPolicy(app, { secrets: ['get'] }, { applicationId: id('e') });
      const more = choice === 'narrow' ? { keep: ['secrets/get'] } : {};
      const estate = anEstate([aVault(rawVault('kv-app', [compound]))], [application(app)]);
      expect(() => onlyVault(estate, [decide(choice, app, { ...more, applicationId: id('e') })])).toThrow(
        /`(reproduce|narrow)` for `.*` with application `.*` in vault `kv-app`, where .*Azure RBAC has no such grant/,
      );
      const unknown = anEstate([aVault(rawVault('kv-app', [secretsReader]))], []);
      expect(onlyVault(unknown, [decide(choice, app, more)]).state).toBe('blocked');
    },
  );

  test('to reproduce what no role of the tenant gives leaves the entry undecided', () => {
    const few = aSubscription({ roleDefinitions: read(roleDefinitions.filter((role) => role.name === 'Key Vault Reader')) });
    const vault = onlyVault({ ...simple, subscriptions: [few] }, [decide('reproduce')]);
    expect(vault).toMatchObject({ state: 'blocked', entries: [{ outcome: 'undecided' }] });
    expect(codes(vault, 'blocker')).toContain('MAP-UNCOVERED');
  });

  test('P19: to narrow to the permissions that are known settles an unknown one', () => {
    const estate = anEstate([aVault(rawVault('kv-app', [rawPolicy(app, { secrets: ['get', 'list', 'frobnicate'] })]))], [application(app)]);
    expect(() => onlyVault(estate, [decide('reproduce')])).toThrow(expect.objectContaining({ code: 'DECISION_WRONG' }));
    expect(onlyVault(estate, [decide('narrow', app, { keep: ['secrets/get', 'secrets/list'] })]).state).toBe('ready');
  });
});

describe('what the operator may not do', () => {
  test('P20: is told in the plan for the flip and for each role, and an owner is told nothing', () => {
    const vault = onlyVault(simple);
    expect(codes(vault, 'warning')).toEqual(expect.arrayContaining(['PLN-OPERATOR-FLIP', 'PLN-OPERATOR-ASSIGN']));
    const subscription = aSubscription({ roleAssignments: read([anAssignment(`/subscriptions/${subscriptionId}`, operatorId, 'Owner')]) });
    expect(codes(onlyVault({ ...simple, subscriptions: [subscription] }), 'warning')).not.toEqual(
      expect.arrayContaining([expect.stringContaining('PLN-OPERATOR')]),
    );
  });
});

test('a foreign entry of a vault is inert and loses nothing', () => {
  const foreign = { ...rawPolicy(app, { secrets: ['get'] }), tenantId: id('6') };
  const vault = onlyVault(anEstate([aVault(rawVault('kv-app', [foreign]))], []));
  expect(vault.entries).toMatchObject([{ outcome: 'inert', tenantId: id('6') }]);
  expect(vault.state).toBe('ready');
});
