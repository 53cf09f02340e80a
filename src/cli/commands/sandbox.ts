import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { exitCode, KnownError } from '../../base/known-error.ts';
import { onDisk } from '../../local/on-disk.ts';
import { writeOutput } from '../../local/output-file.ts';
import { writeClientFiles } from '../client-files.ts';
import type { Io } from '../io.ts';
import type { CommonOptions } from '../options.ts';
import { envText } from '../output/sandbox-start.ts';
import { show } from '../output/show.ts';
import { serveScenario } from '../serve-scenario.ts';

export interface SandboxRequest extends CommonOptions {
  readonly scenario: string;
  readonly port: string;
  readonly envFile?: string;
  readonly record?: string;
}

/** Serves a scenario until Ctrl-C, which is its ordinary end. */
export async function sandboxCommand(request: SandboxRequest, io: Io): Promise<number> {
  const record = request.record === undefined ? undefined : createWriteStream(path.resolve(io.cwd, request.record), { mode: 0o600 });
  if (record !== undefined) await onDisk(String(record.path), () => once(record, 'open'));
  const recordTo = record === undefined ? {} : { recordTo: (line: string) => void record.write(`${line}\n`) };
  const served = await serveScenario(path.resolve(io.cwd, request.scenario), { port: portOf(request.port), ...recordTo });
  const home = await mkdtemp(path.join(tmpdir(), 'keyturn-sandbox-'));
  try {
    const env = await writeClientFiles(served, home);
    const file = request.envFile;
    if (file !== undefined) await writeOutput(path.resolve(io.cwd, file), envText(env), 0o600);
    await show('sandbox', { served, env, home, file, program: io.program ?? 'keyturn' }, request, io);
    if (!io.interrupted.aborted) await once(io.interrupted, 'abort');
  } finally {
    await served.sandbox.close();
    await rm(home, { recursive: true, force: true });
    if (record !== undefined) await new Promise<void>((resolve) => record.end(resolve));
  }
  return exitCode.done;
}

function portOf(text: string): number {
  const port = Number(text);
  if (/^\d{1,5}$/.test(text) && port < 65_536) return port;
  throw new KnownError('usage', 'PORT_WORD', `\`${text}\` is not a port`, 'give a number from 0 to 65535');
}
