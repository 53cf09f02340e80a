/** A place in a text, as editors count: both from 1. */
export interface TextPosition {
  readonly line: number;
  readonly column: number;
}

export type JsonPath = readonly (string | number)[];

/** What is wrong with a text that no parser takes for JSON, and where, in words; undefined where nothing is. */
export function jsonFault(text: string): string | undefined {
  const { fault } = scan(text, undefined);
  return fault === undefined ? undefined : `line ${placeAt(text, fault.at).line}, column ${placeAt(text, fault.at).column}: ${fault.what}`;
}

/** Where the value at `path` begins, or the nearest value around it that is there. */
export function placeOf(text: string, path: JsonPath): TextPosition | undefined {
  for (let length = path.length; length >= 0; length--) {
    const { found } = scan(text, path.slice(0, length));
    if (found !== undefined) return placeAt(text, found);
  }
  return undefined;
}

function placeAt(text: string, at: number): TextPosition {
  const before = text.slice(0, at).split(/\r\n|\r|\n/);
  return { line: before.length, column: (before.at(-1) ?? '').length + 1 };
}

interface Scanned {
  readonly fault?: { readonly at: number; readonly what: string };
  readonly found?: number;
}

class Fault extends Error {
  readonly at: number;
  constructor(at: number, what: string) {
    super(what);
    this.at = at;
  }
}

/** Walks the text as a parser does. Callers have limited its nesting before. */
function scan(text: string, wanted: JsonPath | undefined): Scanned {
  const walk = walker(text, wanted);
  try {
    walk.value([]);
    walk.end();
    return walk.found();
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    return { ...walk.found(), fault: { at: error.at, what: error.message } };
  }
}

const literal = /true|false|null|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const word = /[^\s,:{}[\]"]+/y;

function walker(text: string, wanted: JsonPath | undefined) {
  let at = text.startsWith('\uFEFF') ? 1 : 0;
  let found: number | undefined;
  const take = (pattern: RegExp): string | undefined => {
    pattern.lastIndex = at;
    const match = pattern.exec(text)?.[0];
    if (match !== undefined) at += match.length;
    return match;
  };
  const skip = (): string | undefined => {
    take(/[ \t\r\n]*/y);
    if (/^\/[/*]/.test(text.slice(at, at + 2))) throw new Fault(at, 'JSON has no comments');
    return text[at];
  };
  const string = (): string => {
    const from = at;
    for (at += 1; text[at] !== '"'; at += 1) {
      if ((text[at] ?? '\n') < ' ') throw new Fault(from, 'a text has no closing quote on its line');
      if (text[at] !== '\\') continue;
      if (!/^\\(["\\/bfnrt]|u[0-9a-f]{4})/i.test(text.slice(at, at + 6)))
        throw new Fault(at, 'a backslash stands before a letter that means nothing');
      at += 1;
    }
    at += 1;
    return text.slice(from + 1, at - 1);
  };
  const list = (close: ']' | '}', item: (index: number) => void): void => {
    at += 1;
    if (skip() === close) {
      at += 1;
      return;
    }
    for (let index = 0; ; index++) {
      item(index);
      const sign = skip();
      if (sign === close) {
        at += 1;
        return;
      }
      if (sign !== ',')
        throw new Fault(at, sign === undefined ? `the file ends before \`${close}\`` : `a comma or \`${close}\` is missing before this`);
      const comma = at;
      at += 1;
      if (skip() === close) throw new Fault(comma, `a comma stands before \`${close}\`, and nothing after it`);
    }
  };
  const value = (path: JsonPath): void => {
    const sign = skip();
    if (wanted !== undefined && path.length === wanted.length && path.every((step, index) => step === wanted[index])) found ??= at;
    if (sign === '{') {
      list('}', () => {
        if (skip() !== '"')
          throw new Fault(at, text[at] === undefined ? 'the file ends before `}`' : 'a name has to stand in double quotes');
        const name = string();
        if (skip() !== ':') throw new Fault(at, `a colon is missing after \`${name}\``);
        at += 1;
        value([...path, name]);
      });
    } else if (sign === '[') {
      list(']', (index) => {
        value([...path, index]);
      });
    } else if (sign === '"') string();
    else if (sign === undefined) throw new Fault(at, 'the file ends where a value should be');
    else if (take(literal) === undefined || take(word) !== undefined) throw noValue();
  };
  const noValue = (): Fault => {
    const from = Math.max(text.slice(0, at).search(/[^\s,:{}[\]"]+$/), 0) || at;
    const odd = /^[^\s,:{}[\]]+/.exec(text.slice(from))?.[0] ?? text[from] ?? '';
    if (odd.startsWith("'")) return new Fault(from, 'a text has to stand in double quotes, not in single ones');
    return new Fault(from, `\`${odd.slice(0, 40)}\` is not a JSON value; write text in double quotes`);
  };
  const end = (): void => {
    if (skip() !== undefined) throw new Fault(at, 'something follows the end of the document');
  };
  return { value, end, found: () => (found === undefined ? {} : { found }) };
}
