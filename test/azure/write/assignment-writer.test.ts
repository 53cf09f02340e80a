import { describe, expect, test } from 'vitest';
import type { JsonObject } from '../../../src/base/json.ts';
import type { AssignStep } from '../../../src/formats/plan.ts';
import { anAssignment, guid, secretsUser, subscriptionScope, vaultPath } from '../facts.ts';
import { type Asked, type Reply, refusal, writableAzure } from '../scripted-azure.ts';

const name = guid(0x111);
const assignmentPath = `${vaultPath}/providers/Microsoft.Authorization/roleAssignments/${name}`;
const missing = refusal(404, 'RoleAssignmentNotFound', `The role assignment '${name}' is not found.`);
const exists = refusal(409, 'RoleAssignmentExists', 'The role assignment already exists.');

const step: AssignStep = {
  id: 'step-1',
  kind: 'ensureRoleAssignment',
  vaultId: vaultPath,
  scope: vaultPath,
  name,
  roleDefinitionId: `${subscriptionScope}/providers/Microsoft.Authorization/roleDefinitions/${secretsUser}`,
  roleName: 'Key Vault Secrets User',
  principalId: guid(0xb1),
  principalType: 'ServicePrincipal',
  because: [],
  undo: { kind: 'deleteRoleAssignment', assignmentId: assignmentPath },
};

/** Role assignments in memory; `first` may answer before them, and `instead` of them. */
async function azure(assignments: JsonObject[], first: (asked: Asked, store: JsonObject[]) => Reply | undefined = () => undefined) {
  const store = [...assignments];
  const service = await writableAzure((asked) => {
    const own = first(asked, store);
    if (own !== undefined) return own;
    const last = asked.path.split('/').at(-1) ?? '';
    const at = store.findIndex((each) => each.name === last);
    if (asked.path.endsWith('/roleAssignments')) return { json: { value: store } };
    if (asked.method === 'GET') return at < 0 ? missing : { json: store[at] ?? null };
    if (asked.method === 'DELETE') return at < 0 ? { status: 204 } : { json: store.splice(at, 1)[0] ?? null };
    const { properties } = asked.body as { properties: JsonObject };
    const twin = store.find((each) => (each.properties as JsonObject).principalId === properties.principalId);
    if (twin !== undefined && twin.name !== last) return exists;
    const made = anAssignment(last, { ...properties });
    if (at < 0) store.push(made);
    return { status: at < 0 ? 201 : 200, json: made };
  });
  const { writer } = service;
  return {
    ...service,
    store,
    ensure: (listed = false) => writer.ensureRoleAssignment(step, listed),
    remove: () => writer.deleteRoleAssignment(assignmentPath),
    puts: () => service.asked.filter(({ method }) => method === 'PUT'),
  };
}

/** Replies to the first requests of a method, and nothing to later ones. */
function onceEach(method: string, ...replies: readonly (Reply | ((asked: Asked, store: JsonObject[]) => Reply))[]) {
  const left = [...replies];
  return (asked: Asked, store: JsonObject[]) => {
    if (asked.method !== method) return undefined;
    const reply = left.shift();
    return typeof reply === 'function' ? reply(asked, store) : reply;
  };
}

describe('making a role assignment', () => {
  test('RF-2: sends the triple under the step’s name, and believes the answer: no look before or after', async () => {
    const { ensure, lines, asked } = await azure([]);
    expect(await ensure()).toBe('created');
    expect(lines()).toEqual([`PUT ${assignmentPath}`]);
    expect(asked[0]?.body).toEqual({
      properties: { roleDefinitionId: step.roleDefinitionId, principalId: step.principalId, principalType: 'ServicePrincipal' },
    });
  });
  test('gives Azure the role’s resource id where the plan knows its GUID alone', async () => {
    const { writer, asked } = await azure([]);
    await writer.ensureRoleAssignment({ ...step, roleDefinitionId: secretsUser });
    expect(asked[0]?.body).toMatchObject({ properties: { roleDefinitionId: step.roleDefinitionId } });
  });
  test('EA-51: sends nothing when its own assignment is listed, and there', async () => {
    const { ensure, puts } = await azure([anAssignment(name)]);
    expect(await ensure(true)).toBe('found');
    expect(puts()).toEqual([]);
  });
  test('makes what a list still shows and Azure has no more', async () => {
    const { ensure, lines } = await azure([]);
    expect(await ensure(true)).toBe('created');
    expect(lines()).toEqual(['GET', 'PUT'].map((method) => `${method} ${assignmentPath}`));
  });
  test('counts its own assignment, which no list showed yet, from now on: Azure does so too', async () => {
    const { ensure, lines } = await azure([anAssignment(name)]);
    expect(await ensure()).toBe('created');
    expect(lines()).toEqual([`PUT ${assignmentPath}`]);
  });
  test('and so it does where Azure refuses its own name a second time', async () => {
    const { ensure } = await azure([anAssignment(name)], (asked) => (asked.method === 'PUT' ? exists : undefined));
    expect(await ensure()).toBe('created');
  });
  test('does not believe an answer that is about another assignment', async () => {
    const { ensure } = await azure([], (asked) => (asked.method === 'PUT' ? { status: 201, json: anAssignment(guid(5)) } : undefined));
    await expect(ensure()).rejects.toMatchObject({ code: 'AZURE_UNCONFIRMED' });
  });
  test('takes Azure’s other spellings of role and scope for the same', async () => {
    const spelled = anAssignment(name, {
      scope: vaultPath.toUpperCase(),
      principalId: guid(0xb1).toUpperCase(),
      roleDefinitionId: `/providers/Microsoft.Authorization/roleDefinitions/${secretsUser.toUpperCase()}`,
    });
    const { ensure } = await azure([spelled]);
    expect(await ensure(true)).toBe('found');
  });
  test.each([{ principalId: guid(9) }, { scope: subscriptionScope }, { roleDefinitionId: `/x/${guid(9)}` }, { condition: 'x' }])(
    'refuses when its name stands for another assignment: %j',
    async (properties) => {
      const { ensure, puts } = await azure([anAssignment(name, properties)]);
      await expect(ensure(true)).rejects.toMatchObject({ code: 'AZURE_CONFLICT', outcome: 'blocked' });
      expect(puts()).toEqual([]);
    },
  );
  test('leaves somebody else’s assignment of the same triple alone', async () => {
    const { ensure } = await azure([anAssignment(guid(5), { condition: null })]);
    expect(await ensure()).toBe('alreadyThere');
  });
  test('finds the other one by the id in Azure’s message, even when the list lags', async () => {
    const message = `The role assignment already exists. The ID of the existing role assignment is ${guid(5).replaceAll('-', '')}.`;
    const { ensure } = await azure([anAssignment(guid(5))], (asked) => {
      if (asked.path.endsWith('/roleAssignments')) return { json: { value: [] } };
      return asked.method === 'PUT' ? refusal(409, 'RoleAssignmentExists', message) : undefined;
    });
    expect(await ensure()).toBe('alreadyThere');
  });
  test('does not count one that holds under a condition only', async () => {
    const { ensure } = await azure([anAssignment(guid(5), { condition: "@Resource[x] StringEquals 'y'" })]);
    await expect(ensure()).rejects.toMatchObject({ code: 'AZURE_CONFLICT', outcome: 'blocked' });
  });
  test('gives up when Azure says that it exists and nobody can find it', async () => {
    const { ensure, slept } = await azure([], (asked) => (asked.method === 'PUT' ? exists : undefined));
    await expect(ensure()).rejects.toMatchObject({ code: 'AZURE_CONFLICT' });
    expect(slept.length).toBeGreaterThan(2);
  });
  test('EA-32: waits for a principal that the directory does not know yet, but not for ever', async () => {
    const notYet = refusal(400, 'PrincipalNotFound', 'Principal 0 does not exist in the directory 0.');
    const late = await azure([], onceEach('PUT', notYet, notYet, notYet));
    expect(await late.ensure()).toBe('created');
    expect(late.slept).toHaveLength(3);
    const never = await azure([], (asked) => (asked.method === 'PUT' ? notYet : undefined));
    await expect(never.ensure()).rejects.toMatchObject({ code: 'AZURE_PRINCIPAL_NOT_FOUND' });
    expect(never.puts().length).toBeLessThan(20);
  });
  const unclear: [string, Reply][] = [
    ['the connection breaks off', { how: 'reset' }],
    ['half of the answer is lost', { json: anAssignment(name), how: 'cut' }],
    ['the service fails', { status: 500, json: { Message: 'An error has occurred.' } }],
    ['a proxy answers', { text: '<html>signed out</html>' }],
  ];
  test.each(unclear)('asks what became of it when %s after it was made', async (_, reply) => {
    const made = onceEach('PUT', (__, store) => {
      store.push(anAssignment(name));
      return reply;
    });
    const { ensure, puts } = await azure([], made);
    expect(await ensure()).toBe('created');
    expect(puts()).toHaveLength(1);
  });
  test.each(unclear)('tries again when %s before it was made', async (_, reply) => {
    const { ensure, puts } = await azure([], onceEach('PUT', reply, reply));
    expect(await ensure()).toBe('created');
    expect(puts()).toHaveLength(3);
  });
  test.each([
    ['an empty object', {}],
    ['another assignment', anAssignment(guid(5))],
  ])('waits for Azure to show what it accepted with %s, and otherwise leaves the question open', async (__, answer) => {
    const odd = (asked: Asked, store: JsonObject[]): Reply | undefined => {
      if (asked.method !== 'PUT') return undefined;
      store.push(anAssignment(name));
      return { status: 201, json: answer };
    };
    const hidden = onceEach('GET', missing, missing, missing);
    const late = await azure([], (...asked) => odd(...asked) ?? hidden(...asked));
    expect(await late.ensure()).toBe('created');
    const never = await azure([], (asked, store) => odd(asked, store) ?? (asked.method === 'GET' ? missing : undefined));
    await expect(never.ensure()).rejects.toMatchObject({ code: 'AZURE_UNCONFIRMED', outcome: 'undetermined' });
  });
  test.each([
    [404, 'RoleDefinitionDoesNotExist', 'AZURE_ROLE_NOT_FOUND'],
    [400, 'RoleDefinitionDoesNotExist', 'AZURE_ROLE_NOT_FOUND'],
    [400, 'RoleAssignmentScopeNotAssignableToRoleDefinition', 'AZURE_ROLE_NOT_ASSIGNABLE'],
  ])('waits for a role that was just made to be known everywhere, but not for ever (%i %s)', async (status, serviceCode, code) => {
    const notYet = refusal(status, serviceCode, `The specified role definition with ID '${secretsUser}' does not exist.`);
    const late = await azure([], onceEach('PUT', notYet, notYet, notYet));
    expect(await late.ensure()).toBe('created');
    expect(late.slept).toHaveLength(3);
    const never = await azure([], (asked) => (asked.method === 'PUT' ? notYet : undefined));
    await expect(never.ensure()).rejects.toMatchObject({ code, outcome: 'failed' });
    expect(never.puts().length).toBeLessThan(20);
  });
  test('passes on what stands in its way', async () => {
    for (const [reply, code] of [
      [refusal(403, 'AuthorizationFailed', 'no'), 'AZURE_FORBIDDEN'],
      [refusal(403, 'RequestDisallowedByPolicy', 'no'), 'AZURE_POLICY_DENIED'],
      [refusal(409, 'ScopeLocked', 'no'), 'AZURE_LOCKED'],
      [refusal(400, 'RoleAssignmentUpdateNotPermitted', 'no'), 'AZURE_CONFLICT'],
      [refusal(400, 'RoleAssignmentLimitExceeded', 'no'), 'AZURE_LIMIT'],
    ] as const) {
      const { ensure, puts } = await azure([], onceEach('PUT', reply));
      await expect(ensure()).rejects.toMatchObject({ code });
      expect(puts()).toHaveLength(1);
    }
  });
});

describe('making a role assignment under a condition', () => {
  const condition = "@Resource[Microsoft.KeyVault/vaults/secrets:name] StringEquals 'db'";
  const ensureIn = async (...assignments: JsonObject[]) => {
    const service = await azure(assignments);
    return { ...service, ensure: (listed = false) => service.writer.ensureRoleAssignment({ ...step, condition }, listed) };
  };
  test('sends the condition and its version', async () => {
    const { ensure, asked } = await ensureIn();
    expect(await ensure()).toBe('created');
    expect(asked[0]?.body).toEqual({
      properties: {
        roleDefinitionId: step.roleDefinitionId,
        principalId: step.principalId,
        principalType: 'ServicePrincipal',
        condition,
        conditionVersion: '2.0',
      },
    });
  });
  test('sends nothing when its own assignment is listed, and there', async () => {
    const { ensure, puts } = await ensureIn(anAssignment(name, { condition, conditionVersion: '2.0' }));
    expect(await ensure(true)).toBe('found');
    expect(puts()).toEqual([]);
  });
  test('takes an empty condition, which Azure never writes, for none of those that it understands', async () => {
    const { ensure, puts } = await ensureIn(anAssignment(name, { condition: '' }));
    await expect(ensure(true)).rejects.toMatchObject({ message: expect.stringContaining('is not understood') as string });
    expect(puts()).toEqual([]);
  });
  test.each([null, condition.toUpperCase(), `${condition} `, `!(${condition})`])(
    'EA-41: refuses when its name stands for the same under any other condition: %j',
    async (other) => {
      const { ensure, puts } = await ensureIn(anAssignment(name, { condition: other }));
      await expect(ensure(true)).rejects.toMatchObject({
        code: 'AZURE_CONFLICT',
        outcome: 'blocked',
        message: expect.stringContaining('under another condition, or under none') as string,
      });
      expect(puts()).toEqual([]);
    },
  );
  test('leaves somebody else’s assignment under the same condition alone', async () => {
    const { ensure } = await ensureIn(anAssignment(guid(5), { condition }));
    expect(await ensure()).toBe('alreadyThere');
  });
  test('does not take one without a condition for enough: it gives more than was approved', async () => {
    const { ensure, store } = await ensureIn(anAssignment(guid(5)));
    await expect(ensure()).rejects.toMatchObject({
      code: 'AZURE_CONFLICT',
      outcome: 'blocked',
      message: expect.stringContaining('more than was approved') as string,
      remedy: expect.stringContaining('give it the planned condition') as string,
    });
    expect(store).toHaveLength(1);
  });
  test('does not take one under another condition for it', async () => {
    const { ensure } = await ensureIn(anAssignment(guid(5), { condition: condition.replace('db', 'other') }));
    await expect(ensure()).rejects.toMatchObject({ code: 'AZURE_CONFLICT', outcome: 'blocked' });
  });
  test('sends nothing for a condition that says nothing', async () => {
    const { writer, asked } = await azure([]);
    for (const empty of ['', ' \n'])
      await expect(writer.ensureRoleAssignment({ ...step, condition: empty })).rejects.toMatchObject({ code: 'AZURE_ID' });
    expect(asked).toEqual([]);
  });
});

describe('removing a role assignment', () => {
  test('says whether there was one', async () => {
    const { remove, store } = await azure([anAssignment(name), anAssignment(guid(2))]);
    expect(await remove()).toBe('deleted');
    expect(store.map((each) => each.name)).toEqual([guid(2)]);
    expect(await remove()).toBe('notThere');
  });
  test('finds nothing where the vault itself is gone', async () => {
    const { remove } = await azure([], () => refusal(404, 'ResourceNotFound', 'no'));
    expect(await remove()).toBe('notThere');
  });
  test('does not believe a 404 that is not Azure’s', async () => {
    const { remove } = await azure([anAssignment(name)], () => ({ status: 404, text: '<html>not here</html>' }));
    await expect(remove()).rejects.toMatchObject({ code: 'AZURE_NOT_FOUND' });
  });
  test('asks what became of it when no answer comes', async () => {
    const gone = await azure(
      [anAssignment(name)],
      onceEach('DELETE', (_, store) => {
        store.length = 0;
        return { how: 'reset' };
      }),
    );
    expect(await gone.remove()).toBe('deleted');
    const still = await azure([anAssignment(name)], onceEach('DELETE', { how: 'reset' }));
    expect(await still.remove()).toBe('deleted');
    expect(still.asked.filter(({ method }) => method === 'DELETE')).toHaveLength(2);
  });
  test('waits until Azure shows it no longer, and otherwise leaves the question open', async () => {
    const { remove } = await azure([], (asked) => (asked.method === 'GET' ? { json: anAssignment(name) } : undefined));
    await expect(remove()).rejects.toMatchObject({ code: 'AZURE_UNCONFIRMED' });
  });
  test('tells of the lock that holds it', async () => {
    const { remove } = await azure([anAssignment(name)], onceEach('DELETE', refusal(409, 'ScopeLocked', 'locked: /subscriptions/x')));
    await expect(remove()).rejects.toMatchObject({ code: 'AZURE_LOCKED', outcome: 'blocked' });
  });
  test('takes nothing that is no role assignment’s id', async () => {
    const { writer, asked } = await azure([]);
    for (const id of ['', vaultPath, `${vaultPath}/providers/Microsoft.Authorization/roleAssignments/`, `${assignmentPath}/x`])
      await expect(writer.deleteRoleAssignment(id)).rejects.toMatchObject({ code: 'AZURE_ID' });
    expect(asked).toEqual([]);
  });
});
