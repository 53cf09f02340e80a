import { beforeAll, describe, expect, test } from 'vitest';
import { digestOf } from '../../src/base/canonical-json.ts';
import { checkProof } from '../../src/check-proof/check-proof.ts';
import { type Proof, proofFile } from '../../src/formats/proof.ts';
import { aDecidedWorld, billing, decidedPlan, orders } from '../builders/a-decided-world.ts';
import { apply } from '../builders/a-migration.ts';
import { aVault, rawVault } from '../builders/an-estate.ts';

type Draft = { -readonly [K in keyof Proof]: Proof[K] };

let proof: Proof;
beforeAll(async () => {
  const world = aDecidedWorld();
  await apply(world, decidedPlan(world));
  proof = proofFile.parse(world.proofs.get(aVault(rawVault('kv-one', [])).scope));
});

/** Changes the proof's text and seals all of it again, as somebody could who wants it to say something else. */
function forged(change: (text: string) => string): Proof {
  const text = JSON.stringify(proof);
  const changed = change(text);
  expect(changed).not.toBe(text);
  return sealed(proofFile.parse(JSON.parse(changed)));
}

function sealed(value: Draft): Proof {
  const fingerprints = Object.fromEntries(Object.entries(value.facts).map(([name, fact]) => [name, digestOf(fact)]));
  const whole = { ...value, fingerprints };
  return { ...whole, digest: digestOf({ ...whole, digest: undefined }) };
}

/** Changes what the plan decided for one principal. */
function decidedElse(principal: string, change: (decision: NonNullable<Proof['plan']>['decisions'][number]) => object): Proof {
  const { plan } = proof;
  if (plan === null) throw new Error('the proof has a plan');
  const decisions = plan.decisions.map((one) => (one.key.endsWith(principal) ? { ...one, ...change(one) } : one));
  return sealed(proofFile.parse({ ...proof, plan: { ...plan, decisions } }));
}

const verdict = (value: Proof) => checkProof(value).verdict;

describe('a proof of access that is limited to objects', () => {
  test('holds the objects, the names of the condition, and nothing that it could not judge; and it is proved', () => {
    expect(checkProof(proof)).toEqual({ verdict: 'proved', lines: [] });
    expect(JSON.stringify(proof.facts)).toContain('"nameIs":["Billing-Key"],"of":"resource"');
    expect(JSON.stringify(proof.facts)).toContain('"nameIs":["Billing-Key"],"of":"request"');
    expect(JSON.stringify(proof.facts.roleAssignments)).not.toContain('"other"');
    const objects = proof.plan?.decisions.flatMap((decision) => decision.objects ?? []);
    expect(objects?.map(({ resource }) => resource.name)).toEqual(['orders-db', 'Billing-Key']);
    expect(sealed(proof)).toEqual(proof);
  });

  test.each<[string, (text: string) => string]>([
    ['other names', (text) => text.replaceAll('"nameIs":["Billing-Key"]', '"nameIs":["Payments"]')],
    ['names in another letter case: EA-41', (text) => text.replaceAll('"nameIs":["Billing-Key"]', '"nameIs":["billing-key"]')],
    ['no names', (text) => text.replaceAll('"nameIs":["Billing-Key"]', '"nameIs":[]')],
    ['names in the request where they stand in the resource', (text) => text.replaceAll('"of":"resource"', '"of":"request"')],
    ['something that cannot be judged', (text) => text.replaceAll(/\{"nameIs":\["Billing-Key"\],"of":"\w+"\}/g, '{"other":"a tag"}')],
  ])('is wrong when the condition was made to ask for %s', (_, change) => {
    expect(verdict(forged(change))).toBe('wrong');
  });

  test('is wrong when the assignment was moved to another object', () => {
    expect(verdict(forged((text) => text.replaceAll('/secrets/orders-db"', '/secrets/payments-db"')))).toBe('wrong');
  });

  test('EA-41: is wrong when what is demanded, or what is said to be covered, is spelled in another letter case', () => {
    const [inPlan, inPairs] = [/("plan":\{.*?)"Billing-Key"/, /("pairs":\[.*?)"Billing-Key"/];
    for (const where of [inPlan, inPairs]) expect(verdict(forged((text) => text.replace(where, '$1"billing-key"')))).toBe('wrong');
  });

  test.each<[string, string, (decision: NonNullable<Proof['plan']>['decisions'][number]) => object]>([
    [
      'an object was added',
      orders,
      ({ objects = [] }) => ({
        objects: [...objects, { ...objects[0], resource: { kind: 'object', collection: 'secrets', name: 'more' } }],
      }),
    ],
    ['an object was taken out', orders, () => ({ objects: [] })],
    [
      'an object got another name',
      billing,
      ({ objects = [] }) => ({ objects: objects.map((one) => ({ ...one, resource: { ...one.resource, name: 'x' } })) }),
    ],
    [
      'an object got another kind',
      orders,
      ({ objects = [] }) => ({ objects: objects.map((one) => ({ ...one, resource: { ...one.resource, collection: 'keys' } })) }),
    ],
    [
      'less is demanded of an object',
      billing,
      ({ objects = [] }) => ({ objects: objects.map((one) => ({ ...one, dataActions: one.dataActions.slice(1) })) }),
    ],
    ['nothing is given up any more', billing, () => ({ dropped: [] })],
    ['something else is given up', orders, () => ({ dropped: ['Microsoft.KeyVault/vaults/secrets/readMetadata/action'] })],
    [
      'the list is given up too',
      billing,
      ({ dropped }) => ({ dropped: [...dropped, 'Microsoft.KeyVault/vaults/secrets/readMetadata/action'] }),
    ],
  ])('is wrong when in the decision %s', (_, who, change) => {
    expect(verdict(decidedElse(who, change))).toBe('wrong');
  });
});
