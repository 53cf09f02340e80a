import { z } from 'zod';
import { aboutWord, guidWord, reasonWord, vaultWord } from '../base/file-words.ts';

/** A person's word on a gain that comes with the flip, by the assignment that gives it. */
export const gainRow = z.strictObject({
  assignment: z.string().min(1).describe('Id of the role assignment that takes effect at the flip, or its name, the GUID at the end.'),
  principal: guidWord.exactOptional().describe('Object id of who gains. Without it, everybody who gains by that assignment.'),
  vault: vaultWord.describe("The vault's name or resource id, or `*` for every vault."),
  reason: reasonWord,
  about: aboutWord.exactOptional().describe('What keyturn wrote for who decides; it is not read.'),
});
export type GainRow = z.infer<typeof gainRow>;

/** Whether the word names the assignment: its id or the GUID at the end of it, in any case. */
export function namesAssignment(word: string, assignmentId: string): boolean {
  const [wanted, id] = [word.trim().toLowerCase(), assignmentId.toLowerCase()];
  return id === wanted || id.slice(id.lastIndexOf('/') + 1) === wanted;
}
