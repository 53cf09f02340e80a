import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { beforeAll, expect, test } from 'vitest';

const root = path.resolve(import.meta.dirname, '../..');

interface Output {
  readonly imports: readonly { readonly path: string; readonly kind: string; readonly external?: boolean }[];
  readonly inputs: Readonly<Record<string, unknown>>;
  readonly entryPoint?: string;
}

let outputs: Readonly<Record<string, Output>>;

beforeAll(() => {
  const folder = mkdtempSync(path.join(tmpdir(), 'keyturn-build-'));
  const metafile = path.join(folder, 'meta.json');
  execFileSync(process.execPath, [path.join(root, 'scripts/build.mjs'), '--quiet', '--into', folder, '--metafile', metafile]);
  outputs = (JSON.parse(readFileSync(metafile, 'utf8')) as { outputs: Record<string, Output> }).outputs;
});

/** Source files that are loaded at once with the given entry: everything but what a later `import()` brings. */
function loadedWith(entryPoint: string): readonly string[] {
  const start = Object.keys(outputs).find((name) => outputs[name]?.entryPoint === entryPoint);
  const seen = new Set<string>();
  const follow = (name: string): void => {
    if (seen.has(name)) return;
    seen.add(name);
    for (const { path: next, kind, external } of outputs[name]?.imports ?? []) {
      if (kind !== 'dynamic-import' && external !== true) follow(next);
    }
  };
  follow(start ?? '(not built)');
  return [...seen].flatMap((name) => Object.keys(outputs[name]?.inputs ?? {}));
}

test('help loads commander and a handful of own files: no SDK, no zod, no inquirer, no ora', () => {
  const inputs = loadedWith('src/cli/main.ts');
  const packages = new Set(inputs.flatMap((input) => /node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(input)?.[1] ?? []));
  expect([...packages]).toEqual(['commander', 'ansi-regex', 'strip-ansi', 'get-east-asian-width', 'string-width']);
  expect(inputs.filter((input) => input.startsWith('src/')).length).toBeLessThan(20);
});

test('every command is a chunk of its own', () => {
  const commands = Object.values(outputs).flatMap(({ entryPoint }) =>
    entryPoint?.startsWith('src/cli/commands/') === true ? [entryPoint] : [],
  );
  expect(commands.length).toBeGreaterThanOrEqual(9);
});

test('the prompts are loaded where something is asked, never with a command', () => {
  for (const command of ['inventory', 'plan', 'apply', 'verify', 'rollback', 'migrate']) {
    const inputs = loadedWith(`src/cli/commands/${command}.ts`);
    expect(inputs.length, command).toBeGreaterThan(5);
    expect(
      inputs.filter((input) => /node_modules\/(inquirer|@inquirer|ora)\//.test(input)),
      command,
    ).toEqual([]);
  }
});

test('the explanations of codes are loaded by `keyturn help` alone', () => {
  const explain = (input: string) => input.startsWith('src/report/help/');
  expect(loadedWith('src/cli/commands/help.ts').filter(explain).length).toBeGreaterThan(5);
  const others = Object.values(outputs).flatMap(({ entryPoint }) => (entryPoint?.startsWith('src/cli/') === true ? [entryPoint] : []));
  expect(others.filter((entry) => entry !== 'src/cli/commands/help.ts' && loadedWith(entry).some(explain))).toEqual([]);
});
