import { mkdtemp, readdir, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { main } from '../../src/cli/main.ts';
import { displayWidth } from '../../src/report/text/display-width.ts';
import { testIo } from './test-io.ts';

const freshFolder = () => mkdtemp(path.join(tmpdir(), 'keyturn-'));

describe('the demo', () => {
  test('migrates and rolls back while workloads call, and ends with what they were refused', async () => {
    const cwd = await freshFolder();
    const io = testIo({ cwd });
    expect(await main(['demo'], io)).toBe(0);
    const lines = io.stdout().trimEnd().split('\n');
    expect(lines.at(-1)).toBe('0 workload calls refused');
    expect(lines).toContain('after the rollback the estate is byte for byte what it was');
    expect(lines.filter((line) => line.includes('why: '))).toHaveLength(2);
    expect(io.stdout().replace(/\s+/g, ' ')).toMatch(
      /not reproduced: to carry over all that Dana Developer \(user\) has would take Key Vault .*Officer.* for good; of \d+ data actions 2 stay/,
    );
    // What is given up without evidence is warned of, and nothing else.
    expect(io.stdout().match(/warning \S+/g)).toEqual(['warning PLN-DROP-UNPROVEN']);
    for (const word of ['Inventory', 'Plan', 'Stage', 'Flip', 'Roll back']) expect(io.stdout()).toContain(word);
    expect(await readdir(cwd)).toEqual([]);
  });

  test('fits 80 columns', async () => {
    const io = testIo({ terminal: true, cwd: await freshFolder() });
    await main(['demo'], io);
    const tooWide = io
      .stdout()
      .split('\n')
      .filter((line) => displayWidth(line) > 80);
    expect(tooWide).toEqual([]);
  });

  test('with --json is one document', async () => {
    const io = testIo({ cwd: await freshFolder() });
    expect(await main(['demo', '--json'], io)).toBe(0);
    expect(JSON.parse(io.stdout())).toMatchObject({ refused: 0, failed: 0, identical: true });
  });
});

describe('the sandbox command', () => {
  const scenario = path.resolve(import.meta.dirname, '../../fixtures/scenarios/one-app-one-developer');

  test('serves until Ctrl-C: what it prints is enough for keyturn to work on it, and it records the exchanges', async () => {
    const cwd = await freshFolder();
    let print: (text: string) => void = () => undefined;
    const printed = new Promise<string>((resolve) => (print = resolve));
    const io = testIo({
      cwd,
      out: (text) => {
        print(text);
      },
    });
    const ended = main(['sandbox', '--scenario', scenario, '--env-file', 'sandbox.env', '--record', 'exchanges.jsonl'], io);
    expect(await printed).toContain('az cloud register');
    const env = Object.fromEntries(
      (await readFile(path.join(cwd, 'sandbox.env'), 'utf8'))
        .trim()
        .split('\n')
        .map((line) => line.split('=', 2) as [string, string]),
    );
    const client = testIo({ cwd, env });
    expect(await main(['inventory', '--json'], client)).toBe(0);
    expect(client.stdout()).toContain('kv-shop');
    io.interrupt();
    expect(await ended).toBe(0);
    const recorded = (await readFile(path.join(cwd, 'exchanges.jsonl'), 'utf8'))
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { url: string });
    expect(recorded.some(({ url }) => url.includes('Microsoft.KeyVault/vaults'))).toBe(true);
    expect(await readdir(path.dirname(env.KEYTURN_CLOUD ?? '')).catch(() => 'gone')).toBe('gone');
  });

  test.each([
    ['a folder that is no scenario', ['--scenario', tmpdir()], 'SCENARIO_UNREADABLE'],
    ['a port that is none', ['--scenario', scenario, '--port', 'http'], 'PORT_WORD'],
  ])('refuses %s', async (_what, argv, code) => {
    const io = testIo({ cwd: await freshFolder() });
    expect(await main(['sandbox', ...argv], io)).toBe(2);
    expect(io.stderr()).toMatch(new RegExp(`^error ${code}: .+\\n {2}next: .+\\n$`));
  });
});
