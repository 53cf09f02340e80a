import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import ts from 'typescript';
import { describe, expect, test } from 'vitest';
import { doors } from './doors.ts';

const root = path.resolve(import.meta.dirname, '../..');
const src = path.join(root, 'src');

const edgeRooms = ['cli', 'local', 'azure', 'sandbox'];
const edgeModules =
  /^(node:)?(fs|http|https|http2|net|tls|dgram|dns|child_process|worker_threads|cluster|timers|process|readline|repl|tty)(\/|$)/;
const edgeGlobals = ['process', 'fetch', 'setTimeout', 'setInterval', 'setImmediate', 'performance', 'WebSocket'];
const terminalPackages = ['inquirer', 'ora', 'commander'];

interface Source {
  readonly file: string;
  readonly room: string;
  readonly tree: ts.SourceFile;
  readonly imports: readonly string[];
}

function readSources(): readonly Source[] {
  return readdirSync(src, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .sort()
    .map((name) => {
      const file = path.join(src, name);
      const tree = ts.createSourceFile(file, readFileSync(file, 'utf8'), ts.ScriptTarget.ES2023, true);
      return { file: name, room: name.split(path.sep)[0] ?? '', tree, imports: importsOf(tree) };
    });
}

/** Static and type-only imports, re-exports, `import()` calls and `import('…')` types. */
function importsOf(tree: ts.SourceFile): readonly string[] {
  const found: string[] = [];
  const visit = (node: ts.Node): void => {
    if ((ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) && node.moduleSpecifier && ts.isStringLiteral(node.moduleSpecifier))
      found.push(node.moduleSpecifier.text);
    if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword) {
      const [argument] = node.arguments;
      found.push(argument !== undefined && ts.isStringLiteral(argument) ? argument.text : '(computed)');
    }
    if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument) && ts.isStringLiteral(node.argument.literal))
      found.push(node.argument.literal.text);
    ts.forEachChild(node, visit);
  };
  visit(tree);
  return found;
}

const sources = readSources();

/** `room/file.ts` that a relative import leads to. */
function target(source: Source, specifier: string): string {
  return path.join(path.dirname(source.file), specifier);
}

/** The files of src that a file imports, as `room/file.ts`. */
function importedFiles(source: Source): readonly string[] {
  return source.imports.filter((specifier) => specifier.startsWith('.')).map((specifier) => target(source, specifier));
}

function mayImport(room: string, other: string): boolean {
  const rooms = doors[room]?.rooms ?? [];
  return rooms.includes('*') || rooms.includes(other);
}

/** One line for each file that is reached again from itself: depth first, with the way that led there. */
function circles(edges: ReadonlyMap<string, readonly string[]>): readonly string[] {
  const found: string[] = [];
  const done = new Set<string>();
  const visit = (file: string, trail: readonly string[]): void => {
    if (trail.includes(file)) found.push([...trail.slice(trail.indexOf(file)), file].join(' → '));
    if (done.has(file) || trail.includes(file)) return;
    for (const next of edges.get(file) ?? []) visit(next, [...trail, file]);
    done.add(file);
  };
  for (const file of edges.keys()) visit(file, []);
  return found;
}

function offences(judge: (source: Source) => readonly string[]): readonly string[] {
  return sources.flatMap((source) => judge(source).map((what) => `src/${source.file}: ${what}`));
}

describe('the doors between rooms', () => {
  test('every source file lies in a room that the table knows', () => {
    expect(sources.length).toBeGreaterThan(20);
    expect(sources.filter((source) => doors[source.room] === undefined).map((source) => source.file)).toEqual([]);
  });

  test('a room imports only the rooms that the table allows', () => {
    const wrong = offences((source) =>
      importedFiles(source).flatMap((to) => {
        const { room } = source;
        const [toRoom = ''] = to.split(path.sep);
        if (toRoom === room || mayImport(room, toRoom)) return [];
        if (doors[room]?.implementsPorts === true && /(^|[/\\])([a-z]+-)?ports\.ts$/.test(to)) return [];
        return [`imports ${to}, but ${room} may import ${doors[room]?.rooms.join(', ') || 'nothing'}: ${doors[room]?.why ?? ''}`];
      }),
    );
    expect(wrong).toEqual([]);
  });

  test('every door in the table is used', () => {
    const used = new Set(sources.flatMap((source) => importedFiles(source).map((to) => `${source.room} → ${to.split(path.sep)[0] ?? ''}`)));
    const listed = Object.entries(doors).flatMap(([room, { rooms }]) => rooms.filter((to) => to !== '*').map((to) => `${room} → ${to}`));
    expect(listed.filter((door) => !used.has(door))).toEqual([]);
  });

  test('files at the root of a room are its face: what lies in its folders is imported from inside the room alone', () => {
    const wrong = offences((source) =>
      importedFiles(source)
        .filter((to) => to.split(path.sep)[0] !== source.room && to.split(path.sep).length > 2)
        .map((to) => `imports ${to}, which is private to its room`),
    );
    expect(wrong).toEqual([]);
  });

  test('the sandbox has one door: who uses it imports sandbox/start-sandbox.ts and nothing else of it', () => {
    const wrong = offences((source) =>
      importedFiles(source)
        .filter((to) => source.room !== 'sandbox' && to.split(path.sep)[0] === 'sandbox' && path.basename(to) !== 'start-sandbox.ts')
        .map((to) => `imports ${to}`),
    );
    expect(wrong).toEqual([]);
  });

  test('no file depends on itself, however long the way round', () => {
    const edges = new Map(sources.map((source) => [source.file, importedFiles(source)]));
    expect(circles(edges)).toEqual([]);
  });

  test('relative imports name the file with its ending, lead into src and are never computed', () => {
    const wrong = offences((source) =>
      source.imports.flatMap((specifier) => {
        if (specifier === '(computed)') return ['computes what it imports'];
        if (!specifier.startsWith('.')) return [];
        if (!specifier.endsWith('.ts')) return [`imports ${specifier} without .ts`];
        return target(source, specifier).startsWith('..') ? [`imports ${specifier} from outside src`] : [];
      }),
    );
    expect(wrong).toEqual([]);
  });
});

describe('what only the edge may touch', () => {
  test('files, sockets, processes and timers are imported in cli, local, azure and sandbox only', () => {
    const wrong = offences(({ room, imports }) =>
      edgeRooms.includes(room)
        ? []
        : imports.filter((s) => edgeModules.test(s)).map((s) => `imports ${s}: facts, time and places come in as arguments`),
    );
    expect(wrong).toEqual([]);
  });

  test('process, fetch, timers and the clock are used in cli, local, azure and sandbox only', () => {
    const wrong = offences(({ room, tree }) => (edgeRooms.includes(room) ? [] : [...globalsUsed(tree, edgeGlobals), ...clockReads(tree)]));
    expect(wrong).toEqual([]);
  });

  test('console is used nowhere: everything printed goes through the Io that a command is given', () => {
    expect(
      offences(({ tree, imports }) => [...globalsUsed(tree, ['console']), ...imports.filter((s) => /^(node:)?console$/.test(s))]),
    ).toEqual([]);
  });

  test('only cli and local look at the process they run in', () => {
    const wrong = offences(({ room, tree, imports }) =>
      ['cli', 'local'].includes(room) ? [] : [...globalsUsed(tree, ['process']), ...imports.filter((s) => /^(node:)?process$/.test(s))],
    );
    expect(wrong).toEqual([]);
  });

  test('only azure imports the Azure SDKs and the Graph client', () => {
    const wrong = offences(({ room, imports }) => (room === 'azure' ? [] : imports.filter((s) => /^@(azure|microsoft)\//.test(s))));
    expect(wrong).toEqual([]);
  });

  test('only cli talks to the terminal', () => {
    const wrong = offences(({ room, imports }) => (room === 'cli' ? [] : imports.filter((s) => terminalPackages.includes(s))));
    expect(wrong).toEqual([]);
  });

  test('no module has a default export', () => {
    const isDefault = (statement: ts.Statement): boolean =>
      ts.isExportAssignment(statement) ||
      (ts.canHaveModifiers(statement) && (ts.getModifiers(statement) ?? []).some((m) => m.kind === ts.SyntaxKind.DefaultKeyword)) ||
      (ts.isExportDeclaration(statement) &&
        statement.exportClause !== undefined &&
        ts.isNamedExports(statement.exportClause) &&
        statement.exportClause.elements.some((element) => element.name.text === 'default'));
    expect(offences(({ tree }) => (tree.statements.some(isDefault) ? ['exports a default'] : []))).toEqual([]);
  });

  test('no file is longer than 300 lines', () => {
    expect(offences(({ tree }) => (lineCount(tree) > 300 ? [`has ${lineCount(tree)} lines`] : []))).toEqual([]);
  });
});

function lineCount(tree: ts.SourceFile): number {
  return tree.getLineAndCharacterOfPosition(tree.end).line;
}

/** Uses of the names as free identifiers: not as a property, a key, or something the file declares itself. */
function globalsUsed(tree: ts.SourceFile, names: readonly string[]): readonly string[] {
  const declared = new Set<string>();
  const used: ts.Identifier[] = [];
  const visit = (node: ts.Node): void => {
    const named = ts.isVariableDeclaration(node) || ts.isParameter(node) || ts.isFunctionDeclaration(node) || ts.isBindingElement(node);
    if (named && node.name !== undefined && ts.isIdentifier(node.name)) declared.add(node.name.text);
    if (ts.isIdentifier(node) && names.includes(node.text) && isFree(node)) used.push(node);
    ts.forEachChild(node, visit);
  };
  visit(tree);
  return used
    .filter((node) => !declared.has(node.text))
    .map((node) => `line ${tree.getLineAndCharacterOfPosition(node.pos).line + 1} uses ${node.text}`);
}

function isFree(node: ts.Identifier): boolean {
  const { parent } = node;
  if (ts.isPropertyAccessExpression(parent)) return parent.expression === node || parent.expression.getText() === 'globalThis';
  return !(
    (ts.isPropertyAssignment(parent) || ts.isPropertySignature(parent) || ts.isMethodSignature(parent) || ts.isMethodDeclaration(parent)) &&
    parent.name === node
  );
}

/** `Date.now()` and `new Date()` without an argument. */
function clockReads(tree: ts.SourceFile): readonly string[] {
  const found: string[] = [];
  const visit = (node: ts.Node): void => {
    const line = () => tree.getLineAndCharacterOfPosition(node.getStart()).line + 1;
    if (ts.isPropertyAccessExpression(node) && node.getText() === 'Date.now') found.push(`line ${line()} reads the clock`);
    if (ts.isNewExpression(node) && node.expression.getText() === 'Date' && (node.arguments ?? []).length === 0)
      found.push(`line ${line()} reads the clock`);
    ts.forEachChild(node, visit);
  };
  visit(tree);
  return found;
}
