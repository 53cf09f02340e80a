import type { Command } from 'commander';

const more = (value: string, before: readonly string[] = []): readonly string[] => [...before, value];

/** Which vaults: the same on every command that looks at the estate. */
export function withSelection(command: Command): Command {
  return command
    .option('--subscription <id>', 'vaults of this subscription (repeatable)', more)
    .option('--resource-group <name>', 'vaults of this resource group (repeatable)', more)
    .option('--management-group <name>', 'vaults under this management group (repeatable)', more)
    .option('--tag <key=value>', 'vaults that carry this tag (repeatable)', more)
    .option('--from <file>', 'vaults of this file: a name or resource id a line, or what `inventory --json` printed');
}
