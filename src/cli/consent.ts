import { KnownError } from '../model/known-error.ts';
import { canAsk, type Io } from './io.ts';

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
