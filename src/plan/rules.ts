import { z } from 'zod';
import type { AccessPolicy } from '../model/access-policy.ts';
import { type EntrySurroundings, entryStanding } from '../model/entry-standing.ts';
import { KnownError } from '../model/known-error.ts';
import { reasonWord } from './file-words.ts';
import type { Decision } from './plan.ts';

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

/**
 * The decision that the rules give for an entry, as the plan records it; undefined where none fits. A rule decides only what it
 * can settle: an entry that needs a decision for another reason too stays open. Who is gone is gone with all permissions, so a
 * rule on principals goes before the one on storage.
 */
export function ruledDecision(rules: readonly RuleRow[], policy: AccessPolicy, at: EntrySurroundings): Decision | undefined {
  if (rules.length === 0) return undefined;
  const codes = entryStanding(policy, at).findings.flatMap(({ severity, code }) => (severity === 'blocker' ? [code] : []));
  const gone = rules.find(({ when }) => when.principal !== undefined && fits(when.principal, at));
  const storage = codes.length > 0 && codes.every((code) => code === 'MAP-STORAGE');
  const rule = codes.length === 0 ? undefined : (gone ?? (storage ? rules.find(({ when }) => when.storage === true) : undefined));
  return rule === undefined ? undefined : { choice: rule.choice, reason: rule.reason };
}

/** A directory that could not be read knows nobody: a rule must not take that for an answer. */
function fits(kind: 'deleted' | 'unresolved', { principal }: EntrySurroundings): boolean {
  if (kind === 'deleted') return principal?.kind === 'deleted';
  return principal?.kind === 'unresolved' && principal.absent === true;
}
