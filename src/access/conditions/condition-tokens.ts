export interface Token {
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
export function conditionTokens(text: string): readonly Token[] {
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
