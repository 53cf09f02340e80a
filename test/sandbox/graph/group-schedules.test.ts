import { expect, test } from 'vitest';
import { type JsonObject, objectAt, objectsAt, stringAt } from '../../../src/base/json.ts';
import { graph } from '../../../src/sandbox/graph/graph.ts';
import { endMemberships } from '../../../src/sandbox/graph/group-schedules.ts';
import type { ScenarioFile } from '../../../src/sandbox/scenario/scenario-schema.ts';
import { askOf } from '../loopback.ts';
import { aTenant, ids, runSandbox } from '../run-sandbox.ts';

const hour = 3600_000;
const base = 'identityGovernance/privilegedAccess/group';

/** Dana is in the group for eight hours, the app without an end, and Carl may join. */
async function tenant(changes: Partial<ScenarioFile> = {}) {
  const file = aTenant();
  const members = ['app', { principal: 'dana', activated: true, endsInHours: 8 }, { principal: 'contributor', eligible: true }];
  const group = { kind: 'group' as const, displayName: 'g', id: ids.group, members };
  const sandbox = await runSandbox({ ...file, principals: { ...file.principals, group }, ...changes });
  const { context } = sandbox;
  const handler = graph(context);
  const caller = { objectId: ids.owner, appId: 'a', tenantId: ids.tenant, audience: 'https://graph.microsoft.com' };
  const get = async (path: string) => {
    const answer = await handler(
      askOf('GET', new URL(`https://graph.microsoft.com/v1.0/${path}`), { authorization: 'Bearer x' }, '', () => caller),
    );
    return { status: answer.status, body: answer.body as JsonObject };
  };
  return { sandbox, get };
}

const mine = `$filter=groupId eq '${ids.group}'`;

test('EA-61: lists the memberships of one group or one principal, and wants to be told which', async () => {
  const { sandbox, get } = await tenant();
  const { body } = await get(`${base}/assignmentScheduleInstances?${mine}`);
  expect(objectsAt(body, 'value')).toMatchObject([
    {
      principalId: ids.app,
      groupId: ids.group,
      accessId: 'member',
      memberType: 'Direct',
      assignmentType: 'Assigned',
      startDateTime: null,
      endDateTime: null,
    },
    { principalId: ids.dana, assignmentType: 'Activated', endDateTime: expect.stringMatching(/^\d{4}-.*Z$/) as string },
  ]);
  expect(objectsAt((await get(`${base}/eligibilityScheduleInstances?${mine}`)).body, 'value').map((row) => row.principalId)).toEqual([
    ids.contributor,
  ]);
  const byPrincipal = await get(`${base}/assignmentScheduleInstances?$filter=principalId eq '${ids.dana.toUpperCase()}'`);
  expect(objectsAt(byPrincipal.body, 'value')).toHaveLength(1);
  for (const query of ['', "?$filter=accessId eq 'member'", `?${mine} or accessId eq 'member'`, `?${mine}&$top=5`]) {
    expect(await get(`${base}/assignmentScheduleInstances${query}`), query).toMatchObject({ status: 400 });
  }
  expect((await get(`${base}/assignmentSchedules?${mine}`)).status).toBe(400);
  await sandbox.close();
});

test('EA-61: who may join is no member, and whose time is over is none any more', async () => {
  const { sandbox, get } = await tenant();
  const members = async () => objectsAt((await get(`groups/${ids.group}/members?$select=id`)).body, 'value').map(({ id }) => id);
  expect(await members()).toEqual([ids.app, ids.dana]);
  endMemberships(sandbox.tenant, sandbox.clock.now() + 8 * hour + 1);
  expect(await members()).toEqual([ids.app]);
  expect(objectsAt((await get(`${base}/assignmentScheduleInstances?${mine}`)).body, 'value')).toHaveLength(1);
  await sandbox.close();
});

test('EA-58, EA-61: refuses without a licence or without the right, in the words of PIM', async () => {
  const unlicensed = await tenant({ tenant: { domain: 'arm.example', id: ids.tenant, licence: 'none' } });
  const path = `${base}/assignmentScheduleInstances?${mine}`;
  expect(await unlicensed.get(path)).toMatchObject({ status: 400, body: { error: { code: 'AadPremiumLicenseRequired' } } });
  const denied = await tenant({ groupSchedules: 'denied' });
  const { status, body } = await denied.get(path);
  expect(status).toBe(403);
  expect(JSON.parse(stringAt(objectAt(body, 'error'), 'message') ?? '')).toMatchObject({ errorCode: 'PermissionScopeNotGranted' });
  await Promise.all([unlicensed.sandbox.close(), denied.sandbox.close()]);
});
