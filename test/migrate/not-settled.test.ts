import { expect, test } from 'vitest';
import { objectAt } from '../../src/base/json.ts';
import { findingWords } from '../../src/words/finding-words.ts';
import { applyOne, aSimpleWorld, planOf } from '../builders/a-migration.ts';
import type { World } from '../builders/a-world.ts';

/** The vault in a state of Azure's, or in none that Azure states. */
function inState(state: string | undefined): World {
  const world = aSimpleWorld();
  for (const [key, raw] of world.vaults) {
    world.vaults.set(key, { ...raw, properties: { ...objectAt(raw, 'properties'), provisioningState: state ?? null } });
  }
  return world;
}

test.each([
  ['Azure still works on', 'Updating', 'vault `kv-app` is in state `Updating`'],
  ['does not say its state', undefined, 'Azure does not say whether vault `kv-app` is settled'],
])('a vault that %s is not written to, and the refusal says what is waited for', async (_, state, because) => {
  const world = inState(state);
  const plan = planOf(aSimpleWorld());
  const remedy = 'wait until its provisioning state is `Succeeded`, then run it again';
  expect(await applyOne(world, plan)).toMatchObject({ outcome: 'blocked', code: 'VAULT_NOT_SETTLED', because, remedy });
  expect(world.writes).toEqual([]);
});

test('a plan of a vault whose state is not stated says that the run will ask for it', () => {
  const [vault] = planOf(inState(undefined)).vaults;
  const finding = vault?.findings.find(({ code }) => code === 'INV-STATE-UNSTATED');
  if (finding === undefined) throw new Error('nothing is said of it');
  expect({ ...finding, ...findingWords(finding) }).toMatchObject({
    severity: 'note',
    remedy: expect.stringContaining('goes on only when Azure says so') as string,
  });
});
