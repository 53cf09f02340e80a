import { describe, expect, test } from 'vitest';
import { afterApply, afterInventory, afterPlan, afterRollback, afterStatus } from '../../src/cli/next-steps.ts';
import type { VaultResult } from '../../src/migrate/vault-result.ts';
import { buildPlan } from '../../src/plan/build-plan.ts';
import { anEstate, application, aVault, id, rawPolicy, rawVault } from '../builders/an-estate.ts';
import { catalogue } from '../builders/the-catalogue.ts';

const app = id('d');
const planOf = (...permissions: readonly Record<string, readonly string[]>[]) => {
  const vaults = permissions.map((one, at) => aVault(rawVault(`kv-${at}`, [rawPolicy(app, one)])));
  const inputs = { catalogue, decisions: [], settings: { minimumAgeMinutes: 15 }, toolVersion: '0.1.0' };
  return buildPlan(anEstate(vaults, [application(app)]), inputs);
};
const ended = (outcome: VaultResult['outcome']): VaultResult => ({ vaultId: 'v', name: 'kv', outcome, because: '', lines: [] });

describe('the next step is a command', () => {
  test('after the inventory: to plan the only vault by its name, or all of them', () => {
    const waiting = { name: 'kv-a', permissionModel: 'accessPolicy' };
    expect(afterInventory([waiting])[0]).toContain('`keyturn plan kv-a`');
    expect(afterInventory([waiting, { ...waiting, name: 'kv-b' }])[0]).toContain('`keyturn plan`');
    expect(afterInventory([{ name: 'kv-a', permissionModel: 'azureRbac' }])).toEqual([]);
  });

  test('after a plan: to apply what is ready, and to decide what is not', () => {
    const [ready, unknown] = [{ secrets: ['get'] }, { secrets: ['frobnicate'] }];
    expect(afterPlan(planOf(ready), 'p.json')).toEqual(['  next: review it, then `keyturn apply p.json --through verify`']);
    expect(afterPlan(planOf(ready, unknown), 'p.json').at(1)).toMatch(/one vault is blocked, and one entry needs a decision.*--decisions/);
    expect(afterPlan(planOf(unknown, unknown), 'p.json')).toEqual([expect.stringContaining('2 vaults are blocked, and 2 entries need')]);
  });

  test.each([
    ['stage', 'done', 'keyturn apply p.json --through verify'],
    ['verify', 'done', 'keyturn flip p.json'],
    ['watch', 'done', 'keyturn rollback p.json'],
  ] as const)('after apply through %s', (through, outcome, command) => {
    expect(afterApply([ended('failed'), ended(outcome)], through, 'p.json')[0]).toContain(`\`${command}\``);
    expect(afterApply([ended('failed')], through, 'p.json')).toEqual([]);
  });

  test('after a part of a plan: the same part, in its waves, and a rollback of that part alone', () => {
    const more = { again: ['--wave', '2', '--waves', 'ramp'], part: ['--wave', '2'] };
    expect(afterApply([ended('done')], 'verify', 'p.json', more)[0]).toContain('`keyturn flip p.json --wave 2 --waves ramp`');
    expect(afterApply([ended('done')], 'flip', 'p.json', more)[0]).toContain('`keyturn rollback p.json --wave 2` goes back');
    expect(afterApply([ended('done'), ended('failed'), ended('skipped')], 'flip', 'p.json', { ...more, stopped: true })).toEqual([
      '  next: `keyturn apply p.json --through flip --wave 2 --waves ramp` goes on; `keyturn rollback p.json --wave 2` goes back',
    ]);
    expect(afterApply([ended('skipped')], 'flip', 'p.json', { stopped: true })).toEqual([
      '  next: `keyturn apply p.json --through flip` goes on',
    ]);
  });

  test('after a rollback that left the role assignments: to remove them', () => {
    expect(afterRollback([ended('done')], false, 'kv-a')[0]).toContain('`keyturn rollback kv-a --remove-assignments`');
    expect(afterRollback([ended('done')], true, 'kv-a')).toEqual([]);
  });

  test.each([
    [['verified', 'staged'], 'keyturn apply p.json --through verify'],
    [['verified', 'flipped'], 'keyturn flip p.json'],
    [['flipped', 'blocked'], 'keyturn rollback p.json'],
    [['blocked', 'alreadyOnRbac'], 'keyturn plan'],
  ] as const)('from a status of %s: for what has come least far', (states, command) => {
    const vaults = states.map((state) => ({ state, wrong: [], flipJournalled: true }));
    expect(afterStatus(vaults, 'p.json')[0]).toContain(`\`${command}\``);
  });

  test('from a status of flipped of which the state here knows nothing: no rollback is promised that would be refused', () => {
    const flipped = (flipJournalled: boolean) => ({ state: 'flipped' as const, wrong: [], flipJournalled });
    const [first, second] = afterStatus([flipped(false)], 'p.json');
    expect(first).toContain('knows of no flip of one vault');
    expect(second).toContain('`keyturn rollback p.json --without-state`');
    expect(afterStatus([flipped(true), flipped(false)], 'p.json')).toHaveLength(3);
  });

  test.each([
    ['flipped', 'keyturn apply p.json'],
    ['staging', 'keyturn apply p.json --through verify'],
    ['flippedBack', 'keyturn apply p.json'],
    ['gone', 'keyturn plan'],
  ] as const)('from a status of %s where something is gone: what mends it', (state, command) => {
    expect(
      afterStatus(
        [
          { state: 'flipped', wrong: [], flipJournalled: true },
          { state, wrong: ['gone'], flipJournalled: true },
        ],
        'p.json',
      )[0],
    ).toContain(state === 'gone' ? 'keyturn rollback p.json' : `\`${command}\``);
    expect(afterStatus([{ state, wrong: ['gone'], flipJournalled: true }], 'p.json')[0]).toContain(`\`${command}\``);
  });
});
