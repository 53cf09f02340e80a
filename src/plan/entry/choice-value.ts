import type { EntryPlan } from '../../formats/plan.ts';
import type { RoleChoice } from '../../mapping/role-choice.ts';

const choiceValues = new WeakMap<RoleChoice, NonNullable<EntryPlan['choice']>>();

/** A choice as the plan file holds it. Thousands of entries share a handful of choices, and so their values. */
export function choiceValue(choice: RoleChoice): NonNullable<EntryPlan['choice']> {
  const known = choiceValues.get(choice);
  if (known !== undefined) return known;
  const value = {
    roles: choice.roles.map(({ id, name }) => ({ id, name })),
    covered: [...choice.covered],
    uncovered: [...choice.uncovered],
    excess: choice.excess.map(({ dataAction, tier }) => ({ dataAction, tier })),
    price: choice.price,
    controlPlane: [...choice.controlPlane],
    because: choice.because,
  };
  choiceValues.set(choice, value);
  return value;
}
