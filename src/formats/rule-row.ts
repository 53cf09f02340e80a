import { z } from 'zod';
import { canonicalJson } from '../base/canonical-json.ts';
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
    kind: z
      .enum(['user', 'guest', 'group', 'servicePrincipal', 'managedIdentity'])
      .exactOptional()
      .describe('What the principal is. Guests and managed identities are kinds of their own.'),
    service: z.string().min(1).exactOptional().describe("A service of Microsoft's, by the name that the plan tells."),
    extra: z
      .enum(['A', 'B', 'C', 'D'])
      .exactOptional()
      .describe('The roles that would be chosen give data actions of this tier, or of a graver one, that nobody asked for.'),
    tag: z
      .string()
      .regex(/^[^=]+=/, 'is not written like `name=value`')
      .exactOptional()
      .describe('The vault has this tag.'),
    wave: z.string().min(1).exactOptional().describe('The vault is in this wave of the plan (`--wave-by`).'),
  })
  .refine((conditions) => Object.keys(conditions).length > 0, 'holds no condition')
  .refine(({ principal, storage }) => principal === undefined || storage === undefined, 'holds either `principal` or `storage`')
  .refine(
    ({ principal, storage, extra }) => extra === undefined || (principal === undefined && storage === undefined),
    'holds `extra` together with `principal` or `storage`, where no roles are chosen before somebody decides',
  );

const choices = ['drop', 'dropStorage', 'reproduce', 'preferFewer', 'customRole', 'keepExisting'] as const;

function choicesOf({ principal, storage }: z.infer<typeof when>): readonly (typeof choices)[number][] {
  if (principal !== undefined) return ['drop'];
  return storage === true ? ['dropStorage', 'reproduce'] : choices.filter((choice) => choice !== 'dropStorage');
}

/** A decision for every entry of the estate that fits and that no single decision speaks of. */
export const ruleRow = z
  .strictObject({
    when,
    choice: z.enum(choices).describe('With `principal`: drop. With `storage`: dropStorage or reproduce. Else: all but dropStorage.'),
    reason: reasonWord,
    about: aboutWord.exactOptional().describe('What keyturn wrote for who decides; it is not read.'),
  })
  .refine(({ when, choice }) => choicesOf(when).includes(choice), {
    message:
      'goes with another `when`: `drop` with `principal`, `dropStorage` and `reproduce` with `storage`, all but `dropStorage` with others',
    path: ['choice'],
  });
export type RuleRow = z.infer<typeof ruleRow>;

/** @throws KnownError (usage) DECISION_TWICE when two rules speak of the same entries. */
export function assertRulesDiffer(rules: readonly Pick<RuleRow, 'when'>[]): void {
  const whens = rules.map((rule) => canonicalJson(rule.when));
  const twice = rules.find((_, at) => whens.indexOf(whens[at] ?? '') !== at)?.when;
  if (twice === undefined) return;
  const { principal, storage } = twice;
  const alone = Object.keys(twice).length === 1;
  const other = alone && principal !== undefined ? `entries of ${principal} principals` : `entries where \`${canonicalJson(twice)}\``;
  const what = alone && storage === true ? 'entries with storage permissions' : other;
  throw new KnownError('usage', 'DECISION_TWICE', `two rules speak of ${what}`, 'leave one of them in the decisions file');
}
