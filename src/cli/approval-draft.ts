import { z } from 'zod';
import { KnownError } from '../base/known-error.ts';
import { heldBy, jsonText } from '../base/text-document.ts';
import type { NamedGain } from '../plan/open-gains.ts';
import type { Io } from './io.ts';
import type { OpenPlan } from './plan-files.ts';
import { readTextFile } from './read-text-file.ts';

/** What somebody chose on the page of a review, to be approved by who is signed in: the page knows nobody. */
const draftFile = z.strictObject({
  format: z.literal('keyturn-approval-draft'),
  formatVersion: z.literal(1),
  plan: z.string().describe('Digest of the plan that was looked at.'),
  vaults: z.array(z.strictObject({ vaultId: z.string(), digest: z.string() })).min(1),
  gains: z.array(z.strictObject({ assignmentId: z.string(), principalId: z.string() })).default([]),
  note: z.string().exactOptional(),
});

const members = ['format', 'formatVersion', 'plan', 'vaults', 'vaultId', 'digest', 'gains', 'assignmentId', 'principalId', 'note'];

/** What is to be approved, as the options of `approve` say it. */
interface Drafted {
  readonly vault: readonly string[];
  readonly gains: readonly NamedGain[];
  readonly note?: string;
}

/** @throws KnownError APPROVAL_UNREADABLE (usage), APPROVAL_STALE (blocked) where a vault of the plan is not what was looked at. */
export async function draftOf(file: string, plan: OpenPlan, io: Pick<Io, 'cwd'>): Promise<Drafted> {
  const what = `the draft \`${file}\``;
  const about = {
    what,
    code: 'APPROVAL_UNREADABLE',
    remedy: 'download it from the page of the review again',
    limit: 64 * 1024 * 1024,
  } as const;
  const text = await readTextFile(file, io.cwd, 'the draft', 'APPROVAL_UNREADABLE');
  const { vaults, gains, note } = heldBy(jsonText(text, about), draftFile, { ...about, members });
  const digests = new Map(plan.vaults.map((vault) => [vault.vaultId, vault]));
  const moved = vaults.find(({ vaultId, digest }) => digests.get(vaultId)?.digest !== digest);
  if (moved !== undefined) {
    const message = `vault \`${moved.vaultId.slice(moved.vaultId.lastIndexOf('/') + 1)}\` is not planned as it was when it was looked at`;
    throw new KnownError('blocked', 'APPROVAL_STALE', message, 'look at the plan as it is now, and approve that');
  }
  return {
    vault: vaults.map(({ vaultId }) => vaultId),
    gains,
    ...(note !== undefined && { note }),
  };
}
