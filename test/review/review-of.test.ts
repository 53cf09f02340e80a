import { expect, test } from 'vitest';
import { headOf } from '../../src/formats/plan.ts';
import { review } from '../../src/review/review.ts';
import { reviewBook } from '../../src/review/review-of.ts';
import { aDecidedWorld, decidedPlan } from '../builders/a-decided-world.ts';

const reviewed = () => {
  const plan = decidedPlan(aDecidedWorld());
  const book = reviewBook(headOf(plan), plan.digest);
  for (const vault of plan.vaults) book.add(vault);
  return book.done(plan);
};

test('is plain data of the shape that is published', () => {
  const made = reviewed();
  expect(review.parse(JSON.parse(JSON.stringify(made)))).toEqual(made);
});
