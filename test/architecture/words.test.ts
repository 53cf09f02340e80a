import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import ts from 'typescript';
import { expect, test } from 'vitest';

const src = path.resolve(import.meta.dirname, '../../src');
const files = readdirSync(src, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.ts') && !name.startsWith('sandbox'));

/** Phrasings that people had to read twice, each with what to write instead. `docs/glossary.md` has the words to use. */
const banned: readonly (readonly [RegExp, string])[] = [
  [/\b(is|are) no (?!longer\b|more\b)(?!.*\bthere\b)/, 'is not a …'],
  [/\b(is|are) none\b/, 'is not one, there are none'],
  [/\bbesides? (it|metadata only|which|this)\b/, 'in addition to'],
  [/\bwhoever\b/, 'anyone who, the people who'],
  [/\bcomes? along\b/, 'extra access'],
  [/\bbites\b/, 'takes effect'],
  [/\bnobody knows\b/, 'is not known, unknown'],
  [/\bhave somebody\b|\bsomebody who may\b/, 'ask someone with the rights to'],
  [/\bto be had\b/, 'to restore'],
  [/\bcannot be said\b/, 'could not determine'],
  [/\bnear is\b/, 'did you mean'],
  [/\bstumbled\b/, 'internal error'],
];

/** Texts of more than one word, as they stand in the source: what a person may come to read. */
function texts(file: string): readonly { readonly line: number; readonly text: string }[] {
  const tree = ts.createSourceFile(file, readFileSync(path.join(src, file), 'utf8'), ts.ScriptTarget.ES2023, true);
  const found: { readonly line: number; readonly text: string }[] = [];
  const visit = (node: ts.Node): void => {
    const literal = ts.isStringLiteral(node) || ts.isNoSubstitutionTemplateLiteral(node) || ts.isTemplateExpression(node);
    if (literal && node.getText().includes(' '))
      found.push({ line: tree.getLineAndCharacterOfPosition(node.getStart()).line + 1, text: node.getText() });
    ts.forEachChild(node, visit);
  };
  visit(tree);
  return found;
}

test('nothing that people read is worded so that they have to read it twice', () => {
  const all = files.flatMap((file) => texts(file).map((one) => ({ file, ...one })));
  expect(all.length).toBeGreaterThan(800);
  const worded = all.flatMap(({ file, line, text }) => {
    const plain = text.replaceAll(/\bthere (is|are) no\b/g, '');
    return banned.flatMap(([pattern, instead]) => (pattern.test(plain) ? [`src/${file}:${line} ${text}: write “${instead}”`] : []));
  });
  expect(worded).toEqual([]);
});
