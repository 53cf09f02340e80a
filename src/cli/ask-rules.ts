import type { RuleRow } from '../formats/rule-row.ts';
import type { Prompts } from './prompts.ts';

/** A question for all entries of a vault that stand undecided for one reason: what it may be answered with becomes a rule. */
interface RuleQuestion {
  readonly when: RuleRow['when'];
  /** Completes "3 entries …". */
  readonly about: string;
  /** The recommended one first. */
  readonly answers: readonly { readonly choice: RuleRow['choice']; readonly name: string; readonly description: string }[];
}

export const ruleQuestions: readonly (RuleQuestion & { readonly fits: (codes: readonly string[]) => boolean })[] = [
  {
    when: { storage: true },
    fits: (codes) => codes.every((code) => code === 'MAP-STORAGE'),
    about: 'hold permissions on storage accounts, as `az keyvault create` writes them; Azure has deprecated that feature',
    answers: [
      {
        choice: 'dropStorage',
        name: 'give them up',
        description:
          'recommended: everything else in these entries is carried over; storage accounts are no longer managed through the vault',
      },
      { choice: 'reproduce', name: 'keep them', description: 'with Key Vault Administrator for each, the only role that has them' },
    ],
  },
  {
    when: { principal: 'deleted' },
    fits: (codes) => codes.includes('PRN-DELETED'),
    about: 'are for principals that were deleted',
    answers: [
      {
        choice: 'drop',
        name: 'drop them',
        description: 'recommended, unless a principal is to be restored: these entries give nobody access today',
      },
    ],
  },
];

/** @returns the rule that a person wants for them all, or undefined to go through them one by one. */
export async function askRule({ when, about, answers }: RuleQuestion, count: number, prompts: Prompts): Promise<RuleRow | undefined> {
  const offered = answers.map(({ choice, name, description }) => ({ name, value: choice, description }));
  const oneByOne = { name: 'one by one', value: undefined, description: 'each entry is asked about by itself' };
  const choice = await prompts.choose<RuleRow['choice'] | undefined>(`${count} entries ${about}. What shall become of that?`, [
    ...offered,
    oneByOne,
  ]);
  return choice === undefined ? undefined : { when, choice, reason: await askReason(prompts) };
}

export async function askReason(prompts: Prompts): Promise<string> {
  const reason = await prompts.text('Why? Reviewers will read this.', (answer) =>
    answer.trim() === '' ? 'a reason is needed' : undefined,
  );
  return reason.trim();
}
