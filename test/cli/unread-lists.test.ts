import { afterEach, describe, expect, test } from 'vitest';
import { type Served, served } from './served.ts';

const lists = [
  'RoleAssignments_ListForScope',
  'RoleDefinitions_List',
  'DenyAssignments_ListForScope',
  'RoleAssignmentScheduleInstances_ListForScope',
  'RoleEligibilityScheduleInstances_ListForScope',
  'ManagementLocks_ListByScope',
  'PolicyAssignments_List',
] as const;

const sites: Served[] = [];
afterEach(async () => {
  await Promise.all(sites.splice(0).map((site) => site.close()));
});

async function siteRefusing(operation: string): Promise<Served> {
  const site = await served('one-app-one-developer');
  sites.push(site);
  refuse(site, operation);
  return site;
}

function refuse({ sandbox }: Served, operation: string): void {
  sandbox.faults.clear();
  const error = { code: 'AuthorizationFailed', message: 'The client has no authorization to perform the action.' };
  sandbox.faults.add({ operation, times: 1000, action: { kind: 'answer', status: 403, body: { error } } });
}

describe('a list that may not be read', () => {
  test.each(lists)('leaves the inventory undetermined, however it is printed: %s', async (operation) => {
    const site = await siteRefusing(operation);
    for (const how of [[], ['--json'], ['--markdown']]) {
      const { code, out, err } = await site.run(['inventory', ...how, '--quiet']);
      expect(code, out + err).toBe(4);
    }
  });

  test.each([
    // Not the role definitions: what built-in roles give is known without Azure's list of them.
    'RoleAssignments_ListForScope',
    'DenyAssignments_ListForScope',
    'RoleAssignmentScheduleInstances_ListForScope',
  ])('leaves verify, explain and the status of a flipped vault undetermined: %s', async (operation) => {
    const site = await served('one-app-one-developer');
    sites.push(site);
    expect((await site.run(['plan', '-o', 'plan.json', '--quiet'])).code).toBe(0);
    expect((await site.run(['apply', 'plan.json', '--yes', '--quiet'])).code).toBe(0);
    refuse(site, operation);
    for (const command of [
      ['verify', 'kv-shop'],
      ['verify', 'plan.json'],
      ['explain', 'id-shop-web', 'secrets/get', 'kv-shop'],
      ['status', 'plan.json'],
    ]) {
      const { code, out, err } = await site.run([...command, '--quiet']);
      expect(code, `${command.join(' ')}: ${out}${err}`).toBe(4);
    }
  });

  test('of what somebody may activate is told by explain, which does not call it empty', async () => {
    const site = await siteRefusing('RoleEligibilityScheduleInstances_ListForScope');
    const { code, out, err } = await site.run(['explain', 'id-shop-web', 'secrets/get', 'kv-shop', '--quiet']);
    expect(out).toContain('what may be activated through PIM could not be read');
    expect(code, out + err).toBe(0);
  });

  test('leaves the inventory done where it says nothing of access: diagnostic settings', async () => {
    const site = await siteRefusing('DiagnosticSettings_List');
    expect((await site.run(['inventory', '--quiet'])).code).toBe(0);
  });
});
