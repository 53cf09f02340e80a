import { describe, expect, test } from 'vitest';
import type { DecisionRow } from '../../src/formats/decisions.ts';
import type { Plan } from '../../src/formats/plan.ts';
import type { Estate } from '../../src/model/estate.ts';
import { buildPlan } from '../../src/plan/build-plan.ts';
import { anEstate, application, aVault, id, rawPolicy, rawVault } from '../builders/an-estate.ts';
import { catalogue } from '../builders/the-catalogue.ts';

const app = id('d', 1);
const settings = { minimumAgeMinutes: 15 };
const row: DecisionRow = { vault: 'kv-app', principal: app, choice: 'dropStorage', reason: 'nobody uses it' };

function estateWith(more: Record<string, readonly string[]> = {}): Estate {
  const vaults = ['kv-app', 'kv-two'].map((name) =>
    aVault(rawVault(name, [rawPolicy(app, { storage: ['get'], secrets: ['get'], ...more })])),
  );
  return anEstate(vaults, [application(app)]);
}

function planOf(estate: Estate, decisions: readonly DecisionRow[], earlier?: Plan): Plan {
  const known = new Map(earlier?.vaults.map((vault) => [vault.vaultId.toLowerCase(), vault]));
  return buildPlan(estate, {
    catalogue,
    decisions,
    settings,
    toolVersion: '0.1.0',
    ...(earlier !== undefined && { earlier: (scope) => known.get(scope) }),
  });
}

describe('a plan after an earlier one', () => {
  const first = planOf(estateWith(), [row]);

  test('keeps what was decided where nothing moved, so that the same facts give the same plan without the decisions file', () => {
    expect(first.vaults.map(({ state }) => state)).toEqual(['ready', 'blocked']);
    expect(planOf(estateWith(), [], first).vaults).toEqual(first.vaults);
  });

  test('follows what is decided now before what was decided then', () => {
    const again = planOf(estateWith(), [{ ...row, choice: 'drop', reason: 'gone' }], first);
    expect(again.vaults[0]?.entries[0]?.decision).toEqual({ choice: 'drop', reason: 'gone' });
  });

  test('does not keep it where facts moved, and says which', () => {
    const [vault] = planOf(estateWith({ keys: ['get'] }), [], first).vaults;
    expect(vault).toMatchObject({ state: 'blocked' });
    expect(vault?.findings).toContainEqual(
      expect.objectContaining({
        severity: 'warning',
        code: 'PLN-DECISION-MOVED',
        facts: { fields: expect.arrayContaining(['accessPolicies']) as string[] },
      }),
    );
    expect(vault?.entries.some(({ decision }) => decision !== undefined)).toBe(false);
  });

  test('does not keep what can no longer be carried out', () => {
    const impossible = {
      ...first,
      vaults: first.vaults.map((vault) => ({
        ...vault,
        entries: vault.entries.map((entry) => ({
          ...entry,
          ...(entry.decision !== undefined && { decision: { choice: 'narrow' as const, keep: ['keys/get'], reason: 'x' } }),
        })),
      })),
    };
    const [vault] = planOf(estateWith(), [], impossible).vaults;
    expect(vault?.findings).toContainEqual(expect.objectContaining({ code: 'PLN-DECISION-MOVED', facts: { fields: [] } }));
  });
});
