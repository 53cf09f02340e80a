import { errorCodes } from '../base/error-codes.ts';
import { exitCode } from '../base/known-error.ts';
import { findingCodes } from '../model/finding-facts.ts';
import { errorHelp } from './help/error-help.ts';
import { findingHelp } from './help/finding-help.ts';
import type { ErrorHelp, FindingHelp } from './help/help.ts';
import { hinted, type Look } from './look.ts';
import { wrapLine } from './wrap-line.ts';

export type CodeHelp =
  | ({ readonly kind: 'finding'; readonly code: string } & FindingHelp)
  | ({ readonly kind: 'error'; readonly code: string } & ErrorHelp);

export const allCodes: readonly string[] = [...findingCodes, ...errorCodes];

/** What a code means, written in any letter case; undefined where it is none of ours. */
export function codeHelp(word: string): CodeHelp | undefined {
  const wanted = word.trim().toUpperCase();
  const finding = findingCodes.find((code) => code === wanted);
  if (finding !== undefined) return { kind: 'finding', code: finding, ...findingHelp[finding] };
  const error = errorCodes.find((code) => code === wanted);
  return error === undefined ? undefined : { kind: 'error', code: error, ...errorHelp[error] };
}

/** How bad it is: the severities of a finding, or the exit codes of an error. */
export function weightWords(help: CodeHelp): string {
  if (help.kind === 'finding') return `finding, ${oneOf(help.severities)}`;
  return `error, exit code ${oneOf(help.outcomes.map((outcome) => `${exitCode[outcome]} (${outcome})`))}`;
}

export function helpLines(help: CodeHelp, look: Look): readonly string[] {
  const said = [`cause: ${help.cause}`, `consequence: ${help.consequence}`, `next: ${hinted(help.remedy, look)}`];
  const first = `${look.paint('bold', help.code)}: ${weightWords(help)}`;
  return [first, ...said.flatMap((line) => wrapLine(`  ${line}`, look.columns, '    '))];
}

/** For `--json`. */
export function helpDocument(help: CodeHelp): unknown {
  const { code, kind, cause, consequence, remedy } = help;
  const weight =
    help.kind === 'finding'
      ? { severities: help.severities }
      : { exits: help.outcomes.map((outcome) => ({ outcome, exitCode: exitCode[outcome] })) };
  return { format: 'keyturn-code-help', formatVersion: 1, code, kind, ...weight, cause, consequence, remedy };
}

function oneOf(words: readonly string[]): string {
  return words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} or ${words.at(-1) ?? ''}`;
}
