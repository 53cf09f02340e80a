import { afterEach, describe, expect, test } from 'vitest';
import type { OpenScenario } from '../scenarios/open-scenario.ts';
import { type CaseChanges, caseEstate, openCase } from './open-case.ts';

let opened: OpenScenario | undefined;
afterEach(() => opened?.close());

const words = (text: string) => text.replaceAll(/\s+/g, ' ');

async function run(...args: readonly string[]) {
  const { code, stdout, stderr } = (await opened?.keyturn(...args)) ?? { code: -1, stdout: '', stderr: '' };
  return { code, out: words(stdout), err: words(stderr) };
}

// `az keyvault create` gives its creator an entry with permissions on storage accounts: Azure/azure-cli, vault templates.
describe('vaults made by az keyvault create', () => {
  const all = ['all'];
  const created = (resourceGroup: string) => ({
    resourceGroup,
    accessPolicies: [
      { principal: 'creator', keys: all, secrets: all, certificates: all, storage: all },
      { principal: 'app', secrets: ['get', 'list'] },
    ],
    objects: { secrets: { one: 'value' } },
  });
  const estate: CaseChanges = {
    principals: {
      ...caseEstate().principals,
      creator: { kind: 'user', displayName: 'Carla', id: 'eeeeeeee-0000-4000-8000-000000000001' },
    },
    vaults: { 'kv-case': created('rg-app'), 'kv-next': created('rg-app') },
  };
  const rules = (choice: string) => ({
    'decisions.json': {
      formatVersion: 1,
      rules: [{ when: { storage: true }, choice, reason: 'no storage account is managed by a vault' }],
    },
  });

  test('P23: are blocked with the rule to write in the remedy, and by that rule all migrate without the permissions on storage accounts', async () => {
    opened = await openCase(caseEstate(estate), rules('dropStorage'));
    const blocked = await run('plan');
    expect(blocked.code).toBe(3);
    expect(blocked.out).toContain(
      '`{ "when": { "storage": true }, "choice": "dropStorage", "reason": "…" }` under `rules` in the decisions file',
    );
    const planned = await run('plan', '--decisions', 'decisions.json');
    expect(planned).toMatchObject({ code: 0, out: expect.stringContaining('2 ready, 0 blocked') as string });
    expect(planned.out).toContain('decided: dropStorage, because no storage account is managed by a vault');
    expect(planned.out).not.toContain('Key Vault Administrator');
    expect(await opened.keyturnUnderLoad('apply', 'keyturn-plan.json', '--yes')).toMatchObject({ code: 0, tally: { refused: 0 } });
  });

  test('P23: keep them by the other choice, with the only role that has them', async () => {
    opened = await openCase(caseEstate(estate), rules('reproduce'));
    const planned = await run('plan', '--decisions', 'decisions.json');
    expect(planned).toMatchObject({ code: 0, out: expect.stringContaining('role Key Vault Administrator') as string });
  });
});

describe('one decisions file for all waves', () => {
  const vault = (wave: string) => ({
    resourceGroup: 'rg-app',
    tags: { wave },
    accessPolicies: [{ principal: 'app', secrets: ['get', 'list'] }],
  });
  const vaults = { 'kv-case': vault('1'), 'kv-ledger-finance': vault('2') };
  const row = (name: string) => ({
    vault: name,
    principal: 'aaaaaaaa-0000-4000-8000-000000000001',
    choice: 'narrow',
    keep: ['secrets/get'],
    reason: 'never lists',
  });
  const file = (...names: readonly string[]) => ({ 'decisions.json': { formatVersion: 1, decisions: names.map(row) } });

  test('serves each wave: rows for the other are a note', async () => {
    opened = await openCase(caseEstate({ vaults, workloads: {} }), file('kv-case', 'kv-ledger-finance'));
    for (const [wave, other] of [
      ['1', 'kv-ledger-finance'],
      ['2', 'kv-case'],
    ]) {
      const { code, out } = await run('plan', '--tag', `wave=${wave ?? ''}`, '--decisions', 'decisions.json');
      expect(code).toBe(0);
      expect(out).toContain('decided: narrow, because never lists');
      expect(out).toContain(`note PLN-DECISION-ELSEWHERE: the decisions file speaks of vault \`${other ?? ''}\`, which is not in view`);
    }
  });

  test('tells a misspelt vault with the name that is near, whichever wave is planned', async () => {
    opened = await openCase(caseEstate({ vaults, workloads: {} }), file('kv-case', 'kv-ledger-finanse'));
    const { code, out } = await run('plan', '--tag', 'wave=1', '--decisions', 'decisions.json');
    expect(code).toBe(0);
    expect(out).toMatch(/warning PLN-DECISION-ELSEWHERE: .*`kv-ledger-finanse`.* did you mean `kv-ledger-finance`\?/);
  });

  test('tells a principal that the vault has no policy for, with the one that is near', async () => {
    const wrong = { ...row('kv-case'), principal: 'aaaaaaaa-0000-4000-8000-000000000002' };
    opened = await openCase(caseEstate({ vaults, workloads: {} }), { 'decisions.json': { formatVersion: 1, decisions: [wrong] } });
    const { code, err } = await run('plan', '--tag', 'wave=1', '--decisions', 'decisions.json');
    expect(code).toBe(2);
    expect(err).toMatch(/DECISION_UNMATCHED.*did you mean `aaaaaaaa-0000-4000-8000-000000000001`\?/);
  });

  test('that cannot be read is told by name, line and column', async () => {
    opened = await openCase(caseEstate({ vaults, workloads: {} }), {
      'decisions.json': '{\n  "formatVersion": 1,\n  "decisions": [],\n}\n',
    });
    const { code, err } = await run('plan', '--decisions', 'decisions.json');
    expect(code).toBe(2);
    expect(err).toContain(
      'DECISIONS_UNREADABLE: the decisions file `decisions.json` cannot be read: it is not valid JSON (line 3, column 18: a comma stands before `}`',
    );
  });
});
