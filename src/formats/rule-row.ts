import { z } from 'zod';
import { aboutWord, reasonWord } from '../base/file-words.ts';
import { KnownError } from '../base/known-error.ts';

const when = z
  .strictObject({
    principal: z
      .enum(['deleted', 'unresolved'])
      .exactOptional()
      .describe(
        'deleted: it lies among the deleted items. unresolved: the directory answered and does not know it, which proves no deletion.',
      ),
    storage: z.literal(true).exactOptional().describe('Entries that manage storage accounts and need a decision for nothing else.'),
  })
  .refine(({ principal, storage }) => (principal === undefined) !== (storage === undefined), 'holds either `principal` or `storage`');

/** A decision for every entry of the estate that fits and that no single decision speaks of. */
export const ruleRow = z
  .strictObject({
    when,
    choice: z.enum(['drop', 'dropStorage', 'reproduce']).describe('With `principal`: drop. With `storage`: dropStorage or reproduce.'),
    reason: reasonWord,
    about: aboutWord.exactOptional().describe('What keyturn wrote for who decides; it is not read.'),
  })
  .refine(({ when, choice }) => (when.storage === true) === (choice !== 'drop'), {
    message: 'goes with another `when`: `drop` with `principal`, `dropStorage` and `reproduce` with `storage`',
    path: ['choice'],
  });
export type RuleRow = z.infer<typeof ruleRow>;

/** @throws KnownError (usage) DECISION_TWICE when two rules speak of the same entries. */
export function assertRulesDiffer(rules: readonly RuleRow[]): void {
  const kinds = rules.map(({ when }) => when.principal ?? 'storage');
  const twice = kinds.find((kind, at) => kinds.indexOf(kind) !== at);
  if (twice === undefined) return;
  const what = twice === 'storage' ? 'entries with storage permissions' : `entries of ${twice} principals`;
  throw new KnownError('usage', 'DECISION_TWICE', `two rules speak of ${what}`, 'leave one of them in the decisions file');
}
