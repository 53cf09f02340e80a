import { describe, expect, test } from 'vitest';
import { read } from '../../src/base/reading.ts';
import { noDecisions, readDecisions } from '../../src/formats/decisions.ts';
import type { VaultPlan } from '../../src/formats/plan.ts';
import type { Estate } from '../../src/model/estate.ts';
import { finding } from '../../src/model/finding.ts';
import { acceptingAgain, liftAccepted } from '../../src/plan/acceptances.ts';
import { buildPlan } from '../../src/plan/build-plan.ts';
import { findingShown } from '../../src/words/finding-words.ts';
import {
  anEstate,
  application,
  aSubscription,
  aVault,
  id,
  rawPolicy,
  rawVault,
  roleDefinitions,
  vaultResourceId,
} from '../builders/an-estate.ts';
import { catalogue } from '../builders/the-catalogue.ts';

const app = id('d');
const kv = vaultResourceId('kv-app');
const about = { vault: kv, principal: app };
const policies = [rawPolicy(app, { secrets: ['get', 'list'] })];
const purge = 'Microsoft.KeyVault/vaults/secrets/purge/action';
/** In this tenant the role that the plan would choose destroys secrets as well. */
const drifted = roleDefinitions.map((role) =>
  role.name === 'Key Vault Secrets User'
    ? { ...role, permissions: role.permissions.map((block) => ({ ...block, dataActions: [...block.dataActions, purge] })) }
    : role,
);
const estate = anEstate(
  ['kv-app', 'kv-two'].map((name) => aVault(rawVault(name, policies))),
  [application(app)],
  aSubscription({ roleDefinitions: read(drifted.filter((role) => role.name === 'Key Vault Secrets User')) }),
);
const file = (...acceptances: object[]) => JSON.stringify({ formatVersion: 1, acceptances });
const row = { finding: 'MAP-ROLE-DRIFT', vault: 'kv-app', reason: 'the new data action was looked at' };

function planOf(text: string, of: Estate = estate) {
  const settings = { minimumAgeMinutes: 15 };
  return buildPlan(of, { catalogue, ...noDecisions, ...readDecisions(text), settings, toolVersion: '0.1.0' });
}

const drift = ({ findings }: VaultPlan) => findings.filter(({ code }) => code === 'MAP-ROLE-DRIFT').map((one) => findingShown(one));

describe('an acceptance', () => {
  test('EA-18: lifts the finding that it names at its vault, says why, and is recorded in the plan', () => {
    const [one, two] = planOf(file(row)).vaults as [VaultPlan, VaultPlan];
    expect(drift(one)).toMatchObject([{ severity: 'warning', remedy: 'accepted: the new data action was looked at' }]);
    expect(one).toMatchObject({ state: 'ready', accepted: [{ code: 'MAP-ROLE-DRIFT', subject: about, reason: row.reason }] });
    expect(two.state).toBe('blocked');
    expect(two).not.toHaveProperty('accepted');
  });

  test.each(['*', kv.toUpperCase(), 'KV-APP'])('speaks of the vaults that `%s` means', (vault) => {
    const states = planOf(file({ ...row, vault })).vaults.map((one) => one.state);
    expect(states).toEqual(vault === '*' ? ['ready', 'ready'] : ['ready', 'blocked']);
  });

  test('that names a principal speaks of that one, and leaves what is said of others as it is', () => {
    expect(planOf(file({ ...row, principal: app.toUpperCase() })).vaults[0]).toMatchObject({ state: 'ready' });
    expect(planOf(file({ ...row, principal: id('e') })).vaults[0]).toMatchObject({ state: 'blocked' });
  });

  test('about a vault that is not in view, or at which there is nothing to accept, is a note and no error', () => {
    const plan = planOf(file({ ...row, vault: 'kv-later-wave' }, { ...row, principal: id('e') }));
    expect(plan.findings.filter(({ code }) => code.startsWith('PLN-'))).toMatchObject([
      { severity: 'note', code: 'PLN-ACCEPTANCE-UNUSED', subject: { vault: kv } },
      { severity: 'note', code: 'PLN-DECISION-ELSEWHERE', subject: { row: 'kv-later-wave' } },
    ]);
  });

  test('of a finding that nobody can accept is refused, and names those that can be', () => {
    expect(() => readDecisions(file({ ...row, finding: 'PLN-UNCOVERED' }))).toThrow(
      /`PLN-UNCOVERED`, which cannot be accepted; .*MAP-ROLE-DRIFT/,
    );
  });

  test('lifts nothing that is no blocker, and nothing whose code is not on the list, whoever recorded it', () => {
    const gap = finding(
      'blocker',
      'PLN-UNCOVERED',
      { vault: kv },
      { kind: 'flip', dataActions: ['a'], because: [{ kind: 'principalDeleted' }] },
    );
    const accepting = acceptingAgain([{ code: 'PLN-UNCOVERED', subject: { vault: kv }, reason: 'forged' }]);
    expect(liftAccepted([gap], accepting)).toEqual({ findings: [gap], accepted: [] });
    const note = finding('note', 'PLN-UNCOVERED', { vault: kv }, gap.facts);
    expect(liftAccepted([note], () => 'why not')).toEqual({ findings: [note], accepted: [] });
  });

  test('can be made again from what the plan records', () => {
    const [one] = planOf(file(row)).vaults as [VaultPlan, VaultPlan];
    expect(acceptingAgain(one.accepted)({ code: 'MAP-ROLE-DRIFT', subject: about })).toBe(row.reason);
    expect(acceptingAgain(one.accepted)({ code: 'MAP-ROLE-DRIFT', subject: { vault: kv } })).toBeUndefined();
  });
});
