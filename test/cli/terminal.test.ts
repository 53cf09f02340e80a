import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { type IPty, spawn } from '@lydell/node-pty';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { type Served, served } from './served.ts';

const root = path.resolve(import.meta.dirname, '../..');

let build: string;
beforeAll(() => {
  mkdirSync(path.join(root, '.tmp'), { recursive: true });
  build = mkdtempSync(path.join(root, '.tmp', 'terminal-'));
  execFileSync(process.execPath, [path.join(root, 'scripts/build.mjs'), '--quiet', '--into', build]);
  writeFileSync(path.join(build, 'run.js'), "import { main } from './cli.js';\nprocess.exitCode = await main(process.argv.slice(2));\n");
});
afterAll(() => {
  rmSync(build, { recursive: true, force: true });
});

let site: Served;
let terminal: Terminal | undefined;
beforeEach(async () => {
  site = await served('one-app-one-developer');
});
afterEach(async () => {
  terminal?.end();
  terminal = undefined;
  await site.close();
});

/** A real terminal of 80 columns with keyturn in it. */
class Terminal {
  private readonly pty: IPty;
  private seen = '';
  private readonly waiting: { wanted: RegExp; resolve: () => void }[] = [];
  readonly exit: Promise<number>;

  constructor(argv: readonly string[]) {
    const env = { PATH: process.env.PATH ?? '', HOME: site.folder, TERM: 'xterm-256color', ...site.clientEnv };
    this.pty = spawn(process.execPath, [path.join(build, 'run.js'), ...argv], { cols: 80, rows: 50, cwd: site.folder, env });
    this.pty.onData((data) => {
      this.seen += data;
      for (const { wanted, resolve } of this.waiting) if (wanted.test(this.text)) resolve();
    });
    this.exit = new Promise((resolve) => {
      this.pty.onExit(({ exitCode }) => {
        resolve(exitCode);
      });
    });
  }

  /** What was drawn, without the sequences that drew it. */
  get text(): string {
    // biome-ignore lint/suspicious/noControlCharactersInRegex: a terminal speaks in control characters
    return this.seen.replace(/\u001b\[[0-?]*[ -/]*[@-~]/g, '');
  }

  get raw(): string {
    return this.seen;
  }

  async until(wanted: RegExp): Promise<void> {
    if (wanted.test(this.text)) return;
    const ended = this.exit.then((code) => {
      if (!wanted.test(this.text)) throw new Error(`ended with ${code} before ${String(wanted)}:\n${this.text}`);
    });
    await Promise.race([new Promise<void>((resolve) => this.waiting.push({ wanted, resolve })), ended]);
  }

  type(text: string): void {
    this.pty.write(text);
  }

  end(): void {
    this.pty.kill('SIGKILL');
  }
}

test('in a real terminal: questions are asked, a spinner turns, the name is typed, the vault is flipped', async () => {
  terminal = new Terminal(['migrate', 'kv-shop']);
  await terminal.until(/Create \d role assignments now\?/);
  terminal.type('y\r');
  await terminal.until(/Type `kv-shop` to go on/);
  terminal.type('kv-shop\r');
  await terminal.until(/Roll back now\?/);
  terminal.type('n\r');
  expect(await terminal.exit).toBe(0);
  expect(terminal.raw).toContain('\u001b[32m');
  expect(terminal.text).toMatch(/[⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏] kv-shop: (staging|settling|verifying)/);
  expect(terminal.text).toContain('the vault is on Azure RBAC');
  expect(await site.refused()).toBe(0);
});

test('Ctrl-C at a question ends with 130 and leaves a vault on access policies', async () => {
  terminal = new Terminal(['migrate', 'kv-shop']);
  await terminal.until(/role assignments now\?/);
  terminal.type('\u0003');
  expect(await terminal.exit).toBe(130);
  expect(terminal.text).toContain('interrupted: nothing was changed');
  expect(await site.refused()).toBe(0);
});

test('Ctrl-C while Azure hangs and the spinner turns ends with 130', async () => {
  site.sandbox.faults.add({ operation: 'RoleAssignments_ListForScope', action: { kind: 'hang' } });
  terminal = new Terminal(['inventory']);
  await terminal.until(/reading the estate/);
  terminal.type('\u0003');
  expect(await terminal.exit).toBe(130);
});

test('NO_COLOR leaves no colour on a terminal', async () => {
  terminal = new Terminal(['verify', 'kv-shop', '--no-color', '--quiet']);
  expect(await terminal.exit).toBe(3);
  // biome-ignore lint/suspicious/noControlCharactersInRegex: that there are none is what is tested
  expect(terminal.raw).not.toMatch(/\u001b\[\d+m/);
});
