import path from 'node:path';
import { KnownError } from '../base/known-error.ts';
import { type Approval, type ApprovalBody, sealApproval } from '../formats/approval.ts';
import type { Plan } from '../formats/plan.ts';
import { encodePlan, sealReader } from '../formats/plan-file.ts';
import { writeOutput } from '../local/output-file.ts';
import { type ApprovalFacts, approvalGate } from '../migrate/approval-gate.ts';
import { approvalFile } from './approval-files.ts';
import type { Io } from './io.ts';
import { jsonDocument } from './output/json.ts';
import type { Session } from './session.ts';
import { version } from './version.ts';

/**
 * The approval of who carries out a guided migration, of the plan that is on the screen.
 * @returns what there is to know of it; or, in words, why it is not enough.
 */
export function approveOnScreen(plan: Plan, session: Pick<Session, 'place' | 'operatorId' | 'clock'>): ApprovalFacts | string {
  const digests = lineDigests(plan);
  if ((plan.settings.approvals?.need ?? 'none') === 'none') return { given: [], digests };
  const body: ApprovalBody = {
    format: 'keyturn-approval',
    formatVersion: 1,
    toolVersion: version,
    ...session.place,
    plan: { digest: plan.digest, ...(plan.author !== undefined && { author: plan.author }) },
    vaults: [...digests].map(([vaultId, digest]) => ({ vaultId, digest })),
    gains: [],
    approver: { objectId: session.operatorId, tenantId: session.place.tenantId, knownBy: 'token' },
    at: session.clock.now().toISOString(),
  };
  const facts: ApprovalFacts = { given: [{ approval: sealApproval(body), file: 'this run', signature: 'absent' }], digests };
  try {
    const gate = approvalGate(plan, facts);
    for (const vault of plan.vaults) gate.assertApproved(vault);
    return facts;
  } catch (error) {
    if (error instanceof KnownError) return error.message;
    throw error;
  }
}

/** Leaves the approval beside the plan, for who goes on with it. */
export async function keepApproval(facts: ApprovalFacts, plan: string, io: Pick<Io, 'cwd'>): Promise<ApprovalFacts> {
  for (const { approval } of facts.given) await writeApproval(approval, approvalFile(plan, approval), io);
  return facts;
}

export async function writeApproval(approval: Approval, file: string, io: Pick<Io, 'cwd'>): Promise<void> {
  await writeOutput(path.resolve(io.cwd, file), jsonDocument(approval).join(''), 0o644);
}

function lineDigests(plan: Plan): ReadonlyMap<string, string> {
  const reader = sealReader();
  for (const line of encodePlan(plan).trimEnd().split('\n')) reader.push(line);
  return new Map(reader.done().vaults.map(({ vaultId, digest }) => [vaultId, digest]));
}
