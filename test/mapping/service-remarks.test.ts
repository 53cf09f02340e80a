import { describe, expect, test } from 'vitest';
import dataActions from '../../mappings/data-actions.json' with { type: 'json' };
import permissions from '../../mappings/permissions.json' with { type: 'json' };
import roles from '../../mappings/roles.json' with { type: 'json' };
import services from '../../mappings/services.json' with { type: 'json' };
import { parseGuid } from '../../src/base/guid.ts';
import { nameGuid } from '../../src/base/name-guid.ts';
import { candidateSet } from '../../src/mapping/candidate-set.ts';
import { parseAccessPolicy } from '../../src/model/access-policy.ts';
import { parseCatalogue } from '../../src/model/catalogue.ts';
import type { Principal } from '../../src/model/principal.ts';
import { parseServiceIdentities } from '../../src/model/service-identities.ts';
import { findingWords } from '../../src/words/finding-words.ts';
import { mapOf } from '../builders/map-of.ts';
import { builtIn } from '../builders/the-catalogue.ts';

const catalogue = parseCatalogue({ dataActions, permissions, roles, services });
const roleNames = new Set(catalogue.roles.map((role) => role.name));
const candidates = candidateSet(builtIn, catalogue);
const tenantId = nameGuid('tenant');
const objectId = nameGuid('service');
const appService = 'ABFA0A7C-a6b6-4736-8310-5855508787cd';
const given = (name: string) => builtIn.find((role) => role.name === `Key Vault ${name}`)?.dataActions ?? [];

function remarks(appId: string, lists: Readonly<Record<string, readonly string[]>>, held: readonly string[] = [], principal?: Principal) {
  const policy = parseAccessPolicy({ tenantId, objectId, permissions: lists });
  const service: Principal = { kind: 'servicePrincipal', objectId, displayName: 'x', appId, managedIdentity: false };
  const context = { vaultId: 'v', vaultTenantId: tenantId, principal: principal ?? service, catalogue, candidates, held };
  const findings = mapOf(policy, context).findings.filter(({ code }) => code.startsWith('MAP-SERVICE'));
  return findings.map((finding) => ({ ...finding, ...findingWords(finding) }));
}

describe('a service of Microsoft that is known by its application id', () => {
  test('is named with the role that Microsoft documents and where', () => {
    const [note, ...more] = remarks(appService, { secrets: ['get'], certificates: ['get'] });
    expect(more).toEqual([]);
    expect(note).toMatchObject({ severity: 'note', code: 'MAP-SERVICE', subject: { vault: 'v', principal: objectId } });
    expect(note?.message).toContain(
      'Azure App Service (import of certificates); Microsoft documents `Key Vault Certificate User` (MicrosoftDocs/',
    );
    expect(note?.remedy).toContain('Pages of 2022 and 2023');
  });
  test('is a warning where the narrowest cover of its entry is another role', () => {
    const [warning, note] = remarks(appService, { secrets: ['get', 'list'] });
    expect([warning?.severity, warning?.code, note?.code]).toEqual(['warning', 'MAP-SERVICE-ROLE', 'MAP-SERVICE']);
    expect(warning?.message).toContain('the narrowest cover of this entry is `Key Vault Secrets User`');
    const more = remarks(appService, { secrets: ['get'], certificates: ['get'], keys: ['sign'] });
    expect(more[0]?.message).toContain('`Key Vault Crypto User` with `Key Vault Certificate User`');
  });
  test('is no warning where existing assignments give all of it', () => {
    expect(remarks(appService, { secrets: ['get'] }, given('Certificate User')).map(({ code }) => code)).toEqual(['MAP-SERVICE']);
  });
  test('is a warning where no role may be given', () => {
    const none = candidateSet([], catalogue);
    const policy = parseAccessPolicy({ tenantId, objectId, permissions: { secrets: ['get'] } });
    const principal: Principal = { kind: 'servicePrincipal', objectId, displayName: 'x', appId: appService, managedIdentity: false };
    const mapping = mapOf(policy, { vaultId: 'v', vaultTenantId: tenantId, principal, catalogue, candidates: none, held: [] });
    const told = mapping.findings.find(({ code }) => code === 'MAP-SERVICE-ROLE');
    expect(told?.facts).toMatchObject({ chosen: [] });
    expect(told && findingWords(told).message).toMatch(/is no role$/);
  });
  test('says how well it is known', () => {
    const [, databricks] = remarks('2ff814a6-3304-4ab8-85cb-cd0e6f879c1d', { secrets: ['set'] });
    expect(databricks?.message).toContain('Azure Databricks (secret scopes), if its application id is what it is said to be; users report');
    const [, exchange] = remarks('00000002-0000-0ff1-ce00-000000000000', { keys: ['sign'] });
    expect(exchange?.message).toContain('Exchange Online (Customer Key); Microsoft documents `Key Vault Crypto Service Encryption User` (');
    const [, unproved] = remarks('c066d759-24ae-40e7-a56f-027002b5d3e4', { keys: ['sign'] });
    expect(unproved?.message).toContain('it is said, without proof, to need');
  });
  test('is a note alone when no role is known for it', () => {
    const [note, ...more] = remarks('ddbf3205-c6bd-46ae-8127-60eb93363864', { secrets: ['get'] });
    expect([note?.code, more]).toEqual(['MAP-SERVICE', []]);
    expect(note?.message).toContain('no role is documented for it');
  });
  test('that Microsoft gives a custom role is warned about whatever role is chosen', () => {
    const [warning] = remarks('00000012-0000-0000-c000-000000000000', { keys: ['get', 'decrypt', 'sign'] });
    expect(warning?.message).toMatch(/^Microsoft documents a custom role for Azure Rights Management/);
    const [backup] = remarks('262044b1-e2ce-469f-a196-69ab7ada62d3', { keys: ['get', 'backup'] });
    expect(backup?.message).toMatch(/^Microsoft documents `Key Vault Administrator` or a custom role for/);
  });
  test('is told by the application id of a service principal alone', () => {
    expect(remarks(nameGuid('other'), { secrets: ['get'] })).toEqual([]);
    expect(remarks('no guid', { secrets: ['get'] })).toEqual([]);
    expect(remarks('', { secrets: ['get'] }, [], { kind: 'user', objectId, displayName: 'x', guest: false })).toEqual([]);
  });
});

describe('the file of services', () => {
  const file = (row: Readonly<Record<string, unknown>>) => ({ ...services, services: [{ ...services.services[0], ...row }] });
  test('names each application once, with a role of the catalogue and a source', () => {
    expect(catalogue.services.size).toBe(services.services.length);
    for (const [appId, service] of catalogue.services) {
      expect(parseGuid(appId)).toBe(appId);
      expect(service.source).not.toBe('');
    }
  });
  test('knows services of the 21Vianet cloud, and those that no role is documented for by what their pages ask', () => {
    const inChina = [...catalogue.services.values()].filter(({ clouds }) => clouds.includes('china')).map(({ service }) => service);
    expect(inChina).toEqual(['Azure Front Door Standard and Premium', 'Azure Cosmos DB (customer-managed keys)']);
    const roleless = [...catalogue.services.values()].filter(({ roles, customRole }) => roles.length === 0 && !customRole);
    for (const { service, note, source } of roleless) expect(note ?? source, service).toMatch(/asks for|no page/);
  });
  test.each([
    ['Fabric', '61d6811f-7544-4e75-a1e6-1c59c0383311', { keys: ['get', 'wrapKey', 'unwrapKey'] }, 'Fabric Platform CMK'],
    ['Power BI', '00000009-0000-0000-c000-000000000000', { keys: ['wrapKey', 'unwrapKey'] }, 'Power BI'],
    ['Container Instances', '6bb8e274-af5d-4df2-98a3-4fd78b4cafd9', { keys: ['get', 'unwrapKey'] }, 'Azure Container Instances'],
    [
      'Spring Apps',
      '03b39d0f-4213-4864-a245-b1476ec03169',
      { secrets: ['get', 'list'], certificates: ['get', 'list'] },
      'Azure Spring Apps',
    ],
    ['Batch', 'ddbf3205-c6bd-46ae-8127-60eb93363864', { secrets: ['get', 'list', 'set', 'delete'] }, 'enabledForDeployment'],
    [
      'Bot Service',
      '27a762be-14e7-4f92-899c-151877d6d497',
      { keys: ['get', 'wrapKey', 'unwrapKey'] },
      'if its application id is what it is said to be',
    ],
    ['Front Door in China', '621bd413-f6cc-4be5-b3fe-a82c12af6629', { secrets: ['get'], certificates: ['get'] }, 'Azure Front Door'],
  ])('LP-8: %s is known by its application id', (_, appId, lists, words) => {
    const found = remarks(appId, lists);
    expect(JSON.stringify(found)).toContain(words);
  });
  test.each([
    ['an application id that is not a GUID', { appId: 'x' }],
    ['a role that nobody knows', { roles: ['Key Vault Wizard'] }],
    ['a cloud that nobody knows', { clouds: ['mars'] }],
    ['no cloud', { clouds: [] }],
    ['no source', { source: '' }],
    ['an unknown field', { colour: 'blue' }],
  ])('is refused with %s', (_what, row) => {
    expect(() => parseServiceIdentities(file(row), roleNames)).toThrow();
  });
  test('is refused when it names one application twice', () => {
    const twice = { ...services, services: [services.services[0], { ...services.services[0], clouds: ['usgov'] }] };
    expect(() => parseServiceIdentities(twice, roleNames)).toThrow('twice');
  });
});
