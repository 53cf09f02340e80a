import { z } from 'zod';

const names = z.array(z.string()).readonly();
const count = z.number().int().min(0);

/** Why these roles were chosen and no narrower ones: a kind and its parameters, never a sentence. `src/words/choice-words.ts` makes the words. */
export const choiceReason = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('nothingAsked') }),
  z.strictObject({ kind: z.literal('nothingKnown').describe('Of what the entry asks for, nothing has a known meaning.') }),
  z.strictObject({ kind: z.literal('heldAlready') }),
  z.strictObject({
    kind: z.literal('exact'),
    roles: names,
    whole: z.boolean().describe('Of all that the entry asks for; of what can be covered where it is false.'),
  }),
  z.strictObject({
    kind: z.literal('narrowest'),
    roles: names,
    whole: z.boolean(),
    fewest: z.boolean().describe('A decision asked for few roles before a narrow one.'),
    heavy: names.describe('Data actions above tier C that come with the roles, riskiest first.'),
    settings: count.describe('How many of tier C come with them.'),
    metadata: count.describe('How many of tier D come with them.'),
  }),
  z.strictObject({ kind: z.literal('noneGives'), dataActions: names }),
  z.strictObject({ kind: z.literal('idle'), dataActions: names.describe('What comes with the roles and can do nothing in this vault.') }),
  z.strictObject({ kind: z.literal('storageLeft') }),
  z.strictObject({ kind: z.literal('customRole'), role: z.string(), dataActions: names }),
  z.strictObject({ kind: z.literal('namedSecretsOnly') }),
  z.strictObject({ kind: z.literal('objectOnly'), object: z.string().describe('As `secrets/name`.') }),
]);

export type ChoiceReason = z.infer<typeof choiceReason>;
