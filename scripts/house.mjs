// Measures the house: how many files of each room other rooms import, doors between rooms, circles between files, and sentences for
// people that are written outside the rooms that hold words.
//   node scripts/house.mjs [FOLDER of a checkout; this one when left out]
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import ts from 'typescript';

const root = path.resolve(process.argv[2] ?? path.resolve(import.meta.dirname, '..'));
const src = path.join(root, 'src');
/** Rooms whose work is words: renderers, and registers of findings and errors. */
const wordRooms = ['report', 'words'];
const isRegister = (file) => /(^|\/)register(\/|\.ts$)|words\.ts$/.test(file);

const files = readdirSync(src, { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.ts'))
  .sort()
  .map((name) => name.split(path.sep).join('/'));
const trees = new Map(
  files.map((name) => [name, ts.createSourceFile(name, readFileSync(path.join(src, name), 'utf8'), ts.ScriptTarget.ES2023, true)]),
);
const room = (file) => file.split('/')[0];

function importsOf(file) {
  const found = [];
  const visit = (node) => {
    const specifier = ts.isImportDeclaration(node) || ts.isExportDeclaration(node) ? node.moduleSpecifier : undefined;
    if (specifier !== undefined && ts.isStringLiteral(specifier)) found.push(specifier.text);
    if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword && ts.isStringLiteral(node.arguments[0]))
      found.push(node.arguments[0].text);
    ts.forEachChild(node, visit);
  };
  visit(trees.get(file));
  return found
    .filter((one) => one.startsWith('.'))
    .map((one) => path.posix.join(path.posix.dirname(file), one))
    .filter((one) => trees.has(one));
}

const edges = new Map(files.map((file) => [file, [...new Set(importsOf(file))]]));

/** Strongly connected files, by Tarjan's algorithm. */
function circles() {
  const [index, low, stack, found] = [new Map(), new Map(), [], []];
  const visit = (file) => {
    index.set(file, index.size);
    low.set(file, index.get(file));
    stack.push(file);
    for (const next of edges.get(file)) {
      if (!index.has(next)) visit(next);
      if (stack.includes(next)) low.set(file, Math.min(low.get(file), low.get(next)));
    }
    if (low.get(file) !== index.get(file)) return;
    const circle = stack.splice(stack.indexOf(file));
    if (circle.length > 1) found.push(circle);
  };
  for (const file of files) if (!index.has(file)) visit(file);
  return found;
}

/** Texts of four words and more: what a person may come to read. Descriptions of a schema are for a schema's readers. */
function sentencesIn(tree) {
  let count = 0;
  const visit = (node) => {
    if (ts.isCallExpression(node) && ts.isPropertyAccessExpression(node.expression) && node.expression.name.text === 'describe') {
      ts.forEachChild(node.expression, visit);
      return;
    }
    const text =
      ts.isStringLiteral(node) || ts.isNoSubstitutionTemplateLiteral(node)
        ? node.text
        : ts.isTemplateExpression(node)
          ? node.getText()
          : '';
    if ((text.match(/[a-z]{2,} (?=[a-z`$])/gi) ?? []).length >= 3 && !ts.isImportDeclaration(node.parent)) count += 1;
    ts.forEachChild(node, visit);
  };
  visit(tree);
  return count;
}

const rooms = [...new Set(files.map(room))].sort();
const outside = new Map(rooms.map((one) => [one, new Set()]));
const doors = new Set();
for (const [from, list] of edges) {
  for (const to of list) {
    if (room(from) === room(to)) continue;
    outside.get(room(to)).add(to);
    doors.add(`${room(from)} -> ${room(to)}`);
  }
}
const words = new Map(rooms.map((one) => [one, 0]));
for (const file of files)
  if (!wordRooms.includes(room(file)) && !isRegister(file)) words.set(room(file), words.get(room(file)) + sentencesIn(trees.get(file)));
console.log(`${'room'.padEnd(14)}${'files'.padStart(7)}${'imported from outside'.padStart(24)}${'sentences'.padStart(11)}`);
for (const one of rooms) {
  const all = files.filter((file) => room(file) === one).length;
  console.log(
    `${one.padEnd(14)}${String(all).padStart(7)}${String(outside.get(one).size).padStart(24)}${String(words.get(one)).padStart(11)}`,
  );
}
const sum = (map) => [...map.values()].reduce((total, one) => total + (typeof one === 'number' ? one : one.size), 0);
const product = [...words].filter(([one]) => one !== 'sandbox').reduce((total, [, count]) => total + count, 0);
console.log(`${files.length} files, ${sum(outside)} imported from outside their room, ${doors.size} doors, ${circles().length} circles`);
console.log(`${product} sentences outside ${wordRooms.join(', ')} and the registers, the sandbox apart`);
