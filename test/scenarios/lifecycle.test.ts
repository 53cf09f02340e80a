import { readdirSync } from 'node:fs';
import { afterEach, expect, test } from 'vitest';
import { canonicalJson } from '../../src/base/canonical-json.ts';
import { expectedVaults, type OpenScenario, openScenario, scenariosFolder } from './open-scenario.ts';
import { planIn } from './plan-in.ts';

const names = readdirSync(scenariosFolder).sort();
const open: OpenScenario[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((scenario) => scenario.close()));
});
const start = async (name: string): Promise<OpenScenario> => {
  const scenario = await openScenario(name);
  open.push(scenario);
  return scenario;
};

const planOf = ({ folder }: OpenScenario) => planIn(folder);

/** Vaults that are on Azure RBAC now. */
function onRbac(scenario: OpenScenario): ReadonlySet<string> {
  const vaults = Object.values((JSON.parse(scenario.state()) as { vaults: Record<string, { name: string; properties: object }> }).vaults);
  return new Set(
    vaults
      .filter(({ properties }) => (properties as { enableRbacAuthorization?: unknown }).enableRbacAuthorization === true)
      .map(({ name }) => name),
  );
}

test('there are scenarios', () => {
  expect(names.length).toBeGreaterThanOrEqual(6);
});

/** A flag that was never set cannot be unset again through the API: it comes back as false, which means the same. */
function withFlags(state: string): string {
  const { vaults, ...rest } = JSON.parse(state) as { vaults: Record<string, { properties: object }> };
  const set = Object.entries(vaults).map(
    ([key, vault]) => [key, { ...vault, properties: { enableRbacAuthorization: false, ...vault.properties } }] as const,
  );
  return canonicalJson({ ...rest, vaults: Object.fromEntries(set) });
}

const words: Readonly<Record<string, string>> = { migrates: 'ready', refused: 'blocked', alreadyOnRbac: 'alreadyOnRbac' };

async function plan(scenario: OpenScenario, expected: Readonly<Record<string, string>>): Promise<void> {
  const before = scenario.state();
  const planned = await scenario.keyturn('plan', ...scenario.decisions);
  expect(planned.code, planned.stderr).toBe(Object.values(expected).includes('refused') ? 3 : 0);
  expect(scenario.state(), 'planning writes nothing').toBe(before);
  const states = Object.fromEntries((await planOf(scenario)).vaults.map((vault) => [vault.name, vault.state]));
  expect(states).toEqual(Object.fromEntries(Object.entries(expected).map(([vault, fate]) => [vault, words[fate] ?? fate])));
}

test.each(names)(
  '%s: goes there, comes back byte for byte and goes there again, and no workload is refused',
  { timeout: 600_000 },
  async (name) => {
    const scenario = await start(name);
    const expected = await expectedVaults(name);
    const firm = Object.keys(expected).filter((vault) => expected[vault] !== 'refused');
    const some = Object.values(expected).includes('refused') ? 3 : 0;
    await plan(scenario, expected);
    let before = scenario.state();
    for (const round of ['first', 'second']) {
      const applied = await scenario.keyturnUnderLoad('apply', 'keyturn-plan.json', '--yes');
      expect(applied.code, `${round} apply: ${applied.stdout}${applied.stderr}`).toBe(some);
      expect([...applied.tally.refusals], `${round} apply`).toEqual([]);
      expect(applied.tally.ok).toBeGreaterThan(0);
      expect([...onRbac(scenario)].sort()).toEqual(firm.sort());

      const back = await scenario.keyturnUnderLoad('rollback', 'keyturn-plan.json', '--yes', '--remove-assignments');
      expect([...back.tally.refusals], `${round} rollback`).toEqual([]);
      if (back.code === 1 && back.stdout.includes('ScopeLocked')) {
        // A lock against deletion: the vault is back, our assignments are not gone before an administrator lifts the lock.
        expect(scenario.removeDeletionLocks()).toBeGreaterThan(0);
        const again = await scenario.keyturnUnderLoad('rollback', 'keyturn-plan.json', '--yes', '--remove-assignments');
        expect(again.code, again.stdout).toBe(0);
        const { locks } = JSON.parse(scenario.state()) as { locks: unknown };
        const restored = withFlags(canonicalJson({ ...(JSON.parse(before) as object), locks }));
        expect(scenario.state(), `${round} rollback restores everything but the lock`).toBe(restored);
        await plan(scenario, expected);
        before = scenario.state();
      } else {
        expect(back.code, `${round} rollback: ${back.stdout}${back.stderr}`).toBe(0);
        expect(scenario.state(), `${round} rollback restores everything`).toBe(withFlags(before));
      }
    }
    expect(scenario.sandbox.denials()).toEqual([]);
    expect(scenario.sandbox.refusedAsks()).toEqual([]);
  },
);
