import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import type { OpenScenario } from '../scenarios/open-scenario.ts';
import { caseEstate, openCase } from './open-case.ts';

let opened: OpenScenario | undefined;
afterEach(() => opened?.close());

const tenant = '11111111-2222-4333-8444-000000000001';
const subscription = '5b000000-0000-4000-8000-000000000001';
const deployer = { id: 'bbbbbbbb-0000-4000-8000-000000000001', appId: 'bbbbbbbb-0000-4000-8000-00000000a001' };
const registration = 'bbbbbbbb-0000-4000-8000-00000000a002';
const [device, unit, role] = [1, 2, 3].map((at) => `eeeeeeee-0000-4000-8000-00000000000${at}`);
/** The built-in role Reader, whose id is the same in every tenant. */
const reader = 'acdd72a7-3385-48ef-bd42-f606fba81ae7';

function estateNaming(objectId: string, directory?: 'denied') {
  const base = caseEstate();
  const entry = { raw: { tenantId: tenant, objectId, permissions: { secrets: ['get', 'set'] } } };
  const vault = base.vaults['kv-case'];
  return caseEstate({
    principals: {
      ...base.principals,
      deployer: { kind: 'servicePrincipal', displayName: 'sp-deployer', ...deployer },
      registered: { kind: 'application', displayName: 'only-registered' },
      laptop: { kind: 'device', displayName: 'laptop', id: device ?? '' },
      unit: { kind: 'administrativeUnit', displayName: 'north', id: unit ?? '' },
      admins: { kind: 'directoryRole', displayName: 'Helpdesk', id: role ?? '' },
    },
    ...(directory !== undefined && { directory }),
    vaults: { 'kv-case': { resourceGroup: 'rg-app', ...vault, accessPolicies: [...(vault?.accessPolicies ?? []), entry] } },
  });
}

const words = (text: string) => text.replaceAll(/\s+/g, ' ');

// Azure/sap-hana#861, hashicorp/terraform-provider-azurerm#4977
describe('an access policy that names an application id', () => {
  test('EA-28: is inert, says whose it is and under which object id, and holds nothing up', async () => {
    opened = await openCase(estateNaming(deployer.appId));
    const planned = await opened.keyturn('plan', 'kv-case');
    expect(planned.code).toBe(0);
    expect(words(planned.stdout)).toContain(
      `PRN-APPLICATION-ID for sp-deployer (application id, bbbbbbbb…): \`${deployer.appId}\` is the application (client) id of \`sp-deployer\` (object id \`${deployer.id}\`)`,
    );
    expect(words(planned.stdout)).toContain('nothing is lost; an entry for the object id of its service principal would be a new grant');
    expect(await opened.keyturn('apply', 'keyturn-plan.json', '--through', 'verify', '--yes')).toMatchObject({ code: 0 });
    const proofs = path.join(opened.folder, '.keyturn/proofs');
    const [proof = ''] = await readdir(proofs);
    expect(await opened.keyturn('check-proof', path.join(proofs, proof))).toMatchObject({ code: 0 });
  });

  test('EA-28: explain says so, asked for the service principal and for the application id', async () => {
    opened = await openCase(estateNaming(deployer.appId));
    const forPrincipal = await opened.keyturn('explain', deployer.id, 'secrets/get', 'kv-case');
    expect(forPrincipal.code).toBe(0);
    expect(words(forPrincipal.stdout)).toContain(
      `today: not granted: no access policy gives it; one names its application id \`${deployer.appId}\``,
    );
    expect(words(forPrincipal.stdout)).toContain('after the flip: not granted');
    const forId = await opened.keyturn('explain', deployer.appId, 'secrets/get', 'kv-case');
    expect(words(forId.stdout)).toContain('today: not granted: the id is the application (client) id of `sp-deployer`');
  });

  test('EA-28: explain says so for an application id that no policy names, too', async () => {
    opened = await openCase(estateNaming(tenant));
    const { code, stdout } = await opened.keyturn('explain', deployer.appId, 'secrets/get', 'kv-case');
    expect(code).toBe(0);
    expect(words(stdout)).toContain(`(object id \`${deployer.id}\`), which no token carries as an object id`);
  });
});

describe('an access policy that names what is no principal', () => {
  test.each([
    ['a device', device, 'a device (`laptop`)'],
    ['an administrative unit', unit, 'an administrative unit (`north`)'],
    ['a directory role', role, 'a directory role (`Helpdesk`)'],
    ['the tenant', tenant, 'the id of the tenant'],
    ['the subscription', subscription, 'the id of the subscription `Production`'],
    ['a built-in role', reader, 'the id of the role'],
  ])('EA-28: %s: is inert and known for what it is', async (_, objectId = '', what) => {
    opened = await openCase(estateNaming(objectId));
    const planned = await opened.keyturn('plan', 'kv-case');
    expect(planned.code).toBe(0);
    expect(words(planned.stdout)).toMatch(/PRN-NO-PRINCIPAL/);
    expect(words(planned.stdout)).toContain(`\`${objectId}\` is ${what}`);
  });

  test('P22: an application id stays unresolved, and blocks, where the directory may not be read', async () => {
    opened = await openCase(estateNaming(deployer.appId, 'denied'));
    expect(await opened.keyturn('plan', 'kv-case')).toMatchObject({ code: 3, stdout: expect.stringContaining('PRN-UNRESOLVED') as string });
  });

  test('P22: an id that nobody knows as anything stays unresolved', async () => {
    opened = await openCase(estateNaming(registration));
    expect(await opened.keyturn('plan', 'kv-case')).toMatchObject({ code: 3, stdout: expect.stringContaining('PRN-UNRESOLVED') as string });
  });
});
