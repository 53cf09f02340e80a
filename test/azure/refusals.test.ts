import { describe, expect, test } from 'vitest';
import { readErrorBody } from '../../src/azure/client/error-body.ts';
import { translateRefusal } from '../../src/azure/client/translate-refusal.ts';
import { guid, vaultId, vaultPath } from './facts.ts';
import { refusal, type scriptedAzure, testToken, writableAzure } from './scripted-azure.ts';

const translated = (status: number, body: string, reading = false, service: 'resourceManager' | 'graph' = 'resourceManager') =>
  translateRefusal({ what: 'do it', service, reading, status, body });
const envelope = (code: string, message = 'm') => JSON.stringify({ error: { code, message } });

describe('a refusal', () => {
  const table: [number, string, string, string][] = [
    [403, 'InsufficientPermissions', 'AZURE_FLIP_NOT_ALLOWED', 'blocked'],
    [403, 'AuthorizationFailed', 'AZURE_FORBIDDEN', 'blocked'],
    [403, 'RequestDisallowedByPolicy', 'AZURE_POLICY_DENIED', 'blocked'],
    [409, 'ScopeLocked', 'AZURE_LOCKED', 'blocked'],
    [409, 'ConflictError', 'AZURE_CONFLICT', 'failed'],
    [412, 'PreconditionFailed', 'AZURE_CONFLICT', 'failed'],
    [400, 'PrincipalNotFound', 'AZURE_PRINCIPAL_NOT_FOUND', 'failed'],
    [400, 'RoleAssignmentUpdateNotPermitted', 'AZURE_CONFLICT', 'blocked'],
    [400, 'RoleAssignmentLimitExceeded', 'AZURE_LIMIT', 'blocked'],
    [404, 'RoleDefinitionDoesNotExist', 'AZURE_ROLE_NOT_FOUND', 'failed'],
    [400, 'RoleAssignmentScopeNotAssignableToRoleDefinition', 'AZURE_ROLE_NOT_ASSIGNABLE', 'failed'],
    [409, 'RoleDefinitionWithSameNameExists', 'AZURE_CONFLICT', 'blocked'],
    [400, 'RoleDefinitionLimitExceeded', 'AZURE_LIMIT', 'blocked'],
    [400, 'BadRequest', 'AZURE_REFUSED', 'failed'],
    [401, 'InvalidAuthenticationToken', 'AZURE_SIGN_IN', 'failed'],
    [404, 'ResourceNotFound', 'AZURE_NOT_FOUND', 'failed'],
    [429, 'TooManyRequests', 'AZURE_THROTTLED', 'failed'],
    [500, 'InternalServerError', 'AZURE_UNAVAILABLE', 'failed'],
  ];
  test.each(table)('%i %s is %s', (status, code, known, outcome) => {
    const error = translated(status, envelope(code));
    expect(error).toMatchObject({ code: known, outcome, serviceCode: code, status });
    expect(error.message).toContain(`${status} ${code}: m`);
    expect(error.remedy).not.toBe('');
  });
  test('leaves a question open when it meets a read', () => {
    for (const status of [403, 404, 429, 500]) expect(translated(status, envelope('X'), true).outcome).toBe('undetermined');
  });
  test('of the directory names the right that the directory asks for', () => {
    expect(translated(403, envelope('Authorization_RequestDenied'), true, 'graph').remedy).toContain('Directory.Read.All');
  });
  test('leaves unclear what became of a write only when the service itself failed', () => {
    expect(translated(500, '').unclear).toBe(true);
    expect(translated(500, '', true).unclear).toBe(false);
    expect(translated(409, envelope('ConflictError')).unclear).toBe(false);
  });
});

describe('what a refusal says', () => {
  test('names the policies that forbid it, which the SDK drops', () => {
    const info = { policyAssignmentName: 'pa-1', policyAssignmentDisplayName: 'No RBAC vaults' };
    const error = { code: 'RequestDisallowedByPolicy', message: 'no', additionalInfo: [{ type: 'PolicyViolation', info }] };
    expect(translated(403, JSON.stringify({ error })).message).toContain('policy assignment `No RBAC vaults`');
    const nested = {
      code: 'RequestDisallowedByPolicy',
      message: 'no',
      details: [{ additionalInfo: [{ info: { policyAssignmentName: 'pa-2' } }] }],
    };
    expect(readErrorBody(JSON.stringify({ error: nested })).policies).toEqual(['pa-2']);
  });
  test.each([
    ['{"Message":"An error has occurred."}', { message: 'An error has occurred.' }],
    ['{"error":{"code":"A","message":"b"}}', { code: 'A', message: 'b' }],
    ['{"odata.error":{"code":"A","message":{"lang":"en","value":"b"}}}', { code: 'A', message: 'b' }],
    ['{"code":"A","message":"b"}', { code: 'A', message: 'b' }],
    ['{"error":"invalid_client","error_description":"AADSTS7000215"}', { code: 'invalid_client', message: 'AADSTS7000215' }],
    ['<html><style>p{}</style><p>Too many\n requests</p></html>', { message: 'Too many requests' }],
    ['', { message: '' }],
    ['[1]', { message: '[1]' }],
    ['{"error":null}', { message: '' }],
    ['{"error":{"code":7,"message":["x"]}}', { message: '' }],
  ])('is read from %s', (body, said) => {
    expect(readErrorBody(body)).toEqual({ policies: [], ...said });
  });
  test('stands on one line, without what would move a terminal, and ends', () => {
    const { code, message } = readErrorBody(envelope('A\u001b[2J', `x\r\n\u202e\u0007y\u2028${'z'.repeat(5000)}`));
    expect(code).toBe('A [2J');
    expect(message).toMatch(/^x y z+…$/);
    expect(message.length).toBeLessThan(700);
  });
});

describe('an error of a real call', () => {
  const flip = async (reply: Parameters<typeof scriptedAzure>[0]) => {
    const { writer } = await writableAzure((asked, origin) =>
      asked.method === 'GET' ? { json: { id: vaultPath, properties: {} } } : reply(asked, origin),
    );
    return writer.setPermissionModel(vaultId, 'azureRbac').then(
      () => undefined,
      (error: unknown) => error as Error,
    );
  };
  test('tells who may flip when Azure refuses the flip', async () => {
    const error = await flip(() => refusal(403, 'InsufficientPermissions', 'Caller is not allowed to change permission model.'));
    expect(error).toMatchObject({ code: 'AZURE_FLIP_NOT_ALLOWED', outcome: 'blocked' });
  });
  test.each([
    ['an empty body', { status: 403 }],
    ['HTML', { status: 403, text: '<html>blocked by the firewall</html>' }],
    ['text', { status: 403, text: 'no', headers: { 'content-type': 'text/plain' } }],
    ['broken JSON', { status: 403, text: '{"error":', headers: { 'content-type': 'application/json' } }],
  ])('is known with %s, where the SDK would stumble', async (_, reply) => {
    expect(await flip(() => reply)).toMatchObject({ code: 'AZURE_FORBIDDEN', status: 403 });
  });
  test('carries the request id for support', async () => {
    const error = await flip(() => ({ ...refusal(403, 'AuthorizationFailed', 'no'), headers: { 'x-ms-request-id': guid(7) } }));
    expect(error?.message).toContain(`request ${guid(7)}`);
  });
  test('never holds a token or a header, wherever one looks', async () => {
    const errors = [
      await flip(() => refusal(403, 'AuthorizationFailed', 'no')),
      await flip(() => ({ how: 'reset' })),
      await flip(() => ({ json: { id: 'x' }, how: 'cut' })),
    ];
    for (const error of errors) {
      const { inspect } = await import('node:util');
      expect(error).toBeDefined();
      expect(inspect(error, { depth: 20, showHidden: true })).not.toContain(testToken);
      expect(inspect(error, { depth: 20, showHidden: true })).not.toMatch(/authorization:/i);
    }
  });
});
