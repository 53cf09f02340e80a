import { z } from 'zod';
import { guidWord } from '../base/file-words.ts';

/** Who has to approve a plan before anything of it is carried out: from the config, and sealed into every plan that is made with it. */
export const approvalRules = z
  .strictObject({
    need: z
      .enum(['none', 'plan', 'vault'])
      .describe(
        'plan: somebody approves all vaults of the plan as they are. vault: each vault is approved by itself. none: no approval is needed.',
      ),
    count: z.number().int().min(1).max(20).exactOptional().describe('How many people have to approve; 1 where it is left out.'),
    by: z
      .array(guidWord)
      .min(1)
      .exactOptional()
      .describe('Object ids of those who may approve, or of groups that they are members of; anybody in the tenant where it is left out.'),
    signed: z.literal(true).exactOptional().describe('Only approvals with an SSH signature of an allowed signer count.'),
    selfApproval: z.literal(true).exactOptional().describe('Who made the plan may approve it as well.'),
  })
  .describe('Who has to approve.');
export type ApprovalRules = z.infer<typeof approvalRules>;
