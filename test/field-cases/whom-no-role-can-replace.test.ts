import { afterEach, describe, expect, test } from 'vitest';
import type { OpenScenario } from '../scenarios/open-scenario.ts';
import { type CaseChanges, caseEstate, openCase } from './open-case.ts';

let opened: OpenScenario | undefined;
afterEach(() => opened?.close());

const tenant = '11111111-2222-4333-8444-000000000001';
const oldTenant = '99999999-2222-4333-8444-000000000009';
const words = (text: string) => text.replaceAll(/\s+/g, ' ');
type Entry = NonNullable<NonNullable<CaseChanges['vaults']>[string]['accessPolicies']>[number];

/** The estate of all cases, with further principals, and further entries in its one vault. */
function estateWith(entries: readonly Entry[], changes: CaseChanges = {}) {
  const base = caseEstate();
  const vault = base.vaults['kv-case'];
  return caseEstate({
    ...changes,
    principals: { ...base.principals, ...changes.principals },
    vaults: {
      'kv-case': { resourceGroup: 'rg-app', ...vault, accessPolicies: [...(vault?.accessPolicies ?? []), ...entries] },
      ...changes.vaults,
    },
  });
}

async function planned(...more: readonly string[]) {
  const { code, stdout, stderr } = (await opened?.keyturn('plan', ...more)) ?? { code: -1, stdout: '', stderr: '' };
  return { code, out: words(stdout), err: words(stderr) };
}

// MicrosoftDocs/azure-docs#61784, Azure-Samples/key-vault-node-getting-started#3, SparebankenVest/azure-key-vault-to-kubernetes#126
describe('a compound entry', () => {
  const svc = { id: 'bbbbbbbb-0000-4000-8000-000000000001', appId: 'bbbbbbbb-0000-4000-8000-00000000a001' };
  const other = 'bbbbbbbb-0000-4000-8000-00000000a002';
  const principals = {
    svc: { kind: 'servicePrincipal', displayName: 'sp-weather', ...svc },
    portal: { kind: 'servicePrincipal', displayName: 'sp-portal', appId: other },
  } as const;
  const decisions = (choice: string, applicationId: string, more = {}) => ({
    'decisions.json': {
      formatVersion: 1,
      decisions: [{ vault: 'kv-case', principal: svc.id, applicationId, choice, reason: 'never worked', ...more }],
    },
  });
  const both: Entry[] = [
    { principal: 'svc', secrets: ['get'] },
    { principal: 'svc', application: 'svc', secrets: ['get', 'list', 'set'] },
  ];

  test('P17: with the principal’s own application is known as a mistake, and the remedy names the choice that ends well', async () => {
    opened = await openCase(estateWith(both, { principals }));
    const { code, out } = await planned('kv-case');
    expect(code).toBe(3);
    expect(out).toContain('the application is the principal’s own, so the entry probably never worked');
    expect(out).toContain('next: decide `drop`: what gives the principal access is an entry of its own, without the application');
  });

  test.each([
    ['the own application', 'svc', svc.appId],
    ['another application', 'portal', other],
  ])('P17: with %s takes no choice that ends in the same blocker, and names the one that works', async (_, application, applicationId) => {
    const entry: Entry = { principal: 'svc', application, secrets: ['get', 'list', 'set'] };
    const wrong = ['reproduce', 'preferFewer', 'customRole', 'narrow', 'objectScope'];
    const more: Record<string, object> = { narrow: { keep: ['secrets/get'] }, objectScope: { objects: ['secrets/one'] } };
    opened = await openCase(estateWith([entry], { principals }), {
      ...Object.fromEntries(wrong.map((choice) => [`${choice}.json`, decisions(choice, applicationId, more[choice])['decisions.json']])),
      ...decisions('drop', applicationId),
    });
    for (const choice of wrong) {
      const { code, err } = await planned('kv-case', '--decisions', `${choice}.json`);
      expect(code, choice).toBe(2);
      expect(err).toMatch(
        new RegExp(`DECISION_WRONG.*\`${choice}\`.*Azure RBAC has no such grant.*next: decide \`drop\` in the decisions file`),
      );
    }
    const { code, out } = await planned('kv-case', '--decisions', 'decisions.json');
    expect(code).toBe(0);
    expect(out).toContain('decided: drop, because never worked');
  });

  test('P17: dropped, leaves the plain entry of the same principal whole: it migrates, and nobody is refused', async () => {
    const workloads = { svc: { principal: 'svc', calls: ['getSecret kv-case/one'] } };
    opened = await openCase(estateWith(both, { principals, workloads }), decisions('drop', svc.appId));
    expect((await planned('kv-case', '--decisions', 'decisions.json')).code).toBe(0);
    expect(await opened.keyturnUnderLoad('apply', 'keyturn-plan.json', '--yes')).toMatchObject({ code: 0, tally: { refused: 0 } });
  });
});

// MicrosoftDocs/azure-docs#23670, #106017
test('INV-TENANT: a vault that still trusts the tenant its subscription came from is blocked, with the repair that is documented', async () => {
  const foreign = { raw: { tenantId: oldTenant, objectId: 'cccccccc-0000-4000-8000-000000000001', permissions: { secrets: ['get'] } } };
  const vaults = { 'kv-case': { resourceGroup: 'rg-app', properties: { tenantId: oldTenant }, accessPolicies: [foreign] } };
  opened = await openCase(caseEstate({ vaults, workloads: {} }));
  const { code, out } = await planned('kv-case');
  expect(code).toBe(3);
  expect(out).toContain(`INV-TENANT: the vault trusts tenant \`${oldTenant}\`, its subscription belongs to \`${tenant}\``);
  expect(out).toContain('set the vault’s tenant to it, remove its policies and add those of the new tenant’s principals');
});

// MicrosoftDocs/azure-docs#55914
test('LP-2, P22: of the former tenant’s identities those of that tenant are inert, and an unknown id of the own tenant is for a person to decide', async () => {
  const entry = (tenantId: string, objectId: string) => ({
    raw: { tenantId, objectId, permissions: { keys: ['get', 'wrapKey', 'unwrapKey'] } },
  });
  const unknown = 'cccccccc-0000-4000-8000-000000000003';
  opened = await openCase(estateWith([entry(oldTenant, 'cccccccc-0000-4000-8000-000000000002'), entry(tenant, unknown)]), {
    'decisions.json': {
      formatVersion: 1,
      decisions: [{ vault: 'kv-case', principal: unknown, choice: 'drop', reason: 'a disk of the old tenant' }],
    },
  });
  const { code, out } = await planned('kv-case');
  expect(code).toBe(3);
  expect(out).toContain(`PRN-FOREIGN-TENANT`);
  expect(out).toMatch(new RegExp(`blocker PRN-UNRESOLVED.*\`${unknown}\``));
  expect((await planned('kv-case', '--decisions', 'decisions.json')).code).toBe(0);
});

// Azure/azure-powershell#29311, MicrosoftDocs/azure-docs#88138
describe('entries of principals that are gone', () => {
  const gone = (deleted: 'gone' | 'soft', at: number) =>
    ({ kind: 'servicePrincipal', displayName: `sp-old-${at}`, id: `dddddddd-0000-4000-8000-00000000000${at}`, deleted }) as const;
  const principals = { gone1: gone('gone', 1), gone2: gone('gone', 2), soft: gone('soft', 3) };
  const second = {
    'kv-second': {
      resourceGroup: 'rg-app',
      accessPolicies: [
        { principal: 'gone1', keys: ['get'] },
        { principal: 'soft', secrets: ['set'] },
      ],
    },
  };
  const entries: Entry[] = [
    { principal: 'gone1', secrets: ['get'] },
    { principal: 'gone2', secrets: ['get', 'list', 'set'] },
    { principal: 'soft', secrets: ['get'] },
  ];
  const rule = (principal: string) => ({ when: { principal }, choice: 'drop', reason: 'the yearly clean-up' });
  const assignments = [
    { role: 'Owner', principal: 'runner', scope: 'subscriptions/prod' },
    { role: 'Key Vault Secrets User', principal: 'gone1', scope: 'vaults/kv-case' },
    { role: 'Key Vault Administrator', principal: 'gone2', scope: 'resourceGroups/rg-app' },
    { role: 'Contributor', principal: 'soft', scope: 'subscriptions/prod' },
  ];

  test('EA-32, P22: are dropped over many vaults by one rule for the deleted and one for the unresolved, which the findings print', async () => {
    const files = {
      'deleted.json': { formatVersion: 1, rules: [rule('deleted')] },
      'both.json': { formatVersion: 1, rules: [rule('deleted'), rule('unresolved')] },
    };
    opened = await openCase(estateWith(entries, { principals, vaults: second, assignments }), files);
    const open = await planned();
    expect(open.code).toBe(3);
    for (const who of ['deleted', 'unresolved']) {
      expect(open.out).toContain(`\`{ "when": { "principal": "${who}" }, "choice": "drop", "reason": "…" }\` under \`rules\``);
    }
    expect(await planned('--decisions', 'deleted.json')).toMatchObject({
      code: 3,
      out: expect.stringContaining('0 ready, 2 blocked') as string,
    });
    const both = await planned('--decisions', 'both.json');
    expect(both).toMatchObject({ code: 0, out: expect.stringContaining('2 ready, 0 blocked') as string });
    expect(both.out).toContain('decided: drop, because the yearly clean-up');
  });

  test('EA-32: nobody is dropped by a rule while the directory cannot be read', async () => {
    opened = await openCase(estateWith(entries, { principals, vaults: second, assignments, directory: 'denied' }), {
      'both.json': { formatVersion: 1, rules: [rule('deleted'), rule('unresolved')] },
    });
    expect(await planned('--decisions', 'both.json')).toMatchObject({
      code: 3,
      out: expect.stringContaining('0 ready, 2 blocked') as string,
    });
  });
});
