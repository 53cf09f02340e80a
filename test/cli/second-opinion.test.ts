import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { isObject, type JsonValue } from '../../src/base/json.ts';
import { type Served, served } from './served.ts';

const decisions = path.resolve(import.meta.dirname, '../../fixtures/scenarios/one-app-one-developer/decisions.json');
const second = ['--second-opinion', 'check-access'];

describe('EA-49: verify --second-opinion check-access', () => {
  let site: Served;
  const answer = (body: JsonValue, status = 200, times = 100) => {
    site.sandbox.faults.clear();
    site.sandbox.faults.add({ operation: 'CheckAccess', times, action: { kind: 'answer', status, body } });
  };
  const asked = () => site.sandbox.metrics().operations.CheckAccess ?? 0;
  const verify = async (...words: readonly string[]) => {
    site.sandbox.resetMetrics();
    return site.run(['verify', ...words]);
  };

  const proof = async () => (await site.files()).find((file) => /proofs.kv-shop.*\.json$/.test(file)) ?? '';

  beforeAll(async () => {
    site = await served('one-app-one-developer');
    await site.run(['plan', 'kv-shop', '--decisions', decisions, '-o', 'plan.json', '--quiet']);
    expect((await site.run(['apply', 'plan.json', '--through', 'verify', '--yes', '--quiet'])).code).toBe(0);
  });
  afterAll(() => site.close());

  test('without it, no question is put to Azure', async () => {
    expect((await verify('plan.json')).code).toBe(0);
    expect(asked()).toBe(0);
  });

  test('with it, Azure agrees with what is covered: 0, nothing written, and progress on stderr', async () => {
    const before = site.sandbox.stateJson();
    const { code, out, err } = await verify('plan.json', ...second);
    expect(code, out).toBe(0);
    expect(out).toMatch(/^kv-shop +covered/m);
    expect(err).toContain('asking Azure for its own judgement: vault 1 of 1, 4 questions');
    expect(asked()).toBe(4);
    expect(site.sandbox.stateJson()).toBe(before);
    expect(site.sandbox.refusedAsks()).toEqual([]);
  });

  test('a gap stays a gap, whatever Azure says: 3', async () => {
    expect((await verify('kv-shop', ...second)).code).toBe(3);
    answer([]);
    expect((await verify('kv-shop', ...second)).code).toBe(3);
    site.sandbox.faults.clear();
  });

  test.each<[string, JsonValue, number, string]>([
    ['answers nothing', [], 200, 'Azure says nothing to'],
    ['answers with an object', { value: [] }, 200, 'not a JSON list'],
    ['answers with a row that is none', ['Allowed'], 200, 'row 1'],
    ['refuses', { error: { code: 'AuthorizationFailed', message: 'no' } }, 403, '403 AuthorizationFailed'],
    ['does not know the call any more', { error: { code: 'InvalidResourceType', message: 'gone' } }, 404, '404 InvalidResourceType'],
  ])('where Azure %s, what was covered is undetermined: 4, with a line per principal', async (_, body, status, words) => {
    answer(body, status);
    const { code, out } = await verify('plan.json', ...second);
    site.sandbox.faults.clear();
    expect(code).toBe(4);
    expect(out).toMatch(/^kv-shop +undetermined/m);
    expect(out).toContain(words);
    expect(out.split('\n').filter((line) => /^ {2}\S.*: Azure (says|gave)/.test(line))).toHaveLength(2);
    expect(out).toContain('next: flip nothing before the second opinion is explained');
    expect(out).not.toContain('next: get the rights to read');
  });

  test('where Azure denies what its own lists give, the word and the deny assignment are told, as JSON and as Markdown too', async () => {
    const actionId = 'Microsoft.KeyVault/vaults/secrets/getSecret/action';
    const denied = { actionId, isDataAction: true, accessDecision: 'Denied', denyAssignment: { id: 'dd000000000040008000000000000001' } };
    const other = { actionId: actionId.replace('getSecret', 'readMetadata'), isDataAction: true, accessDecision: 'Allowed' };
    answer([denied, other]);
    const { code, out } = await verify('plan.json', ...second, '--json', '--quiet');
    const report = JSON.parse(out) as {
      readonly vaults: readonly { readonly state: string; readonly lines: string[]; readonly secondOpinion: { against: string[] } }[];
    };
    const [vault] = report.vaults;
    expect([code, vault?.state]).toEqual([4, 'undetermined']);
    expect(vault?.secondOpinion.against[0]).toContain('Denied (deny assignment dd000000-0000-4000-8000-000000000001) to secrets/getSecret');
    expect(vault?.lines).toEqual(vault?.secondOpinion.against);
    expect((await verify('plan.json', ...second, '--markdown')).out).toContain('Azure says Denied');
    const checked = await site.run(['check-proof', await proof()]);
    expect([checked.code, checked.out.includes('not ready'), checked.out.includes('Azure says Denied')], checked.out + checked.err).toEqual(
      [3, true, true],
    );
    site.sandbox.faults.clear();
  });

  test('a hostile answer changes nothing but words, and no escape of it reaches the terminal', async () => {
    answer([{ actionId: '\u001b[2Jx', isDataAction: true, accessDecision: '\u001b]0;owned\u0007' }]);
    const { code, out, err } = await verify('plan.json', ...second);
    site.sandbox.faults.clear();
    expect(code).toBe(4);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must not be printed.
    expect(out + err).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f]/);
  });

  test('the proof of a verification that Azure agreed with is proved', async () => {
    expect((await verify('plan.json', ...second)).code).toBe(0);
    expect((await site.run(['check-proof', await proof()])).code).toBe(0);
  });

  test('another source than check-access is a usage error', async () => {
    for (const source of [['--second-opinion', 'graph'], ['--second-opinion']]) {
      const { code, err } = await verify('plan.json', ...source);
      expect(code).toBe(2);
      expect(err).toContain('USAGE');
      expect(asked()).toBe(0);
    }
  });
});

test('EA-49: Azure is asked about users and service principals, not about groups, and what it allows beside is told', async () => {
  const site = await served('shared-platform-vault');
  try {
    const { code, out } = await site.run(['verify', ...second]);
    expect(code).toBe(3);
    expect(out).toMatch(/second opinion: .*users and service principals only, and so not about .*sec-platform-admins/);
    const people = site.scenario.tenant.directory;
    expect([...people.values()].some(({ kind }) => kind === 'group')).toBe(true);
    expect(site.sandbox.refusedAsks()).toEqual([]);
    // The managed identity reads by its group, which its token may not carry yet: Azure allows it, and the gate stays shut.
    expect(out).toMatch(/second opinion: `id-search-api`.*Azure says Allowed .* which keyturn does not count as lasting access/);
  } finally {
    await site.close();
  }
});

describe('EA-30: without directory rights', () => {
  const lists = ({ sandbox }: Served) => sandbox.metrics().operations.RoleAssignments_ListForScope ?? 0;

  test('a directory that answers costs no call', async () => {
    const site = await served('shared-platform-vault');
    site.sandbox.resetMetrics();
    await site.run(['verify', '--quiet']);
    expect(lists(site)).toBe(2);
    await site.close();
  });

  test.each<[string, number]>([
    ['denied', 9],
    ['idsOnly', 5],
  ])('%s: Azure is asked once a principal, nothing is covered by its word, and what is missing is told', async (directory, principals) => {
    const site = await served('shared-platform-vault', { scenario: (scenario) => ({ ...scenario, directory }) });
    try {
      site.sandbox.resetMetrics();
      const { code, out, err } = await site.run(['verify', '--json']);
      expect(lists(site)).toBe(2 + principals);
      expect(err).toContain(`the directory could not be read; asking Azure: ${principals} of ${principals} principals`);
      expect(code).toBe(directory === 'denied' ? 4 : 3);
      const report = JSON.parse(out) as { vaults: { pairs: { principalId: string; state: string; because: string }[] }[] };
      const pairs = report.vaults.flatMap((vault) => vault.pairs);
      const search = pairs.filter(({ principalId }) => principalId === 'a7b0c1d2-e3f4-4a5b-8c6d-7e8f9a0b1c2d');
      expect(search.map(({ state }) => state)).toEqual(search.map(() => 'unknown'));
      const team = [...site.sandbox.tenant.directory.values()].find((one) => one.displayName === 'sec-search')?.id ?? '';
      expect(search[0]?.because).toContain('Azure itself lists `Key Vault Secrets User` at the resource group `rg-platform`');
      expect(search[0]?.because).toContain(
        `through the group \`${team}\`; in addition to the directory's answer, this stands in the way: covered only through a group`,
      );
      expect(pairs.some(({ because }) => because.includes('Azure itself lists no role assignment that gives it'))).toBe(true);
      expect(site.sandbox.refusedAsks()).toEqual([]);
    } finally {
      await site.close();
    }
  });

  test('the inventory asks nothing of the kind: it judges nobody', async () => {
    const site = await served('shared-platform-vault', { scenario: (scenario) => ({ ...scenario, directory: 'denied' }) });
    site.sandbox.resetMetrics();
    await site.run(['inventory', '--quiet']);
    expect(lists(site)).toBe(2);
    await site.close();
  });

  test('a list that is refused is told with its reason, and changes no answer', async () => {
    const site = await served('shared-platform-vault', { scenario: (scenario) => ({ ...scenario, directory: 'denied' }) });
    const body = { error: { code: 'AuthorizationFailed', message: 'not you' } };
    site.sandbox.faults.add({
      operation: 'RoleAssignments_ListForScope',
      nth: 3,
      times: 100,
      action: { kind: 'answer', status: 403, body },
    });
    const { code, out } = await site.run(['verify', '--quiet']);
    expect(code).toBe(4);
    expect(out).toContain("nor is Azure's own list of what is assigned to it known:");
    expect(out).toContain('403 AuthorizationFailed: not you');
    expect(isObject(JSON.parse((await site.run(['verify', '--json', '--quiet'])).out))).toBe(true);
    await site.close();
  });
});
