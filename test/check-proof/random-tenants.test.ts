import { expect, test } from 'vitest';
import { requiredDataActions } from '../../src/access/required-data-actions.ts';
import { checkProof } from '../../src/check-proof/check-proof.ts';
import type { EntryPlan, VaultPlan } from '../../src/formats/plan.ts';
import { proofFile } from '../../src/formats/proof.ts';
import { nameCondition } from '../../src/mapping/name-condition.ts';
import { uniteEntries } from '../../src/mapping/unite-entries.ts';
import { parseVault, type Vault } from '../../src/model/vault.ts';
import { makeProof } from '../../src/verify/make-proof.ts';
import { verifyVault } from '../../src/verify/verify-vault.ts';
import { accessSources, catalogue, parsed, randomEstate } from '../differential/both-sides.ts';
import { type Random, seededRandom } from '../differential/random.ts';
import { randomWorld } from '../differential/random-world.ts';
import { collections, now, objectNames, type World } from '../differential/world.ts';

function proofs(world: World, planFor?: (vault: Vault) => VaultPlan) {
  const sources = accessSources({ ...world, groupsFrom: 'members' });
  const vaults = world.vaults.map((raw) => parsed(parseVault(raw)));
  const estate = randomEstate(sources, vaults);
  return vaults.map((vault) => {
    const plan = planFor === undefined ? {} : { plan: planFor(vault) };
    const question = { estate, vault, subscription: sources.subscription, catalogue, at: new Date(now), minimumAgeMinutes: 15, ...plan };
    return makeProof(question, verifyVault(question), planFor === undefined ? undefined : 'sha256:0');
  });
}

/** A plan that limits most entries to objects, in spellings that may not be those of any condition, and gives up the rest. */
function limiting(vault: Vault, random: Random): VaultPlan {
  const entries = uniteEntries(vault.accessPolicies).flatMap((policy): readonly EntryPlan[] => {
    const required = [...requiredDataActions(policy, catalogue).required];
    if (random.chance(20)) return [];
    const objects = random.times(0, 3, () => {
      const [collection, name] = [random.pick(['secrets', ...collections]), random.pick(objectNames)];
      const dataActions = required.filter((action) => action.startsWith(`Microsoft.KeyVault/vaults/${collection}/`) && random.chance(40));
      return { object: `${collection}/${random.chance(30) ? random.odd(name) : name}`, dataActions, roles: [], excess: [] };
    });
    const dropped = required.filter(() => random.chance(95));
    const { tenantId: tenant, objectId, permissions } = policy;
    const words = {
      keys: [...permissions.keys],
      secrets: [...permissions.secrets],
      certificates: [...permissions.certificates],
      storage: [...permissions.storage],
    };
    const compound = policy.applicationId === undefined ? {} : { applicationId: policy.applicationId };
    const principal = { kind: 'user', displayName: '' };
    return [{ tenantId: tenant, objectId, ...compound, principal, permissions: words, required, outcome: 'reproduce', dropped, objects }];
  });
  const basis = { fingerprint: '', fields: {} };
  return { vaultId: vault.id, name: vault.name, state: 'ready', basis, entries, gains: [], findings: [], steps: [] };
}

/** Without conditions, which the checker does not judge: there every verdict has to be derivable. */
const withoutConditions = (world: World): World =>
  JSON.parse(
    JSON.stringify(world, (key, value: unknown) => (key.startsWith('condition') ? (key === 'conditions' ? value : undefined) : value)),
  ) as World;

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

/** Every condition asks for no more than actions and names of secrets: as keyturn writes them, and as people do. */
function withNames(world: World, random: Random): World {
  const secrets = catalogue.dataActions.map(({ name }) => name).filter((name) => name.includes('/vaults/secrets/'));
  const one = (): string => {
    const names = random.times(1, 3, () => random.odd(random.pick(objectNames)));
    const attribute = random.pick(['@Resource', '@Request']) + '[Microsoft.KeyVault/vaults/secrets:name]';
    const operator = random.pick(['StringEquals', 'StringNotEquals', 'StringEqualsIgnoreCase']);
    const more = random.pick([
      `StringStartsWith 'app-'`,
      `StringLike '*s1*'`,
      `${operator} '${names.join('')}'`,
      `${operator} '${names[0] ?? ''}'`,
    ]);
    return random.chance(60)
      ? nameCondition(
          names,
          random.times(1, 9, () => random.pick(secrets)),
        )
      : `${attribute} ${more}`;
  };
  return JSON.parse(JSON.stringify(world, (key, value: unknown) => (key === 'condition' ? one() : value))) as World;
}

test('EA-39..41: what is demanded of single objects, and conditions on names and actions, are derived as the judgement derives them', () => {
  const random = seededRandom(Number(process.env.KEYTURN_TEST_SEED) + 2);
  const seen = new Set<string>();
  for (let world = 0; world < 150; world += 1) {
    for (const proof of proofs(withNames(randomWorld(random), random), (vault) => limiting(vault, random))) {
      const facts = JSON.stringify(proof.facts);
      // Conditions inside built-in roles are the catalogue's, and speak of other things.
      if (facts.includes('"other":')) continue;
      const { verdict, lines } = checkProof(proofFile.parse(JSON.parse(JSON.stringify(proof))));
      const right = proof.verdict.state === 'covered' ? 'proved' : 'refuted';
      if (verdict !== right) throw new Error(`${verdict}: ${lines.join('\n')}\n${JSON.stringify(proof, undefined, 1)}`);
      seen.add(`${verdict} ${facts.includes('"nameIs":') ? 'by names' : 'by nothing else'}`);
    }
  }
  expect([...seen].sort()).toEqual(['proved by names', 'proved by nothing else', 'refuted by names', 'refuted by nothing else']);
});

/** A plan that counts for most entries what the principal has through groups. */
function keeping(vault: Vault, random: Random): VaultPlan {
  const plan = limiting(vault, random);
  const decision = { choice: 'keepExisting' as const, reason: 'by chance' };
  const entries = plan.entries.map((entry): EntryPlan => {
    const dropped = entry.required.filter(() => random.chance(60));
    return { ...entry, objects: [], outcome: 'alreadyCovered', dropped, ...(random.chance(80) && { decision }) };
  });
  return { ...plan, entries };
}

function endingOften(world: World, random: Random): World {
  const ending = () => world.people.map(({ id }) => id).filter(() => random.chance(30));
  return { ...world, people: world.people.map((one) => (one.kind === 'group' ? { ...one, ending: ending() } : one)) };
}

test('EA-53, EA-61: cover by groups, where a decision counts it, is derived as the judgement derives it, and none by a membership that ends', () => {
  const random = seededRandom(Number(process.env.KEYTURN_TEST_SEED) + 4);
  const seen = new Set<string>();
  for (let world = 0; world < 150; world += 1) {
    for (const proof of proofs(endingOften(withoutConditions(randomWorld(random)), random), (vault) => keeping(vault, random))) {
      const { verdict, lines } = checkProof(proofFile.parse(JSON.parse(JSON.stringify(proof))));
      const right = proof.verdict.state === 'covered' ? 'proved' : 'refuted';
      if (verdict !== right) throw new Error(`${verdict}: ${lines.join('\n')}\n${JSON.stringify(proof, undefined, 1)}`);
      for (const pair of proof.verdict.pairs) {
        if (pair.by.some(({ throughGroup }) => throughGroup !== undefined)) seen.add('covered through a group');
        if (pair.because.includes('when PIM for Groups ends')) seen.add('a membership that ends');
      }
    }
  }
  expect([...seen].sort()).toEqual(['a membership that ends', 'covered through a group']);
});
