import { describe, expect, test } from 'vitest';
import type { JsonObject } from '../../../src/base/json.ts';
import { aVault, guid, tenant, vaultId, vaultPath } from '../facts.ts';
import { type Asked, type Reply, refusal, scriptedAzure, writableAzure } from '../scripted-azure.ts';

/** One vault in memory that a PATCH changes as Azure would; `first` may answer instead. */
async function azure(start: JsonObject, first: (asked: Asked, vault: { properties: JsonObject }) => Reply | undefined = () => undefined) {
  const vault = { ...start, properties: { ...(start.properties as JsonObject) } };
  const service = await writableAzure((asked) => {
    const own = first(asked, vault);
    if (own !== undefined) return own;
    if (asked.method === 'PATCH') Object.assign(vault.properties, (asked.body as JsonObject).properties);
    return { json: structuredClone(vault) };
  });
  const patches = () => service.asked.filter(({ method }) => method === 'PATCH');
  return { ...service, vault, patches, writer: service.writer };
}

function onceOnPatch(...replies: readonly (Reply | ((asked: Asked, vault: { properties: JsonObject }) => Reply))[]) {
  const left = [...replies];
  return (asked: Asked, vault: { properties: JsonObject }) => {
    if (asked.method !== 'PATCH') return undefined;
    const reply = left.shift();
    return typeof reply === 'function' ? reply(asked, vault) : reply;
  };
}

const conflict = refusal(409, 'ConflictError', 'A conflict occurred that prevented the operation from completing.');

describe('setting the permission model', () => {
  test('sends one PATCH of the one flag, and nothing else of the vault', async () => {
    const { writer, asked, lines } = await azure(aVault({ accessPolicies: [{ odd: true }] }, { etag: 'x' }));
    const { outcome, vault } = await writer.setPermissionModel(vaultId, 'azureRbac');
    expect(outcome).toBe('changed');
    expect(lines()).toEqual(['GET', 'PATCH', 'GET'].map((method) => `${method} ${vaultPath}`));
    expect(asked[1]?.text).toBe('{"properties":{"enableRbacAuthorization":true}}');
    expect(vault).toEqual(aVault({ accessPolicies: [{ odd: true }], enableRbacAuthorization: true }, { etag: 'x' }));
  });
  test('shows the vault as it is just before the PATCH, also before it is repeated, and what objects stops it', async () => {
    const seen: unknown[] = [];
    const objection = new Error('the policies moved');
    const { writer, patches, vault } = await azure(aVault({ accessPolicies: [{ was: true }] }), onceOnPatch(conflict, conflict));
    const mayChange = (raw: JsonObject) => {
      seen.push((raw.properties as JsonObject).accessPolicies);
      if (seen.length === 1) vault.properties = { accessPolicies: [{ moved: true }] };
      else throw objection;
    };
    await expect(writer.setPermissionModel(vaultId, 'azureRbac', mayChange)).rejects.toBe(objection);
    expect(seen).toEqual([[{ was: true }], [{ moved: true }]]);
    expect(patches()).toHaveLength(1);
  });
  test('goes back the same way', async () => {
    const { writer, patches } = await azure(aVault({ enableRbacAuthorization: true }));
    await writer.setPermissionModel(vaultId, 'accessPolicy');
    expect(patches().map(({ text }) => text)).toEqual(['{"properties":{"enableRbacAuthorization":false}}']);
  });
  test('LP-7: leaves the switches for Azure services as they are, there and back', async () => {
    const switches = { enabledForDeployment: true, enabledForTemplateDeployment: true, enabledForDiskEncryption: false };
    const { writer, vault } = await azure(aVault(switches));
    await writer.setPermissionModel(vaultId, 'azureRbac');
    expect(vault.properties).toMatchObject({ ...switches, enableRbacAuthorization: true });
    await writer.setPermissionModel(vaultId, 'accessPolicy');
    expect(vault.properties).toMatchObject({ ...switches, enableRbacAuthorization: false });
  });
  test.each([{}, { enableRbacAuthorization: null }, { enableRbacAuthorization: false }])(
    'sends nothing when it is set already: %j',
    async (properties) => {
      const { writer, patches } = await azure(aVault(properties));
      expect((await writer.setPermissionModel(vaultId, 'accessPolicy')).outcome).toBe('unchanged');
      expect(patches()).toEqual([]);
    },
  );
  test('tries again after a conflict, each time a little later', async () => {
    const { writer, patches, slept } = await azure(aVault(), onceOnPatch(conflict, conflict));
    expect((await writer.setPermissionModel(vaultId, 'azureRbac')).outcome).toBe('changed');
    expect(patches()).toHaveLength(3);
    expect(slept).toHaveLength(2);
    expect(slept[0]).toBeGreaterThan(0);
  });
  test('does not try for ever', async () => {
    const { writer, patches } = await azure(aVault(), (asked) => (asked.method === 'PATCH' ? conflict : undefined));
    await expect(writer.setPermissionModel(vaultId, 'azureRbac')).rejects.toMatchObject({ code: 'AZURE_CONFLICT' });
    expect(patches().length).toBeLessThan(10);
  });
  const unclear: [string, Reply][] = [
    ['the connection breaks off', { how: 'reset' }],
    ['half of the answer is lost', { json: aVault({ enableRbacAuthorization: true }), how: 'cut' }],
    ['a sign-in page comes instead', { text: '<html>sign in</html>' }],
    ['the service fails without an envelope', { status: 500, json: { Message: 'An error has occurred.' } }],
  ];
  test.each(unclear)('asks what became of it when %s after the flip', async (_, reply) => {
    const { writer, patches } = await azure(
      aVault(),
      onceOnPatch((__, vault) => {
        vault.properties = { ...vault.properties, enableRbacAuthorization: true };
        return reply;
      }),
    );
    expect((await writer.setPermissionModel(vaultId, 'azureRbac')).vault).toEqual(aVault({ enableRbacAuthorization: true }));
    expect(patches()).toHaveLength(1);
  });
  test.each(unclear)('tries again when %s before the flip', async (_, reply) => {
    const { writer, patches } = await azure(aVault(), onceOnPatch(reply));
    expect((await writer.setPermissionModel(vaultId, 'azureRbac')).outcome).toBe('changed');
    expect(patches()).toHaveLength(2);
  });
  test('does not take Azure’s word for it: a vault that does not change is not flipped', async () => {
    const { writer } = await azure(aVault(), (asked) =>
      asked.method === 'PATCH' ? { json: aVault({ enableRbacAuthorization: true }) } : undefined,
    );
    await expect(writer.setPermissionModel(vaultId, 'azureRbac')).rejects.toMatchObject({
      code: 'AZURE_NOT_KEPT',
      outcome: 'undetermined',
    });
  });
  test('is not done on a vault that cannot be read', async () => {
    const { writer, patches } = await azure(aVault(), (asked) => (asked.method === 'GET' ? { json: {} } : undefined));
    await expect(writer.setPermissionModel(vaultId, 'azureRbac')).rejects.toMatchObject({ code: 'AZURE_UNREADABLE' });
    expect(patches()).toEqual([]);
  });
});

describe('restoring the access policies', () => {
  const list: readonly JsonObject[] = [
    {
      tenantId: tenant,
      objectId: guid(2),
      permissions: { Secrets: ['x'], secrets: ['Get', 'get', 'LIST'], keys: null, future: [1] },
      future: { a: 1 },
    },
    { tenantId: tenant, objectId: guid(2), applicationId: guid(3), permissions: { secrets: ['get'] } },
  ];
  test('sends the flag and the whole list as it was, to the letter', async () => {
    const { writer, patches } = await azure(aVault({ enableRbacAuthorization: true }));
    const restored = await writer.restoreAccessPolicies(vaultId, list);
    expect(patches().map(({ text }) => text)).toEqual([
      `{"properties":{"enableRbacAuthorization":false,"accessPolicies":${JSON.stringify(list)}}}`,
    ]);
    expect(restored).toEqual(aVault({ enableRbacAuthorization: false, accessPolicies: list }));
  });
  test('is not done as long as Azure shows another list', async () => {
    const { writer } = await azure(aVault(), (asked) =>
      asked.method === 'GET' ? { json: aVault({ accessPolicies: [list[1] ?? null] }) } : undefined,
    );
    await expect(writer.restoreAccessPolicies(vaultId, list)).rejects.toMatchObject({ code: 'AZURE_NOT_KEPT' });
  });
});

describe('a session that only reads', () => {
  test('has no writer', async () => {
    expect('writer' in (await scriptedAzure(() => ({})))).toBe(false);
  });
});
