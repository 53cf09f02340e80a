import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';

const root = path.resolve(import.meta.dirname, '../..');

interface Ended {
  /** Null when a signal ended it. */
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly out: string;
  readonly err: string;
}

export interface Running {
  readonly child: ChildProcess;
  readonly ended: Promise<Ended>;
  /** What it printed so far. */
  readonly out: () => string;
}

export interface BuiltProgram {
  /** Starts keyturn as a process of its own. */
  start(argv: readonly string[], cwd: string, env: Readonly<Record<string, string>>): Running;
  remove(): Promise<void>;
}

/** A build of its own, so that a build of the package meanwhile takes nothing away from under a test. */
export async function buildProgram(): Promise<BuiltProgram> {
  await mkdir(path.join(root, '.tmp'), { recursive: true });
  const folder = await mkdtemp(path.join(root, '.tmp', 'program-'));
  await promisify(execFile)(process.execPath, [path.join(root, 'scripts/build.mjs'), '--quiet', '--into', folder]);
  const script = path.join(folder, 'run.js');
  await writeFile(script, "import { main } from './cli.js';\nprocess.exitCode = await main(process.argv.slice(2));\n");
  return {
    start(argv, cwd, env) {
      const child = spawn(process.execPath, ['--', script, ...argv], {
        cwd,
        env: { PATH: process.env.PATH ?? '', HOME: cwd, NO_COLOR: '1', ...env },
        stdio: ['ignore', 'pipe', 'pipe'],
      });
      const said = { out: '', err: '' };
      child.stdout.setEncoding('utf8').on('data', (text: string) => (said.out += text));
      child.stderr.setEncoding('utf8').on('data', (text: string) => (said.err += text));
      const ended = new Promise<Ended>((resolve, reject) => {
        child.on('error', reject);
        child.on('close', (code, signal) => {
          resolve({ code, signal, ...said });
        });
      });
      return { child, ended, out: () => said.out };
    },
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}
