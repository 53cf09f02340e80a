import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type AccessInput, type AccessQuestion, openAccess } from '../../src/cli/open-access.ts';
import { anna, assign, deny, getSecret, id, instance, now, subscription, team, tenantId, vault, vaultId } from '../builders/a-tenant.ts';

const raw = (...rows: readonly { readonly raw: object }[]) => rows.map((row) => ({ ...row.raw }));
const people = [
  { '@odata.type': '#microsoft.graph.user', id: anna, displayName: 'Anna' },
  { '@odata.type': '#microsoft.graph.group', id: team, displayName: 'Team', securityEnabled: true, groupTypes: [] },
];
const whole: AccessInput = {
  subscriptionId: subscription.slice(15),
  roleAssignments: raw(assign(team, 'Secrets User')),
  roleDefinitions: [],
  denyAssignments: [],
  roleAssignmentScheduleInstances: [],
  principals: people,
  members: { [team]: [anna] },
};
const question: AccessQuestion = { principalId: anna, action: getSecret, resource: `${vaultId}/secrets/db`, at: now };
const ask = async (input: Partial<AccessInput> = {}, more: Partial<AccessQuestion> = {}) =>
  (await openAccess({ ...whole, ...input })).askRbac({ ...question, ...more });

describe('keyturn/access', () => {
  test('gives decision, reason and route from plain rows', async () => {
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
      expect((await openAccess(rest as unknown as AccessInput)).askRbac(question).decision, list).toBe('unknown');
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
});

describe('the packed package', () => {
  const root = path.resolve(import.meta.dirname, '../..');
  let consumer: string;
  beforeAll(() => {
    consumer = consumerOfPackage(root);
  });
  afterAll(() => {
    rmSync(consumer, { recursive: true, force: true });
  });

  test('runs the example of docs/access-library.md, which answers as the page says', () => {
    const page = readFileSync(path.join(root, 'docs/access-library.md'), 'utf8');
    const example = /```js\n([\s\S]*?)```/.exec(page)?.[1] ?? '';
    const file = path.join(consumer, 'example.mjs');
    writeFileSync(file, `${example}\nconsole.log(JSON.stringify(answer));\n`);
    const answer: unknown = JSON.parse(execFileSync(process.execPath, [file], { encoding: 'utf8' }));
    expect(answer).toMatchObject({
      decision: 'granted',
      reason: 'GrantedByRBAC',
      route: [{ throughGroup: /throughGroup: team/.test(page) && 'eeeeeeee-0000-0000-0000-000000000001' }],
    });
  });

  test('has types that a program compiles against, and that refuse what is wrong', () => {
    const file = path.join(consumer, 'program.ts');
    writeFileSync(
      file,
      [
        "import { type AccessQuestion, type Decision, openAccess } from 'keyturn/access';",
        "const { askRbac, askPolicies } = await openAccess({ subscriptionId: 's', roleAssignments: [{ id: 'x' }], members: { g: ['p'] } });",
        "const question: AccessQuestion = { principalId: 'p', action: 'a', resource: 'r', at: '2026-01-01T00:00:00Z' };",
        "const { decision, route }: Decision = askRbac({ ...question, plane: 'control' });",
        "export const answers: readonly ('granted' | 'notGranted' | 'unknown')[] = [decision];",
        'export const scopes: readonly string[] = route.map(({ scope }) => scope);',
        "export const entries: readonly string[] = askPolicies({ principalId: 'p', action: 'a', vault: {} }).entries;",
        '// @ts-expect-error a question has a time',
        "askRbac({ principalId: 'p', action: 'a', resource: 'r' });",
      ].join('\n'),
    );
    const flags = ['--strict', '--noEmit', '--module', 'nodenext', '--target', 'es2023'];
    const { stdout, status } = spawnSync(process.execPath, [path.join(root, 'node_modules/typescript/bin/tsc'), ...flags, file], {
      cwd: consumer,
      encoding: 'utf8',
    });
    expect({ stdout, status }).toEqual({ stdout: '', status: 0 });
  });
});

/** A folder in which keyturn is installed as `npm pack` packs it. */
function consumerOfPackage(root: string): string {
  const folder = mkdtempSync(path.join(tmpdir(), 'keyturn-consumer-'));
  const [source, installed] = [path.join(folder, 'source'), path.join(folder, 'node_modules/keyturn')];
  mkdirSync(source);
  mkdirSync(installed, { recursive: true });
  cpSync(path.join(root, 'package.json'), path.join(source, 'package.json'));
  cpSync(path.join(root, 'mappings'), path.join(source, 'mappings'), { recursive: true });
  execFileSync(process.execPath, [path.join(root, 'scripts/build.mjs'), '--quiet', '--into', path.join(source, 'dist')]);
  execFileSync('npm', ['pack', '--ignore-scripts', '--silent', '--pack-destination', folder], { cwd: source });
  const [packed = ''] = readdirSync(folder).filter((name) => name.endsWith('.tgz'));
  execFileSync('tar', ['-xzf', path.join(folder, packed), '-C', installed, '--strip-components', '1']);
  writeFileSync(path.join(folder, 'package.json'), JSON.stringify({ type: 'module' }));
  return folder;
}
