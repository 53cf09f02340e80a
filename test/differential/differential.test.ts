import { expect, test } from 'vitest';
import { bothSides } from './ask-both.ts';
import { differential, disagreementOn, questionsUntilNoticed } from './differential.ts';
import { randomQuestion } from './question.ts';
import { seededRandom } from './random.ts';
import { randomWorld } from './random-world.ts';
import { smallest } from './smallest.ts';

test('the judgement of access and the sandbox, which share no code, agree on random tenants', () => {
  const { smallest: found, disagreements, answers, settled, questions } = differential(5000, Number(process.env.KEYTURN_TEST_SEED));
  expect(found).toBeUndefined();
  expect(disagreements).toBe(0);
  expect(answers.granted + answers.notGranted + answers.unknown).toBe(questions);
  expect(settled).toBeGreaterThan(questions / 2);
  expect(answers.granted).toBeGreaterThan(questions / 50);
});

test('nothing is noticed of a product without a fault', () => {
  expect(questionsUntilNoticed(500, Number(process.env.KEYTURN_TEST_SEED))).toBeUndefined();
});

test('the same seed asks the same questions, another seed others', () => {
  const asked = (seed: number) => {
    const random = seededRandom(seed);
    const world = randomWorld(random);
    return JSON.stringify([world, randomQuestion(random, world)]);
  };
  expect(asked(7)).toBe(asked(7));
  expect(asked(7)).not.toBe(asked(8));
});

test('a disagreement is found, and shown with what it hangs on alone', () => {
  const random = seededRandom(5);
  for (;;) {
    const sides = bothSides(randomWorld(random));
    const question = randomQuestion(random, sides.world);
    if (question.model !== 'rbac' || sides.access(question).state !== 'granted') continue;
    // A sandbox that has lost the assignments: access goes on granting.
    const broken = { ...sides, sandbox: () => ({ allowed: false, reason: 'DeniedWithNoValidRBAC' }) };
    const { what } = disagreementOn(question, broken);
    expect(what).toMatch(/access says granted, the sandbox refuses it/);
    break;
  }
});

test('what is shown of a disagreement still is one', () => {
  const sides = bothSides(randomWorld(seededRandom(11)));
  const question = randomQuestion(seededRandom(11), sides.world);
  const found = { what: 'nothing', question, world: sides.world, access: sides.access(question), sandbox: sides.sandbox(question) };
  // They agree, so no row may be taken away.
  expect(smallest(found).world).toEqual(sides.world);
});
