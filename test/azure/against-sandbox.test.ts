import { describe, expect, test } from 'vitest';
import { everyone, parseGuid } from '../../src/base/guid.ts';
import { stringAt } from '../../src/base/json.ts';
import { nameGuid } from '../../src/base/name-guid.ts';
import type { AssignStep, RoleStep } from '../../src/formats/plan.ts';
import { parsePrincipal } from '../../src/inventory/parse-principal.ts';
import { resolvePrincipals } from '../../src/inventory/principals/resolve-principals.ts';
import { parseVaultId, type VaultId } from '../../src/model/vault-id.ts';
import { sandboxClock } from '../../src/sandbox/clock.ts';
import type { FaultAction } from '../../src/sandbox/faults.ts';
import { now, scenarioNames } from '../sandbox/scenario/minimal-scenario.ts';
import { simulatedPace } from './client/simulated-azure.ts';
import { secretsUser } from './facts.ts';
import { type Connected, connectToScenario } from './sandbox.ts';

const cryptoUser = '12338af0-0e69-4776-bea7-57ae8d297424';
const reader = '21090545-7ca7-4776-b22c-e363652d74d2';
const readMetadata = 'Microsoft.KeyVault/vaults/secrets/readMetadata/action';
const operations = {
  assign: 'RoleAssignments_Create',
  patch: 'Vaults_Update',
  remove: 'RoleAssignments_Delete',
  makeRole: 'RoleDefinitions_CreateOrUpdate',
  removeRole: 'RoleDefinitions_Delete',
};

const values = <T>(reading: { readonly state: string; readonly value?: T }): T => {
  if (reading.state !== 'read' || reading.value === undefined) throw new Error(JSON.stringify(reading));
  return reading.value;
};

function firstVault({ scenario }: Connected): VaultId {
  const id = [...scenario.tenant.vaults.values()]
    .map((vault) => parseVaultId(stringAt(vault.body, 'id') ?? ''))
    .find((each) => each !== undefined);
  if (id === undefined) throw new Error('the scenario has a vault');
  return id;
}

/** The sandbox's clock and the turns of requests share a time that passes only where somebody waits for it. */
function sharedTime() {
  const time = simulatedPace();
  const passing = async <T>(work: Promise<T>): Promise<T> => {
    let over = false;
    const passes = (async () => {
      while (!over) await time.run();
    })();
    try {
      return await work;
    } finally {
      over = true;
      await passes;
    }
  };
  return { time, clock: sandboxClock(now, () => time.now()), passing };
}

function stepFor(vault: VaultId, principalId: string, role = secretsUser): AssignStep {
  const name = nameGuid(vault.scope, principalId, role);
  return {
    id: name,
    kind: 'ensureRoleAssignment',
    vaultId: vault.id,
    scope: vault.id,
    name,
    roleDefinitionId: `/subscriptions/${vault.subscriptionId}/providers/Microsoft.Authorization/roleDefinitions/${role}`,
    roleName: 'Key Vault Secrets User',
    principalId,
    principalType: 'ServicePrincipal',
    because: [],
    undo: { kind: 'deleteRoleAssignment', assignmentId: `${vault.id}/providers/Microsoft.Authorization/roleAssignments/${name}` },
  };
}

function roleFor({ id, subscriptionId }: VaultId, changes: Partial<RoleStep> = {}): RoleStep {
  const scope = `/subscriptions/${subscriptionId}`;
  const name = nameGuid('role', scope, readMetadata);
  return {
    id: name,
    kind: 'ensureRoleDefinition',
    vaultId: id,
    scope,
    name,
    roleName: "keyturn: lists names and nothing else, ann's and others'",
    dataActions: [readMetadata],
    undo: { kind: 'deleteRoleDefinition', roleDefinitionId: `${scope}/providers/Microsoft.Authorization/roleDefinitions/${name}` },
    ...changes,
  };
}

function anApplication({ scenario }: Connected): string {
  const application = [...scenario.tenant.directory.values()].find(({ kind, deleted }) => kind === 'servicePrincipal' && !deleted);
  return application?.id ?? '';
}

describe('the sandbox', () => {
  test.each(scenarioNames)('%s: understands every read, and answers with what it holds', async (name) => {
    const connected = await connectToScenario(name, { paging: { size: 3, emptyPages: 2 } });
    const { resources, directory, sandbox, scenario } = connected;
    const subscriptions = values(await resources.subscriptions());
    expect(subscriptions.map((row) => `/subscriptions/${row.subscriptionId}`).sort()).toEqual(
      [...scenario.tenant.subscriptions.keys()].sort(),
    );
    const vaults = (await Promise.all(subscriptions.map(async (row) => values(await resources.vaults(row.subscriptionId))))).flat();
    expect(JSON.stringify(vaults.map((vault) => JSON.stringify(vault)).sort())).toBe(
      JSON.stringify([...scenario.tenant.vaults.values()].map((vault) => JSON.stringify(vault.body)).sort()),
    );
    for (const { subscriptionId } of subscriptions) {
      const scope = `/subscriptions/${subscriptionId}`;
      values(await resources.roleAssignments(scope));
      expect(values(await resources.roleDefinitions(scope)).length).toBeGreaterThan(5);
      values(await resources.denyAssignments(scope));
      values(await resources.activeInstances(scope));
      values(await resources.eligibleInstances(scope));
      values(await resources.locks(scope));
      values(await resources.policyAssignments(scope));
    }
    const vault = firstVault(connected);
    expect(await resources.vault(vault)).toMatchObject({ state: 'read' });
    expect(await resources.vault({ ...vault, name: 'nowhere', scope: `${vault.scope}x` as never })).toEqual({ state: 'notFound' });
    values(await resources.diagnosticSettings(vault.id));
    expect(values(await resources.operatorPermissions(vault)).length).toBeGreaterThan(0);
    const ids = [...scenario.tenant.directory.values()].flatMap((object) => parseGuid(object.id) ?? []);
    if (scenario.directoryAccess === 'read') values(await directory.objectsByIds(ids));
    await directory.deletedItems(ids);
    for (const object of scenario.tenant.directory.values()) {
      const id = parseGuid(object.id);
      if (id === undefined || object.deleted || scenario.directoryAccess !== 'read') continue;
      if (object.kind === 'group') values(await directory.transitiveMembers(id));
      if (object.kind !== 'application') values(await directory.memberGroups(id));
    }
    expect(sandbox.refusedAsks()).toEqual([]);
  });

  test.each(scenarioNames)('%s: tells everything that a principal is judged by, guests among them', async (name) => {
    const { directory, scenario } = await connectToScenario(name, { directoryAccess: 'read' });
    const live = [...scenario.tenant.directory.values()].filter((object) => !object.deleted);
    const whole = live.map(({ id, kind, displayName, properties }) =>
      parsePrincipal({ ...properties, id, displayName, '@odata.type': `#microsoft.graph.${kind}` }),
    );
    const found = await resolvePrincipals(
      whole.flatMap((principal) => principal?.objectId ?? []),
      directory,
    );
    for (const principal of whole) expect(found.get(principal?.objectId ?? everyone)).toEqual(principal);
  });

  test('EA-50: is asked for the role assignments themselves, so that rows at management groups are among them', async () => {
    const { resources } = await connectToScenario('estate');
    for (const { subscriptionId } of values(await resources.subscriptions())) {
      const rows = values(await resources.roleAssignments(`/subscriptions/${subscriptionId}`));
      expect(rows.filter(({ scope }) => scope.endsWith('/managementgroups/mg-contoso'))).toHaveLength(2);
    }
  });

  test('is left byte for byte as it was by assign, flip, flip back and remove', async () => {
    const connected = await connectToScenario('one-app-one-developer');
    const { writer, sandbox } = connected;
    const before = sandbox.stateJson();
    const vault = firstVault(connected);
    const step = stepFor(vault, anApplication(connected));
    expect(await writer.ensureRoleAssignment(step)).toBe('created');
    expect(await writer.ensureRoleAssignment(step, true)).toBe('found');
    expect(await writer.ensureRoleAssignment({ ...step, name: nameGuid('another') })).toBe('alreadyThere');
    expect((await writer.setPermissionModel(vault, 'azureRbac')).outcome).toBe('changed');
    expect((await writer.setPermissionModel(vault, 'azureRbac')).outcome).toBe('unchanged');
    expect((await writer.setPermissionModel(vault, 'accessPolicy')).outcome).toBe('changed');
    expect(await writer.deleteRoleAssignment(step.undo.assignmentId)).toBe('deleted');
    expect(await writer.deleteRoleAssignment(step.undo.assignmentId)).toBe('notThere');
    expect(sandbox.refusedAsks()).toEqual([]);
    expect(sandbox.stateJson()).toBe(before);
  });

  test('is left byte for byte as it was by a custom role, its assignment under a condition, and their removal', async () => {
    const connected = await connectToScenario('one-app-one-developer');
    const { writer, sandbox } = connected;
    // The writer's waits move the sandbox's clock.
    Object.assign(sandbox.context.consistency, { roleReplication: 40_000 });
    const before = sandbox.stateJson();
    const vault = firstVault(connected);
    const role = roleFor(vault);
    const condition = "@Resource[Microsoft.KeyVault/vaults/secrets:name] StringEquals 'db-password'";
    const step = { ...stepFor(vault, anApplication(connected), role.name), condition };
    expect(await Promise.all([role, role, role].map((each) => writer.ensureRoleDefinition(each)))).toEqual(Array(3).fill('created'));
    expect(await writer.ensureRoleAssignment(step)).toBe('created');
    expect(await writer.ensureRoleAssignment(step, true)).toBe('found');
    expect(await writer.ensureRoleAssignment({ ...step, name: nameGuid('another') })).toBe('alreadyThere');
    for (const changes of [{ condition: `${condition} OR ${condition}` }, { name: nameGuid('another'), condition: `!(${condition})` }])
      await expect(writer.ensureRoleAssignment({ ...step, ...changes }, true)).rejects.toMatchObject({
        code: 'AZURE_CONFLICT',
        outcome: 'blocked',
      });
    expect(await writer.deleteRoleDefinition(role.undo.roleDefinitionId)).toBe('inUse');
    expect(await writer.deleteRoleAssignment(step.undo.assignmentId)).toBe('deleted');
    expect(await writer.deleteRoleDefinition(role.undo.roleDefinitionId)).toBe('deleted');
    expect(await writer.deleteRoleDefinition(role.undo.roleDefinitionId)).toBe('notThere');
    expect(sandbox.refusedAsks()).toEqual([]);
    expect(sandbox.stateJson()).toBe(before);
  });

  test('refuses a custom role for what Azure would, in words that a person can act on', async () => {
    const connected = await connectToScenario('one-app-one-developer', { customRoleLimit: 1 });
    const { writer, sandbox } = connected;
    const vault = firstVault(connected);
    const ensure = (changes: Partial<RoleStep> = {}) => writer.ensureRoleDefinition(roleFor(vault, changes));
    await expect(ensure({ dataActions: ['Microsoft.KeyVault/vaults/secrets/read'] })).rejects.toMatchObject({
      code: 'AZURE_REFUSED',
      message: expect.stringContaining("'Microsoft.KeyVault/vaults/secrets/read' does not match any") as string,
    });
    expect(await ensure()).toBe('created');
    const [name, before] = [nameGuid('another'), sandbox.stateJson()];
    await expect(ensure({ name })).rejects.toMatchObject({
      code: 'AZURE_CONFLICT',
      outcome: 'blocked',
      message: expect.stringContaining(roleFor(vault).name) as string,
    });
    await expect(ensure({ name, roleName: 'one too many' })).rejects.toMatchObject({ code: 'AZURE_LIMIT', outcome: 'blocked' });
    await expect(ensure({ dataActions: [readMetadata, 'Microsoft.KeyVault/vaults/secrets/delete'] })).rejects.toMatchObject({
      code: 'AZURE_CONFLICT',
      outcome: 'blocked',
    });
    expect(sandbox.stateJson()).toBe(before);
  });

  test('never has to refuse one in a hundred of many calls, which are carried out as fast as its buckets fill', async () => {
    const { time, clock, passing } = sharedTime();
    const connected = await connectToScenario('one-app-one-developer', { clock }, { pace: time });
    const { writer, sandbox } = connected;
    const vault = firstVault(connected);
    const ids = Array.from({ length: 230 }, (_, n) => stepFor(vault, nameGuid(String(n))).undo.assignmentId);
    const removed = await passing(Promise.all(ids.map((id) => writer.deleteRoleAssignment(id))));
    expect(new Set(removed)).toEqual(new Set(['notThere']));
    expect(sandbox.metrics().statuses['429'] ?? 0).toBeLessThanOrEqual(2);
    expect(time.now()).toBeGreaterThanOrEqual(3_000);
    expect(time.now()).toBeLessThanOrEqual(6_000);
  });

  test('throttles as Azure does, and everything is still written', async () => {
    const { time, clock, passing } = sharedTime();
    const throttle = { writes: { capacity: 1, perSecond: 1 } };
    const connected = await connectToScenario('one-app-one-developer', { clock, throttle }, { pace: time });
    const { writer, sandbox, scenario } = connected;
    const vault = firstVault(connected);
    const principals = [...scenario.tenant.directory.values()].filter(({ kind, deleted }) => kind === 'servicePrincipal' && !deleted);
    const steps = principals.flatMap(({ id }) =>
      [secretsUser, cryptoUser, reader].map((role) => ({ ...stepFor(vault, id, role), scope: vault.id })),
    );
    const made = await passing(Promise.all(steps.map((step) => writer.ensureRoleAssignment(step))));
    expect(new Set(made)).toEqual(new Set(['created']));
    expect(sandbox.metrics().statuses['429'] ?? 0).toBeGreaterThan(0);
  });

  test.each([
    ['half an answer', { kind: 'cut' }],
    [
      'HTML instead of an answer, after the write',
      { kind: 'answer', status: 200, body: '<html>', headers: { 'content-type': 'text/html' }, afterwards: true },
    ],
    [
      'an HTML 429',
      { kind: 'answer', status: 429, body: 'Too many requests', headers: { 'content-type': 'text/HTML', 'retry-after': '0' } },
    ],
    [
      'a 500 without an envelope, after the write',
      { kind: 'answer', status: 500, body: { Message: 'An error has occurred.' }, afterwards: true },
    ],
  ] as const satisfies [string, FaultAction][])('is written to once and for all through %s', async (_, action) => {
    const connected = await connectToScenario('one-app-one-developer');
    const { writer, sandbox } = connected;
    const before = sandbox.stateJson();
    const vault = firstVault(connected);
    const step = stepFor(vault, anApplication(connected));
    const disturb = (operation: string) => {
      sandbox.faults.add({ operation, action });
    };
    disturb(operations.assign);
    expect(await writer.ensureRoleAssignment(step)).toBe('created');
    disturb(operations.patch);
    expect((await writer.setPermissionModel(vault, 'azureRbac')).outcome).toBe('changed');
    disturb(operations.patch);
    await writer.setPermissionModel(vault, 'accessPolicy');
    disturb(operations.remove);
    await writer.deleteRoleAssignment(step.undo.assignmentId);
    const role = roleFor(vault);
    disturb(operations.makeRole);
    expect(await writer.ensureRoleDefinition(role)).toBe('created');
    disturb(operations.removeRole);
    await writer.deleteRoleDefinition(role.undo.roleDefinitionId);
    expect(sandbox.faults.pending).toEqual([]);
    expect(sandbox.stateJson()).toBe(before);
  });
});
