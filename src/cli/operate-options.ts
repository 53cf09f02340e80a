import type { Command } from 'commander';
import type { Io } from './io.ts';
import type { CommonOptions, SelectionOptions } from './options.ts';
import { withSelection } from './selection-options.ts';

/** The commands about where and as whom keyturn works. */
export function addOperating(add: (usage: string, description: string) => Command, io: Io, finish: (code: number) => void): void {
  withSelection(
    add('doctor [vaults...]', 'check what keyturn stands on here: sign-in, rights, clock, directory, state; changes nothing'),
  ).action(async (vaults: string[], options: CommonOptions & SelectionOptions) => {
    finish(await (await import('./commands/doctor.ts')).doctorCommand({ ...options, vaults }, io));
  });
  add(
    'state <action> [names...]',
    'look at a state (show), take a place from a run that is gone (unlock), or copy it to another place (copy)',
  )
    .option('--yes', 'unlock without asking')
    .action(async (action: string, names: string[], options: CommonOptions & { yes?: boolean }) => {
      finish(await (await import('./commands/state.ts')).stateCommand({ ...options, action, names }, io));
    });
}
