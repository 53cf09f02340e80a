import type { Condition, ParsedCondition } from '../condition.ts';
import { conditionOperator, suits } from './condition-operator.ts';

/** Deeper than any condition that fits into Azure's 8 KB with sense in it, and far from the end of the stack. */
const deepest = 200;

interface Cursor {
  readonly tokens: readonly Token[];
  position: number;
  depth: number;
}

/**
 * Parses a role condition of version 2.0. AND and OR side by side without parentheses are refused as ambiguous. What
 * cannot be parsed is no error of keyturn's: the condition is then one that nobody here can judge.
 */
export function parseCondition(text: string): ParsedCondition {
  try {
    const cursor = { tokens: conditionTokens(text), position: 0, depth: 0 };
    const condition = parseChain(cursor);
    if (peek(cursor).kind !== 'end') throw expected('the end', peek(cursor));
    return { state: 'parsed', condition };
  } catch (error) {
    if (error instanceof SyntaxError) return { state: 'unreadable', because: error.message };
    throw error;
  }
}

function parseChain(cursor: Cursor): Condition {
  const first = parseNegation(cursor);
  const parts = [first];
  let kind: 'and' | 'or' | undefined;
  for (let next = jointAt(cursor); next !== undefined; next = jointAt(cursor)) {
    if (kind !== undefined && kind !== next) throw new SyntaxError('AND and OR stand side by side without parentheses');
    kind = next;
    take(cursor);
    parts.push(parseNegation(cursor));
  }
  return kind === undefined ? first : { kind, parts };
}

function jointAt(cursor: Cursor): 'and' | 'or' | undefined {
  const { kind, text } = peek(cursor);
  const word = kind === 'quoted' ? '' : text.toUpperCase();
  if (word === 'AND' || word === '&&') return 'and';
  return word === 'OR' || word === '||' ? 'or' : undefined;
}

function parseNegation(cursor: Cursor): Condition {
  cursor.depth += 1;
  if (cursor.depth > deepest) throw new SyntaxError('it is nested too deeply');
  const negated = skip(cursor, 'sign', '!') || skip(cursor, 'word', 'NOT');
  const condition: Condition = negated ? { kind: 'not', part: parseNegation(cursor) } : parsePrimary(cursor);
  cursor.depth -= 1;
  return condition;
}

function parsePrimary(cursor: Cursor): Condition {
  if (skip(cursor, 'sign', '(')) {
    const inner = parseChain(cursor);
    need(cursor, ')');
    return inner;
  }
  if (skip(cursor, 'word', 'ActionMatches')) return { kind: 'actionMatches', patterns: parseQuotedSet(cursor) };
  if (skip(cursor, 'word', 'SubOperationMatches')) return { kind: 'subOperationMatches', operations: parseQuotedSet(cursor) };
  if (skip(cursor, 'word', 'Exists')) return { kind: 'exists', attribute: parseAttribute(cursor) };
  return parseComparison(cursor);
}

function parseComparison(cursor: Cursor): Condition {
  const attribute = parseAttribute(cursor);
  const word = take(cursor);
  const known = word.kind === 'word' ? conditionOperator(word.text) : undefined;
  if (known === undefined) throw new SyntaxError(`\`${word.text}\` is not a known operator`);
  const head = { kind: 'comparison' as const, attribute, ...known };
  if (peek(cursor).kind === 'attribute') return { ...head, right: { attribute: take(cursor).text } };
  const values = parseValues(cursor);
  const wrong = values.find((value) => !suits(known.operator, value.text, value.kind === 'quoted'));
  if (wrong !== undefined) throw new SyntaxError(`\`${wrong.text}\` cannot be compared by \`${word.text}\``);
  if (known.quantifier === undefined && values.length > 1) throw new SyntaxError(`\`${word.text}\` compares one value, not several`);
  return { ...head, right: values.map((value) => value.text) };
}

function parseValues(cursor: Cursor): readonly Token[] {
  if (!skip(cursor, 'sign', '{')) return [parseValue(cursor)];
  const values = [parseValue(cursor)];
  while (skip(cursor, 'sign', ',')) values.push(parseValue(cursor));
  need(cursor, '}');
  return values;
}

function parseValue(cursor: Cursor): Token {
  const token = take(cursor);
  if (token.kind !== 'quoted' && token.kind !== 'word') throw expected('a value', token);
  return token;
}

function parseQuotedSet(cursor: Cursor): readonly string[] {
  if (peek(cursor).kind !== 'sign' || peek(cursor).text !== '{') throw expected('`{`', peek(cursor));
  const values = parseValues(cursor);
  const bare = values.find((value) => value.kind !== 'quoted');
  if (bare !== undefined) throw expected('a quoted text', bare);
  return values.map((value) => value.text);
}

function parseAttribute(cursor: Cursor): string {
  const token = take(cursor);
  if (token.kind !== 'attribute') throw expected('an attribute', token);
  return token.text;
}

function peek({ tokens, position }: Cursor): Token {
  return tokens[position] ?? { kind: 'end', text: '', at: 0 };
}

function take(cursor: Cursor): Token {
  const token = peek(cursor);
  cursor.position += 1;
  return token;
}

function skip(cursor: Cursor, kind: Token['kind'], text: string): boolean {
  const token = peek(cursor);
  const found = token.kind === kind && token.text.toLowerCase() === text.toLowerCase();
  if (found) cursor.position += 1;
  return found;
}

function need(cursor: Cursor, sign: string): void {
  if (!skip(cursor, 'sign', sign)) throw expected(`\`${sign}\``, peek(cursor));
}

function expected(what: string, token: Token): SyntaxError {
  return new SyntaxError(token.kind === 'end' ? `it ends where ${what} should stand` : `${what} is missing at character ${token.at + 1}`);
}

interface Token {
  readonly kind: 'quoted' | 'attribute' | 'word' | 'sign' | 'end';
  /** Quoted text without its quotes; attributes in lower case; everything else as written. */
  readonly text: string;
  readonly at: number;
}

const patterns: readonly (readonly [Token['kind'] | 'blank', RegExp])[] = [
  ['blank', /\s+/y],
  ['quoted', /'[^']*'/y],
  ['attribute', /@(?:Resource|Request|Principal|Environment)\s*\[[^\]]+\]/iy],
  ['sign', /&&|\|\||[(){},!]/y],
  ['word', /[A-Za-z0-9_.:+-]+/y],
];

/** @throws SyntaxError at the first character that begins nothing the grammar has. */
function conditionTokens(text: string): readonly Token[] {
  const tokens: Token[] = [];
  let at = 0;
  while (at < text.length) {
    const [kind, found] = nextMatch(text, at);
    if (kind !== 'blank') tokens.push({ kind, text: plain(kind, found), at });
    at += found.length;
  }
  return [...tokens, { kind: 'end', text: '', at }];
}

function nextMatch(text: string, at: number): readonly [Token['kind'] | 'blank', string] {
  for (const [kind, pattern] of patterns) {
    pattern.lastIndex = at;
    const found = pattern.exec(text)?.[0];
    if (found !== undefined) return [kind, found];
  }
  throw new SyntaxError(`character ${at + 1} begins nothing that a condition has`);
}

function plain(kind: Token['kind'], found: string): string {
  if (kind === 'quoted') return found.slice(1, -1);
  return kind === 'attribute' ? found.replace(/\s/g, '').toLowerCase() : found;
}
