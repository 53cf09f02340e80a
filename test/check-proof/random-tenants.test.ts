import { expect, test } from 'vitest';
import { checkProof } from '../../src/check-proof/check-proof.ts';
import { makeProof } from '../../src/migrate/make-proof.ts';
import { verifyVault } from '../../src/migrate/verify-vault.ts';
import type { Estate } from '../../src/model/estate.ts';
import { proofFile } from '../../src/model/proof.ts';
import { read } from '../../src/model/reading.ts';
import { parseVault } from '../../src/model/vault.ts';
import { accessSources, guidOf, parsed } from '../differential/both-sides.ts';
import { seededRandom } from '../differential/random.ts';
import { randomWorld } from '../differential/random-world.ts';
import { now, tenantId, type World } from '../differential/world.ts';

function proofs(world: World) {
  const { subscription, principals, members, catalogue } = accessSources({ ...world, groupsFrom: 'members' });
  const vaults = world.vaults.map((raw) => parsed(parseVault(raw)));
  const estate: Estate = {
    cloud: 'random',
    tenantId,
    operator: { objectId: guidOf('c0000000-0000-4000-8000-000000000000'), groups: read([]) },
    readAt: now,
    subscriptions: [subscription],
    vaults: vaults.map((vault) => ({ vault, diagnosticSettings: { state: 'notAsked' } })),
    unreadable: [],
    principals,
    members,
  };
  return vaults.map((vault) => {
    const question = { estate, vault, subscription, catalogue, at: new Date(now), minimumAgeMinutes: 15 };
    return makeProof(question, verifyVault(question), undefined);
  });
}

/** Without conditions, which the checker does not judge: there every verdict has to be derivable. */
const withoutConditions = (world: World): World =>
  JSON.parse(JSON.stringify(world, (key, value: unknown) => (key === 'condition' ? undefined : value))) as World;

test('check-proof derives the verdict of every random tenant without conditions again', () => {
  const random = seededRandom(Number(process.env.KEYTURN_TEST_SEED));
  const seen = new Set<string>();
  for (let world = 0; world < 120; world += 1) {
    for (const proof of proofs(withoutConditions(randomWorld(random)))) {
      const { verdict, lines } = checkProof(proofFile.parse(JSON.parse(JSON.stringify(proof))));
      if (verdict !== 'proved' && verdict !== 'refuted') throw new Error(`${lines.join('\n')}\n${JSON.stringify(proof, undefined, 1)}`);
      expect(verdict).toBe(proof.verdict.state === 'covered' ? 'proved' : 'refuted');
      seen.add(verdict);
    }
  }
  expect([...seen].sort()).toEqual(['proved', 'refuted']);
});

test('with conditions, check-proof never calls proved what the judgement does not', () => {
  const random = seededRandom(Number(process.env.KEYTURN_TEST_SEED) + 1);
  for (let world = 0; world < 50; world += 1) {
    for (const proof of proofs(randomWorld(random))) {
      if (proof.verdict.state !== 'covered') expect(checkProof(proof).verdict).not.toBe('proved');
    }
  }
});
