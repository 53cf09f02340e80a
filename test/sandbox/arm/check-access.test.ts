import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { isObject, type JsonObject, type JsonValue, objectAt, stringAt } from '../../../src/base/json.ts';
import type { ScenarioFile } from '../../../src/sandbox/scenario/scenario-schema.ts';
import { aTenant, ids, type Running, roles, runSandbox, vaultId } from '../run-sandbox.ts';

const kvA = vaultId('kv-a');
const getSecret = 'Microsoft.KeyVault/vaults/secrets/getSecret/action';
const setSecret = 'Microsoft.KeyVault/vaults/secrets/setSecret/action';
const readMetadata = 'Microsoft.KeyVault/vaults/secrets/readMetadata/action';
const secretsOfApp = "@Resource[Microsoft.KeyVault/vaults/secrets:name] StringStartsWith 'app-'";

function tenant(): ScenarioFile {
  const base = aTenant();
  return {
    ...base,
    assignments: [
      ...(base.assignments ?? []),
      { role: 'Key Vault Secrets User', principal: 'app', scope: 'vaults/kv-a', condition: secretsOfApp },
      { role: 'Key Vault Secrets Officer', principal: 'contributor', scope: 'vaults/kv-a' },
    ],
    denyAssignments: [
      ...(base.denyAssignments ?? []),
      { name: 'no reading', scope: 'vaults/kv-a', principals: ['contributor'], dataActions: [getSecret] },
    ],
  };
}

const bodyFor = (objectId: string, actions: readonly string[], resource: string, isDataAction = true): JsonObject => ({
  Subject: { Attributes: { ObjectId: objectId } },
  Actions: actions.map((id) => ({ Id: id, IsDataAction: isDataAction })),
  Resource: { Id: resource },
});
const address = (scope: string, version = '2018-09-01-preview') =>
  `${scope}/providers/Microsoft.Authorization/checkAccess?api-version=${version}`;

describe('EA-49: what another principal may do', () => {
  let azure: Running;
  beforeAll(async () => {
    azure = await runSandbox(tenant());
  });
  afterAll(async () => {
    await azure.close();
  });

  const ask = async (body: JsonValue, scope: string, as?: string) =>
    azure.call('POST', address(scope), { body, ...(as !== undefined && { as }) });
  /** Decisions as `getSecret Allowed`. */
  const decisions = async (objectId: string, actions: readonly string[], resource: string, isDataAction = true) => {
    const { status, text } = await ask(bodyFor(objectId, actions, resource, isDataAction), resource);
    expect(status, text).toBe(200);
    const rows = JSON.parse(text) as JsonValue;
    if (!Array.isArray(rows)) throw new Error('the answer is a bare list');
    return (rows as readonly JsonValue[]).flatMap((row) => (isObject(row) ? [row] : []));
  };
  const words = async (...asked: Parameters<typeof decisions>) =>
    (await decisions(...asked)).map(
      (row) => `${stringAt(row, 'actionId')?.split('/').at(-2) ?? ''} ${stringAt(row, 'accessDecision') ?? ''}`,
    );

  test('is told action by action, through groups and from above, with the assignment that gives it', async () => {
    const rows = await decisions(ids.dana, [getSecret, setSecret], `${kvA}/secrets/anything`);
    expect(rows).toMatchObject([
      {
        actionId: getSecret,
        isDataAction: true,
        accessDecision: 'Allowed',
        roleAssignment: { roleDefinitionId: roles.secretsUser.replaceAll('-', ''), principalId: ids.group.replaceAll('-', ''), scope: kvA },
        denyAssignment: null,
      },
      { actionId: setSecret, accessDecision: 'NotAllowed', roleAssignment: null },
    ]);
    expect(typeof rows[0]?.timeToLiveInMs).toBe('number');
  });

  test('EA-2: is Denied where a deny assignment says so, which is named', async () => {
    const rows = await decisions(ids.contributor, [getSecret, setSecret], kvA);
    expect(rows.map((row) => row.accessDecision)).toEqual(['Denied', 'Allowed']);
    expect(objectAt(rows[0] ?? {}, 'denyAssignment').id).toMatch(/^[0-9a-f]{32}$/);
  });

  test('EA-39: hangs on the name of the secret where a condition does', async () => {
    expect(await words(ids.app, [getSecret], `${kvA}/secrets/app-db`)).toEqual(['getSecret Allowed']);
    expect(await words(ids.app, [getSecret], `${kvA}/secrets/other`)).toEqual(['getSecret NotAllowed']);
    expect(await words(ids.app, [readMetadata], kvA)).toEqual(['readMetadata NotAllowed']);
  });

  test('EA-7: is asked of one plane, and a control-plane right opens nothing else', async () => {
    const keyRead = 'Microsoft.KeyVault/vaults/keys/read';
    expect(await words(ids.owner, [keyRead], kvA)).toEqual(['keys NotAllowed']);
    expect(await words(ids.owner, [keyRead], kvA, false)).toEqual(['keys Allowed']);
  });

  test('EA-32: is nothing for somebody whom the directory does not know', async () => {
    expect(await words(ids.stranger, [getSecret], kvA)).toEqual(['getSecret NotAllowed']);
  });

  test('is told to whoever may read role assignments there, and to nobody else', async () => {
    const body = bodyFor(ids.dana, [getSecret], kvA);
    expect((await ask(body, kvA, ids.reader)).status).toBe(200);
    const refused = await ask(body, kvA, ids.app);
    expect([refused.status, objectAt(refused.body, 'error').code]).toEqual([403, 'AuthorizationFailed']);
  });

  test('changes nothing, and is counted by its name', async () => {
    const before = azure.stateJson();
    azure.resetMetrics();
    await ask(bodyFor(ids.dana, [getSecret], kvA), kvA);
    expect(azure.metrics().operations).toEqual({ CheckAccess: 1 });
    expect(azure.stateJson()).toBe(before);
  });

  const good = bodyFor(ids.dana, [getSecret], kvA);
  const changed = (more: JsonObject): JsonObject => ({ ...good, ...more });
  test.each<[string, JsonValue, string, string]>([
    ['a member nobody knows', changed({ Environment: null, Extra: 1 }), 'InvalidRequestContent', 'Environment'],
    ['groups of the subject', changed({ Subject: { Attributes: { ObjectId: ids.dana, Groups: [] } } }), 'InvalidRequestContent', 'Groups'],
    [
      'attributes of an action',
      changed({ Actions: [{ Id: getSecret, IsDataAction: true, Attributes: {} }] }),
      'InvalidRequestContent',
      'Attributes',
    ],
    ['another case', { subject: {}, actions: [], resource: {} }, 'InvalidRequestContent', 'subject'],
    ['no subject', { Actions: good.Actions ?? [], Resource: good.Resource ?? {} }, 'InvalidRequestContent', 'ObjectId'],
    ['no object id', changed({ Subject: { Attributes: {} } }), 'InvalidRequestContent', 'ObjectId'],
    ['an object id that is none', changed({ Subject: { Attributes: { ObjectId: 'dana' } } }), 'InvalidPrincipalId', 'dana'],
    ['a group', changed({ Subject: { Attributes: { ObjectId: ids.group } } }), 'InvalidSubject', ids.group],
    ['no actions', changed({ Actions: [] }), 'InvalidRequestContent', 'Actions'],
    ['an action that is null', changed({ Actions: [null, { Id: getSecret, IsDataAction: true }] }), 'InvalidRequestContent', 'Actions'],
    ['an action without its plane', changed({ Actions: [{ Id: getSecret }] }), 'InvalidRequestContent', 'IsDataAction'],
    ['a plane that is text', changed({ Actions: [{ Id: getSecret, IsDataAction: 'true' }] }), 'InvalidRequestContent', 'IsDataAction'],
    [
      'a pattern',
      changed({ Actions: [{ Id: 'Microsoft.KeyVault/*', IsDataAction: true }] }),
      'InvalidRequestContent',
      'Microsoft.KeyVault/*',
    ],
    [
      '201 actions',
      bodyFor(
        ids.dana,
        Array.from({ length: 201 }, () => getSecret),
        kvA,
      ),
      'TooManyActions',
      '201',
    ],
    ['no resource', { Subject: good.Subject ?? {}, Actions: good.Actions ?? [] }, 'InvalidRequestContent', 'Id'],
    ['another resource than the address', changed({ Resource: { Id: `${kvA}/secrets/db` } }), 'InvalidResource', 'secrets/db'],
  ])('a question with %s is an error that names it', async (_, body, code, named) => {
    const reply = await ask(body, kvA);
    const error = objectAt(reply.body, 'error');
    expect([reply.status, error.code]).toEqual([400, code]);
    expect(error.message).toContain(named);
  });

  test.each([
    ['another api-version', address(kvA, '2022-04-01'), 400, 'UnsupportedApiVersion'],
    ['no api-version', address(kvA).split('?')[0] ?? '', 400, 'MissingApiVersionParameter'],
    ['a filter', `${address(kvA)}&$filter=atScope()`, 400, 'InvalidQueryParameter'],
    ['a vault that is not there', address(vaultId('kv-none')), 404, 'ResourceNotFound'],
    ['a collection, which is no resource', address(`${kvA}/secrets`), 400, 'InvalidScope'],
  ])('a question with %s is refused', async (_, path, status, code) => {
    const reply = await azure.call('POST', path, { body: good });
    expect([reply.status, objectAt(reply.body, 'error').code]).toEqual([status, code]);
  });

  test('a new assignment counts when it has propagated, as it does for the vault itself', async () => {
    const kvB = vaultId('kv-b', kvA.split('/').slice(0, 5).join('/').replace('rg-a', 'rg-b'));
    const before = await words(ids.app, [getSecret], kvB);
    const name = '72000000-0000-4000-8000-00000000c0de';
    const roleDefinitionId = `/subscriptions/${ids.subscription}/providers/Microsoft.Authorization/roleDefinitions/${roles.secretsUser}`;
    await azure.authorization().roleAssignments.create(kvB.slice(1), name, { roleDefinitionId, principalId: ids.app });
    expect([before, await words(ids.app, [getSecret], kvB)]).toEqual([['getSecret NotAllowed'], ['getSecret NotAllowed']]);
    azure.clock.advance(301_000);
    expect(await words(ids.app, [getSecret], kvB)).toEqual(['getSecret Allowed']);
  });
});
