import type { z } from 'zod';
import type { FindingSubject } from '../../model/finding.ts';

/** What is the case, and what to do about it. */
export interface FindingWords {
  readonly message: string;
  readonly remedy: string;
}

/** Words for each code of a part of the register, made of the facts that the code carries and of what they are about. */
export type WordsFor<Facts extends Readonly<Record<string, z.ZodType>>> = {
  readonly [Code in keyof Facts]: (facts: z.infer<Facts[Code]>, subject: FindingSubject) => FindingWords;
};

export const nothingToDo = 'nothing to do';

/** The last part of a resource id, or the text itself. */
export function lastPart(id: string): string {
  return id.slice(id.lastIndexOf('/') + 1);
}
