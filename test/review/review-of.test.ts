import { describe, expect, test } from 'vitest';
import type { Plan } from '../../src/formats/plan.ts';
import { answersOf } from '../../src/review/answers.ts';
import { review as schema } from '../../src/review/review.ts';
import { aDecidedWorld, decidedPlan } from '../builders/a-decided-world.ts';
import { largePlan, reviewOf } from '../builders/a-review.ts';
import { id } from '../builders/an-estate.ts';

const plan = decidedPlan(aDecidedWorld());

describe('the review of a plan', () => {
  test('is plain data of the shape that is published', () => {
    const made = reviewOf(plan);
    expect(schema.parse(JSON.parse(JSON.stringify(made)))).toEqual(made);
  });

  test('counts in its headline what its vaults hold', () => {
    const { headline, vaults, gains, losses, changes } = reviewOf(largePlan(5));
    expect(headline.vaults).toBe(5);
    expect(headline.toMake).toEqual({ assignments: vaults.flatMap(({ assign }) => assign).length, customRoles: 0, flips: 5 });
    expect(Object.values(headline.entries).reduce((sum, count) => sum + count, 0)).toBe(vaults.flatMap(({ entries }) => entries).length);
    expect(gains.every((gain) => gain.vaults === 5 && gain.principals >= 5)).toBe(true);
    expect(losses).toEqual([]);
    // Ten entries a vault, and four permission sets for two kinds of principal: the same thing stands once.
    expect(changes.length).toBeLessThan(9);
  });

  test('tells losses with the decision behind each', () => {
    const { losses, decisions, headline } = reviewOf(plan);
    expect(headline.losses.decided).toEqual({ entries: 2, vaults: 1 });
    expect(losses.map(({ kind, decision }) => [kind, decisions[decision ?? -1]?.choice])).toEqual([
      ['decided', 'objectScope'],
      ['decided', 'nameCondition'],
    ]);
  });
});

describe('what happens if nobody approves', () => {
  const told = (settings: Partial<Plan['settings']>, author?: string) => {
    const review = reviewOf({ ...plan, settings: { ...plan.settings, ...settings }, ...(author !== undefined && { author }) });
    const [vault] = review.vaults;
    if (vault === undefined) throw new Error('no vault');
    return answersOf(vault, review).unapproved[0];
  };

  test('follows from the rules that the plan was sealed with', () => {
    expect(told({})).toContain('no approval is sealed into this plan');
    expect(told({ approvals: { need: 'none' } })).toContain('no approval is sealed into this plan');
    expect(told({ approvals: { need: 'plan', count: 2, signed: true } }, id('c'))).toContain(
      `\`keyturn apply\` refuses until 2 people have approved the plan with a signature, none of them ${id('c')}, who made the plan`,
    );
    expect(told({ approvals: { need: 'vault', selfApproval: true } }, id('c'))).toMatch(
      /^`keyturn apply` refuses until 1 person has approved this vault; until then nothing is written/,
    );
  });
});
