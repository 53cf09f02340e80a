import { z } from 'zod';

export const word = z.string().min(1);
export const alias = word.describe('A name under `principals`, or an object id.');

const pimMember = z.strictObject({
  principal: alias,
  endsInHours: z.number().positive().exactOptional().describe('Without it, the membership has no end.'),
  activated: z.boolean().exactOptional(),
  eligible: z.boolean().exactOptional().describe('No member, but somebody who may activate a membership.'),
});
/** Who is in a group, in a scenario.json. */
export const member = z.union([alias, pimMember.describe('A membership that PIM for Groups manages.')]);

export type ScenarioMember = z.infer<typeof member>;
