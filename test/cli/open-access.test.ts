import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, test } from 'vitest';
import * as door from '../../src/cli/open-access.ts';
import type * as Published from '../../types/access.d.ts';
import { anna, assign, deny, getSecret, id, instance, now, subscription, team, tenantId, vault, vaultId } from '../builders/a-tenant.ts';

// The published types and the source have to fit each other, in both directions.
const published: typeof Published = door;
type Same = Parameters<typeof Published.openAccess>[0] extends door.AccessInput ? true : false;
const same: Same = true;

const { openAccess } = published;
const raw = (...rows: readonly { readonly raw: object }[]) => rows.map((row) => ({ ...row.raw }));
const people = [
  { '@odata.type': '#microsoft.graph.user', id: anna, displayName: 'Anna' },
  { '@odata.type': '#microsoft.graph.group', id: team, displayName: 'Team', securityEnabled: true, groupTypes: [] },
];
const whole: Published.AccessInput = {
  subscriptionId: subscription.slice(15),
  roleAssignments: raw(assign(team, 'Secrets User')),
  roleDefinitions: [],
  denyAssignments: [],
  roleAssignmentScheduleInstances: [],
  principals: people,
  members: { [team]: [anna] },
};
const question: Published.AccessQuestion = { principalId: anna, action: getSecret, resource: `${vaultId}/secrets/db`, at: now };
const ask = async (input: Partial<Published.AccessInput> = {}, more: Partial<Published.AccessQuestion> = {}) =>
  (await openAccess({ ...whole, ...input })).askRbac({ ...question, ...more });

describe('keyturn/access', () => {
  test('gives decision, reason and route from plain rows', async () => {
    expect(same).toBe(true);
    expect(await ask()).toMatchObject({ decision: 'granted', reason: 'GrantedByRBAC', route: [{ throughGroup: team }] });
    expect(await ask({}, { resource: vaultId, action: 'Microsoft.KeyVault/vaults/secrets/delete' })).toMatchObject({
      decision: 'notGranted',
      reason: 'DeniedWithNoValidRBAC',
      because: ['no role assignment gives it'],
    });
    expect(await ask({ denyAssignments: raw(deny(vaultId, [anna], [getSecret])) })).toMatchObject({ reason: 'DeniedByDenyAssignment' });
  });

  test('a list that is left out, or holds a row nobody understands, is unknown and not empty', async () => {
    for (const list of ['roleAssignments', 'denyAssignments'] as const) {
      const rest = Object.fromEntries(Object.entries(whole).filter(([name]) => name !== list));
      expect((await openAccess(rest as unknown as Published.AccessInput)).askRbac(question).decision, list).toBe('unknown');
      expect((await ask({ [list]: [...(whole[list] ?? []), {}] })).decision, list).toBe('unknown');
    }
    expect((await ask({ members: {} })).decision).toBe('unknown');
  });

  test('groups may be told from the side of who asks; any object is asked for by a star', async () => {
    expect((await ask({ members: {} }, { groups: [team] })).decision).toBe('granted');
    expect((await ask({ members: {} }, { groups: [] })).decision).toBe('notGranted');
    const one = raw(assign(anna, 'Secrets User', `${vaultId}/secrets/db`));
    expect((await ask({ roleAssignments: one })).decision).toBe('granted');
    expect((await ask({ roleAssignments: one }, { resource: `${vaultId}/secrets/*` })).decision).toBe('notGranted');
  });

  test('PIM and management groups count', async () => {
    const row = assign(anna, 'Secrets User');
    const ended = raw(instance(row, { originRoleAssignmentId: row.id, endDateTime: '2026-01-01T00:00:00Z' }));
    expect((await ask({ roleAssignments: raw(row), roleAssignmentScheduleInstances: ended })).decision).toBe('notGranted');
    const above = { roleAssignments: [], denyAssignments: [], managementGroups: ['mg-corp'] };
    expect((await ask(above)).decision).toBe('notGranted');
    const wide = raw(assign(anna, 'Secrets User', '/providers/Microsoft.Management/managementGroups/mg-corp'));
    expect((await ask({ roleAssignments: wide })).decision).toBe('granted');
  });

  test('access policies answer with the entries that give it', async () => {
    const access = await openAccess(whole);
    const policies = { ...vault([{ objectId: team, permissions: { secrets: ['get'] } }]).raw };
    const asked = { principalId: anna, action: getSecret, vault: policies };
    expect(access.askPolicies(asked)).toMatchObject({ decision: 'granted', entries: [`${tenantId}/${team}`] });
    expect(access.askPolicies({ ...asked, principalId: id(77), groups: [] }).decision).toBe('notGranted');
    expect(() => access.askPolicies({ ...asked, vault: { id: vaultId, properties: {} } })).toThrow(TypeError);
  });

  test('what cannot be an id, a time or a resource is refused', async () => {
    await expect(ask({}, { principalId: 'anna' })).rejects.toThrow('not an object id');
    await expect(ask({}, { at: 'now' })).rejects.toThrow('not a time');
    await expect(ask({}, { resource: subscription })).rejects.toThrow('neither a vault');
    await expect(ask({ managementGroups: ['/'] })).rejects.toThrow('no management group');
  });

  test('the example of docs/access-library.md runs, through the built package, and answers as it says', () => {
    const page = readFileSync(path.resolve(import.meta.dirname, '../../docs/access-library.md'), 'utf8');
    const example = /```js\n([\s\S]*?)```/.exec(page)?.[1] ?? '';
    const built = mkdtempSync(path.resolve(import.meta.dirname, '../../.tmp-access-'));
    try {
      execFileSync(process.execPath, [path.resolve(import.meta.dirname, '../../scripts/build.mjs'), '--quiet', '--into', built]);
      const file = path.join(mkdtempSync(path.join(tmpdir(), 'keyturn-example-')), 'example.mjs');
      const entry = pathToFileURL(path.join(built, 'access.js')).href;
      writeFileSync(file, `${example.replace("'keyturn/access'", JSON.stringify(entry))}\nconsole.log(JSON.stringify(answer));\n`);
      const answer: unknown = JSON.parse(execFileSync(process.execPath, [file], { encoding: 'utf8' }));
      expect(answer).toMatchObject({
        decision: 'granted',
        reason: 'GrantedByRBAC',
        route: [{ throughGroup: /throughGroup: team/.test(page) && 'eeeeeeee-0000-0000-0000-000000000001' }],
      });
    } finally {
      execFileSync('rm', ['-rf', built]);
    }
  });
});
