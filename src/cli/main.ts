import { CommanderError } from 'commander';
import { exitCode } from '../base/known-error.ts';
import { reportFailure } from './failure.ts';
import type { Io } from './io.ts';
import { buildProgram } from './program.ts';
import { runnable } from './runnable.ts';
import { systemIo } from './system-io.ts';

/**
 * Runs one command line and answers with the exit code. Nothing is thrown and nothing of the process is touched other than
 * through `io`.
 */
export async function main(argv: readonly string[], io?: Io): Promise<number> {
  if (io !== undefined) return run(argv, io);
  const own = systemIo();
  try {
    return await run(argv, own);
  } finally {
    own.close();
  }
}

async function run(argv: readonly string[], outside: Io): Promise<number> {
  const io: Io = { ...outside, hint: runnable(argv, outside) };
  let code: number = exitCode.done;
  const program = buildProgram(io, (result) => {
    code = result;
  });
  try {
    await program.parseAsync(argv, { from: 'user' });
    return code;
  } catch (error) {
    // Asked-for help and version end this way too, with exit code 0.
    if (error instanceof CommanderError) return error.exitCode === 0 ? exitCode.done : exitCode.usage;
    return reportFailure(error, argv, io);
  }
}
