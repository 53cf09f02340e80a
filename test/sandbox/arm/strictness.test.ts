import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { objectAt, stringAt } from '../../../src/base/json.ts';
import { ids, type Running, runSandbox, vaultId } from '../run-sandbox.ts';

const kvA = vaultId('kv-a');
const subscription = `/subscriptions/${ids.subscription}`;
const assignments = `${kvA}/providers/Microsoft.Authorization/roleAssignments`;

describe('what Resource Manager does not know is an error that names it', () => {
  let azure: Running;
  beforeAll(async () => {
    azure = await runSandbox();
  });
  afterAll(async () => {
    await azure.close();
  });

  test.each([
    ['an api-version that is missing', 'GET', kvA, undefined, 400, 'MissingApiVersionParameter', 'api-version'],
    ['an api-version of vaults', 'GET', `${kvA}?api-version=2099-01-01`, undefined, 400, 'InvalidResourceType', '2099-01-01'],
    [
      'an api-version of assignments',
      'GET',
      `${assignments}?api-version=2026-02-01`,
      undefined,
      400,
      'UnsupportedApiVersion',
      '2026-02-01',
    ],
    ['an api-version of subscriptions', 'GET', '/subscriptions?api-version=soon', undefined, 400, 'InvalidApiVersionParameter', 'soon'],
    ['a query parameter', 'GET', `${kvA}?api-version=2026-02-01&$expand=x`, undefined, 400, 'InvalidQueryParameter', '$expand'],
    [
      'a parameter twice',
      'GET',
      `${kvA}?api-version=2026-02-01&api-version=2026-02-01`,
      undefined,
      400,
      'InvalidQueryParameter',
      'api-version',
    ],
    [
      'a filter',
      'GET',
      `${assignments}?api-version=2022-04-01&$filter=${encodeURIComponent("scope eq 'x'")}`,
      undefined,
      400,
      'UnsupportedQuery',
      "scope eq 'x'",
    ],
    ['a method', 'POST', `${kvA}?api-version=2026-02-01`, {}, 405, 'MethodNotAllowed', 'POST'],
    [
      'a resource type',
      'GET',
      `${subscription}/providers/Microsoft.KeyVault/hsmPools?api-version=2026-02-01`,
      undefined,
      404,
      'InvalidResourceType',
      'hsmPools',
    ],
    [
      'a namespace',
      'GET',
      `${subscription}/providers/Microsoft.Storage/storageAccounts?api-version=2026-02-01`,
      undefined,
      404,
      'InvalidResourceNamespace',
      'Microsoft.Storage',
    ],
    [
      'a member of a body',
      'PATCH',
      `${kvA}?api-version=2026-02-01`,
      { properties: { enableRbac: true } },
      400,
      'InvalidRequestContent',
      'properties.enableRbac',
    ],
    [
      'a member of another type',
      'PATCH',
      `${kvA}?api-version=2026-02-01`,
      { properties: { enableRbacAuthorization: 'true' } },
      400,
      'InvalidRequestContent',
      'enableRbacAuthorization',
    ],
    [
      'an access policy operation',
      'PUT',
      `${kvA}/accessPolicies/set?api-version=2026-02-01`,
      { properties: { accessPolicies: [] } },
      400,
      'BadRequest',
      'set',
    ],
  ])('%s', async (_, method, path, body, status, code, named) => {
    const before = azure.refusedAsks().length;
    const reply = await azure.call(method, path, body === undefined ? {} : { body });
    const error = objectAt(reply.body, 'error');
    expect([reply.status, error.code]).toEqual([status, code]);
    expect(stringAt(error, 'message')).toContain(named);
    expect(azure.refusedAsks().slice(before)).toMatchObject([{ method, code }]);
  });

  test('a body that is no JSON, or no object', async () => {
    const path = `${kvA}?api-version=2026-02-01`;
    for (const text of ['{"properties":', '[]', '"x"']) {
      const reply = await azure.call('PATCH', path, { text });
      expect([reply.status, objectAt(reply.body, 'error').code]).toEqual([400, 'InvalidRequestContent']);
    }
  });

  test.each([
    ['none', null, {}, 'AuthenticationFailed'],
    ['of somebody else', null, { authorization: 'Bearer e30.e30.e30' }, 'InvalidAuthenticationToken'],
  ])('a token: %s', async (_, as, headers, code) => {
    const reply = await azure.call('GET', `${kvA}?api-version=2026-02-01`, { as, headers });
    expect([reply.status, objectAt(reply.body, 'error').code]).toEqual([401, code]);
    expect(reply.headers['www-authenticate']).toContain('Bearer authorization_uri=');
  });

  test('a token for another service', async () => {
    const token = azure.issueToken(ids.owner, 'https://vault.azure.net');
    const reply = await azure.call('GET', `${kvA}?api-version=2026-02-01`, { as: null, headers: { authorization: `Bearer ${token}` } });
    expect([reply.status, objectAt(reply.body, 'error').code]).toEqual([401, 'InvalidAuthenticationTokenAudience']);
  });

  test.each(['2015-06-01', '2018-02-14-preview', '2022-07-01', '2023-07-01', '2026-02-01'])('vaults speak %s', async (apiVersion) => {
    expect((await azure.call('GET', `${kvA}?api-version=${apiVersion}`)).status).toBe(200);
  });
});
