import { describe, expect, test } from 'vitest';
import { parseGuid } from '../../../src/base/guid.ts';
import { isObject, type JsonObject, type JsonValue, stringAt } from '../../../src/base/json.ts';
import type { Reading } from '../../../src/base/reading.ts';
import type { AccessCheck } from '../../../src/model/access-check.ts';
import { guid, subscriptionScope, vaultPath } from '../facts.ts';
import { connectToScenario } from '../sandbox.ts';
import { type Asked, type Reply, refusal, scriptedAzure, testToken } from '../scripted-azure.ts';

const getSecret = 'Microsoft.KeyVault/vaults/secrets/getSecret/action';
const readMetadata = 'Microsoft.KeyVault/vaults/secrets/readMetadata/action';
const resourceId = `${vaultPath}/secrets/any`;
const check: AccessCheck = { principalId: guid(1), resourceId, dataActions: [getSecret, readMetadata] };
const decision = (actionId: string, accessDecision: string, more: JsonObject = {}): JsonObject => ({
  actionId,
  isDataAction: true,
  accessDecision,
  roleAssignment: null,
  denyAssignment: null,
  timeToLiveInMs: 300_000,
  ...more,
});
const becauseOf = <T>(reading: Reading<T>): string =>
  reading.state === 'unreadable' ? reading.because : `read: ${JSON.stringify(reading.value)}`;

describe('asking Azure to judge another principal (EA-49)', () => {
  test('is one POST with the object id, the actions and the resource alone, signed like every other call', async () => {
    const { accessChecker, asked } = await scriptedAzure(() => ({
      json: [
        decision(getSecret, 'Allowed', { roleAssignment: { id: guid(7).replaceAll('-', ''), condition: null } }),
        decision(readMetadata, 'Denied', { denyAssignment: { id: `${vaultPath}/providers/x/${guid(8)}` } }),
      ],
    }));
    expect(await accessChecker.check(check)).toEqual({
      state: 'read',
      value: [
        { dataAction: getSecret, allowed: true, word: 'Allowed', by: { kind: 'role assignment', name: guid(7) } },
        { dataAction: readMetadata, allowed: false, word: 'Denied', by: { kind: 'deny assignment', name: guid(8) } },
      ],
    });
    expect(asked).toHaveLength(1);
    expect(asked[0]).toMatchObject({
      method: 'POST',
      path: `${resourceId}/providers/Microsoft.Authorization/checkAccess`,
      body: {
        Subject: { Attributes: { ObjectId: guid(1) } },
        Actions: [getSecret, readMetadata].map((id) => ({ Id: id, IsDataAction: true })),
        Resource: { Id: resourceId },
      },
    });
    expect(asked[0]?.query.toString()).toBe('api-version=2018-09-01-preview');
    expect(asked[0]?.headers.authorization).toBe(`Bearer ${testToken}`);
  });

  test('puts 200 actions at most into one call, and hands on the answers to all', async () => {
    const actionsOf = ({ body }: Asked): readonly string[] => {
      const rows = isObject(body) && Array.isArray(body.Actions) ? (body.Actions as readonly JsonValue[]) : [];
      return rows.flatMap((row) => (isObject(row) ? [stringAt(row, 'Id') ?? ''] : []));
    };
    const { accessChecker, asked } = await scriptedAzure((request) => ({ json: actionsOf(request).map((id) => decision(id, 'Allowed')) }));
    const dataActions = Array.from({ length: 401 }, (_, n) => `Microsoft.KeyVault/vaults/a${n}/read`);
    const answer = await accessChecker.check({ ...check, dataActions });
    expect(asked.map((request) => actionsOf(request).length).sort((a, b) => a - b)).toEqual([1, 200, 200]);
    expect(answer.state === 'read' && answer.value.map(({ dataAction }) => dataAction)).toEqual(dataActions);
  });

  test('is asked again when it was throttled or cut off: a question changes nothing', async () => {
    const replies: Reply[] = [
      { status: 429, headers: { 'retry-after': '0' }, text: 'slow down' },
      { json: [decision(getSecret, 'Allowed')], how: 'cut' },
      { json: [decision(getSecret, 'Allowed')] },
    ];
    const { accessChecker, asked } = await scriptedAzure(() => replies.shift() ?? { status: 500 });
    expect(await accessChecker.check({ ...check, dataActions: [getSecret] })).toMatchObject({ state: 'read', value: [{ allowed: true }] });
    expect(asked).toHaveLength(3);
  });

  test.each<[string, Reply, string]>([
    ['a refusal', refusal(403, 'AuthorizationFailed', 'no'), '403 AuthorizationFailed: no'],
    ['an api that is gone', refusal(404, 'InvalidResourceType', 'no such type'), '404 InvalidResourceType'],
    ['a sign-in page', { text: '<html>sign in</html>' }, 'not a JSON list'],
    ['an object in place of the list', { json: { value: [decision(getSecret, 'Allowed')] } }, 'not a JSON list'],
    ['null', { json: null }, 'not a JSON list'],
    ['half a list', { text: '[{"actionId":', headers: { 'content-type': 'application/json' } }, 'not a JSON list'],
    ['a row that is no object', { json: [decision(getSecret, 'Allowed'), 'Allowed'] }, 'row 2'],
    ['a row without an action', { json: [{ isDataAction: true, accessDecision: 'Allowed' }] }, 'row 1'],
    ['a row without a decision', { json: [{ isDataAction: true, actionId: getSecret }] }, 'row 1'],
    ['a decision that is no word', { json: [decision(getSecret, '\u001b[2JAllowed')] }, 'row 1'],
    ['a decision that is true', { json: [{ ...decision(getSecret, ''), accessDecision: true }] }, 'row 1'],
    ['a row that does not say which plane', { json: [{ actionId: getSecret, accessDecision: 'Allowed' }] }, 'row 1'],
  ])('%s is no opinion, and never taken for a yes', async (_, reply, words) => {
    const { accessChecker } = await scriptedAzure(() => reply, { limits: { otherTries: 0 } });
    const because = becauseOf(await accessChecker.check(check));
    expect(because).toContain(words);
    expect(because).not.toMatch(/^read:/);
    expect(because).not.toContain(testToken);
  });

  test('EA-7: a decision on the control plane is no answer to a question about data', async () => {
    const { accessChecker } = await scriptedAzure(() => ({ json: [{ ...decision(getSecret, 'Allowed'), isDataAction: false }] }));
    expect(await accessChecker.check(check)).toEqual({ state: 'read', value: [] });
  });

  test('EA-2: an Allowed that names a deny assignment is not allowed, and neither is a word that nobody knows', async () => {
    const json = [decision(getSecret, 'Allowed', { denyAssignment: { id: guid(8) } }), decision(readMetadata, 'AllowedMaybe')];
    const { accessChecker } = await scriptedAzure(() => ({ json }));
    expect(await accessChecker.check(check)).toMatchObject({ state: 'read', value: [{ allowed: false }, { allowed: false }] });
  });

  test('does not follow an answer elsewhere', async () => {
    const { accessChecker, asked } = await scriptedAzure(() => ({ status: 307, headers: { location: 'https://example.com/' }, text: '' }));
    expect((await accessChecker.check(check)).state).toBe('unreadable');
    expect(asked).toHaveLength(1);
  });
});

describe('through the real SDKs against the sandbox', () => {
  test('EA-49: the sandbox understands the question, and counts it', async () => {
    const { accessChecker, sandbox, scenario } = await connectToScenario('shared-platform-vault');
    const [vault] = [...scenario.tenant.vaults.values()];
    const named = (name: string) =>
      parseGuid([...scenario.tenant.directory.values()].find((one) => one.displayName === name)?.id ?? '') ?? guid(0);
    const ask = async (name: string, dataActions: readonly string[]) => {
      const answer = await accessChecker.check({
        principalId: named(name),
        resourceId: stringAt(vault?.body ?? {}, 'id') ?? '',
        dataActions,
      });
      return answer.state === 'read' ? answer.value.map(({ word }) => word) : answer.because;
    };
    expect(await ask('Noor On-Call', [getSecret, 'Microsoft.KeyVault/vaults/keys/read'])).toEqual(['Allowed', 'NotAllowed']);
    expect(await ask('Petra Partner', [getSecret])).toEqual(['NotAllowed']);
    expect(sandbox.metrics().operations.CheckAccess).toBe(2);
    expect(sandbox.refusedAsks()).toEqual([]);
  });

  test('EA-30: what Azure lists as assigned holds what comes through nested groups, and is not asked of a group', async () => {
    const { resources, scenario, sandbox } = await connectToScenario('shared-platform-vault', { paging: { size: 1, emptyPages: 1 } });
    const scope = `/subscriptions/${[...scenario.tenant.subscriptions.values()][0]?.id ?? ''}`;
    const named = (name: string) =>
      parseGuid([...scenario.tenant.directory.values()].find((one) => one.displayName === name)?.id ?? '') ?? guid(0);
    const noor = await resources.assignedTo(scope, named('Noor On-Call'));
    expect(noor.state === 'read' && noor.value.map(({ principalId }) => principalId)).toEqual([named('sec-platform-admins')]);
    const both = await resources.assignedTo(scope, named('id-search-api'));
    expect(both.state === 'read' && both.value.map(({ principalId }) => principalId)).toEqual([named('sec-search')]);
    const group = await resources.assignedTo(scope, named('sec-search'));
    expect(becauseOf(group)).toContain('users and service principals');
    expect(sandbox.refusedAsks()).toEqual([]);
  });

  test('EA-30: asks with the filter alone, and takes a row that it cannot understand for an unreadable list', async () => {
    const { resources, asked } = await scriptedAzure(() => ({ json: { value: [{ id: 'x' }] } }));
    expect((await resources.assignedTo(subscriptionScope, guid(1))).state).toBe('unreadable');
    expect(asked.map(({ query }) => query.get('$filter'))).toEqual([`assignedTo('${guid(1)}')`]);
  });
});
