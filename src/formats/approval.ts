import { z } from 'zod';
import { canonicalJson, digestOf, digestOrNone } from '../base/canonical-json.ts';
import { guidWord } from '../base/file-words.ts';
import { KnownError } from '../base/known-error.ts';
import { parseUntrusted } from '../base/untrusted-json.ts';

const approvedVault = z.strictObject({
  vaultId: z.string(),
  digest: z
    .string()
    .regex(/^[0-9a-f]{64}$/)
    .describe("SHA-256 of the vault's line in the plan, in hex: of what was approved, and of nothing else."),
});
const acceptedGain = z.strictObject({ assignmentId: z.string().min(1), principalId: z.string().min(1) });

const approvalBody = z.strictObject({
  format: z.literal('keyturn-approval'),
  formatVersion: z.literal(1),
  toolVersion: z.string(),
  cloud: z.string(),
  tenantId: z.string(),
  plan: z
    .strictObject({ digest: z.string(), author: guidWord.exactOptional() })
    .describe('The plan that was looked at, and who made it. A later plan keeps the approval of each vault whose line did not move.'),
  vaults: z.array(approvedVault).min(1),
  gains: z.array(acceptedGain).describe('Gains at the flip that are accepted by name, at these vaults.'),
  approver: z.strictObject({
    objectId: guidWord,
    tenantId: guidWord,
    knownBy: z.literal('token').describe('From the claims of the sign-in token.'),
  }),
  at: z.iso.datetime(),
  note: z.string().min(1).max(2_000).exactOptional(),
});

/** An approval of vaults of a plan by one person, version 1. */
export const approvalFile = approvalBody.extend({
  digest: z.string().describe('SHA-256 over the canonical form of the rest but the signature.'),
  signature: z
    .string()
    .exactOptional()
    .describe('Of `ssh-keygen -Y sign`, namespace keyturn-approval, over the canonical form of the rest but the digest.'),
});
export type Approval = z.infer<typeof approvalFile>;
export type ApprovalBody = z.infer<typeof approvalBody>;

export const approvalNamespace = 'keyturn-approval';

/** The bytes that a signature is over. */
export function signedText(approval: ApprovalBody & Partial<Approval>): string {
  return canonicalJson({ ...approval, digest: undefined, signature: undefined });
}

export function sealApproval(body: ApprovalBody, signature?: string): Approval {
  const clean = approvalBody.parse(body);
  return { ...clean, digest: digestOf(clean), ...(signature !== undefined && { signature }) };
}

const remedy = 'have it approved again with `keyturn approve PLAN`';

/**
 * @param file how the person called it.
 * @throws KnownError APPROVAL_UNREADABLE (usage), APPROVAL_EDITED (blocked).
 */
export function readApproval(text: string, file: string): Approval {
  const what = `the approval \`${file}\``;
  const code = 'APPROVAL_UNREADABLE';
  const value = parseUntrusted(text, { what, code, remedy, limit: 64 * 1024 * 1024 });
  if (value.format !== 'keyturn-approval' || value.formatVersion !== 1)
    throw new KnownError('usage', code, `${what} cannot be read: it is not an approval of format version 1`, remedy);
  const { digest, ...rest } = value;
  if (digest !== digestOrNone({ ...rest, signature: undefined }))
    throw new KnownError('blocked', 'APPROVAL_EDITED', `${what} was changed after it was written`, remedy);
  const parsed = approvalFile.safeParse(value);
  if (parsed.success) return parsed.data;
  const where = parsed.error.issues[0]?.path.join('.') ?? '';
  throw new KnownError('usage', code, `${what} cannot be read: \`${where}\` is not valid in format version 1`, remedy);
}
