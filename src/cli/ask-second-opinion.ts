import pLimit from 'p-limit';
import type { AccessChecker } from '../migrate/ports.ts';
import { type ChecksToAsk, checksToAsk } from '../verify/checks-to-ask.ts';
import { heedOpinion, secondOpinion } from '../verify/second-opinion.ts';
import type { VerifyQuestion } from '../verify/verify-question.ts';
import type { VerifyVerdict } from '../verify/verify-verdict.ts';
import type { Progress } from './progress.ts';

/** Gives the verdict on one vault back with what Azure says of it. */
export type Opinion = (question: VerifyQuestion, verdict: VerifyVerdict) => Promise<VerifyVerdict>;

/** Questions under way at once: a vault with many policies may need hundreds. */
const atOnce = 6;

/** Asks Azure vault by vault, so that no more is held than one vault's answers. */
export function askSecondOpinion(checker: AccessChecker, progress: Progress, vaults: number): Opinion {
  let vault = 0;
  return async ({ vault: { id, scope }, estate: { principals } }, verdict) => {
    vault += 1;
    const { checks, leftOut } = checksToAsk(verdict.pairs, { id, scope }, principals);
    progress.say(`asking Azure for its own judgement: vault ${vault} of ${vaults}, ${questions(checks)}`);
    const answered = await pLimit(atOnce).map(checks, async (one) => ({ ...one, answer: await checker.check(one.check) }));
    return heedOpinion(verdict, secondOpinion(answered, leftOut, principals));
  };
}

function questions({ length }: ChecksToAsk['checks']): string {
  return length === 1 ? '1 question' : `${length} questions`;
}
