import { describe, expect, test } from 'vitest';
import { type JsonObject, objectAt } from '../../../src/base/json.ts';
import type { RoleStep } from '../../../src/formats/plan.ts';
import { guid, subscriptionScope, vaultPath } from '../facts.ts';
import { type Asked, type Reply, refusal, writableAzure } from '../scripted-azure.ts';

const name = guid(0x222);
const list = `${subscriptionScope}/providers/Microsoft.Authorization/roleDefinitions`;
const rolePath = `${list}/${name}`;
const roleName = "keyturn: secrets of Ann's app and no others";
const dataActions = ['Microsoft.KeyVault/vaults/secrets/getSecret/action', 'Microsoft.KeyVault/vaults/secrets/readMetadata/action'];
const missing = refusal(404, 'RoleDefinitionDoesNotExist', `The specified role definition with ID '${name}' does not exist.`);
const sameName = refusal(409, 'RoleDefinitionWithSameNameExists', 'A role definition cannot be updated with a name that already exists.');
const hasAssignments = refusal(400, 'RoleDefinitionHasAssignments', 'There are existing role assignments referencing role.');

const step: RoleStep = {
  id: 'role-1',
  kind: 'ensureRoleDefinition',
  vaultId: vaultPath,
  scope: subscriptionScope,
  name,
  roleName,
  dataActions,
  undo: { kind: 'deleteRoleDefinition', roleDefinitionId: rolePath },
};

function aRole(id: string, properties: JsonObject = {}, block: JsonObject = {}): JsonObject {
  const permissions = [{ actions: [], notActions: [], dataActions, notDataActions: [], ...block }];
  return {
    properties: { roleName, type: 'CustomRole', description: null, assignableScopes: [subscriptionScope], permissions, ...properties },
    id: `${list}/${id}`,
    type: 'Microsoft.Authorization/roleDefinitions',
    name: id,
  };
}

/** Role definitions in memory; `first` may answer before them, and instead of them. */
async function azure(roles: JsonObject[], first: (asked: Asked, store: JsonObject[]) => Reply | undefined = () => undefined) {
  const store = [...roles];
  const service = await writableAzure((asked) => {
    const own = first(asked, store);
    if (own !== undefined) return own;
    const last = asked.path.split('/').at(-1) ?? '';
    const at = store.findIndex((each) => each.name === last);
    if (asked.path === list) return { json: { value: store } };
    if (asked.method === 'GET') return at < 0 ? missing : { json: store[at] ?? null };
    if (asked.method === 'DELETE') return at < 0 ? { status: 204 } : { json: store.splice(at, 1)[0] ?? null };
    const made = aRole(last, objectAt(asked.body as JsonObject, 'properties'));
    const called = objectAt(made, 'properties').roleName;
    if (store.some((each) => each.name !== last && objectAt(each, 'properties').roleName === called)) return sameName;
    store.splice(at < 0 ? store.length : at, at < 0 ? 0 : 1, made);
    return { status: 201, json: made };
  });
  return {
    ...service,
    store,
    ensure: (changes: Partial<RoleStep> = {}) => service.writer.ensureRoleDefinition({ ...step, ...changes }),
    remove: () => service.writer.deleteRoleDefinition(rolePath),
    sent: (method: string) => service.asked.filter((asked) => asked.method === method),
  };
}

/** Replies to the first requests of a method, and nothing to later ones. */
function onceEach(method: string, ...replies: readonly (Reply | ((store: JsonObject[]) => Reply))[]) {
  const left = [...replies];
  return (asked: Asked, store: JsonObject[]) => {
    if (asked.method !== method) return undefined;
    const reply = left.shift();
    return typeof reply === 'function' ? reply(store) : reply;
  };
}

describe('making a custom role', () => {
  test('asks first, sends exactly the planned data actions, and reads them back', async () => {
    const { ensure, lines, asked } = await azure([]);
    expect(await ensure()).toBe('created');
    expect(lines()).toEqual(['GET', 'PUT', 'GET'].map((method) => `${method} ${rolePath}`));
    expect(asked[1]?.body).toEqual({
      properties: {
        roleName,
        type: 'CustomRole',
        description: expect.stringMatching(/^Made by keyturn [^.]+\.$/) as string,
        permissions: [{ actions: [], notActions: [], dataActions, notDataActions: [] }],
        assignableScopes: [subscriptionScope],
      },
    });
  });
  test('sends nothing when its own role is there, however Azure orders and spells it', async () => {
    const shuffled = dataActions.map((action) => action.toUpperCase()).reverse();
    const assignableScopes = ['/subscriptions/other', subscriptionScope.toUpperCase()];
    const { ensure, sent } = await azure([aRole(name, { assignableScopes }, { dataActions: shuffled })]);
    expect(await ensure()).toBe('created');
    expect(sent('PUT')).toEqual([]);
  });
  test.each<[string, JsonObject, JsonObject]>([
    ['is built in', { type: 'BuiltInRole' }, {}],
    ['gives other data actions', {}, { dataActions: dataActions.slice(1) }],
    ['gives other data actions', {}, { dataActions: [...dataActions, 'Microsoft.KeyVault/vaults/secrets/delete'] }],
    ['gives other data actions', {}, { dataActions: ['*'] }],
    ['gives other data actions', { permissions: [] }, {}],
    ['allows managing resources too', {}, { actions: ['*/read'] }],
    ['leaves actions out', {}, { notDataActions: dataActions.slice(1) }],
    ['leaves actions out', {}, { notActions: ['*'] }],
    ['holds under a condition', {}, { condition: "@Resource[Microsoft.KeyVault/vaults:name] StringEquals 'kv-a'" }],
    ['cannot be assigned there', { assignableScopes: ['/subscriptions/other', `${subscriptionScope}/resourceGroups/Rg-A`] }, {}],
  ])('refuses when its id stands for a role that %s', async (because, properties, block) => {
    const { ensure, sent, store } = await azure([aRole(name, properties, block)]);
    const before = JSON.stringify(store);
    await expect(ensure()).rejects.toMatchObject({
      code: 'AZURE_CONFLICT',
      outcome: 'blocked',
      message: expect.stringContaining(`\`${name}\` stands for a role that ${because}`) as string,
    });
    expect(sent('PUT')).toEqual([]);
    expect(JSON.stringify(store)).toBe(before);
  });
  test('takes the sum of several blocks for what it is', async () => {
    const permissions = dataActions.map((action) => ({ actions: [], notActions: [], dataActions: [action], notDataActions: [] }));
    expect(await (await azure([aRole(name, { permissions })])).ensure()).toBe('created');
  });
  test('names the role that bears its display name already', async () => {
    const { ensure, asked } = await azure([aRole(guid(7))]);
    await expect(ensure()).rejects.toMatchObject({
      code: 'AZURE_CONFLICT',
      outcome: 'blocked',
      message: expect.stringContaining(`\`${guid(7)}\``) as string,
      remedy: expect.stringContaining(guid(7)) as string,
    });
    const filter = asked.find(({ path }) => path === list)?.query.get('$filter');
    expect(filter).toBe("roleName eq 'keyturn: secrets of Ann''s app and no others'");
  });
  test('says so when the other role of that name cannot be seen from here', async () => {
    const { ensure, slept } = await azure([], (asked) => (asked.method === 'PUT' ? sameName : undefined));
    await expect(ensure()).rejects.toMatchObject({
      code: 'AZURE_CONFLICT',
      outcome: 'blocked',
      message: expect.stringContaining(roleName) as string,
      remedy: expect.stringContaining('where you cannot see it') as string,
    });
    expect(slept.length).toBeGreaterThan(2);
  });
  test('does not take its own role, made by another vault a moment ago, for a stranger’s', async () => {
    const late = await azure(
      [],
      onceEach('PUT', (store) => {
        store.push(aRole(name));
        return sameName;
      }),
    );
    expect(await late.ensure()).toBe('created');
    expect(late.sent('PUT')).toHaveLength(1);
  });
  test('lets two vaults make the same role at once', async () => {
    const { ensure, store } = await azure([]);
    expect(await Promise.all([ensure(), ensure({ vaultId: `${vaultPath}b` }), ensure()])).toEqual(['created', 'created', 'created']);
    expect(store).toHaveLength(1);
  });
  const unclear: [string, Reply][] = [
    ['the connection breaks off', { how: 'reset' }],
    ['half of the answer is lost', { json: aRole(name), how: 'cut' }],
    ['the service fails', { status: 500, json: { Message: 'An error has occurred.' } }],
    ['a proxy answers', { text: '<html>signed out</html>' }],
  ];
  test.each(unclear)('asks what became of it when %s after it was made', async (_, reply) => {
    const made = onceEach('PUT', (store) => {
      store.push(aRole(name));
      return reply;
    });
    const { ensure, sent } = await azure([], made);
    expect(await ensure()).toBe('created');
    expect(sent('PUT')).toHaveLength(1);
  });
  test.each(unclear)('tries again when %s before it was made, but not for ever', async (_, reply) => {
    const { ensure, sent } = await azure([], onceEach('PUT', reply, reply));
    expect(await ensure()).toBe('created');
    expect(sent('PUT')).toHaveLength(3);
    const never = await azure([], (asked) => (asked.method === 'PUT' ? reply : undefined));
    await expect(never.ensure()).rejects.toMatchObject({ unclear: true });
    expect(never.sent('PUT').length).toBeLessThan(6);
  });
  test('reads back what was made of it, also when nobody knows who answered', async () => {
    const other = onceEach('PUT', (store) => {
      store.push(aRole(name, {}, { dataActions: ['Microsoft.KeyVault/vaults/*'] }));
      return { how: 'reset' };
    });
    await expect((await azure([], other)).ensure()).rejects.toMatchObject({ code: 'AZURE_CONFLICT', outcome: 'blocked' });
  });
  test('waits for Azure to show what it accepted, and otherwise leaves the question open', async () => {
    const late = await azure([], onceEach('GET', missing, missing, missing));
    expect(await late.ensure()).toBe('created');
    expect(late.sent('PUT')).toHaveLength(1);
    const never = await azure([], (asked) => (asked.method === 'GET' ? missing : undefined));
    await expect(never.ensure()).rejects.toMatchObject({ code: 'AZURE_UNCONFIRMED', outcome: 'undetermined' });
  });
  test('passes on what stands in its way', async () => {
    for (const [reply, code] of [
      [refusal(403, 'AuthorizationFailed', 'no'), 'AZURE_FORBIDDEN'],
      [refusal(403, 'RequestDisallowedByPolicy', 'no'), 'AZURE_POLICY_DENIED'],
      [refusal(409, 'ScopeLocked', 'no'), 'AZURE_LOCKED'],
      [refusal(400, 'RoleDefinitionLimitExceeded', 'no'), 'AZURE_LIMIT'],
      [refusal(400, 'InvalidDataActionOrNotDataAction', 'no'), 'AZURE_REFUSED'],
    ] as const) {
      const { ensure, sent } = await azure([], onceEach('PUT', reply));
      await expect(ensure()).rejects.toMatchObject({ code });
      expect(sent('PUT')).toHaveLength(1);
    }
  });
  test('does not read an answer that is no role definition as one', async () => {
    for (const json of [{}, { properties: {} }, { ...aRole(name), properties: { permissions: 'all' } }, [aRole(name)], null]) {
      const { ensure, sent } = await azure([], onceEach('GET', { json }));
      await expect(ensure()).rejects.toMatchObject({ code: 'AZURE_UNREADABLE', outcome: 'undetermined' });
      expect(sent('PUT')).toEqual([]);
    }
  });
  test('takes nothing but a subscription as the place where a role can be assigned', async () => {
    const { ensure, asked } = await azure([]);
    for (const changes of [
      { scope: vaultPath },
      { scope: '/' },
      { scope: '' },
      { scope: '/providers/Microsoft.Management/managementGroups/mg' },
      { scope: '/providers/x' },
      { name: 'x' },
      { roleName: ' ' },
    ])
      await expect(ensure(changes)).rejects.toMatchObject({ code: 'AZURE_ID' });
    expect(asked).toEqual([]);
  });
});

describe('removing a custom role', () => {
  test('says whether there was one', async () => {
    const { remove, store } = await azure([aRole(name), aRole(guid(2), { roleName: 'another' })]);
    expect(await remove()).toBe('deleted');
    expect(store.map((each) => each.name)).toEqual([guid(2)]);
    expect(await remove()).toBe('notThere');
  });
  test('leaves a role that somebody is still assigned', async () => {
    const { remove, store, sent } = await azure([aRole(name)], (asked) => (asked.method === 'DELETE' ? hasAssignments : undefined));
    expect(await remove()).toBe('inUse');
    expect(store).toHaveLength(1);
    expect(sent('DELETE').length).toBeLessThan(6);
  });
  test('waits a little for assignments that were removed a moment ago', async () => {
    const { remove, slept } = await azure([aRole(name)], onceEach('DELETE', hasAssignments, hasAssignments));
    expect(await remove()).toBe('deleted');
    expect(slept).toHaveLength(2);
  });
  test('asks what became of it when no answer comes', async () => {
    const gone = await azure(
      [aRole(name)],
      onceEach('DELETE', (store) => {
        store.length = 0;
        return { how: 'reset' };
      }),
    );
    expect(await gone.remove()).toBe('deleted');
    const still = await azure([aRole(name)], onceEach('DELETE', { how: 'reset' }));
    expect(await still.remove()).toBe('deleted');
    expect(still.sent('DELETE')).toHaveLength(2);
  });
  test('waits until Azure shows it no longer, and otherwise leaves the question open', async () => {
    const { remove } = await azure([], (asked) => (asked.method === 'GET' ? { json: aRole(name) } : undefined));
    await expect(remove()).rejects.toMatchObject({ code: 'AZURE_UNCONFIRMED' });
  });
  test('does not believe a 404 that is not Azure’s', async () => {
    const { remove } = await azure([aRole(name)], () => ({ status: 404, text: '<html>not here</html>' }));
    await expect(remove()).rejects.toMatchObject({ code: 'AZURE_NOT_FOUND' });
  });
  test('passes on what stands in its way', async () => {
    const { remove } = await azure([aRole(name)], onceEach('DELETE', refusal(403, 'AuthorizationFailed', 'no')));
    await expect(remove()).rejects.toMatchObject({ code: 'AZURE_FORBIDDEN', outcome: 'blocked' });
  });
  test('takes nothing that is no custom role’s id', async () => {
    const { writer, asked } = await azure([]);
    for (const id of [
      '',
      vaultPath,
      `${list}/`,
      `${list}/x`,
      `${rolePath}/x`,
      `/providers/Microsoft.Authorization/roleDefinitions/${name}`,
    ])
      await expect(writer.deleteRoleDefinition(id)).rejects.toMatchObject({ code: 'AZURE_ID' });
    expect(asked).toEqual([]);
  });
});
