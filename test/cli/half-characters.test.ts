import { afterEach, describe, expect, test } from 'vitest';
import type { JsonValue } from '../../src/base/json.ts';
import { type Served, served } from './served.ts';

const half = '\ud83d';
const sites: Served[] = [];
afterEach(async () => {
  await Promise.all(sites.splice(0).map((site) => site.close()));
});

/** Half a character behind every text of that name, in every answer of the operation. */
function spoil({ sandbox }: Served, operation: string, name: string): void {
  const change = (value: JsonValue): JsonValue =>
    JSON.parse(JSON.stringify(value), (key, member: JsonValue) =>
      key === name && typeof member === 'string' ? `${member}${half}` : member,
    ) as JsonValue;
  sandbox.faults.add({ operation, times: Number.MAX_SAFE_INTEGER, action: { kind: 'change', change } });
}

describe('half a character, which no digest can be made of,', () => {
  test.each([
    ['Vaults_*', 'objectId'],
    ['Vaults_*', 'note'],
    ['Vaults_*', 'team'],
    ['Vaults_*', 'createdBy'],
    ['RoleAssignments_ListForScope', 'createdBy'],
    ['RoleAssignments_ListForScope', 'principalType'],
    ['RoleDefinitions_List', 'roleName'],
    ['RoleDefinitions_List', 'description'],
    ['RoleAssignmentScheduleInstances_ListForScope', 'status'],
    ['Subscriptions_List', 'displayName'],
    ['graph *', 'displayName'],
  ])('in an answer of %s (%s) is never taken for a bug', async (operation, name) => {
    const site = await served('one-app-one-developer', {
      scenario: (scenario) => {
        const { vaults } = scenario as { vaults: Record<string, { accessPolicies: object[] }> };
        const [shop, ...more] = vaults['kv-shop']?.accessPolicies ?? [];
        const raw = { tenantId: '{tenant}', objectId: 'x', note: 'a note' };
        return name === 'note' && shop !== undefined
          ? { ...scenario, vaults: { 'kv-shop': { ...vaults['kv-shop'], accessPolicies: [shop, ...more, { raw }] } } }
          : scenario;
      },
    });
    sites.push(site);
    spoil(site, operation, name);
    const commands = [
      ['inventory'],
      ['inventory', '--json'],
      ['plan', '-o', 'plan.json'],
      ['verify', 'kv-shop'],
      ['apply', 'plan.json', '--yes'],
      ['status', 'plan.json'],
      ['explain', 'id-shop-web', 'secrets/get', 'kv-shop'],
      ['rollback', 'plan.json', '--yes', '--remove-assignments'],
    ];
    for (const command of commands) {
      const { code, out, err } = await site.run([...command, '--quiet']);
      expect(err, command.join(' ')).not.toContain('BUG');
      expect(`${out}${err}`).not.toMatch(/TypeError|lone surrogate has no canonical/);
      expect([0, 2, 3, 4], `${command.join(' ')}: ${out}${err}`).toContain(code);
    }
    expect(await site.refused()).toBe(0);
  });
});
