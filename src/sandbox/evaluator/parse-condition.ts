import type { Condition, Operand, Pairing } from './condition.ts';

type Token = { readonly kind: 'text' | 'word' | 'attribute' | 'sign'; readonly value: string };

const tokenPattern =
  /\s*(?:(?<attribute>@(?:resource|request|principal|environment)\s*\[[^\]]*\])|'(?<text>(?:[^'\\]|\\.)*)'|(?<sign>&&|\|\||[!(){},])|(?<word>[A-Za-z0-9_.:+-]+))/iy;

/** The conditions that were read before; a role's text is asked about again and again. */
const known = new Map<string, Condition | undefined>();

/** @returns undefined when the text is no condition: nobody can say what it grants. */
export function parseCondition(text: string): Condition | undefined {
  if (!known.has(text)) known.set(text, readCondition(text));
  return known.get(text);
}

function readCondition(text: string): Condition | undefined {
  const tokens = tokensOf(text);
  if (tokens === undefined) return undefined;
  const reader = new Reader(tokens);
  try {
    const condition = reader.expression();
    return reader.atEnd() ? condition : undefined;
  } catch (error) {
    if (error instanceof Unreadable) return undefined;
    throw error;
  }
}

function tokensOf(text: string): readonly Token[] | undefined {
  const tokens: Token[] = [];
  const source = text.trim();
  const pattern = new RegExp(tokenPattern);
  while (pattern.lastIndex < source.length) {
    const groups = pattern.exec(source)?.groups;
    if (groups === undefined) return undefined;
    for (const kind of ['attribute', 'text', 'sign', 'word'] as const) {
      const value = groups[kind];
      if (value !== undefined) tokens.push({ kind, value });
    }
  }
  return tokens;
}

class Unreadable extends Error {}

/** Recursive descent over the tokens. */
class Reader {
  private position = 0;
  private readonly tokens: readonly Token[];

  constructor(tokens: readonly Token[]) {
    this.tokens = tokens;
  }

  atEnd(): boolean {
    return this.position === this.tokens.length;
  }

  /** AND and OR side by side without parentheses are ambiguous and not read. */
  expression(): Condition {
    const first = this.negation();
    const parts = [first];
    let kind: 'and' | 'or' | undefined;
    for (let joint = this.joint(); joint !== undefined; joint = this.joint()) {
      if (kind !== undefined && kind !== joint) throw new Unreadable();
      kind = joint;
      parts.push(this.negation());
    }
    return kind === undefined ? first : { kind, parts };
  }

  private joint(): 'and' | 'or' | undefined {
    if (this.take('sign', '&&') || this.take('word', 'and')) return 'and';
    if (this.take('sign', '||') || this.take('word', 'or')) return 'or';
    return undefined;
  }

  private negation(): Condition {
    if (this.take('sign', '!') || this.take('word', 'not')) return { kind: 'not', part: this.negation() };
    return this.primary();
  }

  private primary(): Condition {
    if (this.take('sign', '(')) {
      const inner = this.expression();
      this.expect(')');
      return inner;
    }
    if (this.take('word', 'actionmatches')) return { kind: 'actionMatches', patterns: this.set() };
    if (this.take('word', 'suboperationmatches')) return { kind: 'subOperationMatches', patterns: this.set() };
    if (this.take('word', 'exists')) return { kind: 'exists', attribute: this.attribute() };
    if (this.take('word', 'notexists')) return { kind: 'not', part: { kind: 'exists', attribute: this.attribute() } };
    return this.comparison();
  }

  private comparison(): Condition {
    const attribute = this.attribute();
    const written = this.next('word').toLowerCase();
    const split = /^for(any|all)of(any|all)values:([a-z]+)$/.exec(written);
    const pairing = split === null ? undefined : ({ left: split[1], right: split[2] } as Pairing);
    return { kind: 'comparison', attribute, operator: split?.[3] ?? written, pairing, operand: this.operand() };
  }

  private operand(): Operand {
    const token = this.tokens[this.position];
    if (token?.kind === 'attribute') return { kind: 'attribute', name: this.attribute() };
    if (token?.kind === 'sign') return { kind: 'literals', values: this.set() };
    return { kind: 'literals', values: [this.value()] };
  }

  private set(): readonly string[] {
    this.expect('{');
    const values = [this.value()];
    while (this.take('sign', ',')) values.push(this.value());
    this.expect('}');
    return values;
  }

  /** Text in quotes, or a number, true, false or a GUID without them. */
  private value(): string {
    const token = this.tokens[this.position];
    if (token === undefined || (token.kind !== 'text' && token.kind !== 'word')) throw new Unreadable();
    this.position++;
    return token.value;
  }

  private attribute(): string {
    return this.next('attribute').replaceAll(/\s/g, '').toLowerCase();
  }

  private expect(sign: string): void {
    if (!this.take('sign', sign)) throw new Unreadable();
  }

  private next(kind: Token['kind']): string {
    const token = this.tokens[this.position];
    if (token?.kind !== kind) throw new Unreadable();
    this.position++;
    return token.value;
  }

  private take(kind: 'sign' | 'word', value: string): boolean {
    const token = this.tokens[this.position];
    if (token?.kind !== kind || token.value.toLowerCase() !== value) return false;
    this.position++;
    return true;
  }
}
