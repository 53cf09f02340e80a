import { Client, GraphError } from '@microsoft/microsoft-graph-client';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type JsonObject, type JsonValue, stringAt } from '../../../src/base/json.ts';
import type { Caller } from '../../../src/sandbox/exchange.ts';
import { graph } from '../../../src/sandbox/graph/graph.ts';
import type { DirectoryAccess } from '../../../src/sandbox/graph/graph-answer.ts';
import { type LoadedScenario, loadScenario } from '../../../src/sandbox/scenario/load-scenario.ts';
import { directoryOf } from '../../../src/sandbox/tenant-maps.ts';
import { askOf, type Loopback, serve } from '../loopback.ts';
import { now, scenarioCatalogue, scenarioFolder } from '../scenario/minimal-scenario.ts';

const clock = { now: () => now, advance: () => undefined };
const origin = 'https://graph.microsoft.com';
let platform: LoadedScenario;
let wrong: LoadedScenario;

beforeAll(async () => {
  platform = await loadScenario(scenarioFolder('shared-platform-vault'), { catalogue: scenarioCatalogue, now });
  wrong = await loadScenario(scenarioFolder('everything-wrong'), { catalogue: scenarioCatalogue, now });
});

const callerWith = (audience: string, objectId = platform.operator.objectId): Caller => ({
  objectId,
  appId: 'a',
  tenantId: platform.tenant.tenantId,
  audience,
});
/** One request to the handler; the token is for Graph unless said otherwise. */
async function call(
  method: string,
  path: string,
  body?: JsonValue,
  more: { scenario?: LoadedScenario; access?: DirectoryAccess; caller?: Caller | undefined; bearer?: string } = {},
): Promise<{ status: number; body: JsonObject }> {
  const scenario = more.scenario ?? platform;
  const handler = graph({ state: scenario.tenant, clock, directoryAccess: more.access ?? 'read' });
  const headers: Record<string, string> = more.bearer === '' ? {} : { authorization: 'Bearer x' };
  const text = body === undefined ? '' : JSON.stringify(body);
  const answer = await handler(
    askOf(method, new URL(`${origin}/v1.0/${path}`), headers, text, () => ('caller' in more ? more.caller : callerWith(origin))),
  );
  return { status: answer.status, body: answer.body as JsonObject };
}
const idOf = (displayName: string, scenario = platform): string => {
  const found = [...scenario.tenant.directory.values()].find((object) => object.displayName === displayName);
  if (found === undefined) throw new Error(displayName);
  return found.id;
};
const textAt = (object: JsonObject | undefined, key: string): string => stringAt(object ?? {}, key) ?? '';
const names = (body: JsonObject): unknown[] => (body.value as JsonObject[]).map((object) => object.displayName);

describe('getByIds', () => {
  test('EA-32: leaves out unknown and deleted ids without a word, and answers the rest with their type', async () => {
    const left = idOf('Lena Left', wrong);
    const ids = [left, '99999999-0000-4000-8000-000000000000', idOf('Uma User', wrong), idOf('id-app', wrong), idOf('Reporting', wrong)];
    const { status, body } = await call('POST', 'directoryObjects/getByIds', { ids }, { scenario: wrong });
    expect(status).toBe(200);
    expect((body.value as JsonObject[]).map((object) => [object['@odata.type'], object.id])).toEqual([
      ['#microsoft.graph.user', ids[2]],
      ['#microsoft.graph.servicePrincipal', ids[3]],
      ['#microsoft.graph.application', ids[4]],
    ]);
  });

  test('EA-28: answers an app registration only when its type is asked for or none is', async () => {
    const ids = [idOf('Reporting', wrong)];
    const types = ['user', 'group', 'servicePrincipal', 'directoryObjectPartnerReference'];
    expect((await call('POST', 'directoryObjects/getByIds', { ids, types }, { scenario: wrong })).body.value).toEqual([]);
    expect(names((await call('POST', 'directoryObjects/getByIds', { ids, types: ['application'] }, { scenario: wrong })).body)).toEqual([
      'Reporting',
    ]);
  });

  test('takes ids in any casing, answers each once, and refuses more than 1000', async () => {
    const id = idOf('Alice Admin');
    const { body } = await call('POST', 'directoryObjects/getByIds', { ids: [id, id.toUpperCase()] });
    expect(names(body)).toEqual(['Alice Admin']);
    const many = Array.from({ length: 1001 }, (_, i) => `00000000-0000-4000-8000-${String(i).padStart(12, '0')}`);
    expect((await call('POST', 'directoryObjects/getByIds', { ids: many })).body).toMatchObject({ error: { code: 'Request_BadRequest' } });
    expect((await call('POST', 'directoryObjects/getByIds', { ids: many.slice(0, 1000) })).body.value).toEqual([]);
  });

  test.each([[{}], [{ ids: ['x'] }], [{ ids: [1] }], [{ ids: [], types: ['unicorn'] }]])('refuses %j', async (body) => {
    expect((await call('POST', 'directoryObjects/getByIds', body)).status).toBe(400);
  });

  test('of an operator without directory rights brings ids and types alone, or nothing at all', async () => {
    const ids = [idOf('Alice Admin')];
    const idsOnly = await call('POST', 'directoryObjects/getByIds', { ids }, { access: 'idsOnly' });
    expect(idsOnly.body.value).toEqual([{ '@odata.type': '#microsoft.graph.user', id: ids[0] }]);
    const denied = await call('POST', 'directoryObjects/getByIds', { ids }, { access: 'denied' });
    expect(denied).toMatchObject({
      status: 403,
      body: { error: { code: 'Authorization_RequestDenied', message: 'Insufficient privileges to complete the operation.' } },
    });
  });
});

describe('one object', () => {
  test('is answered by id, by appId and by principal name, in the properties of its kind', async () => {
    const app = platform.tenant.directory.get(idOf('id-payments-api'));
    const appId = textAt(app?.properties, 'appId');
    const byId = await call('GET', `servicePrincipals/${app?.id ?? ''}`);
    expect(byId.body).toMatchObject({ id: app?.id, appId, servicePrincipalType: 'ManagedIdentity', deletedDateTime: null });
    expect((await call('GET', `servicePrincipals(appId='${appId}')`)).body).toEqual(byId.body);
    expect((await call('GET', 'users/alice@platform.example')).body).toMatchObject({ displayName: 'Alice Admin' });
    expect((await call('GET', `groups/${idOf('sec-all-developers')}`)).body).toMatchObject({
      groupTypes: ['DynamicMembership'],
      securityEnabled: true,
    });
  });

  test('of another kind, deleted or unknown is not found, in the words of Graph', async () => {
    const id = idOf('Alice Admin');
    const message = `Resource '${id}' does not exist or one of its queried reference-property objects are not present.`;
    expect(await call('GET', `groups/${id}`)).toMatchObject({
      status: 404,
      body: { error: { code: 'Request_ResourceNotFound', message } },
    });
    expect((await call('GET', `users/${idOf('Lena Left', wrong)}`, undefined, { scenario: wrong })).status).toBe(404);
  });

  test('says whether a user is a guest only when asked to', async () => {
    const id = idOf('Petra Partner');
    expect((await call('GET', `users/${id}`)).body).not.toHaveProperty('userType');
    expect((await call('GET', `users/${id}?$select=id,userType`)).body).toEqual({
      '@odata.context': `${origin}/v1.0/$metadata#users/$entity`,
      id,
      userType: 'Guest',
    });
  });

  test('me is the signed-in user, and nothing for an application', async () => {
    const alice = { caller: callerWith(origin, idOf('Alice Admin')) };
    expect((await call('GET', 'me', undefined, alice)).body).toMatchObject({ displayName: 'Alice Admin' });
    expect((await call('GET', 'me')).status).toBe(400);
  });
});

describe('lists', () => {
  test('filter by equality, by beginning, and by the names of a service principal', async () => {
    expect(names((await call('GET', "groups?$filter=displayName eq 'SEC-payments'")).body)).toEqual(['sec-payments']);
    expect(names((await call('GET', "groups?$filter=startswith(displayName,'sec-p')")).body)).toEqual([
      'sec-platform-admins',
      'sec-payments',
    ]);
    const appId = textAt(platform.tenant.directory.get(idOf('sp-ci-deploy'))?.properties, 'appId');
    expect(names((await call('GET', `servicePrincipals?$filter=servicePrincipalNames/any(c:c eq '${appId}')`)).body)).toEqual([
      'sp-ci-deploy',
    ]);
    expect(names((await call('GET', `servicePrincipals?$filter=appId eq '${appId}' and displayName eq 'other'`)).body)).toEqual([]);
    expect(names((await call('GET', "users?$filter=displayName eq 'O''Neil'")).body)).toEqual([]);
    expect(names((await call('GET', `servicePrincipals?$filter=appId in ('${appId.toUpperCase()}', 'x')`)).body)).toHaveLength(1);
  });

  test('come in pages that a client follows to the last', async () => {
    const seen: unknown[] = [];
    let path: string | undefined = 'users?$top=2&$select=displayName';
    let pages = 0;
    while (path !== undefined) {
      const { body }: { body: JsonObject } = await call('GET', path);
      seen.push(...names(body));
      pages += 1;
      path = typeof body['@odata.nextLink'] === 'string' ? body['@odata.nextLink'].slice(`${origin}/v1.0/`.length) : undefined;
    }
    expect(pages).toBe(3);
    expect(seen.sort()).toEqual(['Alice Admin', 'Bob Builder', 'Noor On-Call', 'Petra Partner', 'Sven Search']);
  });
});

test('a nextLink names Graph when the client said that name, and the sandbox when it said no other', async () => {
  const handler = graph({ state: platform.tenant, clock, directoryAccess: 'read' });
  const ask = askOf('GET', new URL('https://127.0.0.1:4711/v1.0/users?$top=1'), { authorization: 'Bearer x' }, '', () =>
    callerWith(origin),
  );
  const links = await Promise.all(
    [ask, { ...ask, host: 'graph.microsoft.com' }].map(async (each) => textAt((await handler(each)).body as JsonObject, '@odata.nextLink')),
  );
  expect(links.map((link) => new URL(link).origin)).toEqual(['https://127.0.0.1:4711', origin]);
});

describe('membership', () => {
  test('EA-29: transitive members reach through nested groups, direct members do not', async () => {
    const id = idOf('sec-platform-admins');
    expect(names((await call('GET', `groups/${id}/members`)).body).sort()).toEqual(['Alice Admin', 'sec-on-call']);
    expect(names((await call('GET', `groups/${id}/transitiveMembers`)).body).sort()).toEqual([
      'Alice Admin',
      'Noor On-Call',
      'sec-on-call',
    ]);
    expect(names((await call('GET', `groups/${id}/transitiveMembers/microsoft.graph.user?$top=999`)).body).sort()).toEqual([
      'Alice Admin',
      'Noor On-Call',
    ]);
  });

  test('EA-29: the groups of an object are those above it, through every nesting', async () => {
    const noor = idOf('Noor On-Call');
    const expected = [idOf('sec-on-call'), idOf('sec-platform-admins')].sort();
    for (const path of [`users/${noor}/getMemberGroups`, `directoryObjects/${noor}/getMemberGroups`]) {
      const { body } = await call('POST', path, { securityEnabledOnly: true });
      expect([...(body.value as string[])].sort()).toEqual(expected);
    }
    expect(names((await call('GET', `users/${noor}/transitiveMemberOf/microsoft.graph.group`)).body).sort()).toEqual([
      'sec-on-call',
      'sec-platform-admins',
    ]);
    expect((await call('POST', `users/${noor}/getMemberGroups`, {})).status).toBe(400);
  });

  test('of a group can be asked for all of its groups, not for security groups alone', async () => {
    const path = `groups/${idOf('sec-on-call')}/getMemberGroups`;
    expect((await call('POST', path, { securityEnabledOnly: false })).body.value).toEqual([idOf('sec-platform-admins')]);
    expect((await call('POST', path, { securityEnabledOnly: true })).status).toBe(400);
  });

  test('a ring of groups ends', async () => {
    const directory = directoryOf(platform.tenant.directory);
    const ring = (id: string, members: string[]) => ({
      kind: 'group' as const,
      id,
      displayName: id,
      properties: {},
      members,
      deleted: false,
      since: 0,
    });
    directory.set('a', ring('a', ['b']));
    directory.set('b', ring('b', ['a']));
    const scenario = { ...platform, tenant: { ...platform.tenant, directory } };
    expect(names((await call('GET', 'groups/a/transitiveMembers', undefined, { scenario })).body)).toEqual(['b']);
    expect((await call('POST', 'groups/a/getMemberGroups', { securityEnabledOnly: false }, { scenario })).body.value).toEqual(['b']);
  });
});

describe('deleted items', () => {
  test('hold what was deleted and say when; what is gone is not among them', async () => {
    const id = idOf('Lena Left', wrong);
    const { body } = await call('GET', `directory/deletedItems/${id}`, undefined, { scenario: wrong });
    expect(body).toMatchObject({ '@odata.type': '#microsoft.graph.user', id, deletedDateTime: '2026-11-19T08:00:00.000Z' });
    expect(names((await call('GET', 'directory/deletedItems/microsoft.graph.user', undefined, { scenario: wrong })).body)).toEqual([
      'Lena Left',
    ]);
    const forgotten = '1c8f5d2b-a4e3-4d66-9f10-7b2e3c4d5e60';
    expect((await call('GET', `directory/deletedItems/${forgotten}`, undefined, { scenario: wrong })).status).toBe(404);
    expect((await call('GET', `directory/deletedItems/${idOf('Uma User', wrong)}`, undefined, { scenario: wrong })).status).toBe(404);
  });
});

describe('a batch', () => {
  test('answers each request on its own inside one 200', async () => {
    const requests = [
      { id: '1', method: 'GET', url: `/users/${idOf('Alice Admin')}?$select=displayName` },
      { id: '2', method: 'GET', url: '/users/nobody@platform.example' },
      {
        id: '3',
        method: 'POST',
        url: `directoryObjects/${idOf('Noor On-Call')}/getMemberGroups`,
        body: { securityEnabledOnly: false },
        headers: { 'Content-Type': 'application/json' },
      },
    ];
    const { status, body } = await call('POST', '$batch', { requests });
    const responses = body.responses as { id: string; status: number; body: JsonObject }[];
    expect(status).toBe(200);
    expect(responses.map((response) => [response.id, response.status])).toEqual([
      ['1', 200],
      ['2', 404],
      ['3', 200],
    ]);
    expect(responses[0]?.body.displayName).toBe('Alice Admin');
  });

  test('of more than 20, of none, or with an id twice is refused whole', async () => {
    const many = (count: number, id = (i: number) => String(i)) => ({
      requests: Array.from({ length: count }, (_, i) => ({ id: id(i), method: 'GET', url: '/me' })),
    });
    expect((await call('POST', '$batch', many(20))).status).toBe(200);
    for (const body of [many(21), many(0), many(2, () => 'same'), {}]) expect((await call('POST', '$batch', body)).status).toBe(400);
  });
});

describe('what Graph does not know or may not answer', () => {
  test.each([
    ['GET', 'devices'],
    ['DELETE', 'users/x'],
    ['GET', "users?$filter=contains(displayName,'x')"],
    ['GET', `servicePrincipals?$filter=appId in (${Array.from({ length: 16 }, (_, at) => `'${at}'`).join(',')})`],
    ['GET', 'users?$search=x'],
    ['GET', 'users?$top=1000'],
    ['GET', 'users?$skiptoken=abc'],
    ['GET', 'users/alice@platform.example/manager'],
    ['GET', '../beta/users'],
  ])('%s %s is an error, never a silent answer', async (method, path) => {
    const { status, body } = await call(method, path);
    expect([status, (body.error as JsonObject).code]).toEqual([400, 'Request_BadRequest']);
  });

  test('without a token, with a foreign one, or with one for Resource Manager it answers 401', async () => {
    const path = 'users/alice@platform.example';
    const answers = [
      await call('GET', path, undefined, { bearer: '' }),
      await call('GET', path, undefined, { caller: undefined }),
      await call('GET', path, undefined, { caller: callerWith('https://management.azure.com') }),
    ];
    expect(answers.map((answer) => answer.status)).toEqual([401, 401, 401]);
    expect(answers.map((answer) => (answer.body.error as JsonObject).code)).toEqual(Array(3).fill('InvalidAuthenticationToken'));
  });

  test('without directory rights every question but getByIds is a 403', async () => {
    for (const access of ['idsOnly', 'denied'] as const) {
      expect((await call('GET', 'users/alice@platform.example', undefined, { access })).status).toBe(403);
      expect((await call('GET', `groups/${idOf('sec-search')}/transitiveMembers`, undefined, { access })).status).toBe(403);
    }
  });
});

describe('the Graph client of Microsoft', () => {
  let server: Loopback;
  let client: Client;
  beforeAll(async () => {
    server = await serve(graph({ state: platform.tenant, clock, directoryAccess: 'read' }), () => callerWith(server.origin));
    const { request } = await import('node:https');
    const get = (url: string, init: { method?: string; body?: string }) =>
      new Promise<Response>((resolve, reject) => {
        const headers = { authorization: 'Bearer x', 'content-type': 'application/json' };
        const sent = request(url, { ca: server.ca, method: init.method ?? 'GET', headers }, (response) => {
          let text = '';
          response.on('data', (chunk: Buffer) => {
            text += chunk.toString('utf8');
          });
          response.on('end', () => {
            resolve(new Response(text, { status: response.statusCode ?? 0, headers: { 'content-type': 'application/json' } }));
          });
        });
        sent.on('error', reject);
        sent.end(init.body);
      });
    client = Client.initWithMiddleware({
      baseUrl: server.origin,
      customHosts: new Set(['127.0.0.1']),
      middleware: {
        execute: async (context) => {
          const url: unknown = context.request;
          if (typeof url !== 'string') throw new Error('the client asks by address');
          context.response = await get(url, {
            ...context.options,
          } as { method?: string; body?: string });
        },
      },
    });
  });
  afterAll(() => server.close());

  test('reads an object, a batch of ids, and learns of a missing one', async () => {
    const id = idOf('sp-ci-deploy');
    expect(await client.api(`/servicePrincipals/${id}`).get()).toMatchObject({ displayName: 'sp-ci-deploy' });
    expect(await client.api('/directoryObjects/getByIds').post({ ids: [id] })).toMatchObject({ value: [{ id }] });
    await expect(client.api('/users/nobody').get()).rejects.toMatchObject({ statusCode: 404, code: 'Request_ResourceNotFound' });
    await expect(client.api('/users/nobody').get()).rejects.toBeInstanceOf(GraphError);
  });

  test('follows nextLinks, which name the address it asked', async () => {
    const first = (await client.api('/users').top(3).get()) as JsonObject;
    const link = textAt(first, '@odata.nextLink');
    expect(link.startsWith(`${server.origin}/v1.0/users?`)).toBe(true);
    expect(((await client.api(link).get()) as { value: unknown[] }).value).toHaveLength(2);
  });
});
