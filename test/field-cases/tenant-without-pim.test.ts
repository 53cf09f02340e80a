import { afterEach, expect, test } from 'vitest';
import type { ScenarioFile } from '../../src/sandbox/scenario/scenario-schema.ts';
import type { OpenScenario } from '../scenarios/open-scenario.ts';
import { caseEstate, openCase } from './open-case.ts';

// JulianHayward/Azure-MG-Sub-Governance-Reporting#114: without Entra ID P2 every list of PIM is answered with 400 AadPremiumLicenseRequired

let opened: OpenScenario | undefined;
afterEach(() => opened?.close());

/** Two vaults in two subscriptions of a tenant without PIM; the group that has a role at one of them holds somebody of a policy. */
function estate(): ScenarioFile {
  const { tenant, principals, subscriptions, resourceGroups, vaults, assignments = [] } = caseEstate();
  const [vault] = Object.values(vaults);
  if (vault === undefined) throw new Error('the case has a vault');
  return caseEstate({
    tenant: { ...tenant, licence: 'none' },
    subscriptions: { ...subscriptions, test: { displayName: 'Test', id: '5b000000-0000-4000-8000-000000000002' } },
    resourceGroups: { ...resourceGroups, 'rg-test': { subscription: 'test', location: 'westeurope' } },
    principals: { ...principals, team: { kind: 'group', displayName: 'sec-team', members: ['app'] } },
    vaults: { ...vaults, 'kv-test': { ...vault, resourceGroup: 'rg-test' } },
    assignments: [
      ...assignments,
      { role: 'Owner', principal: 'runner', scope: 'subscriptions/test' },
      { role: 'Key Vault Reader', principal: 'team', scope: 'vaults/kv-case' },
    ],
    workloads: { app: { principal: 'app', calls: ['getSecret kv-case/one', 'getSecret kv-test/one'] } },
  });
}

interface Told {
  readonly vaults: readonly { readonly findings?: readonly { readonly code: string }[] }[];
  readonly findings: readonly { readonly code: string; readonly severity: string; readonly subject: string; readonly message: string }[];
}

const note = {
  severity: 'note',
  subject: caseEstate().tenant.id,
  message: expect.stringMatching(/^the tenant has no Privileged Identity Management \(Azure answers: The tenant needs/) as string,
};
const isNote = ({ code }: { readonly code: string }) => code === 'INV-NO-PIM';

test('EA-58: a tenant without PIM is told of once, by inventory and plan, as text and as JSON, and blocks no vault', async () => {
  opened = await openCase(estate());
  const inventory = JSON.parse((await opened.keyturn('inventory', '--json')).stdout) as Told;
  expect(inventory.findings.filter(isNote)).toMatchObject([note]);
  const planned = await opened.keyturn('plan', '--json');
  expect(planned.code).toBe(0);
  const plan = JSON.parse(planned.stdout) as Told;
  expect(plan.findings.filter(isNote)).toMatchObject([note]);
  expect(plan.vaults.flatMap(({ findings = [] }) => findings.filter(isNote))).toEqual([]);
  for (const words of [['inventory'], ['inventory', '--markdown'], ['plan'], ['plan', '--markdown']]) {
    const { stdout } = await opened.keyturn(...words);
    expect(stdout.match(/INV-NO-PIM/g), words.join(' ')).toHaveLength(1);
    expect(stdout.replaceAll(/\s+/g, ' '), words.join(' ')).toContain('no role assignment and no group membership ends by it');
  }
});

test('EA-58: its vaults are planned, flipped and taken back with a workload running, and no call of it is refused', async () => {
  opened = await openCase(estate());
  const before = opened.state();
  expect(await opened.keyturnUnderLoad('plan')).toMatchObject({ code: 0, tally: { refused: 0 } });
  const applied = await opened.keyturnUnderLoad('apply', 'keyturn-plan.json', '--yes');
  expect(applied).toMatchObject({ code: 0, tally: { refused: 0 } });
  expect(applied.tally.ok).toBeGreaterThan(0);
  const verified = await opened.keyturnUnderLoad('verify', 'keyturn-plan.json');
  expect(verified).toMatchObject({ code: 0, tally: { refused: 0 } });
  const back = await opened.keyturnUnderLoad('rollback', 'keyturn-plan.json', '--remove-assignments', '--yes');
  expect(back).toMatchObject({ code: 0, tally: { refused: 0 } });
  expect(opened.state()).toBe(before);
});
