import path from 'node:path';
import { exitCode, KnownError } from '../../base/known-error.ts';
import { type Approval, type ApprovalBody, approvalNamespace, sealApproval, signedText } from '../../formats/approval.ts';
import { namesAssignment } from '../../formats/gain-row.ts';
import type { PlannedGain, VaultPlan } from '../../formats/plan.ts';
import { assertSameTenant } from '../../formats/plan-file.ts';
import { signWithSsh } from '../../local/ssh-signature.ts';
import { namedVaults } from '../../plan/named-vaults.ts';
import { gainKey, type NamedGain, openGains } from '../../plan/open-gains.ts';
import { draftOf } from '../approval-draft.ts';
import { approvalFile } from '../approval-files.ts';
import { writeApproval } from '../approve-on-screen.ts';
import type { Io } from '../io.ts';
import { afterApprove } from '../next-steps.ts';
import type { CommonOptions } from '../options.ts';
import { show } from '../output/show.ts';
import { type OpenPlan, openPlan } from '../plan-files.ts';
import { openSession, type Session } from '../session.ts';
import { version } from '../version.ts';
import { viewOf } from '../view.ts';

export interface ApproveRequest extends CommonOptions {
  readonly plan: string;
  /** Vaults of the plan by name or id; all of them where nothing is given. */
  readonly vault?: readonly string[];
  /** Assignments whose gains at the flip are accepted. */
  readonly acceptGain?: readonly string[];
  /** The same, with who gains by them alone. */
  readonly gains?: readonly NamedGain[];
  readonly note?: string;
  /** A private SSH key, or a public one whose private one an agent holds. */
  readonly sign?: string;
  /** What somebody chose on the page of a review. */
  readonly from?: string;
  readonly output?: string;
}

/**
 * Writes that whoever is signed in approves vaults of a plan as they are in the file. Nothing in Azure changes.
 * @throws KnownError VAULT_NOT_PLANNED, GAIN_UNKNOWN, SIGNATURE_FAILED (usage), PLAN_TENANT (blocked).
 */
export async function approveCommand(asked: ApproveRequest, io: Io): Promise<number> {
  const plan = await openPlan(asked.plan, io.cwd);
  const request = asked.from === undefined ? asked : { ...asked, ...(await draftOf(asked.from, plan, io)) };
  const chosen = request.vault === undefined ? plan.vaults : namedVaults(plan.vaults, request.vault);
  if (chosen.length === 0) throw new KnownError('usage', 'PLAN_EMPTY', 'the plan has no vaults', 'run `keyturn plan` with vaults');
  const gains = await gainsOf(plan, chosen, request);
  const session = await openSession(request, 'read', io);
  assertSameTenant(plan.head, session.place);
  const approval = await signed(bodyOf(plan, chosen, gains, { request, session }), request, io);
  const file = request.output ?? approvalFile(request.plan, approval);
  await writeApproval(approval, file, io);
  await show(
    'approval',
    { approval, names: chosen.map(({ name }) => name), file, self: plan.head.author === session.operatorId },
    request,
    io,
  );
  for (const line of afterApprove(request.plan, request.output)) viewOf(request, io).note(line);
  return exitCode.done;
}

type Chosen = OpenPlan['vaults'];

/** The gains to accept, each once. @throws KnownError GAIN_UNKNOWN (usage). */
async function gainsOf(
  plan: OpenPlan,
  chosen: Chosen,
  { acceptGain: words = [], gains: pairs = [] }: Pick<ApproveRequest, 'acceptGain' | 'gains'>,
): Promise<ApprovalBody['gains']> {
  if (words.length + pairs.length === 0) return [];
  const open = new Map<string, PlannedGain>();
  for await (const vault of plan.read(new Set(chosen.map(({ vaultId }) => vaultId))))
    for (const gain of gainsIn(vault)) open.set(gainKey(gain), gain);
  const all = [...open.values()];
  const unknown =
    words.find((word) => !all.some(({ assignmentId }) => namesAssignment(word, assignmentId))) ??
    pairs.find((pair) => !open.has(gainKey(pair)))?.assignmentId;
  if (unknown !== undefined) throw unknownGain(unknown, all);
  const keys = new Set(pairs.map(gainKey));
  const named = all.filter((gain) => keys.has(gainKey(gain)) || words.some((word) => namesAssignment(word, gain.assignmentId)));
  return named.map(({ assignmentId, principalId }) => ({ assignmentId, principalId }));
}

const gainsIn = (vault: VaultPlan): readonly PlannedGain[] => openGains({ ...vault, acceptedGains: [] });

function unknownGain(word: string, all: readonly PlannedGain[]): KnownError {
  const ids = [...new Set(all.map(({ assignmentId }) => assignmentId))];
  const remedy =
    ids.length === 0 ? 'leave `--accept-gain` out' : `name one of these: ${ids.slice(0, 5).join(', ')}${ids.length > 5 ? ', …' : ''}`;
  const message = `no gain at the approved vaults has to be accepted by assignment \`${word}\``;
  return new KnownError('usage', 'GAIN_UNKNOWN', message, remedy);
}

interface By {
  readonly request: Pick<ApproveRequest, 'note'>;
  readonly session: Pick<Session, 'place' | 'operatorId' | 'clock'>;
}

function bodyOf({ digest, head }: OpenPlan, chosen: Chosen, gains: ApprovalBody['gains'], { request, session }: By): ApprovalBody {
  const note = request.note?.toWellFormed().trim() ?? '';
  return {
    format: 'keyturn-approval',
    formatVersion: 1,
    toolVersion: version,
    ...session.place,
    plan: { digest, ...(head.author !== undefined && { author: head.author }) },
    vaults: chosen.map(({ vaultId, digest: line }) => ({ vaultId, digest: line })),
    gains,
    approver: { objectId: session.operatorId, tenantId: session.place.tenantId, knownBy: 'token' },
    at: session.clock.now().toISOString(),
    ...(note !== '' && { note }),
  };
}

async function signed(body: ApprovalBody, { sign }: ApproveRequest, io: Pick<Io, 'cwd'>): Promise<Approval> {
  if (sign === undefined) return sealApproval(body);
  const signature = await signWithSsh(path.resolve(io.cwd, sign), { text: signedText(body), namespace: approvalNamespace });
  return sealApproval(body, signature);
}
