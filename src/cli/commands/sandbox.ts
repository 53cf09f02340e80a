import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { exitCode, KnownError } from '../../base/known-error.ts';
import { onDisk } from '../../local/on-disk.ts';
import { writeOutput } from '../../local/output-file.ts';
import { plainText } from '../../report/plain-text.ts';
import { writeClientFiles } from '../client-files.ts';
import type { Io } from '../io.ts';
import type { CommonOptions } from '../options.ts';
import { shellWord } from '../runnable.ts';
import { type ServedScenario, serveScenario } from '../serve-scenario.ts';
import { viewOf } from '../view.ts';

export interface SandboxRequest extends CommonOptions {
  readonly scenario: string;
  readonly port: string;
  readonly envFile?: string;
  readonly record?: string;
}

/** Serves a scenario until Ctrl-C, which is its ordinary end. */
export async function sandboxCommand(request: SandboxRequest, io: Io): Promise<number> {
  const view = viewOf(request, io);
  const record = request.record === undefined ? undefined : createWriteStream(path.resolve(io.cwd, request.record), { mode: 0o600 });
  if (record !== undefined) await onDisk(String(record.path), () => once(record, 'open'));
  const recordTo = record === undefined ? {} : { recordTo: (line: string) => void record.write(`${line}\n`) };
  const served = await serveScenario(path.resolve(io.cwd, request.scenario), { port: portOf(request.port), ...recordTo });
  const home = await mkdtemp(path.join(tmpdir(), 'keyturn-sandbox-'));
  try {
    const env = await writeClientFiles(served, home);
    const file = request.envFile;
    if (file !== undefined) await writeOutput(path.resolve(io.cwd, file), envText(env), 0o600);
    if (request.json === true) view.document({ origin: served.sandbox.origin, title: served.scenario.title, env });
    else view.lines(instructions(served, env, home, { file, program: io.program ?? 'keyturn' }));
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

function envText(env: Readonly<Record<string, string>>): string {
  const quoted = (value: string) => (/^[\w./:@-]*$/.test(value) ? value : `'${value.replaceAll("'", `'\\''`)}'`);
  return Object.entries(env)
    .map(([name, value]) => `${name}=${quoted(value)}\n`)
    .join('');
}

function instructions(
  served: ServedScenario,
  env: Readonly<Record<string, string>>,
  home: string,
  { file, program }: { readonly file: string | undefined; readonly program: string },
): readonly string[] {
  const { sandbox, scenario } = served;
  const load =
    file === undefined
      ? envText(env)
          .trimEnd()
          .split('\n')
          .map((line) => `  export ${line}`)
      : [`  set -a; . ${shellWord(plainText(file.includes('/') ? file : `./${file}`))}; set +a`];
  return [
    `${plainText(scenario.title)}: ${sandbox.origin}`,
    '',
    'in another terminal:',
    ...load,
    '',
    'then keyturn works on it:',
    `  ${program} inventory`,
    '',
    "and so does Microsoft's az:",
    `  az cloud register --name keyturn-sandbox --cloud-config @${path.join(home, 'az-cloud.json')}`,
    '  az cloud set --name keyturn-sandbox',
    '  az login --identity',
    '  az keyvault list',
    '',
    `to look inside: ${sandbox.origin}/_sandbox/metrics, denials, audit, clock`,
    'Ctrl-C ends it',
  ];
}
