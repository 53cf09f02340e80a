import { describe, expect, test } from 'vitest';
import type { JsonObject } from '../../src/base/json.ts';
import { read, unreadable } from '../../src/base/reading.ts';
import { parseDenyAssignment } from '../../src/model/deny-assignment.ts';
import type { SubscriptionFacts } from '../../src/model/estate.ts';
import type { Principal } from '../../src/model/principal.ts';
import { parseScheduleInstance } from '../../src/model/schedule-instance.ts';
import { verifyVault } from '../../src/verify/verify-vault.ts';
import { gapInWords, linesAgainst } from '../../src/words/gap-words.ts';
import { app, aSimpleWorld, planOf } from '../builders/a-migration.ts';
import { estateOf } from '../builders/a-world.ts';
import {
  anAssignment,
  anEstate,
  application,
  aSubscription,
  aVault,
  id,
  rawPolicy,
  rawVault,
  user,
  vaultResourceId,
} from '../builders/an-estate.ts';
import { catalogue, roleId } from '../builders/the-catalogue.ts';

const kv = vaultResourceId('kv-app');
const at = new Date('2026-11-24T09:00:00.000Z');
const get = 'Microsoft.KeyVault/vaults/secrets/getSecret/action';

function verify(policies: readonly JsonObject[], facts: Partial<SubscriptionFacts>, principals: readonly Principal[] = [application(app)]) {
  const vault = aVault(rawVault('kv-app', policies));
  const subscription = aSubscription(facts);
  return verifyVault({ vault, subscription, estate: anEstate([vault], principals, subscription), catalogue, at, minimumAgeMinutes: 15 });
}

const reader = rawPolicy(app, { secrets: ['get', 'list'] });
const row = (more: JsonObject = {}, where = kv) => anAssignment(where, app, 'Key Vault Secrets User', more);

describe('a vault that nobody planned', () => {
  test('is covered when durable roles give all that its policies give', () => {
    expect(verify([reader], { roleAssignments: read([row()]) })).toMatchObject({ state: 'covered', gaps: [] });
    expect(verify([], {})).toMatchObject({ state: 'covered' });
  });

  test('P01, P12, P13, P14, P18: has a gap, with who would lose what and why', () => {
    const until = {
      scope: kv,
      roleDefinitionId: roleId('Key Vault Secrets User'),
      principalId: app,
      endDateTime: '2026-11-25T00:00:00Z',
    };
    const ends = parseScheduleInstance({ id: '/i/1', properties: { ...until, originRoleAssignmentId: row().id } });
    const deny = parseDenyAssignment({
      id: `${kv}/providers/Microsoft.Authorization/denyAssignments/1`,
      properties: {
        scope: kv,
        permissions: [{ actions: [], notActions: [], dataActions: [get], notDataActions: [] }],
        principals: [{ id: app }],
        excludePrincipals: [],
        doNotApplyToChildScopes: false,
      },
    });
    const condition = { condition: "(@Resource[Microsoft.KeyVault/vaults/secrets:name] StringStartsWith 'app-')", conditionVersion: '2.0' };
    const gaps: Record<string, Partial<SubscriptionFacts>> = {
      'no role': {},
      'only a reader': { roleAssignments: read([anAssignment(kv, app, 'Key Vault Reader')]) },
      'one secret': { roleAssignments: read([row({}, `${kv}/secrets/one`)]) },
      'a condition': { roleAssignments: read([row(condition)]) },
      'a deny': { roleAssignments: read([row()]), denyAssignments: read(deny === undefined ? [] : [deny]) },
      'an end tomorrow': { roleAssignments: read([row()]), activeInstances: read(ends === undefined ? [] : [ends]) },
      'too young': { roleAssignments: read([row({ createdOn: '2026-11-24T08:50:00Z', updatedOn: '2026-11-24T08:50:00Z' })]) },
    };
    const wayOut: Record<string, RegExp> = { 'a deny': /the owner of the deny assignment/, 'too young': /^wait until/ };
    for (const [why, facts] of Object.entries(gaps)) {
      const verdict = verify([reader], facts);
      expect(verdict.state, why).toBe('gap');
      expect(verdict.gaps.map((gap) => gapInWords(gap).next).join(), why).toMatch(wayOut[why] ?? /^run `keyturn plan`/);
      expect(linesAgainst(verdict).join('\n'), why).toMatch(/`An application` \(dddddddd-.*would lose .*secrets\/getSecret/);
    }
  });

  test('cannot be told about when facts are missing: undetermined is not covered', () => {
    expect(verify([reader], { denyAssignments: unreadable('forbidden'), roleAssignments: read([row()]) }).state).toBe('undetermined');
    expect(verify([reader], { roleAssignments: unreadable('forbidden') }).state).toBe('undetermined');
    // Nobody can lose here, but somebody may gain.
    expect(verify([], { roleAssignments: unreadable('forbidden') })).toMatchObject({
      state: 'undetermined',
      gaps: [{ kind: 'gainsUnread', text: 'forbidden' }],
    });
    expect(verify([reader], { roleAssignments: read([row()]) }, []).state).toBe('undetermined');
    expect(verify([rawPolicy(app, { secrets: ['frobnicate'] })], { roleAssignments: read([row()]) }).state).toBe('undetermined');
  });

  test('P17: has a gap for a compound identity, whatever the plain principal holds', () => {
    const compound = rawPolicy(app, { secrets: ['get'] }, { applicationId: id('e') });
    expect(verify([compound], { roleAssignments: read([row()]) })).toMatchObject({ state: 'gap', pairs: [] });
  });

  test('tells gains, which are no reason to call it uncovered when there is no plan', () => {
    const other = anAssignment(kv, id('d', 2), 'Key Vault Administrator');
    const verdict = verify([reader], { roleAssignments: read([row(), other]) }, [application(app), user(id('d', 2))]);
    expect(verdict.state).toBe('covered');
    expect(verdict.unlisted).toMatchObject([{ principalId: id('d', 2), cause: 'flip' }]);
  });
});

const decision = { choice: 'drop' as const, reason: 'left the team' };

describe('a vault with a plan', () => {
  const planned = () => {
    const world = aSimpleWorld();
    const [plan] = planOf(world).vaults;
    if (plan === undefined) throw new Error('no plan');
    const estate = estateOf(world);
    const [subscription] = estate.subscriptions;
    const vault = estate.vaults[0]?.vault;
    if (subscription === undefined || vault === undefined) throw new Error('no vault');
    return { plan, estate, subscription, vault, catalogue, at, minimumAgeMinutes: 0 };
  };

  test('is not covered by assignments that are only planned', () => {
    const verdict = verifyVault(planned());
    expect(verdict.state).toBe('gap');
    expect(linesAgainst(verdict).join('\n')).toContain('planned and not made yet');
  });

  test('does not ask for what a decision gave up', () => {
    const question = planned();
    const entries = question.plan.entries.map((entry) => ({ ...entry, outcome: 'drop' as const, dropped: entry.required, decision }));
    expect(verifyVault({ ...question, plan: { ...question.plan, entries } })).toMatchObject({ state: 'covered', pairs: [] });
  });

  test('stops at a gain that the plan lists for another principal, at a narrower scope, or with fewer actions', () => {
    const base = planned();
    const entries = base.plan.entries.map((entry) => ({ ...entry, outcome: 'drop' as const, dropped: entry.required, decision }));
    const subscription = aSubscription({ roleAssignments: read([anAssignment(kv, id('e'), 'Key Vault Secrets User')]) });
    const ask = (gains: typeof base.plan.gains) =>
      verifyVault({ ...base, subscription, plan: { ...base.plan, entries, steps: [], gains } });
    const found = ask([]).unlisted.map((gain) => ({
      principalId: gain.principalId,
      principal: { kind: 'user', displayName: '' },
      dataActions: gain.dataActions.map(({ name, tier }) => ({ dataAction: name, tier })),
      assignmentId: gain.route.assignmentId,
      scope: gain.route.scope,
      certain: gain.certain,
      cause: gain.cause,
    }));
    expect(found).toHaveLength(1);
    expect(ask(found).state).toBe('covered');
    expect(ask([]).state).toBe('gap');
    expect(ask(found.map((gain) => ({ ...gain, principalId: id('f') }))).state).toBe('gap');
    expect(ask(found.map((gain) => ({ ...gain, scope: `${kv}/secrets/one` }))).state).toBe('gap');
    expect(ask(found.map((gain) => ({ ...gain, dataActions: gain.dataActions.slice(1) }))).state).toBe('gap');
  });
});
