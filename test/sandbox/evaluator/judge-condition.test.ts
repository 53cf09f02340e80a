import { describe, expect, test } from 'vitest';
import { judgeCondition, type Truth } from '../../../src/sandbox/evaluator/judge-condition.ts';
import { secretAttributes } from '../../../src/sandbox/evaluator/secret-attributes.ts';
import { vault } from './estate.ts';

const administrator = '00482a5a-887f-4fb3-b363-3b7fe8e74483';
const secretsUser = '4633458b-17de-408a-b874-0445c86b69e6';
const write = 'Microsoft.Authorization/roleAssignments/write';
const requested = '@request[microsoft.authorization/roleassignments:roledefinitionid]';
const name = '@Resource[Microsoft.KeyVault/vaults/secrets:name]';

const values: Readonly<Record<string, string>> = {
  '@resource[microsoft.keyvault/vaults/secrets:name]': 'Db-1',
  '@resource[x:count]': '5',
  '@resource[x:flag]': 'true',
  '@principal[x:name]': 'Db-1',
  '@environment[utcnow]': '2026-05-01T12:00:00.000Z',
};

describe('EA-19, EA-40, EA-41: the condition language', () => {
  const cases: readonly [string, Truth][] = [
    [`${name} StringEquals 'Db-1'`, 'true'],
    [`${name} StringEquals 'db-1'`, 'false'],
    [`${name} StringEqualsIgnoreCase 'db-1'`, 'true'],
    [`${name} StringNotEquals 'x'`, 'true'],
    [`${name} StringStartsWith 'Db'`, 'true'],
    [`${name} StringNotStartsWith 'Db'`, 'false'],
    [`${name} StringLike 'D?-*'`, 'true'],
    [`${name} StringLike 'D?'`, 'false'],
    [String.raw`${name} StringLike 'Db\*'`, 'false'],
    [`${name} StringNotLike 'x*'`, 'true'],
    [`${name} ForAnyOfAnyValues:StringEquals {'a', 'Db-1'}`, 'true'],
    [`${name} ForAnyOfAllValues:StringNotEquals {'a', 'Db-1'}`, 'false'],
    [`${name} ForAllOfAllValues:StringNotEquals {'a', 'b'}`, 'true'],
    [`${name} StringEquals {'a', 'Db-1'}`, 'unreadable'],
    [`${name} StringEquals @Principal[x:name]`, 'true'],
    [`${name} StringEquals @Principal[x:other]`, 'missing'],
    ['@Resource[x:count] NumericGreaterThanEquals 5', 'true'],
    ['@Resource[x:count] NumericLessThan 5', 'false'],
    ['@Resource[x:count] NumericEquals many', 'unreadable'],
    ['@Resource[x:flag] BoolEquals true', 'true'],
    ['@Resource[x:flag] BoolNotEquals true', 'false'],
    ["@Environment[UtcNow] DateTimeGreaterThan '2026-05-01T12:00:00Z'", 'false'],
    ["@Environment[UtcNow] DateTimeGreaterThanEquals '2026-05-01T12:00:00Z'", 'true'],
    [`Exists ${name}`, 'true'],
    ['Exists @Resource[x:nothing]', 'false'],
    ['NOT Exists @Resource[x:nothing]', 'true'],
    ["@Resource[x:nothing] StringEquals 'a'", 'missing'],
    ["!(@Resource[x:nothing] StringEquals 'a')", 'missing'],
    ["@Resource[x:nothing] StringNotEquals 'a'", 'missing'],
    [`(@Resource[x:nothing] StringEquals 'a') OR (${name} StringEquals 'Db-1')`, 'true'],
    [`(@Resource[x:nothing] StringEquals 'a') || (${name} StringEquals 'x')`, 'missing'],
    [`(@Resource[x:nothing] StringEquals 'a') AND (${name} StringEquals 'x')`, 'false'],
    [`(@Resource[x:nothing] StringEquals 'a') && (${name} StringEquals 'Db-1')`, 'missing'],
    ["ActionMatches{'Microsoft.Authorization/*/WRITE'}", 'true'],
    ["actionmatches{'a', 'b'}", 'false'],
    ["SubOperationMatches{'Blob.List'}", 'false'],
    ["!ActionMatches{'a'} AND !ActionMatches{'b'} AND !ActionMatches{'c'}", 'true'],
    ["ActionMatches{'a'} AND ActionMatches{'b'} OR ActionMatches{'c'}", 'unreadable'],
    [`${name} StringResembles 'x'`, 'unreadable'],
    [`${name} StringEquals`, 'unreadable'],
    [`(${name} StringEquals 'x'`, 'unreadable'],
    [`${name} StringEquals 'x' 'y'`, 'unreadable'],
    ['', 'unreadable'],
    ['# what', 'unreadable'],
  ];
  test.each(cases)('%s is %s', (text, expected) => {
    expect(judgeCondition(text, { action: write, attributes: values })).toBe(expected);
  });
});

test('EA-42: the delegation condition lets a restricted assigner assign the roles it names and no other', () => {
  const condition =
    `((!(ActionMatches{'${write}'})) OR (@Request[Microsoft.Authorization/roleAssignments:RoleDefinitionId] ` +
    `ForAnyOfAnyValues:GuidEquals{${administrator}, ${secretsUser}})) AND ` +
    "((!(ActionMatches{'Microsoft.Authorization/roleAssignments/delete'})) OR " +
    `(@Resource[Microsoft.Authorization/roleAssignments:RoleDefinitionId] ForAnyOfAnyValues:GuidEquals{${administrator}}))`;
  const asks = (role?: string) => judgeCondition(condition, { action: write, attributes: role === undefined ? {} : { [requested]: role } });
  expect(asks(secretsUser.toUpperCase())).toBe('true');
  expect(asks(`/subscriptions/s/providers/Microsoft.Authorization/roleDefinitions/${secretsUser}`)).toBe('true');
  expect(asks('db79e9a7-68ee-4b58-9aeb-b90e7c24fcba')).toBe('false');
  expect(asks()).toBe('missing');
  const deletes = {
    action: 'Microsoft.Authorization/roleAssignments/delete',
    attributes: { [requested.replace('request', 'resource')]: secretsUser },
  };
  expect(judgeCondition(condition, deletes)).toBe('false');
});

test('EA-39, EA-40: only secret data actions bring attributes, and a list brings no name', () => {
  const vaultName = { '@resource[microsoft.keyvault/vaults:name]': 'kv1' };
  const action = (last: string) => `Microsoft.KeyVault/vaults/secrets/${last}`;
  expect(secretAttributes(action('getSecret/action'), `${vault}/secrets/Db`)).toEqual({
    ...vaultName,
    '@resource[microsoft.keyvault/vaults/secrets:name]': 'Db',
  });
  expect(secretAttributes(action('setSecret/action'), `${vault}/secrets/Db`)).toEqual({
    ...vaultName,
    '@request[microsoft.keyvault/vaults/secrets:name]': 'Db',
  });
  expect(secretAttributes(action('readMetadata/action'), vault)).toEqual(vaultName);
  expect(secretAttributes('Microsoft.KeyVault/vaults/keys/read', `${vault}/keys/Db`)).toEqual({});
});
