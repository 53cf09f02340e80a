import { describe, expect, test } from 'vitest';
import { read } from '../../src/base/reading.ts';
import { noDecisions, readDecisions } from '../../src/formats/decisions.ts';
import type { VaultPlan } from '../../src/formats/plan.ts';
import type { PermissionBlock } from '../../src/model/role.ts';
import { buildPlan } from '../../src/plan/build-plan.ts';
import { findingWords } from '../../src/words/finding-words.ts';
import { anEstate, application, aSubscription, aVault, id, rawPolicy, rawVault, roleDefinitions } from '../builders/an-estate.ts';
import { catalogue } from '../builders/the-catalogue.ts';

const app = id('d', 1);
const signer = id('d', 2);
const action = (name: string) => `Microsoft.KeyVault/vaults/${name}/action`;
const readers = [rawPolicy(app, { secrets: ['get', 'list'] })];

/** The tenant's roles, one of which Azure has changed. */
function withRole(name: string, change: (block: PermissionBlock) => Partial<PermissionBlock>) {
  return roleDefinitions.map((role) =>
    role.name === name ? { ...role, permissions: role.permissions.map((block) => ({ ...block, ...change(block) })) } : role,
  );
}

const extended = (...names: readonly string[]) =>
  withRole('Key Vault Secrets User', ({ dataActions }) => ({ dataActions: [...dataActions, ...names] }));
const reduced = (gone: string) =>
  withRole('Key Vault Secrets User', ({ dataActions }) => ({
    dataActions: dataActions.filter((name) => !name.toLowerCase().includes(gone)),
  }));

interface Given {
  readonly policies?: typeof readers;
  readonly decisions?: object;
  readonly properties?: Parameters<typeof rawVault>[2];
}

function planOf(roles: typeof roleDefinitions, { policies = readers, decisions = {}, properties = {} }: Given = {}) {
  const estate = anEstate(
    [aVault(rawVault('kv-app', policies, properties))],
    [application(app), application(signer)],
    aSubscription({ roleDefinitions: read(roles) }),
  );
  const given = readDecisions(JSON.stringify({ formatVersion: 1, ...decisions }));
  const plan = buildPlan(estate, { catalogue, ...noDecisions, ...given, settings: { minimumAgeMinutes: 15 }, toolVersion: '0.1.0' });
  return { plan, vault: plan.vaults[0] as VaultPlan };
}

const drift = ({ findings }: Pick<VaultPlan, 'findings'>) =>
  findings.filter(({ code }) => code === 'MAP-ROLE-DRIFT').map((finding) => ({ ...finding, ...findingWords(finding) }));

describe('a built-in role that Azure has changed', () => {
  test('EA-18: by a data action of little risk is planned as it is now: what came is excess and is said, and nothing is blocked', () => {
    const { vault } = planOf(extended('Microsoft.KeyVault/vaults/keys/read'));
    expect(vault.state).toBe('ready');
    expect(vault.entries[0]?.choice).toMatchObject({
      roles: [{ name: 'Key Vault Secrets User' }],
      excess: [{ dataAction: 'Microsoft.KeyVault/vaults/keys/read', tier: 'D' }],
    });
    expect(drift(vault)).toMatchObject([{ severity: 'warning', message: expect.stringMatching(/it now gives keys\/read too$/) as string }]);
  });

  test.each(['secrets/backup', 'keys/decrypt', 'secrets/purge'])('EA-18: by %s blocks, until a person accepts it by name', (name) => {
    // No other role may take its place.
    const roles = extended(action(name)).filter((role) => role.name === 'Key Vault Secrets User');
    const { vault, plan } = planOf(roles);
    expect(vault.state).toBe('blocked');
    expect(drift(vault)).toMatchObject([{ severity: 'blocker', message: expect.stringContaining(`it now gives ${name} too`) as string }]);
    expect(drift(plan)).toEqual([]);
    const acceptances = [{ finding: 'MAP-ROLE-DRIFT', vault: 'kv-app', principal: app, reason: 'seen by the owner' }];
    expect(planOf(roles, { decisions: { acceptances } }).vault).toMatchObject({
      state: 'ready',
      accepted: [{ reason: 'seen by the owner' }],
    });
    const decisions = [{ vault: 'kv-app', principal: app, choice: 'customRole', reason: 'exact' }];
    expect(planOf(roles, { decisions: { decisions } }).vault).toMatchObject({ state: 'ready' });
  });

  test('EA-18: by secrets/backup blocks too where another role would now be narrower, and names that', () => {
    const { vault } = planOf(extended(action('secrets/backup')));
    expect(vault).toMatchObject({ state: 'blocked', entries: [{ choice: { roles: [{ name: 'Key Vault Certificate User' }] } }] });
    expect(drift(vault)).toMatchObject([
      {
        severity: 'blocker',
        message: expect.stringMatching(/secrets\/backup too, so `Key Vault Certificate User` would be assigned/) as string,
      },
    ]);
  });

  test('EA-18: by what an entry has anyway is told and changes nothing for it', () => {
    const policies = [rawPolicy(app, { secrets: ['get', 'list', 'backup'] })];
    const { vault } = planOf(extended(action('secrets/backup')), { policies });
    expect(vault).toMatchObject({ state: 'ready', entries: [{ choice: { roles: [{ name: 'Key Vault Secrets User' }], excess: [] } }] });
    expect(drift(vault)).toMatchObject([{ severity: 'note' }]);
  });

  test('EA-18: by a data action that keyturn does not know blocks: nobody can say what it opens', () => {
    const { vault } = planOf(extended('Microsoft.KeyVault/vaults/secrets/teleport/action'));
    expect(vault.state).toBe('blocked');
    expect(drift(vault)[0]?.message).toMatch(/it now gives secrets\/teleport, which this version of keyturn does not know/);
  });

  test('EA-18: on the control plane is told, since that is live as soon as it is assigned', () => {
    const roles = withRole('Key Vault Secrets User', ({ actions }) => ({
      actions: [...actions, 'Microsoft.KeyVault/vaults/deploy/action'],
    }));
    const { vault } = planOf(roles);
    expect(vault.state).toBe('ready');
    expect(drift(vault)).toMatchObject([
      { severity: 'warning', message: expect.stringContaining('Microsoft.KeyVault/vaults/deploy/action on the control plane') as string },
    ]);
  });

  test('EA-18: that lost what an entry needs blocks, names the wider roles that would take its place, and can be accepted', () => {
    const { vault } = planOf(reduced('getsecret'));
    expect(vault.state).toBe('blocked');
    expect(drift(vault)).toMatchObject([
      {
        severity: 'blocker',
        message: expect.stringMatching(
          /it no longer gives secrets\/getSecret without a condition, so `.*` would be assigned instead/,
        ) as string,
      },
    ]);
    const acceptances = [{ finding: 'MAP-ROLE-DRIFT', vault: '*', reason: 'the wider role is meant' }];
    const accepted = planOf(reduced('getsecret'), { decisions: { acceptances } }).vault;
    expect(accepted.state).toBe('ready');
    expect(accepted.entries[0]?.choice?.covered).toContain(action('secrets/getSecret'));
  });

  test('EA-18: never speaks under a vault that does not use the role, nor of the plan as a whole', () => {
    const policies = [rawPolicy(signer, { keys: ['sign'] })];
    for (const roles of [extended(action('secrets/purge')), reduced('getsecret'), extended('Microsoft.KeyVault/vaults/new/action')]) {
      const { vault, plan } = planOf(roles, { policies });
      expect(vault.state).toBe('ready');
      expect([drift(vault), drift(plan)]).toEqual([[], []]);
    }
  });

  test('EA-18: is told as well where it stands on a single object', () => {
    const decisions = [{ vault: 'kv-app', principal: app, choice: 'objectScope', objects: ['secrets/one'], reason: 'one service' }];
    const roles = extended(action('secrets/backup')).filter((role) => role.name === 'Key Vault Secrets User');
    expect(drift(planOf(roles, { decisions: { decisions } }).vault)).toMatchObject([{ severity: 'blocker' }]);
  });

  test('EA-18, LP-12: by purge says so and does not block where purge protection rules purging out', () => {
    const { vault } = planOf(extended(action('secrets/purge')), { properties: { enablePurgeProtection: true } });
    expect(vault.state).toBe('ready');
    expect(drift(vault)).toMatchObject([{ severity: 'warning', message: expect.stringContaining('secrets/purge too') as string }]);
  });
});

describe('purge protection', () => {
  const officers = [rawPolicy(app, { secrets: ['get', 'list', 'set', 'delete', 'backup', 'restore', 'recover'] })];
  const purges = ({ findings }: VaultPlan) => findings.filter(({ code }) => code === 'MAP-PURGE');

  test('LP-12: on: that a role may purge costs nothing, is no warning, and is said to do nothing', () => {
    const { vault } = planOf(roleDefinitions, { policies: officers, properties: { enablePurgeProtection: true } });
    expect(vault.entries[0]?.choice).toMatchObject({ roles: [{ name: 'Key Vault Secrets Officer' }], price: 0 });
    expect(vault.entries[0]?.choice?.because).toContainEqual({ kind: 'idle', dataActions: [action('secrets/purge')] });
    expect(vault.entries[0]?.choice?.excess.map(({ dataAction }) => dataAction)).toEqual([action('secrets/purge')]);
    expect(purges(vault)).toEqual([]);
    expect(vault.findings.map(({ code }) => code)).not.toContain('MAP-CUSTOM-ROLE');
    expect(vault.basis.fields.vault).toContain('purge protection on');
  });

  test.each([[{}], [{ enablePurgeProtection: false }], [{ enablePurgeProtection: null }], [{ enablePurgeProtection: 'true' }]])(
    'LP-12: off, as in %j: purging is warned of and has its price',
    (properties) => {
      const { vault } = planOf(roleDefinitions, { policies: officers, properties });
      expect(vault.entries[0]?.choice?.price).toBe(1000);
      expect(purges(vault)).toMatchObject([{ severity: 'warning' }]);
    },
  );

  test('LP-12: on: purging a single object is no warning either', () => {
    const decisions = [{ vault: 'kv-app', principal: app, choice: 'objectScope', objects: ['secrets/one'], reason: 'one service' }];
    const on = planOf(roleDefinitions, { policies: officers, properties: { enablePurgeProtection: true }, decisions: { decisions } }).vault;
    const off = planOf(roleDefinitions, { policies: officers, decisions: { decisions } }).vault;
    expect([purges(on).length, purges(off).length]).toEqual([0, 1]);
  });
});
