import { describe, expect, test } from 'vitest';
import { isRead, refusalOf } from '../../../src/azure/client/request-rules.ts';
import type { JsonObject, JsonValue } from '../../../src/base/json.ts';
import { guid, subscriptionScope, vaultPath } from '../facts.ts';

const request = (method: string, path: string, body?: JsonValue) => ({ method, url: new URL(`https://127.0.0.1${path}`), body });
const arm = (mode: 'read' | 'write', method: string, path: string, body?: JsonValue) =>
  refusalOf('resourceManager', mode, request(method, path, body));
const assignment = `${vaultPath}/providers/Microsoft.Authorization/roleAssignments/${guid(1)}`;
const flip = { properties: { enableRbacAuthorization: true } };

describe('what may be sent', () => {
  test.each(['PUT', 'POST', 'PATCH', 'DELETE'])('in read mode is no %s', (method) => {
    for (const path of [vaultPath, assignment, subscriptionScope]) expect(arm('read', method, path, flip)).toContain('read mode');
  });
  test('in write mode is a role assignment, and the flip of a vault', () => {
    expect(arm('write', 'PUT', `${assignment}?api-version=2022-04-01`, {})).toBeUndefined();
    expect(arm('write', 'PUT', `/${assignment}`, {})).toBeUndefined();
    expect(arm('write', 'DELETE', assignment)).toBeUndefined();
    expect(arm('write', 'PATCH', vaultPath, flip)).toBeUndefined();
    expect(arm('write', 'PATCH', vaultPath, { properties: { enableRbacAuthorization: false, accessPolicies: [] } })).toBeUndefined();
  });
  test.each(['read', 'write'] as const)(
    'in %s mode is never a PUT or DELETE of a vault or of its access policies, however spelled',
    (mode) => {
      const paths = [
        vaultPath,
        `${vaultPath}/`,
        vaultPath.toUpperCase(),
        vaultPath.replace('vaults', '%76aults'),
        vaultPath.replaceAll('/', '//'),
        `${vaultPath}/accessPolicies/add`,
        `${vaultPath}/accessPolicies/replace`,
        `${vaultPath}/accesspolicies/remove`,
        `${vaultPath}/accessPolicies/${assignment}`,
        `${assignment}/../../../..`,
        `${vaultPath}?x=${assignment}`,
        `${vaultPath}#${assignment}`,
      ];
      for (const path of paths) for (const method of ['PUT', 'DELETE', 'POST']) expect(arm(mode, method, path, flip), path).toBeDefined();
    },
  );
  test('in write mode is no patch of a vault beyond the permission model', () => {
    const bodies: (JsonValue | undefined)[] = [
      undefined,
      null,
      {},
      [],
      'x',
      { properties: {} },
      { properties: { enableRbacAuthorization: null } },
      { properties: { enableRbacAuthorization: 'true' } },
      { properties: { enableRbacAuthorization: true, accessPolicies: [] } },
      { properties: { accessPolicies: [] } },
      { properties: { enableRbacAuthorization: false, accessPolicies: null } },
      { properties: { enableRbacAuthorization: true, networkAcls: {} } },
      { ...flip, tags: {} },
    ];
    for (const body of bodies) expect(arm('write', 'PATCH', vaultPath, body), JSON.stringify(body)).toBeDefined();
    expect(arm('write', 'PATCH', `${vaultPath}/accessPolicies/add`, flip)).toBeDefined();
    expect(arm('write', 'PATCH', subscriptionScope, flip)).toBeDefined();
  });
  test('in write mode is nothing else: no lock, no role, no secret', () => {
    for (const path of [
      `${subscriptionScope}/providers/Microsoft.Authorization/locks/l`,
      `${vaultPath}/secrets/s`,
      `${subscriptionScope}/providers/Microsoft.Authorization/roleAssignments/`,
      `${assignment}/x`,
    ])
      for (const method of ['PUT', 'DELETE', 'POST', 'PATCH']) expect(arm('write', method, path, flip), path).toBeDefined();
  });
  test.each(['read', 'write'] as const)(
    'EA-47, EA-49: in %s mode is no question to Resource Graph, and none to the access check but one about data actions of a principal',
    (mode) => {
      const vaultScope = `${vaultPath}/providers/Microsoft.Authorization/checkAccess`;
      for (const path of [
        '/providers/Microsoft.ResourceGraph/resources',
        `${subscriptionScope}/providers/Microsoft.Authorization/checkAccess`,
        vaultScope,
      ])
        expect(arm(mode, 'POST', `${path}?api-version=2021-06-01-preview`, { query: 'authorizationresources' }), path).toBeDefined();
    },
  );
  test('to the directory is only what reads, in write mode too', () => {
    const graph = (method: string, path: string, body?: JsonValue) => refusalOf('graph', 'write', request(method, path, body));
    expect(graph('POST', '/v1.0/directoryObjects/getByIds', {})).toBeUndefined();
    expect(graph('POST', `/v1.0/directoryObjects/${guid(1)}/getMemberGroups`, {})).toBeUndefined();
    expect(graph('POST', '/v1.0/groups', {})).toBeDefined();
    expect(graph('PATCH', `/v1.0/users/${guid(1)}`, {})).toBeDefined();
    expect(graph('DELETE', `/v1.0/directory/deletedItems/${guid(1)}`)).toBeDefined();
  });

  test('to the directory as a batch is only of the reads that keyturn knows, each looked at by itself', () => {
    const deleted = { id: '1', method: 'GET', url: `/directory/deletedItems/${guid(1)}` };
    const pim = (list: string) => `/identityGovernance/privilegedAccess/group/${list}ScheduleInstances?$filter=groupId%20eq%20'${guid(1)}'`;
    const batch = (...parts: readonly JsonObject[]) =>
      refusalOf('graph', 'write', request('POST', '/v1.0/$batch', { requests: [deleted, ...parts] }));
    const part = (more: JsonObject): JsonObject => ({ id: '2', method: 'GET', url: pim('assignment'), ...more });
    for (const fine of [part({}), part({ url: pim('eligibility') }), part({ url: deleted.url })]) expect(batch(fine)).toBeUndefined();
    for (const url of ['/me', '/groups', `${deleted.url}/restore`, `${pim('assignment')}&$expand=principal`, pim('x'), ` ${deleted.url}`])
      expect(batch(part({ url })), url).toBeDefined();
    for (const more of [{ method: 'DELETE' }, { method: 'get' }, { body: {} }, { headers: {} }, { dependsOn: ['1'] }, { url: null }])
      expect(batch(part(more)), JSON.stringify(more)).toBeDefined();
    for (const body of [{ requests: [null] }, { requests: [deleted], more: 1 }, { requests: deleted }, [deleted], {}])
      expect(refusalOf('graph', 'write', request('POST', '/v1.0/$batch', body)), JSON.stringify(body)).toBeDefined();
  });

  describe('as the one question that is a POST to Resource Manager (EA-49)', () => {
    const where = `${vaultPath}/secrets/db`;
    const question = (resource: string, more: JsonObject = {}): JsonObject => ({
      Subject: { Attributes: { ObjectId: guid(1) } },
      Actions: [{ Id: 'Microsoft.KeyVault/vaults/secrets/getSecret/action', IsDataAction: true }],
      Resource: { Id: resource },
      ...more,
    });
    const path = (resource: string) => `${resource}/providers/Microsoft.Authorization/checkAccess`;
    const ask = (resource: string, body: JsonValue | undefined, method = 'POST', mode: 'read' | 'write' = 'read') =>
      arm(mode, method, path(resource), body);

    test('is about data actions of one principal, on a vault or an object in it, in either mode', () => {
      for (const mode of ['read', 'write'] as const) {
        for (const resource of [vaultPath, where, `${vaultPath}/keys/k`, `${vaultPath}/certificates/c`])
          expect(ask(resource, question(resource), 'POST', mode), resource).toBeUndefined();
      }
      expect(isRead('resourceManager', request('POST', path(where), question(where)))).toBe(true);
    });
    test('is no other method, no other place, and no other service', () => {
      for (const method of ['PUT', 'PATCH', 'DELETE']) expect(ask(where, question(where), method, 'write'), method).toBeDefined();
      for (const place of [
        subscriptionScope,
        `${subscriptionScope}/resourceGroups/rg-a`,
        '',
        `${vaultPath}/secrets`,
        `${where}/0123`,
        `${vaultPath}/accessPolicies/add`,
      ])
        expect(ask(place, question(place)), place).toBeDefined();
      expect(arm('read', 'POST', `${path(where)}/x`, question(where))).toBeDefined();
      expect(arm('read', 'POST', `${where}/providers/Microsoft.Authorization/elevateAccess`, question(where))).toBeDefined();
      expect(refusalOf('graph', 'read', request('POST', path(where), question(where)))).toBeDefined();
    });
    test('holds nothing else, and is about the place that it is sent to', () => {
      const bodies: (JsonValue | undefined)[] = [
        undefined,
        null,
        [],
        {},
        question(vaultPath),
        question(`${where}x`),
        question(where, { Environment: {} }),
        question(where, { Subject: { Attributes: { ObjectId: guid(1), Groups: [guid(2)] } } }),
        question(where, { Subject: { Attributes: {} } }),
        question(where, { Resource: { Id: where, Attributes: {} } }),
        question(where, { Actions: {} }),
        question(where, { Actions: [{ Id: 'x', IsDataAction: false }] }),
        question(where, { Actions: [{ Id: 'x', IsDataAction: true, Attributes: {} }] }),
        question(where, { Actions: [null] }),
      ];
      for (const body of bodies) expect(ask(where, body), JSON.stringify(body)).toBeDefined();
    });
  });
});
