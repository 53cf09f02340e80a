import { KnownError } from '../base/known-error.ts';
import { plainText } from '../report/plain-text.ts';
import { errLines } from './err-lines.ts';
import { canAsk, type Io } from './io.ts';

/** What somebody is about to say yes to; `--quiet` keeps none of it back. */
export function tell(lines: readonly string[], io: Io): void {
  io.err(errLines(lines.map(io.hint ?? ((line) => line)), io));
}

/**
 * Before anything is written: `--yes`, or the vault's name typed by a person; for several vaults `apply 12 vaults`.
 * @throws KnownError NO_TERMINAL (usage) when there is neither.
 */
export async function askConsent(verb: string, vaultNames: readonly string[], yes: boolean | undefined, io: Io): Promise<void> {
  if (yes === true) return;
  assertCanAsk(io, `read the plan, then pass --yes`);
  const [only] = vaultNames;
  const wanted = vaultNames.length === 1 && only !== undefined ? only : `${verb} ${vaultNames.length} vaults`;
  const prompts = await io.prompts();
  await prompts.text(`Type \`${wanted}\` to go on (Ctrl-C to stop):`, (answer) =>
    answer.trim() === wanted ? undefined : `that is not \`${wanted}\``,
  );
}

/** @throws KnownError NO_TERMINAL (usage). A pipe that answers is no person. */
export function assertCanAsk(io: Io, remedy: string): void {
  if (!canAsk(io)) throw new KnownError('usage', 'NO_TERMINAL', 'there is no terminal to ask on', remedy);
}

/** Lets a person say no to what nobody vouches for: only the words asked for are a yes. */
export async function askToReplace(vaultName: string, lines: readonly string[], io: Io): Promise<boolean> {
  io.err(errLines(lines.map(plainText), io));
  const wanted = `replace the policies of ${vaultName}`;
  const prompts = await io.prompts();
  const answer = await prompts.text(`Nobody vouches for these saved policies. Type \`${wanted}\` to write them, or \`no\`:`, (typed) =>
    typed.trim() === wanted || typed.trim() === 'no' ? undefined : `that is neither \`${wanted}\` nor \`no\``,
  );
  return answer.trim() === wanted;
}

/** Lets a person decide on a vault of whose flip nothing is known here: only the words asked for are a yes. */
export async function askToGoBack(vaultName: string, lines: readonly string[], io: Io): Promise<boolean> {
  io.err(errLines([`${vaultName}:`, ...lines.map((line) => `  ${line}`)].map(plainText), io));
  const wanted = `take back ${vaultName}`;
  const prompts = await io.prompts();
  const answer = await prompts.text(`Type \`${wanted}\` to put access policies in force again, or \`no\`:`, (typed) =>
    typed.trim() === wanted || typed.trim() === 'no' ? undefined : `that is neither \`${wanted}\` nor \`no\``,
  );
  return answer.trim() === wanted;
}
