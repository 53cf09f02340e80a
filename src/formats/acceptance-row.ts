import { z } from 'zod';
import { aboutWord, guidWord, reasonWord, vaultWord } from '../base/file-words.ts';
import type { FindingCode } from '../model/finding-facts.ts';

/** Blockers that a person may lift by a named decision. What they stop is a risk to weigh, not access that would be lost. */
export const acceptableFindings = [
  'INV-POLICY-DENIES-ROLLBACK',
  'MAP-ROLE-DRIFT',
  'PLN-OBJECTS-UNREAD',
] as const satisfies readonly FindingCode[];

export const acceptanceRow = z.strictObject({
  finding: z
    .enum(acceptableFindings, {
      error: ({ input }) =>
        input === undefined
          ? 'is missing'
          : `is \`${typeof input === 'string' ? input : typeof input}\`, which cannot be accepted; ${acceptableFindings.join(', ')} can be`,
    })
    .describe('The code of the finding to accept.'),
  vault: vaultWord.describe("The vault's name or resource id, or `*` for every vault."),
  principal: guidWord.exactOptional().describe('Object id: only where the finding is about this principal. Without it, about whomever.'),
  reason: reasonWord,
  about: aboutWord.exactOptional().describe('What keyturn wrote for who decides; it is not read.'),
});
export type AcceptanceRow = z.infer<typeof acceptanceRow>;
