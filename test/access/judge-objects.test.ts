import { describe, expect, test } from 'vitest';
import type { NamedObject } from '../../src/access/judgement.ts';
import type { PlannedAssignment, Requirement, VaultQuestion } from '../../src/access/vault-question.ts';
import { everyone } from '../../src/base/guid.ts';
import { read } from '../../src/base/reading.ts';
import { shortAction } from '../../src/model/data-action.ts';
import type { RoleAssignment } from '../../src/model/role.ts';
import * as t from '../builders/a-tenant.ts';
import { decideRbac, judgeVault } from './in-words.ts';

const { anna, getSecret, readMetadata, vaultId } = t;
const secretNamed = (name: string, collection = 'secrets'): NamedObject => ({ kind: 'object', collection, name });
const readOn = (name: string, ...dataActions: string[]): Requirement => {
  return { principalId: anna, dataActions: dataActions.length === 0 ? [getSecret] : dataActions, object: secretNamed(name) };
};

const judge = (tenant: t.Tenant, requirements: readonly Requirement[], more: Partial<VaultQuestion> = {}) =>
  judgeVault(t.question(tenant, { requirements, ...more }));

/** Pairs as `secrets/getSecret Db covered`. */
const states = (...asked: Parameters<typeof judge>) =>
  judge(...asked).pairs.map(({ dataAction, resource, state }) => {
    return `${shortAction(dataAction)} ${resource.kind === 'object' ? resource.name : resource.kind} ${state}`;
  });

const on = (object: string) => `${vaultId}/${object}`;
const getOnly = (names: string) =>
  `((!(ActionMatches{'${getSecret}'})) OR (@Resource[Microsoft.KeyVault/vaults/secrets:name] ForAnyOfAnyValues:StringEquals {${names}}))`;
const under = (condition: string) => ({ condition, conditionVersion: '2.0' });

describe('what has to work on one object', () => {
  test('EA-13: is covered by a role on that object, at the vault or above it, and by none on another', () => {
    const by = (at: string) => states({ assignments: [t.assign(anna, 'Secrets User', at)] }, [readOn('Db')]);
    for (const at of [on('secrets/Db'), on('secrets/DB'), vaultId, t.group, t.subscription, '/']) {
      expect(by(at), at).toEqual(['secrets/getSecret Db covered']);
    }
    for (const at of [on('secrets/Db1'), on('secrets/D'), on('keys/Db'), on('certificates/Db'), on('secrets/Db/0123'), `${vaultId}0`]) {
      expect(by(at), at).toEqual(['secrets/getSecret Db uncovered']);
    }
  });

  test('EA-14: asks for nothing at the vault or of any other object, unless that is wanted too', () => {
    const tenant = { assignments: [t.assign(anna, 'Secrets User', on('secrets/a'))] };
    expect(states(tenant, [readOn('a', getSecret, readMetadata)])).toEqual([
      'secrets/getSecret a covered',
      'secrets/readMetadata a covered',
    ]);
    expect(states(tenant, [readOn('a'), { principalId: anna, dataActions: [readMetadata] }])).toEqual([
      'secrets/getSecret a covered',
      'secrets/readMetadata vault uncovered',
      'secrets/readMetadata anyObject uncovered',
      'secrets/readMetadata a covered',
    ]);
  });

  test('of several objects is asked on each, once, and of each principal apart', () => {
    const tenant = { assignments: [t.assign(anna, 'Secrets User', on('secrets/a'))] };
    expect(states(tenant, [readOn('b'), readOn('a'), readOn('a'), { ...readOn('a'), principalId: t.ben }])).toEqual([
      'secrets/getSecret a covered',
      'secrets/getSecret b uncovered',
      'secrets/getSecret a uncovered',
    ]);
  });

  test('EA-15: on a certificate says nothing of its key and its secret', () => {
    const tenant = { assignments: [t.assign(anna, 'Certificate User', on('certificates/tls'))] };
    const certificate = {
      principalId: anna,
      dataActions: ['Microsoft.KeyVault/vaults/certificates/read'],
      object: secretNamed('tls', 'certificates'),
    };
    expect(states(tenant, [certificate, readOn('tls')])).toEqual(['certificates/read tls covered', 'secrets/getSecret tls uncovered']);
  });

  test('EA-2: is not covered where a deny stands on that object, or on the vault', () => {
    const assignments = [t.assign(anna, 'Secrets User')];
    const denied = (at: string) => states({ assignments, denies: [t.deny(at, [everyone], [getSecret])] }, [readOn('a')]);
    expect(denied(on('secrets/a'))).toEqual(['secrets/getSecret a uncovered']);
    expect(denied(vaultId)).toEqual(['secrets/getSecret a uncovered']);
    expect(denied(on('secrets/b'))).toEqual(['secrets/getSecret a covered']);
  });

  test('EA-37: needs an assignment that lasts and is old enough, as everywhere', () => {
    const assignment = t.assign(anna, 'Secrets User', on('secrets/a'));
    const active = [t.instance(assignment, { endDateTime: '2026-11-25T12:00:00Z' })];
    expect(states({ assignments: [assignment], active }, [readOn('a')])).toEqual(['secrets/getSecret a uncovered']);
    const young = t.assign(anna, 'Secrets User', on('secrets/a'), { createdOn: t.now, updatedOn: t.now });
    expect(states({ assignments: [young] }, [readOn('a')], { minimumAgeMinutes: 15 })).toEqual(['secrets/getSecret a uncovered']);
  });
});

describe('an assignment under a condition on names', () => {
  const when = (names: string, wanted: readonly Requirement[]) =>
    states({ assignments: [t.assign(anna, 'Secrets User', vaultId, under(getOnly(names)))] }, wanted);

  test('EA-39: covers the names that it names, and no others', () => {
    expect(when("'Db', 'Api-Key'", [readOn('Db'), readOn('Api-Key'), readOn('Db2')])).toEqual([
      'secrets/getSecret Api-Key covered',
      'secrets/getSecret Db covered',
      'secrets/getSecret Db2 uncovered',
    ]);
  });

  test('EA-41: covers no name where letter case alone decides, and says that the condition is not met', () => {
    const { pairs } = judge({ assignments: [t.assign(anna, 'Secrets User', vaultId, under(getOnly("'Db'")))] }, [readOn('db')]);
    expect(pairs).toMatchObject([{ state: 'uncovered', because: expect.stringContaining('is not met') as string }]);
    expect(when("'Db', 'db'", [readOn('db')])).toEqual(['secrets/getSecret db covered']);
  });

  test('EA-39: that gives it on some names alone covers no other object, and says on which it holds', () => {
    const whyNot = (condition: string) => {
      const tenant = { assignments: [t.assign(anna, 'Secrets User', vaultId, under(condition))] };
      return judge(tenant, [{ principalId: anna, dataActions: [getSecret] }]).pairs.map(({ state, because }) => `${state}: ${because}`);
    };
    const role = '`Key Vault Secrets User` at `kv1`';
    expect(whyNot(getOnly("'Db'"))).toEqual([`uncovered: ${role} holds on secret \`Db\` only, by its condition`]);
    expect(whyNot(getOnly("'c', 'a', 'b'"))).toEqual([`uncovered: ${role} holds on secrets \`a\`, \`b\` and \`c\` only, by its condition`]);
    for (const open of [
      getOnly("'a*'").replace('StringEquals', 'StringLike'),
      `!(${getOnly("'a'")})`,
      getOnly("'a'").replace('@Resource', '@Principal'),
      `${getOnly("'a'")} AND @Resource[Microsoft.KeyVault/vaults/secrets:tag] StringEquals 'x'`,
      'odd',
    ]) {
      expect(whyNot(open).join(), open).not.toContain('holds on');
    }
  });

  test('EA-39: is no open question where it names objects: any other is refused', () => {
    const facts = t.facts({ assignments: [t.assign(anna, 'Secrets User', vaultId, under(getOnly("'Db'")))] });
    const request = { principalId: anna, plane: 'data' as const, action: getSecret, vault: t.vault(), at: t.now };
    expect(decideRbac({ ...request, resource: { kind: 'anyObject', collection: 'secrets' } }, facts)).toEqual({
      state: 'notGranted',
      because: 'no role assignment gives it',
      nearest: '`Key Vault Secrets User` at `kv1` holds on secret `Db` only, by its condition',
      reason: 'DeniedWithABACEvaluationInRA',
    });
    expect(decideRbac({ ...request, resource: secretNamed('Db') }, facts).state).toBe('granted');
  });

  test('EA-40: covers a list that it does not speak of, and no list that it binds', () => {
    const list = [{ principalId: anna, dataActions: [readMetadata] }];
    expect(when("'Db'", list).every((line) => line.endsWith(' covered'))).toBe(true);
    const bound = getOnly("'Db'").replace(getSecret, readMetadata);
    const tenant = { assignments: [t.assign(anna, 'Secrets User', vaultId, under(bound))] };
    expect(states(tenant, list).every((line) => line.endsWith(' uncovered'))).toBe(true);
  });

  test('EA-39: covers keys and certificates when it speaks of another action alone, and not when it asks for a name', () => {
    const key = { principalId: anna, dataActions: ['Microsoft.KeyVault/vaults/keys/read'], object: secretNamed('Db', 'keys') };
    const administrator = (condition: string) => ({ assignments: [t.assign(anna, 'Administrator', vaultId, under(condition))] });
    expect(states(administrator(getOnly("'Db'")), [key])).toEqual(['keys/read Db covered']);
    const named = "@Resource[Microsoft.KeyVault/vaults/secrets:name] StringEquals 'Db'";
    expect(states(administrator(named), [key])).toEqual(['keys/read Db uncovered']);
  });
});

describe('a planned assignment under a condition', () => {
  const planned = (condition?: string, at = vaultId): PlannedAssignment => ({
    id: `${at}/providers/Microsoft.Authorization/roleAssignments/${t.id(800)}`,
    scope: t.scope(at),
    roleDefinitionId: t.roleId('Secrets User'),
    principalId: anna,
    principalType: 'User',
    ...(condition !== undefined && { condition }),
  });
  const [db, other] = [getOnly("'Db'"), getOnly("'Other'")];
  const withPlan = (plan: PlannedAssignment, standing: readonly RoleAssignment[], more: Partial<VaultQuestion> = {}) =>
    judge({ assignments: standing }, [readOn('Db')], { planned: [plan], ...more });
  const stands = (more: Parameters<typeof t.assign>[3] = {}) => t.assign(anna, 'Secrets User', vaultId, more);
  const named = (assignment: RoleAssignment): RoleAssignment => ({ ...assignment, id: planned().id });

  test('EA-39: covers its names when it is to be made, and gives what it gives on them as a possible gain', () => {
    const { pairs, gains } = withPlan(planned(db), []);
    expect(pairs).toMatchObject([{ state: 'covered', by: [{ assignmentId: planned().id }] }]);
    expect(gains.map(({ certain, dataActions }) => [certain, dataActions.map(({ name }) => shortAction(name))])).toEqual([
      [true, ['secrets/readMetadata']],
      [false, ['secrets/getSecret']],
    ]);
    expect(withPlan(planned(other), []).pairs).toMatchObject([{ state: 'uncovered' }]);
  });

  test('is there when one under the very same condition stands, whatever its name', () => {
    for (const standing of [stands(under(db)), named(stands(under(db)))]) {
      const { pairs } = withPlan(planned(db), [standing], { minimumAgeMinutes: 15 });
      expect(pairs).toMatchObject([{ state: 'covered', by: [{ assignmentId: standing.id }] }]);
    }
  });

  test('is not there when one under another condition stands, or one without any: it would still have to be made', () => {
    for (const standing of [stands(under(other)), stands(), named(stands(under(other)))]) {
      const { pairs } = withPlan(planned(db), [standing]);
      expect(pairs[0]?.by.map(({ assignmentId }) => assignmentId)).toContain(planned().id);
    }
    const old = withPlan(planned(db), [named(stands(under(other)))], { minimumAgeMinutes: 15 });
    expect(old.pairs).toMatchObject([{ state: 'uncovered', because: expect.stringContaining('is planned and not made yet') as string }]);
  });

  test('is not there when one under a condition stands and none is planned', () => {
    const { pairs } = judge({ assignments: [stands(under(other))] }, [{ principalId: anna, dataActions: [getSecret] }], {
      planned: [planned()],
    });
    expect(pairs).toMatchObject([{ state: 'covered', by: [{ assignmentId: planned().id }] }]);
  });

  test('makes somebody else’s gain of what stands under our name with another condition', () => {
    const { gains } = withPlan(planned(db), [named(stands())]);
    expect(gains.map(({ cause, certain, dataActions }) => [cause, certain, dataActions.map(({ name }) => shortAction(name))])).toEqual([
      ['flip', true, ['secrets/getSecret', 'secrets/readMetadata']],
    ]);
  });

  test('that nobody can read covers nothing and may give everything', () => {
    const { pairs, gains } = withPlan(planned('this is no condition'), []);
    expect(pairs).toMatchObject([{ state: 'uncovered' }]);
    expect(gains.map(({ certain }) => certain)).toEqual([false]);
  });

  test('on an object gives nothing but there: EA-13', () => {
    const plan = planned(undefined, on('secrets/Db'));
    expect(withPlan(plan, []).pairs).toMatchObject([{ state: 'covered' }]);
    expect(judge({}, [readOn('Other')], { planned: [plan] }).pairs).toMatchObject([{ state: 'uncovered' }]);
    const everywhere = judge({}, [{ principalId: anna, dataActions: [getSecret] }], { planned: [plan] });
    expect(everywhere.pairs).toMatchObject([{ resource: { kind: 'anyObject' }, state: 'uncovered' }]);
  });

  test('EA-20: of a role that Azure does not list covers nothing and may give everything, until its definition is among the facts', () => {
    const made = t.id(77);
    const plan = { ...planned(), roleDefinitionId: made };
    expect(withPlan(plan, []).pairs).toMatchObject([{ state: 'unknown' }]);
    const roles = read([t.role(made, [{ dataActions: [getSecret] }])]);
    const known = withPlan(plan, [], t.sources({ facts: { roleDefinitions: roles } }));
    expect(known.pairs).toMatchObject([{ state: 'covered' }]);
    expect(known.gains.flatMap(({ dataActions }) => dataActions.map(({ name }) => name))).toEqual([getSecret]);
  });
});
