import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { compareText } from '../base/compare-text.ts';
import { type Guid, parseGuid } from '../base/guid.ts';
import { type Approval, approvalNamespace, readApproval, signedText } from '../formats/approval.ts';
import { faultOfSignature } from '../local/ssh-signature.ts';
import type { ApprovalFacts, GivenApproval } from '../migrate/approval-gate.ts';
import type { Io } from './io.ts';
import type { OpenConfig } from './open-config.ts';
import type { OpenPlan } from './plan-files.ts';
import { readTextFile } from './read-text-file.ts';
import type { Session } from './session.ts';

/** Where approvals are: files that were named, or those beside the plan whose names begin like its own. */
export interface ApprovalRequest {
  readonly plan: string;
  readonly approval?: readonly string[];
}

/** `wave.json.gz` has its approvals in `wave.approval-….json`. */
function approvalStem(plan: string): string {
  return `${plan.replace(/(\.json|\.jsonl)?(\.gz)?$/i, '')}.approval`;
}

/** Beside the plan, under a name that no other approval has. */
export function approvalFile(plan: string, { approver, digest }: Approval): string {
  return `${approvalStem(plan)}-${approver.objectId.slice(0, 8)}-${digest.slice(7, 15)}.json`;
}

/** @throws KnownError APPROVAL_UNREADABLE (usage), APPROVAL_EDITED (blocked). */
export async function readApprovals(request: ApprovalRequest, io: Pick<Io, 'cwd'>): Promise<readonly NamedApproval[]> {
  const files = request.approval ?? (await approvalsBeside(request.plan, io.cwd));
  return Promise.all(
    files.map(async (file) => ({
      file,
      approval: readApproval(await readTextFile(file, io.cwd, 'the approval', 'APPROVAL_UNREADABLE'), file),
    })),
  );
}

export interface NamedApproval {
  readonly file: string;
  readonly approval: Approval;
}

async function approvalsBeside(plan: string, cwd: string): Promise<readonly string[]> {
  const folder = path.dirname(plan);
  const stem = path.basename(approvalStem(plan));
  const names = await readdir(path.resolve(cwd, folder)).catch(() => []);
  return names
    .filter((name) => name.startsWith(stem) && name.endsWith('.json'))
    .sort(compareText)
    .map((name) => path.join(folder, name));
}

/** What was approved, with signatures held against the allowed signers and, where the rules name groups, the approvers' groups read. */
export async function approvalFacts(
  plan: Pick<OpenPlan, 'vaults' | 'head'>,
  named: readonly NamedApproval[],
  { config, session, file }: { readonly config: OpenConfig; readonly session: Pick<Session, 'groupsOf'>; readonly file: string },
): Promise<ApprovalFacts> {
  const rules = [plan.head.settings.approvals, config.approvals].flatMap((rule) => rule ?? []);
  const by = new Set(rules.flatMap((rule) => (rule.by ?? []).map((id) => parseGuid(id) ?? id)));
  const asked = new Map<Guid, ReturnType<Session['groupsOf']>>();
  const groupsOf = (approver: string): ReturnType<Session['groupsOf']> | undefined => {
    const id = parseGuid(approver);
    if (id === undefined || by.size === 0 || by.has(id)) return undefined;
    const known = asked.get(id) ?? session.groupsOf(id);
    asked.set(id, known);
    return known;
  };
  const given = await Promise.all(
    named.map(async (one): Promise<GivenApproval> => {
      const groups = await groupsOf(one.approval.approver.objectId);
      const signature = await signatureOf(one.approval, config);
      return { ...one, signature, ...(groups !== undefined && { groups }) };
    }),
  );
  return {
    given,
    digests: new Map(plan.vaults.map(({ vaultId, digest }) => [vaultId, digest])),
    ...(config.approvals !== undefined && { rules: config.approvals }),
    file,
  };
}

async function signatureOf(approval: Approval, { allowedSigners }: OpenConfig): Promise<GivenApproval['signature']> {
  const { signature, approver } = approval;
  if (signature === undefined) return 'absent';
  if (allowedSigners === undefined) return 'unchecked';
  const identity = parseGuid(approver.objectId) ?? approver.objectId;
  const signed = { text: signedText(approval), namespace: approvalNamespace, identity, allowedSigners };
  const fault = await faultOfSignature(signature, signed);
  return fault === undefined ? 'good' : { bad: fault };
}
