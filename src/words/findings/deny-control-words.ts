import type { FindingFacts } from '../../model/finding-facts.ts';
import type { FindingWords } from './words-for.ts';

type Facts = FindingFacts['PLN-DENY-CONTROL'];
type Act = Extract<Facts, { kind: 'refuses' }>['acts'][number];

const actWords: Readonly<Record<Act, string>> = {
  defineRoles: 'make custom roles',
  stage: 'stage',
  flip: 'flip and go back',
  remove: 'remove assignments at a rollback',
};

export function denyControlWords(facts: Facts): FindingWords {
  const named = `the deny assignment \`${facts.denyAssignment}\``;
  if (facts.kind === 'spares') {
    return {
      message: `${named} refuses changes of the vault to everybody but a few, and spares you`,
      remedy: 'apply the plan as the same identity',
    };
  }
  const whom = facts.everyone ? 'everybody whom it does not exclude, an Owner as well' : 'you, whatever roles you have';
  return {
    message: `${named} ${facts.certain ? 'refuses' : 'may refuse'} ${whom}: you cannot ${list(facts.acts.map((act) => actWords[act]))}`,
    remedy: remedyAgainst(facts),
  };
}

/** What helps where a deny assignment stands in the way: no role does. */
export function remedyAgainst({ denyAssignment, everyone }: { readonly denyAssignment: string; readonly everyone: boolean }): string {
  return everyone
    ? `ask for the identity that runs keyturn to be excluded from \`${denyAssignment}\`, in the deny settings of the deployment stack or of the managed application that owns it, or run it as somebody who is`
    : `have \`${denyAssignment}\` changed by its owner, or run keyturn as somebody whom it does not name`;
}

function list(words: readonly string[]): string {
  return words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} or ${words.at(-1) ?? ''}`;
}
