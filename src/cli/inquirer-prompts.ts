import inquirer from 'inquirer';
import { plainText } from '../report/plain-text.ts';
import type { Prompts } from './prompts.ts';

interface Surroundings {
  readonly input: NodeJS.ReadStream;
  readonly output: NodeJS.WriteStream;
  /** Ends a question: a signal that is no key press would leave it standing. */
  readonly signal: AbortSignal;
}

/** Questions go to stderr, so that stdout stays a result that can be piped. */
export function inquirerPrompts(surroundings: Surroundings): Prompts {
  const ask = inquirer.createPromptModule(surroundings);
  return {
    async choose(message, choices) {
      const shown = choices.map((choice, index) => ({
        name: plainText(choice.name),
        value: index,
        ...(choice.description !== undefined && { description: plainText(choice.description) }),
      }));
      const { answer }: { answer: unknown } = await ask([
        { type: 'select', name: 'answer', message: plainText(message), choices: shown, loop: false, pageSize: Math.min(shown.length, 15) },
      ]);
      const chosen = choices[Number(answer)];
      if (chosen === undefined) throw new Error(`no choice number ${String(answer)}`);
      return chosen.value;
    },
    async text(message, refuse) {
      const validate = (answer: string) => refuse(answer) ?? true;
      const { answer }: { answer: unknown } = await ask([{ type: 'input', name: 'answer', message: plainText(message), validate }]);
      return String(answer);
    },
    async confirm(message) {
      const { answer }: { answer: unknown } = await ask([{ type: 'confirm', name: 'answer', message: plainText(message), default: false }]);
      return answer === true;
    },
  };
}
