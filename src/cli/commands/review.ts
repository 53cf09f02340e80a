import path from 'node:path';
import { exitCode } from '../../base/known-error.ts';
import { writeOutput } from '../../local/output-file.ts';
import { namedVaults } from '../../plan/named-vaults.ts';
import { plainText } from '../../report/plain-text.ts';
import { type ReviewFile, reviewFiles } from '../../report/review-files.ts';
import type { ShownReview } from '../../report/review-text.ts';
import { matchesVault } from '../../review/matches.ts';
import { vaultSince } from '../../review/moves.ts';
import type { PageBook } from '../../review/page-book.ts';
import { reviewBook } from '../../review/review-of.ts';
import { earlierPlan } from '../earlier-plan.ts';
import type { Io } from '../io.ts';
import type { CommonOptions } from '../options.ts';
import { show } from '../output/show.ts';
import { type OpenPlan, openPlan } from '../plan-files.ts';
import { viewOf } from '../view.ts';

export interface ReviewRequest extends CommonOptions {
  readonly plan: string;
  readonly vaults: readonly string[];
  readonly by?: NonNullable<ShownReview['by']>;
  readonly search?: string;
  /** File of an earlier plan. */
  readonly since?: string;
  /** Markdown in several files: one a vault, or one for so many. */
  readonly split?: 'vaults' | number;
  readonly output: string;
  /** The page as one file, in place of anything printed. */
  readonly html?: string;
}

/**
 * Answers what a reviewer asks of a plan, from the file alone.
 * @throws KnownError as reading a plan does; VAULT_NOT_PLANNED (usage).
 */
export async function reviewCommand(request: ReviewRequest, io: Io): Promise<number> {
  if (request.html !== undefined) return pageFile(request, request.html, io);
  const shown = await readReview(request, io);
  if (request.split === undefined) {
    await show('review', shown, request, io);
    return exitCode.done;
  }
  const place = path.resolve(io.cwd, request.output);
  const { dir, name, ext } = path.parse(place);
  const files = reviewFiles(shown, request.split, (part) => `${name}${part === '' ? '' : `-${part}`}${ext}`);
  const view = viewOf(request, io);
  for (const file of files) await writeFile(path.join(dir, file.name), file);
  view.note(`review written to ${plainText(request.output)} and ${files.length - 1} more files in the same folder`);
  return exitCode.done;
}

async function pageFile(request: ReviewRequest, file: string, io: Io): Promise<number> {
  const [{ pageBook }, { writeReviewPage }] = await Promise.all([import('../../review/page-book.ts'), import('../review-page-file.ts')]);
  const page = pageBook();
  const { review } = await readReview(request, io, page);
  await writeReviewPage(page.done(review, request.plan), path.resolve(io.cwd, file));
  viewOf(request, io).note(`review written to ${plainText(file)}: open it in a browser, it needs nothing else`);
  return exitCode.done;
}

async function writeFile(place: string, { lines }: ReviewFile): Promise<void> {
  await writeOutput(place, `${lines.join('\n')}\n`, 0o644);
}

async function readReview({ plan: file, vaults, by, search, since }: ReviewRequest, io: Io, page?: PageBook): Promise<ShownReview> {
  const plan = await openPlan(file, io.cwd);
  const old = since === undefined ? undefined : await openPlan(since, io.cwd);
  const earlier = old === undefined ? undefined : earlierPlan(old, plan);
  const wanted = vaults.length === 0 ? undefined : new Set(namedVaults(plan.vaults, vaults).map(({ vaultId }) => vaultId));
  const book = reviewBook(plan.head, plan.digest);
  const digests = new Map(plan.vaults.map(({ vaultId, digest }) => [vaultId, digest]));
  for await (const vault of plan.read(wanted)) {
    if (search !== undefined && !matchesVault(vault, search)) continue;
    page?.add(vault, digests.get(vault.vaultId) ?? '');
    if (earlier === undefined) book.add(vault);
    else book.add(vault, vaultSince(await earlier.of(vault.vaultId), vault));
  }
  return {
    review: book.done(wanted === undefined ? plan.tail : { unreadable: [], findings: [] }, earlierOf(old, earlier?.gone)),
    of: plan.vaults.length,
    files: { plan: file, ...(since !== undefined && { since }) },
    ...(by !== undefined && { by }),
    ...(search !== undefined && { search }),
  };
}

function earlierOf(old: OpenPlan | undefined, gone: readonly string[] = []) {
  return old === undefined ? undefined : { digest: old.digest, toolVersion: old.head.toolVersion, gone };
}
