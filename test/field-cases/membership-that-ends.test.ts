import { afterEach, describe, expect, test } from 'vitest';
import type { Plan } from '../../src/formats/plan.ts';
import type { ScenarioFile } from '../../src/sandbox/scenario/scenario-schema.ts';
import { findingWords } from '../../src/words/finding-words.ts';
import { acceptGains } from '../scenarios/accept-gains.ts';
import type { OpenScenario } from '../scenarios/open-scenario.ts';
import { planIn } from '../scenarios/plan-in.ts';
import { caseEstate, openCase } from './open-case.ts';

// https://learn.microsoft.com/graph/api/resources/privilegedidentitymanagement-for-groups-api-overview: an activation of a membership
// lasts hours, and Graph then takes the member out of the group by itself.

let opened: OpenScenario | undefined;
afterEach(() => opened?.close());

type Principals = ScenarioFile['principals'];
type Group = Extract<Principals[string], { kind: 'group' }>;

/** Dana has an entry of her own, and the team a role that gives the same. */
function estate(members: NonNullable<Group['members']>, more: Principals = {}, changes: Partial<ScenarioFile> = {}): ScenarioFile {
  const { principals, assignments = [], vaults } = caseEstate();
  const [vault] = Object.values(vaults);
  if (vault === undefined) throw new Error('the case has a vault');
  const accessPolicies = [{ principal: 'dana', secrets: ['get', 'list'] }];
  return caseEstate({
    clock: '2026-11-24T08:00:00Z',
    principals: {
      ...principals,
      dana: { kind: 'user', displayName: 'Dana' },
      team: { kind: 'group', displayName: 'sec-team', members },
      ...more,
    },
    vaults: { 'kv-case': { ...vault, accessPolicies }, 'kv-other': { ...vault, accessPolicies } },
    assignments: [...assignments, { role: 'Key Vault Secrets User', principal: 'team', scope: 'subscriptions/prod' }],
    workloads: { dana: { principal: 'dana', calls: ['getSecret kv-case/one'] } },
    ...changes,
  });
}

const keep = {
  formatVersion: 1,
  decisions: ['kv-case', 'kv-other'].map((vault) => ({ vault, principal: 'Dana', choice: 'keepExisting', reason: 'the team stays' })),
};
const decided = ['plan', '--decisions', 'keep.json'] as const;

async function planOf(scenario: ScenarioFile, principalId?: string): Promise<Plan> {
  opened = await openCase(scenario);
  const dana = [...opened.sandbox.tenant.directory.values()].find(({ displayName }) => displayName === 'Dana');
  const decisions = keep.decisions.map((row) => ({ ...row, principal: principalId ?? dana?.id }));
  const { writeFile } = await import('node:fs/promises');
  await writeFile(`${opened.folder}/keep.json`, JSON.stringify({ ...keep, decisions }));
  const planned = await opened.keyturn(...decided);
  expect(planned.stderr).not.toContain('DECISION');
  return planIn(opened.folder);
}

const told = (findings: Plan['findings'], code: string) =>
  findings.filter((one) => one.code === code).map((one) => ({ severity: one.severity, ...findingWords(one) }));
const found = (plan: Plan, code: string) => plan.vaults.flatMap(({ findings }) => told(findings, code));

describe('a membership of the group that has the role', () => {
  test('EA-61: that was activated for hours carries no decision to keep it: the plan gives the access up and warns until when it is there', async () => {
    const plan = await planOf(estate([{ principal: 'dana', activated: true, endsInHours: 8 }]));
    expect(plan.vaults.map(({ entries }) => entries[0]?.outcome)).toEqual(['drop', 'drop']);
    const [ends] = found(plan, 'PLN-GROUP-ENDS');
    expect(ends?.severity).toBe('warning');
    expect(ends?.message).toMatch(
      /^`Key Vault Secrets User` at the subscription through group `sec-team` gives .*getSecret.* only until 2026-11-24T16:00:00\.\d+Z, when PIM for Groups ends the membership, and does not count$/,
    );
    expect(ends?.remedy).toContain('`reproduce`');
    const verified = await opened?.keyturn('verify', 'kv-case');
    expect(verified?.code).toBe(3);
    expect(verified?.stdout.replaceAll(/\s+/g, ' ')).toMatch(
      /until 2026-11-24T16:00:00\.\d+Z, when PIM for Groups ends the membership of `sec-team`/,
    );
  });

  test('EA-61: is made up for by a role of its own where nobody decides otherwise, and the workload is never refused, not even after its end', async () => {
    opened = await openCase(estate(['app', { principal: 'dana', activated: true, endsInHours: 8 }]));
    expect((await opened.keyturn('plan', 'kv-case')).code).toBe(0);
    await acceptGains(opened);
    expect(await opened.keyturnUnderLoad('apply', 'keyturn-plan.json', '--yes')).toMatchObject({ code: 0, tally: { refused: 0 } });
    opened.sandbox.clock.advance(9 * 3600_000);
    const later = await opened.keyturnUnderLoad('verify', 'kv-case', '--against', 'keyturn-plan.json');
    expect(later.tally.refused).toBe(0);
    const team = [...opened.sandbox.tenant.directory.values()].find(({ displayName }) => displayName === 'sec-team');
    expect(team?.members).toHaveLength(1);
  });

  test.each<[string, ScenarioFile]>([
    ['that PIM for Groups assigned without an end', estate([{ principal: 'dana' }])],
    ['that it does not manage at all', estate(['dana', 'app'])],
    ['without an end beside one that ends', estate([{ principal: 'dana' }, { principal: 'dana', activated: true, endsInHours: 8 }])],
    [
      'through a group inside, without an end, beside one that ends',
      estate(['inner', { principal: 'dana', endsInHours: 8 }], { inner: { kind: 'group', displayName: 'sec-inner', members: ['dana'] } }),
    ],
  ])('EA-61: %s lasts, and is kept by decision without a call refused', async (_, scenario) => {
    const plan = await planOf(scenario);
    expect(plan.vaults.map(({ entries }) => entries[0]?.outcome)).toEqual(['alreadyCovered', 'alreadyCovered']);
    expect(found(plan, 'PLN-GROUP-ENDS')).toEqual([]);
    if (opened !== undefined) await acceptGains(opened);
    const applied = await opened?.keyturnUnderLoad('apply', 'keyturn-plan.json', '--yes');
    expect(applied).toMatchObject({ code: 0, tally: { refused: 0 } });
  });

  test.each<[string, Principals, NonNullable<Group['members']>]>([
    [
      'of the principal in the inner one',
      { inner: { kind: 'group', displayName: 'sec-inner', members: [{ principal: 'dana', endsInHours: 30 }] } },
      ['inner'],
    ],
    [
      'of the inner one in the outer one',
      { inner: { kind: 'group', displayName: 'sec-inner', members: ['dana'] } },
      [{ principal: 'inner', endsInHours: 30 }],
    ],
  ])('EA-61: through a nested group ends with the membership %s', async (_, more, members) => {
    const plan = await planOf(estate(members, more));
    expect(plan.vaults.map(({ entries }) => entries[0]?.outcome)).toEqual(['drop', 'drop']);
    expect(found(plan, 'PLN-GROUP-ENDS')[0]?.message).toContain('only until 2026-11-25T14:00:00');
  });

  test('EA-61: that could not be read is kept by decision as before, and that is said once for the estate, in plan and inventory', async () => {
    const plan = await planOf(estate([{ principal: 'dana', activated: true, endsInHours: 8 }], {}, { groupSchedules: 'denied' }));
    expect(plan.vaults.map(({ state, entries }) => [state, entries[0]?.outcome])).toEqual([
      ['ready', 'alreadyCovered'],
      ['ready', 'alreadyCovered'],
    ]);
    expect(told(plan.findings, 'INV-PIM-GROUPS-UNREAD')).toMatchObject([
      {
        severity: 'note',
        message: expect.stringMatching(
          /^whether PIM for Groups ends memberships of `sec-team` could not be read: .*403.*missing permission scope PrivilegedAssignmentSchedule\.Read\.AzureADGroup\.$/,
        ) as string,
        remedy: expect.stringContaining('the token of the Azure CLI never has it') as string,
      },
    ]);
    const inventory = await opened?.keyturn('inventory');
    expect(inventory?.stdout.match(/INV-PIM-GROUPS-UNREAD/g)).toHaveLength(1);
  });
});

test('EA-34, EA-61: who may only activate a membership of the group is told of the choice', async () => {
  opened = await openCase(estate(['app', { principal: 'dana', eligible: true }]));
  await opened.keyturn('plan', 'kv-case');
  const plan = await planIn(opened.folder);
  expect(found(plan, 'PLN-ELIGIBLE')).toMatchObject([
    {
      severity: 'warning',
      message: expect.stringMatching(
        /^is eligible through PIM for membership of the group `sec-team`, which has `Key Vault Secrets User` at the subscription, and the plan makes .*getSecret.* standing$/,
      ) as string,
    },
  ]);
});
