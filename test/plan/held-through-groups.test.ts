import { describe, expect, test } from 'vitest';
import type { Guid } from '../../src/base/guid.ts';
import { read } from '../../src/base/reading.ts';
import type { DecisionRow } from '../../src/formats/decisions.ts';
import type { Estate, SubscriptionFacts } from '../../src/model/estate.ts';
import type { Principal } from '../../src/model/principal.ts';
import type { RoleAssignment } from '../../src/model/role.ts';
import { parseScheduleInstance } from '../../src/model/schedule-instance.ts';
import { buildPlan } from '../../src/plan/build-plan.ts';
import { verifyVault } from '../../src/verify/verify-vault.ts';
import { findingWords } from '../../src/words/finding-words.ts';
import { gapInWords } from '../../src/words/gap-words.ts';
import {
  anAssignment,
  anEstate,
  application,
  aSubscription,
  aVault,
  id,
  rawPolicy,
  rawVault,
  subscriptionId,
  user,
  vaultResourceId,
} from '../builders/an-estate.ts';
import { catalogue, roleId } from '../builders/the-catalogue.ts';

const [ana, team, division, app] = [id('d', 1), id('d', 2), id('d', 3), id('d', 4)];
const kv = vaultResourceId('kv-app');
const subscription = `/subscriptions/${subscriptionId}`;

const group = (objectId: Guid, displayName: string): Principal => {
  return { kind: 'group', objectId, displayName, securityEnabled: true, dynamic: false };
};

interface World {
  readonly policies?: readonly Guid[];
  readonly assignments?: readonly RoleAssignment[];
  readonly facts?: Partial<SubscriptionFacts>;
}

/** Ana is in the team, and the team in the division. */
function world({ policies = [ana], assignments = [], facts = {} }: World): Estate {
  const vault = aVault(
    rawVault(
      'kv-app',
      policies.map((who) => rawPolicy(who, { secrets: ['get', 'list'] })),
    ),
  );
  const people = [user(ana, 'Ana'), group(team, 'Team'), group(division, 'Division'), application(app, 'App')];
  const members = new Map([
    [team, read(new Set([ana]))],
    [division, read(new Set([ana, team]))],
  ]);
  return anEstate([vault], people, aSubscription({ roleAssignments: read(assignments), ...facts }), { members });
}

const decide = (choice: DecisionRow['choice'], principal = ana): DecisionRow => ({
  vault: 'kv-app',
  principal,
  choice,
  reason: 'the team stays',
});

function plan(estate: Estate, decisions: readonly DecisionRow[] = []) {
  const [vault] = buildPlan(estate, { catalogue, decisions, settings: { minimumAgeMinutes: 15 }, toolVersion: '0.1.0' }).vaults;
  if (vault === undefined) throw new Error('no vault planned');
  return vault;
}

function verify(estate: Estate, planned?: ReturnType<typeof plan>) {
  const [vaultFacts, subscriptionFacts] = [estate.vaults[0], estate.subscriptions[0]];
  if (vaultFacts === undefined || subscriptionFacts === undefined) throw new Error('no vault');
  return verifyVault({
    ...{ estate, vault: vaultFacts.vault, subscription: subscriptionFacts, catalogue },
    at: new Date(estate.readAt),
    minimumAgeMinutes: 15,
    ...(planned !== undefined && { plan: planned }),
  });
}

const finding = (code: string, { findings }: ReturnType<typeof plan>) =>
  findings.filter((one) => one.code === code).map((one) => ({ ...one, ...findingWords(one) }));
const onTeam = anAssignment(subscription, team, 'Key Vault Secrets User', { principalType: 'Group' });

describe('what a principal has through a group alone', () => {
  test('EA-53: is no reason to leave its own entry without an assignment, and the choice is told', () => {
    const vault = plan(world({ assignments: [onTeam] }));
    expect(vault).toMatchObject({ state: 'ready', entries: [{ outcome: 'reproduce' }], steps: [{ principalId: ana }, { kind: 'flip' }] });
    expect(vault.entries[0]).not.toHaveProperty('held');
    expect(finding('PLN-GROUP-COVER', vault)).toMatchObject([
      {
        severity: 'note',
        message: `\`Key Vault Secrets User\` at the subscription through group \`Team\` (assignment ${onTeam.name}) gives secrets/getSecret, secrets/readMetadata already, and does not count: a membership may end`,
        remedy: expect.stringMatching(/PIM for Groups names no end.*`keepExisting`/) as string,
      },
    ]);
  });

  test('EA-53: counts where a person decides so, and the plan names it', () => {
    const vault = plan(world({ assignments: [onTeam] }), [decide('keepExisting')]);
    expect(vault).toMatchObject({
      state: 'ready',
      steps: [{ kind: 'flip' }],
      entries: [{ outcome: 'alreadyCovered', dropped: [], held: [{ assignmentId: onTeam.id, throughGroup: team, groupName: 'Team' }] }],
    });
    expect(finding('PLN-GROUP-COVER', vault)).toEqual([]);
  });

  test('EA-53: is a gap of a vault that is verified without a plan, or with one that did not decide for it', () => {
    const estate = world({ assignments: [onTeam] });
    const decided = plan(estate, [decide('keepExisting')]);
    expect(verify(estate, decided).state).toBe('covered');
    const { state, gaps } = verify(estate);
    const [gap] = gaps.map(gapInWords);
    expect(state).toBe('gap');
    expect(gap?.line).toContain('Ana');
    expect(gap?.line).toContain('may lose secrets/getSecret, secrets/readMetadata: covered only through a group, by');
    expect(gap?.next).toContain('keepExisting');
    expect(verify(estate, plan(estate)).state).toBe('gap');
    const undecided = {
      ...decided,
      entries: decided.entries.map((entry) => {
        const without = { ...entry };
        delete without.decision;
        return without;
      }),
    };
    expect(verify(estate, undecided).state).toBe('gap');
  });

  test('EA-53: is held by the group whose own entry it is, and by a group inside it only by decision', () => {
    const own = plan(world({ policies: [team], assignments: [onTeam] }));
    expect(own).toMatchObject({ steps: [{ kind: 'flip' }], entries: [{ outcome: 'alreadyCovered', held: [{ assignmentId: onTeam.id }] }] });
    expect(own.entries[0]?.held?.[0]).not.toHaveProperty('throughGroup');
    const onDivision = anAssignment(subscription, division, 'Key Vault Secrets User', { principalType: 'Group' });
    const around = world({ policies: [team], assignments: [onDivision] });
    expect(plan(around).steps).toMatchObject([{ principalId: team }, { kind: 'flip' }]);
    expect(plan(around, [decide('keepExisting', team)]).steps).toMatchObject([{ kind: 'flip' }]);
  });
});

describe('cover at a management group alone', () => {
  const at = '/providers/Microsoft.Management/managementGroups/corp';
  const made = (createdOn: string) =>
    world({
      policies: [app],
      assignments: [anAssignment(at, app, 'Key Vault Secrets User', { createdOn, updatedOn: createdOn })],
      facts: { managementGroups: [at.toLowerCase() as never] },
    });
  test('EA-54: is held after a day, and not after an hour: then the role is assigned at the vault', () => {
    expect(plan(made('2026-11-23T08:00:00Z')).steps).toMatchObject([{ kind: 'flip' }]);
    const young = made('2026-11-24T06:50:00Z');
    expect(plan(young).steps).toMatchObject([{ scope: kv, principalId: app }, { kind: 'flip' }]);
    expect(verify(young)).toMatchObject({ state: 'gap', gaps: [{ kind: 'access', lack: 'age' }] });
  });
});

describe('somebody who is eligible through PIM for what the plan makes standing', () => {
  const eligible = (principalId: Guid, role: string, scope = subscription) => {
    const one = parseScheduleInstance({
      id: `/e/${principalId}`,
      properties: { scope, principalId, roleDefinitionId: `/x/${roleId(role)}`, memberType: 'Direct' },
    });
    if (one === undefined) throw new Error('no instance');
    return one;
  };
  const facts = (...ones: ReturnType<typeof eligible>[]) => world({ facts: { eligibleInstances: read(ones) } });

  test('EA-34: is named with role, scope and group, and the choice is told', () => {
    const vault = plan(facts(eligible(ana, 'Key Vault Secrets Officer'), eligible(division, 'Key Vault Administrator', kv)));
    const told = finding('PLN-ELIGIBLE', vault);
    expect(told.map(({ severity }) => severity)).toEqual(['warning', 'warning']);
    expect(told.map(({ message }) => message)).toEqual([
      'is eligible through PIM for `Key Vault Administrator` at `kv-app` through group `Division`, and the plan makes secrets/getSecret, secrets/readMetadata standing',
      'is eligible through PIM for `Key Vault Secrets Officer` at the subscription, and the plan makes secrets/getSecret, secrets/readMetadata standing',
    ]);
    expect(told.every(({ subject, remedy }) => subject.principal === ana && /keepExisting.*reproduce/.test(remedy))).toBe(true);
    expect(vault.state).toBe('ready');
  });

  test('EA-34: is told as decided once a person has chosen, and not at all where nothing becomes standing', () => {
    const estate = facts(eligible(ana, 'Key Vault Secrets Officer'));
    expect(finding('PLN-ELIGIBLE', plan(estate, [decide('reproduce')]))).toMatchObject([
      { severity: 'note', answer: { kind: 'decided', choice: 'reproduce', reason: 'the team stays' } },
    ]);
    const given = plan(estate, [decide('keepExisting')]);
    expect(given).toMatchObject({ entries: [{ outcome: 'drop' }], steps: [{ kind: 'flip' }] });
    expect(finding('PLN-ELIGIBLE', given)).toEqual([]);
    const other = [eligible(app, 'Key Vault Secrets Officer'), eligible(ana, 'Key Vault Crypto User'), eligible(ana, 'Owner', `${kv}0`)];
    expect(finding('PLN-ELIGIBLE', plan(facts(...other.slice(0, 2))))).toEqual([]);
  });
});
