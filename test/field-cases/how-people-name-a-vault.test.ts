import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { OpenScenario } from '../scenarios/open-scenario.ts';
import { caseEstate, openCase } from './open-case.ts';

const id = '/subscriptions/5b000000-0000-4000-8000-000000000001/resourceGroups/rg-app/providers/Microsoft.KeyVault/vaults/kv-case';

// hashicorp/terraform-provider-azurerm#31300, #15013, #24999; Azure's rules for tags
describe('a vault is known by whatever people have of it', () => {
  let opened: OpenScenario;
  beforeAll(async () => {
    const { vaults } = caseEstate();
    const [vault] = Object.values(vaults);
    if (vault === undefined) throw new Error('the estate has a vault');
    opened = await openCase(caseEstate({ vaults: { 'kv-case': { ...vault, tags: { Wave: '1', env: 'Prod' } } } }));
  });
  afterAll(() => opened.close());

  test.each([
    ['its address', ['https://kv-case.vault.azure.net/']],
    ['its address with a secret behind it', ['https://KV-Case.vault.azure.net/secrets/one']],
    ['its host', ['kv-case.vault.azure.net']],
    ['a link to the portal', [`https://portal.azure.com/#@field.example/resource${id}/overview`]],
    ['a link to the portal with escapes', [`https://portal.azure.com/#blade/x/id/${encodeURIComponent(id)}`]],
    ['its id in other letters', [id.toUpperCase()]],
    ['a tag whose name is in other letters', ['--tag', 'wave=1']],
  ])('by %s', async (_, words) => {
    const { code, stdout, stderr } = await opened.keyturn('inventory', ...words, '--json');
    expect(code, stderr).toBe(0);
    expect((JSON.parse(stdout) as { vaults: readonly { name: string }[] }).vaults.map(({ name }) => name)).toEqual(['kv-case']);
  });

  test.each([
    ['an id without `providers`', [id.replace('/providers', '')], 'VAULT_WORD'],
    ['the address of something else', ['https://kv-case.vault.example.com'], 'VAULT_WORD'],
    ['a tag whose value is in other letters', ['--tag', 'env=prod'], ''],
  ])('%s is refused with a hint', async (_, words, named) => {
    const { code, stderr } = await opened.keyturn('plan', ...words);
    expect(code).toBe(2);
    expect(stderr).toContain(named);
    expect(stderr).toContain('next: ');
  });

  test('a list may be what `inventory --json` printed, which tells the tags, or a plan', async () => {
    const { stdout } = await opened.keyturn('inventory', '--json', '--quiet');
    expect((JSON.parse(stdout) as { vaults: readonly { tags: unknown }[] }).vaults[0]?.tags).toEqual({ Wave: '1', env: 'Prod' });
    await writeFile(path.join(opened.folder, 'inventory.json'), stdout);
    expect(await opened.keyturn('plan', '--from', 'inventory.json', '-o', 'a.json')).toMatchObject({ code: 0 });
    expect(await opened.keyturn('plan', '--from', 'a.json', '-o', 'b.json')).toMatchObject({ code: 0 });
    expect(await readFile(path.join(opened.folder, 'b.json'), 'utf8')).toContain('kv-case');
    for (const [name, text] of [
      ['rows.json', '[{"name":"kv-case"}]'],
      ['none.json', '{"secrets":[]}'],
      ['cut.json', stdout.slice(0, 200)],
    ] as const) {
      await writeFile(path.join(opened.folder, name), text);
      const refused = await opened.keyturn('plan', '--from', name);
      expect(refused).toMatchObject({ code: 2, stderr: expect.stringContaining('LIST_UNREADABLE') as unknown });
    }
  });
});
