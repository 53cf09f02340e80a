import { expect, test } from 'vitest';
import { checkProof } from '../../src/check-proof/check-proof.ts';
import type { Proof } from '../../src/formats/proof.ts';
import { applyOne, aSimpleWorld, planOf } from '../builders/a-migration.ts';

test('a proof with a lone surrogate, which has no digest at all, was changed after it was written', async () => {
  const world = aSimpleWorld();
  await applyOne(world, planOf(world));
  const proof = world.proofs.values().next().value as Proof;
  expect(checkProof(proof).verdict).toBe('proved');
  expect(checkProof({ ...proof, cloud: '\ud800' }).verdict).toBe('edited');
});
