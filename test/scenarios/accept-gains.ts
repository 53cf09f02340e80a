import { expect } from 'vitest';
import { openGains } from '../../src/plan/open-gains.ts';
import type { OpenScenario } from './open-scenario.ts';
import { planIn } from './plan-in.ts';

/** Accepts by name whatever takes effect at the flip, as a person does who has looked at the plan. */
export async function acceptGains(scenario: OpenScenario): Promise<void> {
  const { vaults } = await planIn(scenario.folder);
  const names = new Set(vaults.flatMap((vault) => openGains(vault).map(({ assignmentId }) => assignmentId)));
  expect(names.size).toBeGreaterThan(0);
  const approved = await scenario.keyturn('approve', 'keyturn-plan.json', ...[...names].flatMap((name) => ['--accept-gain', name]));
  expect(approved.code, approved.stderr).toBe(0);
}
