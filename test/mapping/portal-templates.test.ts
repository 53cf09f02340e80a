import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import templatesFile from '../../mappings/templates.json' with { type: 'json' };
import { mapPermissions, offlineMapping, type PermissionAnswer } from '../../src/mapping/map-permissions.ts';
import { type PolicyTemplate, parsePolicyTemplates } from '../../src/model/policy-templates.ts';
import { catalogue, short } from '../builders/the-catalogue.ts';

const templates = parsePolicyTemplates(templatesFile, catalogue);
const offline = offlineMapping(catalogue);
const map = (lists: PolicyTemplate['permissions']): PermissionAnswer =>
  mapPermissions({ permissions: { keys: [], secrets: [], certificates: [], storage: [], ...lists }, existingRoles: [] }, offline);
const plain = (name: string) => name.replace('Key Vault ', '');
const roles = (answer: PermissionAnswer) =>
  answer.roles
    .map((role) => plain(role.name))
    .sort()
    .join(' + ');
const beside = ({ excess, price }: PermissionAnswer): string => {
  if (excess.length === 0) return 'nothing';
  const names = short(excess.map(({ dataAction }) => dataAction));
  return names.length > 6 ? `${names.length} data actions (${price})` : `${names.join(', ')} (${price})`;
};

/** The table of docs/mapping.md, from the engine as it is now. */
function tableLines(): readonly string[] {
  const row = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  const rows = templates.map((template) => {
    const [answer, said] = [map(template.permissions), template.recommendedRoles.map(plain).sort().join(' + ') || 'a custom role'];
    const seen = template.seen === undefined ? '' : beside(map(template.seen));
    return row([template.name, said, roles(answer) === said ? 'the same' : `**${roles(answer)}**`, beside(answer), seen]);
  });
  const titles = ['Template', 'Microsoft', 'keyturn', 'comes along (price)', 'comes along with what was seen'];
  return [row(titles), row(titles.map(() => '---')), ...rows];
}

describe('the templates of the portal', () => {
  test('are the twelve that Microsoft lists', () => {
    expect(templates).toHaveLength(12);
  });
  test.each<[string, string, number]>([
    ['Key, Secret, & Certificate Management', 'Certificates Officer + Crypto Officer + Secrets Officer', 100],
    ['Key & Secret Management', 'Crypto Officer + Secrets Officer', 0],
    ['Secret & Certificate Management', 'Certificates Officer + Secrets Officer', 100],
    ['Key Management', 'Crypto Officer', 0],
    ['Secret Management', 'Secrets Officer', 0],
    ['Certificate Management', 'Certificates Officer', 100],
    ['SQL Server Connector', 'Crypto Service Encryption User', 0],
    ['Azure Data Lake Storage or Azure Storage', 'Crypto Service Encryption User', 1],
    ['Azure Backup', 'Crypto User + Secrets Officer', 1633],
    ['Exchange Online Customer Key', 'Crypto Service Encryption User', 0],
    ['SharePoint Online Customer Key', 'Crypto Service Encryption User', 0],
    ['Azure Information BYOK', 'Crypto User', 213],
  ])('`%s` takes %s, at a price of %i', (name, wanted, price) => {
    const template = templates.find((one) => one.name === name);
    const answer = map(template?.permissions ?? {});
    expect([roles(answer), answer.price, answer.uncovered]).toEqual([wanted, price, []]);
  });
  test('never take more than Microsoft recommends', () => {
    const given = (names: readonly string[]) => new Set(names.flatMap((name) => offline.roleGives(name) ?? []));
    for (const { permissions, recommendedRoles } of templates.filter((template) => template.recommendedRoles.length > 0)) {
      const theirs = given(recommendedRoles);
      const ours = given(map(permissions).roles.map((role) => role.name));
      expect([...ours].filter((action) => !theirs.has(action))).toEqual([]);
    }
  });
  test('stand in docs/mapping.md as the engine answers them now', () => {
    const page = readFileSync(path.resolve(import.meta.dirname, '../../docs/mapping.md'), 'utf8');
    const lines = page.split('\n').filter((line) => line.startsWith('| '));
    expect(lines.slice(lines.findIndex((line) => line.startsWith('| Template '))).slice(0, tableLines().length)).toEqual(tableLines());
  });
});

describe('the file of templates', () => {
  const file = (row: Readonly<Record<string, unknown>>) => ({ ...templatesFile, templates: [{ ...templatesFile.templates[0], ...row }] });
  test.each([
    ['a permission that nobody knows', { permissions: { keys: ['fly'] } }, 'keys/fly'],
    ['one among those that were seen', { seen: { keys: ['fly'] } }, 'keys/fly'],
    ['a role that nobody knows', { recommendedRoles: ['Key Vault Wizard'] }, 'Key Vault Wizard'],
    ['a kind of object that nobody knows', { permissions: { wallets: ['get'] } }, 'wallets'],
  ])('is refused with %s', (_what, row, words) => {
    expect(() => parsePolicyTemplates(file(row), catalogue)).toThrow(words);
  });
});
