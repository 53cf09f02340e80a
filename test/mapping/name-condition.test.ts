import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseCondition } from '../../src/access/conditions/parse-condition.ts';
import type { CheckedResource } from '../../src/access/judgement.ts';
import { requestContext } from '../../src/access/rbac/request-context.ts';
import { truthOf } from '../../src/access/rbac/weigh-grants.ts';
import { conditionLimit, isNameCondition, nameCondition } from '../../src/mapping/name-condition.ts';
import { judgeCondition } from '../../src/sandbox/evaluator/judge-condition.ts';
import { secretAttributes } from '../../src/sandbox/evaluator/secret-attributes.ts';
import { aVault, id, rawVault } from '../builders/an-estate.ts';
import { catalogue } from '../builders/the-catalogue.ts';

const secretActions = catalogue.dataActions.filter(({ collection }) => collection === 'secrets').map(({ name }) => name);
const get = 'Microsoft.KeyVault/vaults/secrets/getSecret/action';
const list = 'Microsoft.KeyVault/vaults/secrets/readMetadata/action';
const set = 'Microsoft.KeyVault/vaults/secrets/setSecret/action';

const vault = aVault(rawVault('kv-app', []));

/** What the judgement says of a call under the condition. */
function access(text: string, action: string, resource: CheckedResource) {
  const request = {
    principalId: id('d'),
    plane: 'data' as const,
    action,
    vault: vault,
    resource,
    at: '2026-11-24T08:00:00Z',
  };
  return truthOf(parseCondition(text), requestContext(request));
}

/** What the sandbox's evaluator says; a restore names its secret beside the resource. */
function sandbox(text: string, action: string, name?: string) {
  const resource = name === undefined ? vault.id : `${vault.id}/secrets/${name}`;
  return judgeCondition(text, { action, attributes: secretAttributes(action, resource) });
}

const object = (name: string): CheckedResource => ({ kind: 'object', collection: 'secrets', name });
const nameOf = fc.stringMatching(/^[0-9A-Za-z-]{1,127}$/);
const given = fc.record({
  names: fc.array(nameOf, { minLength: 1, maxLength: 5 }),
  bound: fc.uniqueArray(fc.constantFrom(...secretActions), { minLength: 1 }),
});

describe('a condition on names of secrets', () => {
  test('EA-39: gives each data action on the names alone, or on all, to the same answer of judgement and sandbox', () => {
    fc.assert(
      fc.property(given, nameOf, ({ names, bound }, stranger) => {
        const text = nameCondition(names, bound);
        for (const name of [...names, stranger]) {
          for (const action of secretActions) {
            const wanted = !bound.includes(action) || names.includes(name);
            expect(sandbox(text, action, name), `${action} on ${name}`).toBe(String(wanted));
            expect(access(text, action, object(name)), `${action} on ${name}`).toBe(wanted);
          }
        }
      }),
    );
  });

  test('EA-40: refuses what is asked of the vault, such as a list, unless that stays free; nobody can say for a name that is not known, or for what is done to deleted ones', () => {
    fc.assert(
      fc.property(given, ({ names, bound }) => {
        const text = nameCondition(names, bound);
        for (const action of secretActions) {
          const free = !bound.includes(action);
          expect(sandbox(text, action)).toBe(free ? 'true' : 'missing');
          expect(access(text, action, { kind: 'vault' })).toBe(free ? true : action === list ? false : 'unknown');
          expect(access(text, action, { kind: 'anyObject', collection: 'secrets' })).toBe(free ? true : 'unknown');
        }
      }),
    );
  });

  test('EA-41: gives nothing where letter case alone decides', () => {
    const text = nameCondition(['Billing-Key'], [get]);
    expect(access(text, get, object('Billing-Key'))).toBe(true);
    expect(access(text, get, object('billing-key'))).toBe(false);
    expect(access(nameCondition(['Billing-Key', 'billing-key'], [get]), get, object('billing-key'))).toBe(true);
    expect(access(text, get, object('other'))).toBe(false);
  });

  test('EA-39: leaves keys and certificates alone, since it targets actions on secrets', () => {
    expect(
      access(nameCondition(['x'], [get]), 'Microsoft.KeyVault/vaults/keys/read', { kind: 'object', collection: 'keys', name: 'x' }),
    ).toBe(true);
  });

  test('asks for the name in the request where a secret is written, since it need not be there yet, and of the resource elsewhere', () => {
    expect(nameCondition(['a'], [set])).toBe(
      `((!(ActionMatches{'${set}'})) OR (@Request[Microsoft.KeyVault/vaults/secrets:name] StringEquals 'a'))`,
    );
    expect(nameCondition(['b', 'a', 'b'], [list, get, get])).toBe(
      `((!(ActionMatches{'${get}'}) AND !(ActionMatches{'${list}'})) OR ` +
        `(@Resource[Microsoft.KeyVault/vaults/secrets:name] StringEquals 'a' OR @Resource[Microsoft.KeyVault/vaults/secrets:name] StringEquals 'b'))`,
    );
    expect(nameCondition(['a'], [set, get])).toMatch(/^\(\(\(.*@Resource.*\)\) AND \(\(.*@Request.*\)\)\)$/);
  });

  test('is the same text for the same names and actions, in whatever order and however often they are given', () => {
    fc.assert(
      fc.property(given, ({ names, bound }) => {
        const again = nameCondition([...names.toReversed(), ...names], [...bound.toReversed(), ...bound]);
        expect(again).toBe(nameCondition(names, bound));
      }),
    );
  });
});

describe('a condition that a plan brings along', () => {
  test('is known for one of ours, whatever the names and actions', () => {
    fc.assert(fc.property(given, ({ names, bound }) => isNameCondition(nameCondition(names, bound))));
  });

  test.each([
    ['nothing', ''],
    ['words', 'let everybody in'],
    ['a pattern', "@Resource[Microsoft.KeyVault/vaults/secrets:name] StringLike '*'"],
    ['an alternative beside it', `${nameCondition(['a'], [get])} OR (ActionMatches{'${get}'})`],
    ['other names for writing', nameCondition(['a'], [get, set]).replace(/'a'(?!.*'a')/, "'b'")],
    [
      'the operator for lists that no page of Key Vault shows',
      nameCondition(['a'], [get]).replace("StringEquals 'a'", "ForAnyOfAnyValues:StringEquals {'a'}"),
    ],
    ['a wildcard action', nameCondition(['a'], ['Microsoft.KeyVault/vaults/secrets/*'])],
    ['actions on keys', nameCondition(['a'], ['Microsoft.KeyVault/vaults/keys/read'])],
    ['a name that no secret can have', nameCondition(['a b'], [get])],
    ['no names', nameCondition([], [get])],
    ['no actions', nameCondition(['a'], [])],
  ])('is not taken for ours when it is, or holds, %s', (_, text) => {
    expect(isNameCondition(text)).toBe(false);
  });

  test('is not taken when it is longer than Azure takes, by a byte', () => {
    const full = (last: number) =>
      nameCondition([...Array.from({ length: 40 }, (_, at) => `${at + 100}${'x'.repeat(117)}`), 'y'.repeat(last)], [get]);
    const last = 1 + conditionLimit - full(1).length;
    expect(full(last)).toHaveLength(conditionLimit);
    expect([isNameCondition(full(last)), isNameCondition(full(last + 1))]).toEqual([true, false]);
  });
});
