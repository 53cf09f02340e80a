import { z } from 'zod';
import { parseGuid } from './guid.ts';

/** What rows of a decisions file have in common. The words complete a sentence that begins with the name of the member. */
export const guidWord = z
  .string()
  .refine((raw) => parseGuid(raw) !== undefined, 'is not an id such as `00000000-0000-4000-8000-000000000000`');
export const vaultWord = z.string().min(1);
/** What keyturn wrote for whoever decides; it is not read. */
export const aboutWord = z.record(z.string(), z.json());
export const reasonWord = z.string().trim().min(1, 'needs a sentence: reviewers read it').describe('Shown to reviewers of the plan.');
