import { plainJson } from '../base/plain-json.ts';
import { answersOf } from '../review/answers.ts';
import type { ShownReview } from './review-text.ts';

/** A review as one JSON document, in pieces that are valid only together: each vault on a line, with its answers in words. */
export function* reviewDocument({ review }: ShownReview): Generator<string> {
  const { vaults, ...rest } = review;
  const members = Object.entries(rest).map(([name, member]) => `${JSON.stringify(name)}: ${json(member)}`);
  yield `{\n${members.join(',\n')},\n"vaults": [`;
  for (const [at, vault] of vaults.entries()) yield `${at === 0 ? '\n' : ',\n'}${json({ ...vault, answers: answersOf(vault, review) })}`;
  yield '\n]\n}\n';
}

function json(value: unknown): string {
  return plainJson(JSON.stringify(value));
}
