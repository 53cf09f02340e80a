import path from 'node:path';
import { KnownError } from '../base/known-error.ts';
import type { Plan, VaultPlan } from '../formats/plan.ts';
import { encodePlan, type SealedPlan, sealReader, vaultReader } from '../formats/plan-file.ts';
import { atomicWrite } from '../local/atomic-write.ts';
import { linesForFile, linesOfFile } from '../local/line-file.ts';
import { assertOwnHead, assertOwnVault } from '../plan/assert-own-words.ts';

/** A plan that was found whole, and is read again vault by vault. */
export interface OpenPlan extends SealedPlan {
  /**
   * Each vault in the order of the file, or those whose ids are given.
   * @throws KnownError PLAN_UNREADABLE (usage), PLAN_DIFFERS (blocked).
   */
  read(wanted?: ReadonlySet<string>): AsyncGenerator<VaultPlan>;
}

/** @throws KnownError PLAN_UNREADABLE, PLAN_FORMAT (usage), PLAN_EDITED or PLAN_DIFFERS (blocked). */
export async function openPlan(file: string, cwd: string): Promise<OpenPlan> {
  const place = path.resolve(cwd, file);
  const reader = sealReader();
  for await (const line of planLinesOf(place, file)) reader.push(line);
  const sealed = reader.done();
  assertOwnHead(sealed.head);
  return {
    ...sealed,
    async *read(wanted) {
      const vaults = vaultReader(sealed, wanted);
      for await (const line of planLinesOf(place, file)) {
        const vault = vaults.push(line);
        if (vault === undefined) continue;
        assertOwnVault(vault);
        yield vault;
        if (vaults.finished) return;
      }
    },
  };
}

/** The whole plan in memory. @throws KnownError as `openPlan` does. */
export async function loadPlan(file: string, cwd: string): Promise<Plan> {
  return wholePlan(await openPlan(file, cwd));
}

/** All of its vaults in memory. @throws KnownError as `read` does. */
export async function wholePlan(plan: OpenPlan): Promise<Plan> {
  const vaults: VaultPlan[] = [];
  for await (const vault of plan.read()) vaults.push(vault);
  return { ...plan.head, vaults, ...plan.tail, digest: plan.digest };
}

export async function savePlan(plan: Plan, file: string, cwd: string): Promise<void> {
  const place = path.resolve(cwd, file);
  await atomicWrite(place, linesForFile(place, encodePlan(plan).trimEnd().split('\n')), 0o644);
}

async function* planLinesOf(place: string, named: string): AsyncGenerator<string> {
  try {
    yield* linesOfFile(place);
  } catch (cause) {
    throw unreadable(named, cause);
  }
}

function unreadable(file: string, cause: unknown): KnownError {
  if (cause instanceof KnownError) return cause;
  const reason = (cause as NodeJS.ErrnoException).code ?? 'no';
  const words: Readonly<Record<string, string>> = {
    ENOENT: 'it does not exist',
    EISDIR: 'it is a folder',
    Z_DATA_ERROR: 'it is damaged: its compressed content cannot be unpacked',
    Z_BUF_ERROR: 'it was cut off: its compressed content has no end',
  };
  const why = words[reason] ?? `the system says ${reason}`;
  return new KnownError('usage', 'PLAN_UNREADABLE', `the plan \`${file}\` cannot be read: ${why}`, 'give the path of the file', { cause });
}
