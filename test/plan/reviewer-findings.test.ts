import { describe, expect, test } from 'vitest';
import type { JsonObject } from '../../src/base/json.ts';
import type { Plan } from '../../src/formats/plan.ts';
import { findingWords } from '../../src/words/finding-words.ts';
import { planOf } from '../builders/a-migration.ts';
import { aWorld } from '../builders/a-world.ts';
import { anAssignment, application, id, rawPolicy, rawVault, subscriptionId, user } from '../builders/an-estate.ts';

const [app, person, gone] = [id('d', 1), id('d', 2), id('d', 3)];
const off = { enableRbacAuthorization: false };
const everything = { secrets: ['all'], keys: ['all'], certificates: ['all'], storage: ['all'] };

function found(plan: Plan, code: string): readonly string[] {
  return plan.vaults.flatMap(({ findings }) => findings.filter((one) => one.code === code).map((one) => findingWords(one).message));
}

const world = (policies: readonly JsonObject[], raw: JsonObject = {}) =>
  aWorld(
    [{ ...rawVault('kv-app', policies, off), ...raw }],
    [application(app), user(person), { kind: 'deleted', objectId: gone, displayName: 'Left' }],
  );

describe('what reviewers ask a reason for is told', () => {
  test('that Key Vault Administrator would be assigned, and to whom, and no other role', () => {
    const row = { vault: 'kv-app', principal: person, reason: 'the team agreed' };
    const wide = planOf(world([rawPolicy(person, everything)]), [{ ...row, choice: 'reproduce' }]);
    expect(found(wide, 'PLN-ADMINISTRATOR')).toEqual([
      expect.stringMatching(/^`Key Vault Administrator` would be assigned, which has every data action of the vault, \d+ of tier A or B/),
    ]);
    expect(found(planOf(world([rawPolicy(person, { secrets: ['get', 'set'] })])), 'PLN-ADMINISTRATOR')).toEqual([]);
  });

  test('that a decision gives up access of somebody who exists, and that nobody looked whether it is used', () => {
    const policies = [rawPolicy(person, { secrets: ['get'] }), rawPolicy(gone, { secrets: ['get'] }), rawPolicy(app, { secrets: ['get'] })];
    const drop = (principal: string) => ({ vault: 'kv-app', principal, choice: 'drop' as const, reason: 'not used' });
    expect(found(planOf(world(policies), [drop(person), drop(gone)]), 'PLN-DROP-UNPROVEN')).toEqual([
      '`drop` gives up secrets/getSecret, and whether that is used is unknown: no log was read',
    ]);
  });

  test('that an assignment above the vault opens it at the flip, and not one at the vault', () => {
    const subscription = `/subscriptions/${subscriptionId}`;
    const grant = (scope: string) => {
      const one = anAssignment(scope, person, 'Key Vault Secrets User');
      const estate = world([rawPolicy(app, { secrets: ['get'] })]);
      estate.assignments.set(one.id.toLowerCase(), one.raw);
      return found(planOf(estate), 'PLN-WIDE-GRANT');
    };
    expect(grant(subscription)).toEqual([
      expect.stringMatching(
        /^`A person` \(`.*`\) gets secrets\/getSecret at the flip by `Key Vault Secrets User` at the subscription \(assignment /,
      ),
    ]);
    expect(grant(`${subscription}/resourceGroups/rg-app/providers/Microsoft.KeyVault/vaults/kv-app`)).toEqual([]);
  });

  test('that no person has access to data after the flip', () => {
    const alone = [rawPolicy(app, { secrets: ['get'] })];
    expect(found(planOf(world(alone)), 'PLN-NO-PEOPLE')).toHaveLength(1);
    expect(found(planOf(world([...alone, rawPolicy(person, { secrets: ['get'] })])), 'PLN-NO-PEOPLE')).toEqual([]);
    expect(found(planOf(world([])), 'PLN-NO-PEOPLE')).toEqual([]);
  });

  test.each<[Readonly<Record<string, string>>, readonly string[]]>([
    [{ 'managed-by': 'terraform' }, ['Terraform']],
    [{ Terraform: 'true' }, ['Terraform']],
    [{ terraform: 'false' }, []],
    [{ 'azd-env-name': 'prod' }, ['the Azure Developer CLI']],
    [{ deployedWith: 'Bicep' }, ['Bicep']],
    [{ iac: 'yes' }, ['infrastructure code']],
    [{ team: 'liaction', name: 'ibicepx' }, []],
    [{}, []],
  ])('that tags %j say that code manages the vault: %j', (tags, tools) => {
    const plan = planOf(world([rawPolicy(person, { secrets: ['get'] })], { tags }));
    const messages = found(plan, 'INV-CODE-TAG');
    expect(messages).toHaveLength(tools.length);
    for (const [at, tool] of tools.entries()) expect(messages[at]).toContain(`says that ${tool} manages the vault`);
  });

  test('EA-51: that a subscription comes close to the most assignments that it may hold, before a plan is blocked', () => {
    const many = (count: number) => {
      const filling = Array.from({ length: count }, (_, at) =>
        anAssignment(`/subscriptions/${subscriptionId}`, id('e', at + 1), 'Reader', {}, id('f', at + 1)),
      );
      const estate = world([rawPolicy(person, { secrets: ['get'] })]);
      for (const one of filling) estate.assignments.set(one.id.toLowerCase(), one.raw);
      return planOf(estate);
    };
    expect(found(many(3100), 'PLN-LIMIT-NEAR')).toEqual([]);
    expect(found(many(3300), 'PLN-LIMIT-NEAR')).toEqual([
      'the subscription holds 3301 role assignments and the plan adds 1: that is close to 4000, the most that it may hold',
    ]);
    expect(found(many(3700), 'PLN-LIMIT-NEAR')).toEqual([]);
    expect(found(many(3700), 'PLN-LIMIT')).toHaveLength(1);
  });
});
