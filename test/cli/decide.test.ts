import { readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import type { ScenarioFile } from '../../src/sandbox/scenario/scenario-schema.ts';
import { caseEstate, openCase } from '../field-cases/open-case.ts';
import type { OpenScenario } from '../scenarios/open-scenario.ts';
import { planIn } from '../scenarios/plan-in.ts';

let site: OpenScenario;
afterEach(() => site.close());

const all = {
  keys: ['get', 'list', 'create', 'delete', 'recover', 'backup', 'restore', 'import', 'update'],
  secrets: ['get', 'list', 'set', 'delete'],
};

/** Storage permissions in two vaults, a deleted principal, a developer with too much, and an administrator of the subscription. */
function estate(): ScenarioFile {
  const storage = { principal: 'app', secrets: ['get'], storage: ['get', 'list'] };
  const vault = { resourceGroup: 'rg-app', objects: { secrets: { one: 'value' } } };
  return caseEstate({
    principals: {
      ...caseEstate().principals,
      dana: { kind: 'user', displayName: 'Dana <b>', id: 'aaaaaaaa-0000-4000-8000-000000000002' },
      lena: { kind: 'user', displayName: 'Lena', id: 'aaaaaaaa-0000-4000-8000-000000000003', deleted: 'soft' },
      ada: { kind: 'user', displayName: 'Ada', id: 'aaaaaaaa-0000-4000-8000-000000000004' },
    },
    vaults: {
      'kv-case': { ...vault, accessPolicies: [storage, { principal: 'dana', ...all }, { principal: 'lena', secrets: ['get'] }] },
      'kv-next': { ...vault, accessPolicies: [storage] },
    },
    assignments: [
      { role: 'Owner', principal: 'runner', scope: 'subscriptions/prod' },
      { role: 'Key Vault Administrator', principal: 'ada', scope: 'subscriptions/prod' },
    ],
  } as unknown as Partial<ScenarioFile>);
}

interface Written {
  decisions: {
    principal: string;
    choice: string;
    reason: string;
    keep?: string[];
    about: { choices: Record<string, string>; recommended: string; price?: number };
  }[];
  rules: { when: object; choice: string; reason: string }[];
  gains: { assignment: string; principal: string; vault: string; reason: string }[];
}

async function decided(...words: readonly string[]): Promise<Written> {
  site = await openCase(estate());
  await site.keyturn('plan');
  const ran = await site.keyturn('decide', 'keyturn-plan.json', '-o', 'd.json', ...words);
  expect(ran.code, ran.stderr).toBe(0);
  return JSON.parse(await readFile(path.join(site.folder, 'd.json'), 'utf8')) as Written;
}

/** As somebody who gives one reason for everything. */
async function fillIn(written: object): Promise<void> {
  await writeFile(path.join(site.folder, 'd.json'), JSON.stringify(written).replaceAll('"reason":""', '"reason":"looked at on Monday"'));
}

describe('keyturn decide', () => {
  test('writes what is undecided, wide or to be accepted, with names, price and choices that can work', async () => {
    const { decisions, rules, gains } = await decided();
    expect(rules).toMatchObject([{ when: { storage: true }, choice: 'dropStorage', reason: '' }]);
    const [dana, lena] = [2, 3].map((at) => decisions.find(({ principal }) => principal.endsWith(String(at))));
    expect(lena).toMatchObject({ choice: 'drop', reason: '', about: { recommended: 'drop' } });
    expect(Object.keys(lena?.about.choices ?? {})).toEqual(['drop']);
    expect(dana).toMatchObject({ choice: 'reproduce', about: { recommended: 'narrow', principal: 'Dana <b> (user)' } });
    expect(dana?.about.price).toBeGreaterThan(0);
    expect(Object.keys(dana?.about.choices ?? {})).not.toContain('nameCondition');
    expect(gains).toMatchObject([{ principal: 'aaaaaaaa-0000-4000-8000-000000000004', reason: '' }]);
  });

  test('every choice that it offers for an entry can be carried out', async () => {
    const written = await decided();
    const lists = {
      narrow: { keep: ['secrets/get'] },
      objectScope: { objects: ['secrets/one'] },
      nameCondition: { objects: ['secrets/one'] },
    };
    const rows = written.decisions.flatMap((row) =>
      Object.keys(row.about.choices).map((choice) => ({ ...row, choice, ...lists[choice as keyof typeof lists] })),
    );
    expect(rows.length).toBeGreaterThan(5);
    for (const row of rows) {
      await fillIn({ formatVersion: 1, decisions: [row] });
      const { stderr } = await site.keyturn('plan', '--check', '--decisions', 'd.json');
      expect(stderr, row.choice).not.toContain('error ');
    }
  });

  test('what it wrote is refused until the reasons are there, by line and column; then it decides all that was open', async () => {
    const written = await decided();
    const empty = await site.keyturn('plan', '--decisions', 'd.json');
    expect(empty.code).toBe(2);
    expect(empty.stderr).toMatch(/`d\.json` cannot be read: line \d+, column \d+: `decisions\[0\]\.reason` needs a sentence/);
    await fillIn(written);
    const planned = await site.keyturn('plan', '--decisions', 'd.json');
    expect(planned.code, planned.stdout + planned.stderr).toBe(0);
    const { vaults } = await planIn(site.folder);
    expect(vaults.map(({ state }) => state)).toEqual(['ready', 'ready']);
    expect((await site.keyturn('apply', 'keyturn-plan.json', '--yes')).code).toBe(0);
  });

  test('writes YAML where the name says so, which plan reads, with line and column of what is wrong', async () => {
    site = await openCase(estate());
    await site.keyturn('plan');
    expect((await site.keyturn('decide', 'keyturn-plan.json', '-o', 'd.yaml')).code).toBe(0);
    const file = path.join(site.folder, 'd.yaml');
    const text = await readFile(file, 'utf8');
    expect((await site.keyturn('plan', '--decisions', 'd.yaml')).stderr).toMatch(
      /line \d+, column \d+: `decisions\[0\]\.reason` needs a sentence/,
    );
    const filled = text.replaceAll('reason: ""', 'reason: looked at');
    await writeFile(file, filled.replace('choice: dropStorage', 'choise: dropStorage'));
    expect((await site.keyturn('plan', '--decisions', 'd.yaml')).stderr).toMatch(
      /line \d+, column \d+: `rules\[0\]` has `choise` \(did you mean `choice`\?\)/,
    );
    await writeFile(file, filled);
    expect((await site.keyturn('plan', '--decisions', 'd.yaml')).code).toBe(0);
  });

  test('writes over no file, and none where nothing is open', async () => {
    await decided();
    const again = await site.keyturn('decide', 'keyturn-plan.json', '-o', 'd.json');
    expect([again.code, again.stderr]).toEqual([2, expect.stringContaining('may hold what somebody decided')]);
    await site.close();
    site = await openCase(caseEstate());
    await site.keyturn('plan');
    const nothing = await site.keyturn('decide', 'keyturn-plan.json');
    expect([nothing.code, nothing.stderr]).toEqual([0, expect.stringContaining('no file is written')]);
    expect(await readdir(site.folder)).not.toContain('keyturn-decisions.json');
  });
});

test('plan --check says what decisions will move, and writes nothing', async () => {
  const written = await decided();
  await fillIn(written);
  const before = await readFile(path.join(site.folder, 'keyturn-plan.json'));
  const checked = await site.keyturn('plan', '--check', '--decisions', 'd.json');
  expect(checked.code, checked.stderr).toBe(0);
  expect(checked.stdout).toContain('kv-case');
  expect(checked.stdout).toMatch(/looked at on Monday|dropStorage/);
  expect(checked.stderr).toContain('nothing was written');
  expect(await readFile(path.join(site.folder, 'keyturn-plan.json'))).toEqual(before);
});
