import type { Approval } from '../formats/approval.ts';
import { plainText } from '../report/plain-text.ts';

export interface ApprovalShown {
  readonly approval: Approval;
  readonly names: readonly string[];
  readonly file: string;
  /** Whether the approver made the plan. */
  readonly self: boolean;
}

/** So many vaults are named before the rest is counted. */
const told = 10;

export function approvalText({ approval, names, file, self }: ApprovalShown): readonly string[] {
  const { approver, gains, signature, note } = approval;
  const more = names.length > told ? ` and ${names.length - told} more` : '';
  return [
    `${names.length} vault${names.length === 1 ? '' : 's'} approved: ${names.slice(0, told).join(', ')}${more}`,
    ...gains.map(({ assignmentId, principalId }) => `  accepted: what ${principalId} gains at the flip by ${assignmentId}`),
    ...(note === undefined ? [] : [`  note: ${note}`]),
    `  by ${approver.objectId} of tenant ${approver.tenantId}${signature === undefined ? '' : ', signed'}`,
    ...(self ? ['  that is who made the plan: where approvals are needed, it counts only if the config allows `selfApproval`'] : []),
    `approval written to ${file}`,
  ].map(plainText);
}

/** For `--json`. */
export function approvalDocument({ approval, file, self }: ApprovalShown): unknown {
  return { file, self, approval };
}
