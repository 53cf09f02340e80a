import { describe, expect, test } from 'vitest';
import { type JsonObject, objectAt } from '../../src/base/json.ts';
import { KnownError } from '../../src/base/known-error.ts';
import type { AssignStep, RoleStep } from '../../src/formats/plan.ts';
import { anAssignment, aVault, guid, secretsUser, subscriptionScope, vaultId, vaultPath } from './facts.ts';
import { type Asked, type Reply, refusal, type Script, scriptedAzure } from './scripted-azure.ts';

const interrupted = new DOMException('interrupted', 'AbortError');
const assignmentName = guid(0x111);
const assignmentPath = `${vaultPath}/providers/Microsoft.Authorization/roleAssignments/${assignmentName}`;
const roleName = guid(0x222);
const rolePath = `${subscriptionScope}/providers/Microsoft.Authorization/roleDefinitions/${roleName}`;
const dataActions = ['Microsoft.KeyVault/vaults/secrets/getSecret/action'];

const assign: AssignStep = {
  id: 'step-1',
  kind: 'ensureRoleAssignment',
  vaultId: vaultPath,
  scope: vaultPath,
  name: assignmentName,
  roleDefinitionId: secretsUser,
  roleName: 'Key Vault Secrets User',
  principalId: guid(0xb1),
  principalType: 'ServicePrincipal',
  because: [],
  undo: { kind: 'deleteRoleAssignment', assignmentId: assignmentPath },
};
const define: RoleStep = {
  id: 'role-1',
  kind: 'ensureRoleDefinition',
  vaultId: vaultPath,
  scope: subscriptionScope,
  name: roleName,
  roleName: 'one secret reader',
  dataActions,
  undo: { kind: 'deleteRoleDefinition', roleDefinitionId: rolePath },
};
const aRole: JsonObject = {
  id: rolePath,
  name: roleName,
  type: 'Microsoft.Authorization/roleDefinitions',
  properties: {
    roleName: define.roleName,
    type: 'CustomRole',
    assignableScopes: [subscriptionScope],
    permissions: [{ actions: [], notActions: [], dataActions, notDataActions: [] }],
  },
};
const saved: JsonObject[] = [{ tenantId: guid(9), objectId: guid(2), permissions: { secrets: ['get'] } }];
type Writer = NonNullable<Awaited<ReturnType<typeof scriptedAzure>>['writer']>;
const noAssignment = refusal(404, 'RoleAssignmentNotFound', 'not found');
const noRole = refusal(404, 'RoleDefinitionDoesNotExist', 'not found');

/** Every kind of write: how it is called, and what Azure shows before and after it took effect. */
const writes: readonly { readonly name: string; readonly call: (writer: Writer) => Promise<unknown>; before: Reply; after: Reply }[] = [
  {
    name: 'a flip',
    call: async (writer) => (await writer.setPermissionModel(vaultId, 'azureRbac')).outcome,
    before: { json: aVault() },
    after: { json: aVault({ enableRbacAuthorization: true }) },
  },
  {
    name: 'a flip back',
    call: async (writer) => (await writer.setPermissionModel(vaultId, 'accessPolicy')).outcome,
    before: { json: aVault({ enableRbacAuthorization: true }) },
    after: { json: aVault({ enableRbacAuthorization: false }) },
  },
  {
    name: 'the restoring of policies',
    call: async (writer) => objectAt(await writer.restoreAccessPolicies(vaultId, saved), 'properties').accessPolicies,
    before: { json: aVault({ enableRbacAuthorization: true }) },
    after: { json: aVault({ enableRbacAuthorization: false, accessPolicies: saved }) },
  },
  {
    name: 'a role assignment',
    call: (writer) => writer.ensureRoleAssignment(assign),
    before: noAssignment,
    after: { json: anAssignment(assignmentName) },
  },
  {
    name: 'a role assignment that is listed',
    call: (writer) => writer.ensureRoleAssignment(assign, true),
    before: noAssignment,
    after: { json: anAssignment(assignmentName) },
  },
  {
    name: 'the removal of a role assignment',
    call: (writer) => writer.deleteRoleAssignment(assignmentPath),
    before: { json: anAssignment(assignmentName) },
    after: noAssignment,
  },
  { name: 'a custom role', call: (writer) => writer.ensureRoleDefinition(define), before: noRole, after: { json: aRole } },
  {
    name: 'the removal of a custom role',
    call: (writer) => writer.deleteRoleDefinition(rolePath),
    before: { json: aRole },
    after: noRole,
  },
];

const looksFirst = ['a flip', 'a flip back', 'a role assignment that is listed', 'a custom role'];

interface Scene {
  /** What the write itself gets. The run is asked to stop while it waits for it. */
  readonly write: Reply | (() => Promise<Reply>);
  readonly takesEffect: boolean;
  /** Instead of the truth, once the run was asked to stop. */
  readonly lookAfter?: Reply;
  readonly stopAt?: 'read' | 'write' | 'beforehand' | 'never';
}

async function play({ before, after, call }: (typeof writes)[number], scene: Scene) {
  const run = new AbortController();
  const { stopAt = 'write' } = scene;
  let done = false;
  const script: Script = async (asked: Asked) => {
    const reading = asked.method === 'GET';
    if (reading && run.signal.aborted && scene.lookAfter !== undefined) return scene.lookAfter;
    if (reading && stopAt === 'read') run.abort(interrupted);
    if (reading) return done ? after : before;
    if (stopAt === 'write') run.abort(interrupted);
    if (scene.takesEffect) done = true;
    return typeof scene.write === 'function' ? scene.write() : scene.write;
  };
  if (stopAt === 'beforehand') run.abort(interrupted);
  const hangs = (reply: Scene['write'] | undefined) => typeof reply === 'object' && reply.how === 'hang';
  const enough = 20_000;
  const limits = {
    finishWithin: hangs(scene.write) ? 200 : enough,
    askWithin: hangs(scene.lookAfter) ? 200 : enough,
    throttledFor: 3_600_000,
  };
  const azure = await scriptedAzure(script, { mode: 'write', signal: run.signal, limits });
  const { writer } = azure;
  if (writer === undefined) throw new Error('write mode gives a writer');
  const outcome = await call(writer).then(
    (value) => ({ value }),
    (error: unknown) => ({ error }),
  );
  return { outcome, sent: azure.asked.filter(({ method }) => method !== 'GET').length };
}

describe.each(writes)('a run that is asked to stop in the middle of $name', (write) => {
  const { after } = write;
  const usual = async () => (await play(write, { write: after.status === 404 ? {} : after, takesEffect: true, stopAt: 'never' })).outcome;

  test('waits for the answer, and the write ends as ever', async () => {
    const late = () => new Promise<Reply>((resolve) => setImmediate(resolve, after.status === 404 ? {} : after));
    const { outcome, sent } = await play(write, { write: late, takesEffect: true });
    expect(outcome).toEqual(await usual());
    expect(outcome).toHaveProperty('value');
    expect(sent).toBe(1);
  });

  test.each(['hang', 'reset', 'cut'] as const)('asks Azure when the answer does not come (%s), and believes what it shows', async (how) => {
    const { outcome, sent } = await play(write, { write: { ...after, status: 200, json: after.json ?? {}, how }, takesEffect: true });
    expect(outcome).toHaveProperty('value');
    expect(sent).toBe(1);
  });

  test.each(['hang', 'reset'] as const)(
    'says that it is not done when the write did not arrive (%s), and sends nothing again',
    async (how) => {
      const { outcome, sent } = await play(write, { write: { how }, takesEffect: false });
      expect(outcome).toMatchObject({ error: { openEnd: 'notSeen', message: expect.stringContaining('it is not done') as string } });
      expect(sent).toBe(1);
    },
  );

  test.each(['hang', 'reset'] as const)(
    'says that nobody knows when Azure cannot be asked either (%s), within a bounded time',
    async (how) => {
      const { outcome, sent } = await play(write, { write: { how }, takesEffect: true, lookAfter: { how } });
      expect(outcome).toMatchObject({ error: { openEnd: 'unknown', outcome: 'undetermined' } });
      expect(sent).toBe(1);
    },
  );

  // The others begin with the write itself.
  test.runIf(looksFirst.includes(write.name))('sends nothing when it is asked before the write has left', async () => {
    const { outcome, sent } = await play(write, { write: {}, takesEffect: true, stopAt: 'read' });
    expect({ outcome, sent }).toEqual({ outcome: { error: interrupted }, sent: 0 });
  });

  test('does not wait for its turn when it is throttled: it was not carried out, and is not sent again', async () => {
    const { outcome, sent } = await play(write, { write: { status: 429, headers: { 'retry-after': '3000' } }, takesEffect: false });
    expect(outcome).toMatchObject({ error: { code: 'AZURE_THROTTLED' } });
    expect(sent).toBe(1);
  });

  test('is not begun any more when the run was asked to stop before', async () => {
    expect(await play(write, { write: {}, takesEffect: true, stopAt: 'beforehand' })).toEqual({ outcome: { error: interrupted }, sent: 0 });
  });
});

test('a flip is taken back also when the run was asked to stop, where it is meant', async () => {
  const back: (typeof writes)[number] = {
    name: 'taking back',
    call: async (writer) => (await writer.setPermissionModel(vaultId, 'accessPolicy', undefined, { alsoStopped: true })).outcome,
    before: { json: aVault({ enableRbacAuthorization: true }) },
    after: { json: aVault({ enableRbacAuthorization: false }) },
  };
  const ran = await play(back, { write: back.after, takesEffect: true, stopAt: 'beforehand' });
  expect(ran).toEqual({ outcome: { value: 'changed' }, sent: 1 });
});

describe('RF-5: a flip that stands on facts which may grow too old', () => {
  const tooOld = new KnownError('undetermined', 'FACTS_TOO_OLD', 'they are too old', 'again');
  const flipOver = async (replies: readonly Reply[], mayLeaveTimes: number) => {
    let asked = 0;
    let sent = 0;
    const azure = await scriptedAzure((one) => (one.method === 'GET' ? { json: aVault() } : (replies[sent++] ?? {})), {
      mode: 'write',
      limits: { firstWait: 1 },
    });
    const mayLeave = () => {
      asked += 1;
      if (asked > mayLeaveTimes) throw tooOld;
    };
    const error: unknown = await azure.writer
      ?.setPermissionModel(vaultId, 'azureRbac', undefined, { mayLeave })
      .catch((one: unknown) => one);
    return { error, sent };
  };
  test('is not sent when they are', async () => {
    expect(await flipOver([], 0)).toEqual({ error: tooOld, sent: 0 });
  });
  test('is not sent again after a wait that was too long: Azure had refused it', async () => {
    expect(await flipOver([{ status: 429 }, { status: 429 }], 1)).toEqual({ error: tooOld, sent: 1 });
  });
  test('and of a try before that got no answer it is said that it is not seen, not that nothing was sent', async () => {
    const { error, sent } = await flipOver([{ how: 'reset' }], 1);
    expect(error).toMatchObject({ openEnd: 'notSeen' });
    expect(sent).toBe(1);
  });
});

describe.each(writes)('a time limit or a lost connection in the middle of $name', (write) => {
  const patient = async (scene: Pick<Scene, 'write' | 'takesEffect'> & { readonly look?: Reply }) => {
    let done = false;
    let sent = 0;
    const azure = await scriptedAzure(
      (asked) => {
        if (asked.method === 'GET') return sent > 0 && scene.look !== undefined ? scene.look : done ? write.after : write.before;
        sent += 1;
        if (scene.takesEffect) done = true;
        return typeof scene.write === 'function' ? scene.write() : scene.write;
      },
      { mode: 'write', limits: { tryTimeout: 1_500, otherTries: 0, throttledFor: 0, busyTries: 0 } },
    );
    if (azure.writer === undefined) throw new Error('write mode gives a writer');
    const outcome = await write.call(azure.writer).then(
      (value) => ({ value }),
      (error: unknown) => ({ error }),
    );
    return { outcome, sent };
  };
  // All of them share the way in which an answer is waited for: one is enough to wait with.
  const ways = write.name === 'a flip' ? (['hang', 'reset'] as const) : (['reset'] as const);
  test.each(ways)('after it took effect: Azure is asked, and it is done (%s)', async (how) => {
    expect(await patient({ write: { how }, takesEffect: true })).toMatchObject({
      outcome: { value: expect.anything() as unknown },
      sent: 1,
    });
  });
  test.each(ways)('that never ends: what Azure shows is said (%s)', async (how) => {
    const { outcome } = await patient({ write: { how }, takesEffect: false });
    expect(outcome).toMatchObject({ error: { openEnd: 'notSeen', message: expect.stringContaining('it is not done') as string } });
  });
  test.each(ways)('with nobody to ask: that is said too (%s)', async (how) => {
    const { outcome, sent } = await patient({ write: { how }, takesEffect: true, look: { how: 'reset' } });
    expect(outcome).toMatchObject({ error: { openEnd: 'unknown', outcome: 'undetermined' } });
    expect(sent).toBe(1);
  });
  test('with an accepted write that cannot be read back: nobody knows', async () => {
    // The answer to a role assignment is believed, where it says what was made.
    const silent = write.after.status === 404 || write.name.startsWith('a role assignment');
    const accepted = silent ? { json: {} } : write.after;
    const { outcome } = await patient({ write: accepted, takesEffect: true, look: { how: 'reset' } });
    expect(outcome).toMatchObject({ error: { openEnd: 'unknown', message: expect.stringContaining('accepted') as string } });
  });
});
