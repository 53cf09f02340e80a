import type { JsonValue } from '../../base/json.ts';

/** A template expression, as Azure Policy writes it between brackets. */
export type Expression =
  | { readonly kind: 'literal'; readonly value: JsonValue }
  | { readonly kind: 'call'; readonly name: string; readonly args: readonly Expression[] }
  | { readonly kind: 'member'; readonly of: Expression; readonly key: Expression };

/** Whether a text is an expression: `[…]`, where `[[` is a bracket that is meant as one. */
export function isExpression(text: string): boolean {
  return text.startsWith('[') && text.endsWith(']') && !text.startsWith('[[');
}

interface Tokens {
  readonly list: readonly string[];
  at: number;
}

const token = /\s*('(?:[^']|'')*'|-?\d+(?:\.\d+)?|[A-Za-z_]\w*|[()[\].,])\s*/y;

/** @returns undefined for what is no expression of this language. */
export function parseExpression(text: string): Expression | undefined {
  const list = tokensOf(text.slice(1, -1));
  if (list === undefined) return undefined;
  const tokens: Tokens = { list, at: 0 };
  const parsed = parseValue(tokens);
  return tokens.at === list.length ? parsed : undefined;
}

function tokensOf(text: string): readonly string[] | undefined {
  const found: string[] = [];
  token.lastIndex = 0;
  while (token.lastIndex < text.length) {
    const match = token.exec(text)?.[1];
    if (match === undefined) return undefined;
    found.push(match);
  }
  return found;
}

function parseValue(tokens: Tokens): Expression | undefined {
  let value = parsePrimary(tokens);
  while (value !== undefined && ['.', '['].includes(tokens.list[tokens.at] ?? '')) {
    const key = tokens.list[tokens.at++] === '.' ? parseName(tokens) : parseIndex(tokens);
    value = key && { kind: 'member', of: value, key };
  }
  return value;
}

function parseName(tokens: Tokens): Expression | undefined {
  const name = tokens.list[tokens.at++] ?? '';
  return /^[A-Za-z_]\w*$/.test(name) ? { kind: 'literal', value: name } : undefined;
}

function parseIndex(tokens: Tokens): Expression | undefined {
  const index = parseValue(tokens);
  return tokens.list[tokens.at++] === ']' ? index : undefined;
}

function parsePrimary(tokens: Tokens): Expression | undefined {
  const word = tokens.list[tokens.at++] ?? '';
  if (word.startsWith("'")) return { kind: 'literal', value: word.slice(1, -1).replaceAll("''", "'") };
  if (/^-?\d/.test(word)) return { kind: 'literal', value: Number(word) };
  if (!/^[A-Za-z_]/.test(word) || tokens.list[tokens.at++] !== '(') return undefined;
  const args = parseArguments(tokens);
  return args && { kind: 'call', name: word.toLowerCase(), args };
}

function parseArguments(tokens: Tokens): readonly Expression[] | undefined {
  const args: Expression[] = [];
  if (tokens.list[tokens.at] === ')') {
    tokens.at++;
    return args;
  }
  for (;;) {
    const arg = parseValue(tokens);
    if (arg === undefined) return undefined;
    args.push(arg);
    const next = tokens.list[tokens.at++];
    if (next === ')') return args;
    if (next !== ',') return undefined;
  }
}
