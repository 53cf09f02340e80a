import { shellWord } from '../../base/shell-word.ts';
import { plainText } from '../plain-text.ts';

/** How the files of a review were called on the command line. */
export interface ReviewedFiles {
  readonly plan: string;
  readonly since?: string;
}

function word(file: string): string {
  const plain = plainText(file).replaceAll('`', '');
  return /^[\w./,-]+$/.test(plain) ? plain : shellWord(plain);
}

/** Puts the names of files into the commands of a sentence, so that they run as they stand. */
export function withFiles({ plan, since }: ReviewedFiles): (sentence: string) => string {
  return (sentence) =>
    sentence.replace(/`keyturn [^`]*`/g, (command) => {
      const named = command.replace(/(?<= )PLAN(?=[ `])/, () => word(plan));
      return since === undefined ? named : named.replace(/(?<= )OLD(?=[ `])/, () => word(since));
    });
}
