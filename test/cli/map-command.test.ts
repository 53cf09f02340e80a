import { describe, expect, test } from 'vitest';
import { type MapRequest, mapCommand } from '../../src/cli/commands/map.ts';
import { main } from '../../src/cli/main.ts';
import { lineAnswerer } from '../../src/cli/map-items.ts';
import { offlineMapping } from '../../src/mapping/map-permissions.ts';
import { catalogue } from '../builders/the-catalogue.ts';
import { testIo } from './test-io.ts';

const common = { color: false, state: '.keyturn' };

async function* piped(...chunks: readonly string[]): AsyncGenerator<string> {
  for (const chunk of chunks) yield await Promise.resolve(chunk);
}

async function map(request: Partial<MapRequest>, input?: string, terminal = false) {
  const io = testIo({ terminal });
  const code = await mapCommand({ ...common, ...request }, io, () => piped(...((input ?? '').match(/.{1,40}/gs) ?? [])));
  return { code, out: io.stdout(), err: io.stderr() };
}

interface Line {
  readonly roles: readonly { readonly id: string; readonly name: string }[];
  readonly uncovered: readonly string[];
  readonly findings: readonly { readonly code: string }[];
}
const linesOf = (text: string): readonly Line[] =>
  text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Line);

describe('keyturn map', () => {
  test('answers flags with one line of JSON, without any Azure', async () => {
    const io = testIo();
    expect(await main(['map', '--secrets', 'get,List', '--keys', ' get ', '--json'], io)).toBe(0);
    expect(linesOf(io.stdout())).toMatchObject([
      {
        roles: [{ id: 'db79e9a7-68ee-4b58-9aeb-b90e7c24fcba', name: 'Key Vault Certificate User' }],
        uncovered: [],
        excess: [{ dataAction: 'Microsoft.KeyVault/vaults/certificates/read', tier: 'D' }],
        controlPlane: [],
        price: 1,
        findings: [],
      },
    ]);
    expect(Object.keys(linesOf(io.stdout())[0] ?? {})).toEqual([
      'roles',
      'covered',
      'uncovered',
      'excess',
      'controlPlane',
      'because',
      'reasons',
      'price',
      'alternatives',
      'findings',
    ]);
  });
  test('answers a piped array in its order, a line each, also for sets that were met before', async () => {
    const sets = [
      { secrets: ['get'] },
      { keys: ['get', 'list'], existingRoles: ['Key Vault Reader'] },
      { secrets: ['get'] },
      { storage: null },
    ];
    const { code, out } = await map({ json: true }, JSON.stringify(sets));
    expect(code, 'nothing is open in any of them').toBe(0);
    const lines = linesOf(out);
    expect(lines.map((line) => line.roles.map((role) => role.name))).toEqual([
      ['Key Vault Secrets User'],
      [],
      ['Key Vault Secrets User'],
      [],
    ]);
    expect(lines[2]).toEqual(lines[0]);
  });
  test.each([
    ['[{"secrets":["get"],"secrets":["list"]}]', 'item 0 cannot be read: it gives the name `secrets` twice in one object'],
    ['[{"secrets":["get"]}, { "secr\\u0065ts": ["get"], "secrets": [] }]', 'item 1 cannot be read: it gives the name `secrets` twice'],
    ['[{"permissions":{"keys":[ "get" ],"keys":[]}}]', 'it gives the name `keys` twice'],
  ])('refuses %s: a parser keeps one of them and loses the other', async (input, why) => {
    const io = testIo();
    const failed = await mapCommand({ ...common, json: true }, io, () => piped(input)).catch((error: unknown) => error);
    expect(failed).toMatchObject({ code: 'MAP_INPUT', outcome: 'usage' });
    expect(String(failed)).toContain(why);
  });
  test('reads words with escapes, blanks and brackets in them', async () => {
    const { out } = await map({ json: true }, '[ {"secrets" : [ "g\\u0065t", "a\\"b,]" ] } ]');
    expect(linesOf(out)[0]?.roles.map((role) => role.name)).toEqual(['Key Vault Secrets User']);
  });
  test('in a table counts as open what nobody knows, too', async () => {
    const { out, code } = await map({}, '[{"secrets":["get"]},{"secrets":["frob"]}]');
    expect(code).toBe(3);
    expect(out).toMatch(/^0 .* 0$/m);
    expect(out).toMatch(/^1 .* 1$/m);
  });
  test('shows one set in full and several as a table; more than fits a terminal is cut nowhere', async () => {
    const one = testIo({ terminal: true, isTty: { stdin: false, stdout: true, stderr: true } });
    await mapCommand(common, one, () => piped('[{"secrets":["set"],"keys":["frob"]}]'));
    expect(one.stdout()).toMatch(/^ROLE +ID\nKey Vault Secrets Officer +b86a8fe4-/);
    expect(one.stdout()).toContain('blocker MAP-UNKNOWN-PERMISSION');
    expect(one.stdout()).toContain('  instead        Administrator, price');
    expect(one.stderr()).toContain('roles as of 2026-08-22');
    for (const line of one.stdout().split('\n')) expect(line.length).toBeLessThanOrEqual(80);
    const io = testIo({ terminal: true, isTty: { stdin: false, stdout: true, stderr: true } });
    await mapCommand(common, io, () => piped('[{"secrets":["get"]},{"secrets":["set"]},', '{"storage":["get"],"keys":["get"]},{}]'));
    expect(io.stdout().split('\n').slice(0, 5)).toEqual([
      '#  PERMISSIONS              ROLES            EXCESS       OPEN',
      '0  secrets: get             Secrets User     1D              0',
      '1  secrets: set             Secrets Officer  2A 3B 1C 1D     0',
      '2  keys: get; storage: get  Reader           5D              1',
      '3  none                     none             none            0',
    ]);
    expect(io.stdout()).toContain('\n#1 Key Vault Secrets Officer is the narrowest cover');
    expect(io.stdout()).not.toContain('note MAP-');
    for (const line of io.stdout().split('\n')) expect(line.length).toBeLessThanOrEqual(80);
  });
  test('names the word that was meant by a slip of the pen, and takes words with blanks or commas between them', async () => {
    await expect(map({ keys: 'get unwrapKye' })).rejects.toMatchObject({ outcome: 'usage', remedy: 'did you mean `unwrapkey`?' });
    for (const secrets of ['get,list', 'get list', ' get, list ', 'GET  List']) {
      const { code, out } = await map({ secrets, json: true });
      expect(code).toBe(0);
      expect(linesOf(out)[0]?.roles.map((role) => role.name)).toEqual(['Key Vault Secrets User']);
    }
  });
  test('ends with 3 where a person has to decide, as lines, as a table and for flags', async () => {
    const open = '[{"secrets":["get"]},{"storage":["get"]}]';
    expect((await map({ json: true }, open)).code).toBe(3);
    expect((await map({}, open)).code).toBe(3);
    expect((await map({ storage: 'get' })).code).toBe(3);
    expect((await map({ secrets: 'get' })).code).toBe(0);
  });
  test('proposes custom roles where it is asked to, and names them in the table as well', async () => {
    const scope = '/subscriptions/0000';
    const { out } = await map({ secrets: 'backup', customRole: scope, json: true });
    expect(linesOf(out)).toMatchObject([
      { customRole: { dataActions: ['Microsoft.KeyVault/vaults/secrets/backup/action'], assignableScopes: [scope] } },
    ]);
    expect((await map({ secrets: 'backup', customRole: scope })).out).toMatch(
      /custom role {4}`Key Vault custom [0-9a-f]{16}` with secrets\/backup/,
    );
    expect((await map({ customRole: scope }, '[{"keys":["sign"]},{"keys":["sign"]}]')).out).toMatch(/ {2}custom role `Key Vault custom/);
  });
  test('EA-20: the 21Vianet cloud holds fewer custom roles', async () => {
    const sets = JSON.stringify(
      Array.from({ length: 2100 }, (_, number) => ({ keys: allKeys.filter((_word, bit) => (number >> bit) & 1), secrets: ['backup'] })),
    );
    const refused = (out: string) =>
      linesOf(out).filter((line) => line.findings.some((finding) => finding.code === 'MAP-CUSTOM-LIMIT')).length;
    expect(refused((await map({ customRole: '/subscriptions/s', cloud: 'china', json: true }, sets)).out)).toBe(100);
    expect(refused((await map({ customRole: '/subscriptions/s', json: true }, sets)).out)).toBe(0);
  });
  test('maps a template of the portal by its name', async () => {
    const { out } = await map({ template: 'sql server connector', json: true });
    expect(linesOf(out)[0]?.roles.map((role) => role.name)).toEqual(['Key Vault Crypto Service Encryption User']);
  });
  test.each<[string, Partial<MapRequest>, string | undefined, string, string]>([
    ['an item that is no set', { json: true }, '[{"secrets":["get"]},7]', 'MAP_INPUT', 'item 1 cannot be read: it is not an object'],
    ['an item that is no JSON', { json: true }, '[{"secrets":[get]}]', 'MAP_INPUT', 'item 0 cannot be read: it is not valid JSON'],
    ['a kind of object that nobody knows', {}, '[{},{"wallets":["get"]}]', 'MAP_INPUT', 'item 1 cannot be read: it has `wallets`'],
    ['no JSON', { json: true }, 'resource "azurerm_key_vault" "kv" {', 'MAP_INPUT', 'not as JSON does'],
    ['a slip of the pen', { secrets: 'gte,list' }, undefined, 'PERMISSION_UNKNOWN', 'there is no permission `gte` on secrets'],
    ['a word of another kind', { secrets: 'wrapKey' }, undefined, 'PERMISSION_UNKNOWN', 'on secrets'],
    ['lists in lists without end', {}, `${'['.repeat(5000)}${']'.repeat(5000)}`, 'MAP_INPUT', 'nested deeper'],
    ['nothing at all', { json: true }, '', 'MAP_INPUT', 'there is nothing to read'],
    ['a template that there is not', { template: 'Everything' }, undefined, 'MAP_TEMPLATE', 'no template `Everything`'],
    ['a template with permissions', { template: 'Key Management', keys: 'get' }, undefined, 'MAP_TWICE', 'together'],
    ['a scope that holds no custom role', { customRole: '/', keys: 'get' }, undefined, 'CUSTOM_ROLE_SCOPE', 'at `/`'],
    ['more sets than a table shows', {}, `[${Array.from({ length: 5001 }, () => '{}').join()}]`, 'MAP_TOO_MANY', '5000'],
  ])('refuses %s, with exit code 2', async (_what, request, input, code, words) => {
    await expect(map(request, input)).rejects.toMatchObject({ code, outcome: 'usage', message: expect.stringContaining(words) as unknown });
  });
  test('prints what stands before a wrong item', async () => {
    const io = testIo();
    await expect(mapCommand({ ...common, json: true }, io, () => piped('[{"secrets":["get"]},7]'))).rejects.toThrow('item 1');
    expect(linesOf(io.stdout())).toHaveLength(1);
  });
  test('waits for no input at a terminal', async () => {
    await expect(map({}, undefined, true)).rejects.toMatchObject({ code: 'MAP_NOTHING', outcome: 'usage' });
  });
  test('a permission with control characters cannot draw on the terminal', async () => {
    // biome-ignore lint/suspicious/noControlCharactersInRegex: that they are gone is what is tested
    expect((await map({}, '[{"secrets":["g\\u001b[2Jet"]}]')).out).not.toMatch(/\u001b/);
  });
});

const allKeys = [...catalogue.permissions.keys()]
  .filter((key) => key.startsWith('keys/'))
  .map((key) => key.slice('keys/'.length))
  .filter((word) => word !== 'list');

describe('lines that were answered before', () => {
  test('are forgotten before memory grows, and come out the same', () => {
    const answer = lineAnswerer(offlineMapping(catalogue));
    const first = answer('{"secrets":["set"]}', 0);
    for (let number = 0; number < 9000; number++) {
      answer(JSON.stringify({ keys: allKeys.filter((_, bit) => (number >> bit) & 1), secrets: ['backup'] }), number);
    }
    expect(answer('{"secrets":["set"]}', 9001)).toEqual(first);
  });
});
