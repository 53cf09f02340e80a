import { exitCode, KnownError } from '../../base/known-error.ts';
import { nearNames } from '../../base/near-names.ts';
import { allCodes, codeHelp } from '../../report/code-help.ts';
import type { Io } from '../io.ts';
import type { CommonOptions } from '../options.ts';
import { show } from '../output/show.ts';

export interface HelpRequest extends CommonOptions {
  /** What was asked about, which names no command. */
  readonly topic: string;
  readonly commands: readonly string[];
}

/**
 * What the code of a finding or an error means.
 * @throws KnownError HELP_UNKNOWN (usage), naming what is near.
 */
export async function helpCommand({ topic, commands, ...options }: HelpRequest, io: Io): Promise<number> {
  const help = codeHelp(topic);
  if (help === undefined) throw unknown(topic, commands);
  await show('help', help, options, io);
  return exitCode.done;
}

function unknown(topic: string, commands: readonly string[]): KnownError {
  const near = nearNames(topic, [...allCodes, ...commands]).map((name) => `\`${name}\``);
  const listed = 'run `keyturn help` for the commands; docs/findings.md and docs/errors.md list the codes';
  const remedy = near.length === 0 ? listed : `did you mean ${near.join(' or ')}?`;
  return new KnownError('usage', 'HELP_UNKNOWN', `\`${topic}\` is neither a command nor a code of a finding or an error`, remedy);
}
