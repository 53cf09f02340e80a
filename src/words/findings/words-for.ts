import type { z } from 'zod';

/** What is the case, and what to do about it. */
export interface FindingWords {
  readonly message: string;
  readonly remedy: string;
}

/** Words for each code of a part of the register, made of the facts that the code carries. */
export type WordsFor<Facts extends Readonly<Record<string, z.ZodType>>> = {
  readonly [Code in keyof Facts]: (facts: z.infer<Facts[Code]>) => FindingWords;
};

export const nothingToDo = 'nothing to do';

export const asSaid = (facts: FindingWords): FindingWords => facts;
