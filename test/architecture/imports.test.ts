import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import ts from 'typescript';
import { describe, expect, test } from 'vitest';

const root = path.resolve(import.meta.dirname, '../..');
const src = path.join(root, 'src');

/** Which rooms a room may import, and why the door to the others is shut. */
const doors: Readonly<Record<string, { readonly rooms: readonly string[]; readonly why: string }>> = {
  model: { rooms: [], why: 'everyone depends on it' },
  principals: { rooms: ['model'], why: 'judgement must not depend on how facts were fetched' },
  access: { rooms: ['model'], why: 'judgement must not depend on how facts were fetched' },
  governance: { rooms: ['model'], why: 'judgement must not depend on how facts were fetched' },
  inventory: { rooms: ['model', 'principals', 'governance'], why: 'it holds facts about the estate, no opinions' },
  mapping: { rooms: ['model', 'access'], why: 'a choice is judged by the access it gives' },
  plan: { rooms: ['model', 'inventory', 'mapping', 'access', 'governance'], why: 'a plan is a value, not an act' },
  migrate: { rooms: ['model', 'plan', 'access', 'governance'], why: 'it acts only through migrate/ports.ts' },
  'check-proof': { rooms: ['model'], why: 'it has to find out when the judgement is wrong, so it must share nothing with it' },
  rollback: { rooms: ['model', 'plan', 'migrate'], why: 'it goes through the same runner and the same journal' },
  report: { rooms: ['model', 'inventory', 'mapping', 'access', 'plan', 'evidence', 'governance'], why: 'it reads, it never decides' },
  azure: { rooms: ['model'], why: "it implements ports and may see other rooms' ports.ts only" },
  sandbox: { rooms: ['model'], why: 'it must not share our evaluator: its 403 has to be able to prove us wrong' },
  cli: {
    rooms: [
      'model',
      'principals',
      'access',
      'inventory',
      'mapping',
      'plan',
      'migrate',
      'check-proof',
      'rollback',
      'report',
      'azure',
      'sandbox',
    ],
    why: 'it wires everything together',
  },
};

const edgeRooms = ['cli', 'azure', 'sandbox'];
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

function offences(judge: (source: Source) => readonly string[]): readonly string[] {
  return sources.flatMap((source) => judge(source).map((what) => `src/${source.file}: ${what}`));
}

describe('the doors between rooms', () => {
  test('every source file lies in a room that the table knows', () => {
    expect(sources.length).toBeGreaterThan(20);
    expect(sources.filter((source) => doors[source.room] === undefined).map((source) => source.file)).toEqual([]);
  });

  test('a room imports only the rooms that the table allows', () => {
    const wrong = offences(({ room, file, imports }) =>
      imports
        .filter((specifier) => specifier.startsWith('.'))
        .flatMap((specifier) => {
          const to = path.join(path.dirname(file), specifier);
          const toRoom = to.split(path.sep)[0] ?? '';
          if (toRoom === room || doors[room]?.rooms.includes(toRoom)) return [];
          if (room === 'azure' && to.endsWith(`${path.sep}ports.ts`)) return [];
          return [`imports ${to}, but ${room} may import ${doors[room]?.rooms.join(', ') || 'nothing'}: ${doors[room]?.why ?? ''}`];
        }),
    );
    expect(wrong).toEqual([]);
  });

  test('the sandbox reads what it stores by itself: of model it takes only what knows nothing of Azure', () => {
    const primitive = ['canonical-json', 'guid', 'json', 'json-place', 'known-error', 'near-names', 'plain-json', 'shell-word'];
    const wrong = offences((source) =>
      source.room === 'sandbox'
        ? source.imports
            .filter((specifier) => specifier.startsWith('.'))
            .map((specifier) => target(source, specifier).split(path.sep))
            .filter(([room, file = '']) => room === 'model' && !primitive.includes(file.replace(/\.ts$/, '')))
            .map((to) => `imports ${to.join('/')}: a fault in a shared reader would be heard by neither judge`)
        : [],
    );
    expect(wrong).toEqual([]);
  });

  test('the sandbox has one door: who uses it imports sandbox/start-sandbox.ts and nothing else of it', () => {
    const wrong = offences((source) =>
      source.room === 'sandbox'
        ? []
        : source.imports
            .filter((specifier) => specifier.startsWith('.'))
            .map((specifier) => target(source, specifier).split(path.sep).join('/'))
            .filter((to) => to.startsWith('sandbox/') && to !== 'sandbox/start-sandbox.ts')
            .map((to) => `imports ${to}`),
    );
    expect(wrong).toEqual([]);
  });

  test('no two rooms depend on each other, however long the way round', () => {
    const reach = new Map<string, Set<string>>();
    for (const source of sources) {
      const set = reach.get(source.room) ?? new Set<string>();
      reach.set(source.room, set);
      for (const specifier of source.imports.filter((s) => s.startsWith('.'))) {
        const to = target(source, specifier).split(path.sep)[0] ?? '';
        if (to !== source.room) set.add(to);
      }
    }
    const circle = (room: string, trail: readonly string[]): readonly string[] => {
      if (trail.includes(room)) return [[...trail, room].join(' → ')];
      return [...(reach.get(room) ?? [])].flatMap((next) => circle(next, [...trail, room]));
    };
    expect([...reach.keys()].flatMap((room) => circle(room, []))).toEqual([]);
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
  test('files, sockets, processes and timers are imported in cli, azure and sandbox only', () => {
    const wrong = offences(({ room, imports }) =>
      edgeRooms.includes(room)
        ? []
        : imports.filter((s) => edgeModules.test(s)).map((s) => `imports ${s}: facts, time and places come in as arguments`),
    );
    expect(wrong).toEqual([]);
  });

  test('process, fetch, timers and the clock are used in cli, azure and sandbox only', () => {
    const wrong = offences(({ room, tree }) => (edgeRooms.includes(room) ? [] : [...globalsUsed(tree, edgeGlobals), ...clockReads(tree)]));
    expect(wrong).toEqual([]);
  });

  test('console is used nowhere: everything printed goes through the Io that a command is given', () => {
    expect(
      offences(({ tree, imports }) => [...globalsUsed(tree, ['console']), ...imports.filter((s) => /^(node:)?console$/.test(s))]),
    ).toEqual([]);
  });

  test('only cli looks at the process it runs in', () => {
    const wrong = offences(({ room, tree, imports }) =>
      room === 'cli' ? [] : [...globalsUsed(tree, ['process']), ...imports.filter((s) => /^(node:)?process$/.test(s))],
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
