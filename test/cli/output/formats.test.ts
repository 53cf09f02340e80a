import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import ts from 'typescript';
import { describe, expect, test } from 'vitest';
import { main } from '../../../src/cli/main.ts';
import { type Format, formats } from '../../../src/cli/output/formats.ts';
import { formatOf, inFormat } from '../../../src/cli/output/show.ts';
import { testIo } from '../test-io.ts';

const names = Object.keys(formats) as readonly Format[];
const flags = names.filter((name) => name !== 'text');
const pagesOf = (name: Format): readonly string[] => Object.keys(formats[name].pages);

async function run(...words: readonly string[]) {
  const io = testIo();
  const code = await main(words, io);
  return { code, stdout: io.stdout(), stderr: io.stderr() };
}

describe('formats of results', () => {
  test('every page can be printed as text and as JSON', () => {
    expect(pagesOf('json')).toEqual(pagesOf('text'));
    expect(names.filter((name) => pagesOf(name).some((page) => !pagesOf('text').includes(page)))).toEqual([]);
  });

  test('a command offers the flags of the formats that its page is listed under, and no others', async () => {
    // What several commands print, or one besides its own page, is no command's name.
    const shared = ['results', 'largePlan', 'planParts', 'approval', 'stateCopy'];
    const commands = pagesOf('text').flatMap((page) => (shared.includes(page) ? [] : [[page, page] as const]));
    for (const [command, page] of [...commands, ['show', 'plan'] as const, ['approve', 'approval'] as const]) {
      const { stdout } = await run(command, '--help');
      const offered = flags.filter((flag) => new RegExp(`^ +--${flag} `, 'm').test(stdout));
      expect(offered, command).toEqual(flags.filter((flag) => pagesOf(flag).includes(page)));
    }
  });

  test('one format can be asked for: two are refused before anything is read, and so is one that nobody knows', async () => {
    const both = await run('plan', '--json', '--markdown');
    expect(both).toEqual({
      code: 2,
      stdout: '',
      stderr: "error USAGE: option '--markdown' cannot be used with option '--json'\n  next: see `keyturn plan --help`\n",
    });
    expect((await run('plan', '--nonsense')).stderr).toContain("unknown option '--nonsense'");
  });

  test('text is what is printed where no flag asks for another format', () => {
    expect(formatOf({})).toBe('text');
    for (const name of names) expect(formatOf(inFormat(name, { json: true }))).toBe(name);
  });

  test('nothing of the command line but src/cli/output looks at the flags', () => {
    const folder = path.resolve(import.meta.dirname, '../../../src/cli');
    const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.ts'));
    const asking = files.filter((name) => asksForFormat(readFileSync(path.join(folder, name), 'utf8')));
    expect(files.length).toBeGreaterThan(50);
    expect(asking.filter((name) => !name.startsWith(`output${path.sep}`))).toEqual([]);
    expect(asksForFormat('if (options.json === true) print();') && asksForFormat('const { markdown } = request;')).toBe(true);
  });
});

/** Whether a source reads a property that is named like a format's flag. */
function asksForFormat(source: string): boolean {
  const tree = ts.createSourceFile('source.ts', source, ts.ScriptTarget.ES2023, true);
  const visit = (node: ts.Node): boolean => {
    if (ts.isPropertyAccessExpression(node) && flags.some((flag) => flag === node.name.text)) return !isRowOfFormats(node);
    if (ts.isBindingElement(node) && ts.isObjectBindingPattern(node.parent)) {
      const name = node.propertyName ?? node.name;
      if (ts.isIdentifier(name) && flags.some((flag) => flag === name.text)) return true;
    }
    return ts.forEachChild(node, visit) ?? false;
  };
  return visit(tree);
}

function isRowOfFormats({ expression }: ts.PropertyAccessExpression): boolean {
  return ts.isIdentifier(expression) && expression.text === 'formats';
}
