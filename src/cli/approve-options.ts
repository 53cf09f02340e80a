import type { Command } from 'commander';
import type { ApproveRequest } from './commands/approve.ts';
import type { DecideRequest } from './commands/decide.ts';
import type { Io } from './io.ts';
import type { CommonOptions } from './options.ts';

const more = (value: string, before: readonly string[] = []): readonly string[] => [...before, value];

type Add = (usage: string, description: string) => Command;
type Finish = (code: number) => void;

/** The commands by which people say yes to a plan. */
export function addApproving(add: Add, io: Io, finish: Finish): void {
  addDeciding(add, io, finish);
  add('approve <plan>', 'approve a plan, or some of its vaults, as who is signed in; writes a file and changes nothing in Azure')
    .option('--vault <vault>', 'these vaults of the plan alone, by name or id (repeatable)', more)
    .option('--accept-gain <assignment>', 'accept what this assignment gives at the flip, by its id or name (repeatable)', more)
    .option('--note <text>', 'what others should know of this approval')
    .option('--sign <key>', 'sign it with this SSH key, by ssh-keygen')
    .option('--from <file>', 'approve what was chosen on the page of a review')
    .option('-o, --output <file>', 'where to write the approval (default: beside the plan)')
    .action(async (plan: string, options: CommonOptions & Omit<ApproveRequest, 'plan'>) => {
      finish(await (await import('./commands/approve.ts')).approveCommand({ ...options, plan }, io));
    });
}

function addDeciding(add: Add, io: Io, finish: Finish): void {
  add('decide <plan>', 'write a decisions file with what is undecided in a plan, or worth deciding, to be filled in')
    .option('--vault <vault>', 'these vaults of the plan alone, by name or id (repeatable)', more)
    .option('-o, --output <file>', 'where to write it; YAML where the name ends in .yaml; - is standard output', 'keyturn-decisions.json')
    .action(async (plan: string, options: CommonOptions & Omit<DecideRequest, 'plan'>) => {
      finish(await (await import('./commands/decide.ts')).decideCommand({ ...options, plan }, io));
    });
}

export function withApprovals(command: Command): Command {
  const text = 'an approval of the plan (repeatable; default: the files called PLAN.approval*.json next to it)';
  return command.option('--approval <file>', text, more);
}
