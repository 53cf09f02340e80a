import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Served, served } from './served.ts';

const commands = ['inventory', 'plan', 'verify'] as const;
let site: Served;
beforeAll(async () => {
  site = await served('estate');
  const lists = { empty: '', blank: ' \n\t\n\uFEFF\n', remarks: '# wave 7\n#kv-shop\n', none: '[]\n' };
  for (const [name, text] of Object.entries(lists)) await writeFile(path.join(site.folder, `${name}.txt`), text);
});
afterAll(() => site.close());

describe.each(commands)('a selector that selects nothing is no selection of everything: %s', (command) => {
  test.each([
    ['an empty list', ['--from', 'empty.txt'], 'LIST_EMPTY'],
    ['a list of blanks', ['--from', 'blank.txt'], 'LIST_EMPTY'],
    ['a list of remarks', ['--from', 'remarks.txt'], 'LIST_EMPTY'],
    ['no file at all', ['--from', '/dev/null'], 'LIST_EMPTY'],
    ['an empty list beside a name', ['kv-basket-retail', '--from', 'empty.txt'], 'LIST_EMPTY'],
    ['an empty JSON list', ['--from', 'none.txt'], 'LIST_EMPTY'],
    ['an empty name', [''], 'VAULT_WORD'],
    ['an empty tag', ['--tag', ''], 'TAG_WORD'],
    ['an empty resource group', ['--resource-group', ' '], 'RESOURCE_GROUP_WORD'],
    ['an empty subscription', ['--subscription', ''], 'SUBSCRIPTION_WORD'],
    ['an empty management group', ['--management-group', ''], 'MANAGEMENT_GROUP_WORD'],
    ['a subscription that nobody knows', ['--subscription', 'nope'], 'SUBSCRIPTION_UNKNOWN'],
    ['a tag that no vault carries', ['--tag', 'wave=99'], 'NO_VAULTS'],
    ['a resource group without vaults', ['--resource-group', 'nope'], 'NO_VAULTS'],
    ['a management group above none', ['--management-group', 'nope'], 'NO_VAULTS'],
  ])('%s', async (_, words, code) => {
    const { code: exit, out, err } = await site.run([command, ...words, '--quiet']);
    expect(err).toContain(`error ${code}: `);
    expect([exit, out]).toEqual([2, '']);
    expect(await site.files()).not.toContain('keyturn-plan.json');
  });

  test('one of several that selects nothing, while the others do', async () => {
    const [first] = [...site.sandbox.tenant.resourceGroups.values()];
    const { code, err } = await site.run([command, '--resource-group', first?.name ?? '', '--resource-group', 'rg-nope', '--quiet']);
    expect(err).toMatch(/error NO_VAULTS: .*`rg-nope`/);
    expect(code).toBe(2);
  });
});
