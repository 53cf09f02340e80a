import { exitCode, KnownError } from '../../base/known-error.ts';
import { nearNames } from '../../base/near-names.ts';
import { allCodes, codeHelp, helpDocument, helpLines } from '../../report/code-help.ts';
import type { Io } from '../io.ts';
import type { CommonOptions } from '../options.ts';
import { viewOf } from '../view.ts';

export interface HelpRequest extends CommonOptions {
  /** What was asked about, which names no command. */
  readonly topic: string;
  readonly commands: readonly string[];
}

/**
 * What the code of a finding or an error means.
 * @throws KnownError HELP_UNKNOWN (usage), naming what is near.
 */
export function helpCommand({ topic, commands, ...options }: HelpRequest, io: Io): number {
  const help = codeHelp(topic);
  if (help === undefined) throw unknown(topic, commands);
  const view = viewOf(options, io);
  if (options.json === true) view.document(helpDocument(help));
  else view.lines(helpLines(help, view.look));
  return exitCode.done;
}

function unknown(topic: string, commands: readonly string[]): KnownError {
  const near = nearNames(topic, [...allCodes, ...commands]).map((name) => `\`${name}\``);
  const listed = 'run `keyturn help` for the commands; docs/findings.md and docs/errors.md list the codes';
  const remedy = near.length === 0 ? listed : `did you mean ${near.join(' or ')}?`;
  return new KnownError('usage', 'HELP_UNKNOWN', `\`${topic}\` is neither a command nor a code of a finding or an error`, remedy);
}
