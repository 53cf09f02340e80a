import { z } from 'zod';
import { aboutWord, guidWord, reasonWord, vaultWord } from '../base/file-words.ts';
import { heldBy, jsonText, type TextDocument } from '../base/text-document.ts';
import { type AcceptanceRow, acceptanceRow } from './acceptance-row.ts';
import { type GainRow, gainRow } from './gain-row.ts';
import { type Decision, decisionChoices } from './plan.ts';
import { assertRulesDiffer, type RuleRow, ruleRow } from './rule-row.ts';

const permission = z.string().regex(/^(keys|secrets|certificates|storage)\/\S+$/i, 'is not written like `secrets/get`');

const objectWord = /^(keys|secrets|certificates)\/[0-9a-z-]{1,127}$/i;
const object = z.string().regex(objectWord, 'is not written like `secrets/name`');

/** Whether it names an object as decisions do; a name of Key Vault has letters, digits and dashes. */
export function isObjectWord(text: string): boolean {
  return objectWord.test(text);
}

const row = z
  .strictObject({
    vault: vaultWord.describe("The vault's name or resource id."),
    principal: guidWord.describe('Object id of the access policy.'),
    applicationId: guidWord.exactOptional().describe("The compound identity's application; leave it out for the plain policy."),
    choice: z
      .enum(decisionChoices)
      .describe(
        [
          'reproduce: the narrowest roles for all of it.',
          'preferFewer: few roles before little extra access.',
          'customRole: a role with exactly its data actions.',
          'narrow: only `keep`.',
          'dropStorage: all but its storage permissions.',
          'objectScope: only `objects`, by assignments on them, and `keep` for the whole vault.',
          'nameCondition: the same for secrets, by a condition on their names.',
          'keepExisting: only what roles give already, through groups as well.',
          'drop: none of it.',
        ].join(' '),
      ),
    keep: z
      .array(permission)
      .min(1)
      .exactOptional()
      .describe('With narrow: the legacy permissions to keep. With objectScope and nameCondition: those that stay for the whole vault.'),
    objects: z.array(object).min(1).exactOptional().describe('With objectScope and nameCondition, and only then: as `secrets/name`.'),
    reason: reasonWord,
    about: aboutWord.exactOptional().describe('What keyturn wrote for who decides; it is not read.'),
  })
  .refine(({ choice, keep }) => keep !== undefined || choice !== 'narrow', { message: 'is missing, and `narrow` needs it', path: ['keep'] })
  .refine(({ choice, keep }) => keep === undefined || choice === 'narrow' || limitsObjects(choice), {
    message: 'goes with `narrow`, `objectScope` and `nameCondition` alone',
    path: ['keep'],
  })
  .refine(({ choice, objects }) => objects !== undefined || !limitsObjects(choice), {
    message: 'is missing, and `objectScope` and `nameCondition` need it',
    path: ['objects'],
  })
  .refine(({ choice, objects }) => objects === undefined || limitsObjects(choice), {
    message: 'goes with `objectScope` and `nameCondition` alone',
    path: ['objects'],
  });

/** Whether the choice leaves access on named objects alone. */
export function limitsObjects(choice: Decision['choice']): boolean {
  return choice === 'objectScope' || choice === 'nameCondition';
}

/** Whether what the principal has through a group counts as held: only where a person says that nothing new is to be assigned (EA-53). */
export function countsGroups(decision: Pick<Decision, 'choice'> | undefined): boolean {
  return decision?.choice === 'keepExisting';
}

/** The decisions file, version 1: a person's word on entries that need one, one by one or by rule, and on findings. */
export const decisionsFile = z.strictObject({
  formatVersion: z.literal(1),
  decisions: z.array(row).default([]),
  rules: z.array(ruleRow).default([]).describe('Decisions for the whole estate; a single decision on an entry wins over them.'),
  acceptances: z.array(acceptanceRow).default([]).describe('Findings that shall not block.'),
  gains: z.array(gainRow).default([]).describe('Gains at the flip that are accepted by name.'),
});
export type DecisionRow = z.infer<typeof row>;

/** What a decisions file says. */
export interface Decisions {
  readonly decisions: readonly DecisionRow[];
  readonly rules: readonly RuleRow[];
  readonly acceptances: readonly AcceptanceRow[];
  readonly gains: readonly GainRow[];
}

export const noDecisions: Decisions = { decisions: [], rules: [], acceptances: [], gains: [] };

const remedy = 'see docs/formats.md for what a decisions file holds';

/** The names that a decisions file knows, for those who misspell one. */
const members = ['formatVersion', 'decisions', 'rules', 'acceptances', 'vault', 'principal', 'applicationId', 'choice'].concat([
  'keep',
  'objects',
  'reason',
  'when',
  'storage',
  'finding',
  'gains',
  'assignment',
  'about',
  'kind',
  'service',
  'extra',
  'tag',
  'wave',
]);

/** How the decisions file is called in what is said of it, and how large it may be. */
export function aboutDecisions(file?: string) {
  const what = `the decisions file${file === undefined ? '' : ` \`${file}\``}`;
  return { what, code: 'DECISIONS_UNREADABLE', remedy, limit: 64 * 1024 * 1024 } as const;
}

/**
 * @param given its text, which is JSON, or what was made of it.
 * @param file how the person called it, for what is said of it.
 * @throws KnownError (usage) DECISIONS_UNREADABLE, with the place of what is wrong; DECISION_TWICE for rules that speak of the same.
 */
export function readDecisions(given: string | TextDocument, file?: string): Decisions {
  const about = aboutDecisions(file);
  const document = typeof given === 'string' ? jsonText(given, about) : given;
  const { decisions, rules, acceptances, gains } = heldBy(document, decisionsFile, { ...about, members });
  assertRulesDiffer(rules);
  return { decisions, rules, acceptances, gains };
}
