import { createHash } from 'node:crypto';

/**
 * RFC 8785 (JSON Canonicalization Scheme): keys sorted by UTF-16 code units, no blanks, ECMAScript number format.
 * Members whose value is `undefined` are left out, as JSON.stringify does.
 * @throws TypeError on anything JSON cannot say: functions, symbols, bigint, non-finite numbers, lone surrogates.
 */
export function canonicalJson(value: unknown): string {
  let text = '';
  write(value, (piece) => {
    text += piece;
  });
  return text;
}

/** SHA-256 of the canonical JSON, as `sha256:` and 64 hex digits. The text itself is never whole in memory: plans are large. */
export function digestOf(value: unknown): string {
  const hash = createHash('sha256');
  let waiting = '';
  write(value, (piece) => {
    waiting += piece;
    if (waiting.length < 65_536) return;
    hash.update(waiting);
    waiting = '';
  });
  return `sha256:${hash.update(waiting).digest('hex')}`;
}

/** Undefined for what has no canonical form (a lone surrogate): it cannot be what was sealed. */
export function digestOrNone(value: unknown): string | undefined {
  try {
    return digestOf(value);
  } catch (error) {
    if (error instanceof TypeError) return undefined;
    throw error;
  }
}

function write(value: unknown, put: (piece: string) => void): void {
  if (Array.isArray(value)) {
    put('[');
    for (const [at, item] of value.entries()) {
      if (at > 0) put(',');
      write(item, put);
    }
    put(']');
  } else if (typeof value === 'object' && value !== null) {
    writeMembers(value as Readonly<Record<string, unknown>>, put);
  } else {
    put(scalar(value));
  }
}

function writeMembers(value: Readonly<Record<string, unknown>>, put: (piece: string) => void): void {
  let before = '{';
  // Without a comparison of its own, sort goes by UTF-16 code units.
  for (const key of Object.keys(value).sort()) {
    const member = value[key];
    if (member === undefined) continue;
    put(`${before}${scalar(key)}:`);
    write(member, put);
    before = ',';
  }
  put(before === '{' ? '{}' : '}');
}

function scalar(value: unknown): string {
  if (value === null || typeof value === 'boolean') return String(value);
  if (typeof value === 'number') {
    if (!Number.isFinite(value)) throw new TypeError('a number that is not finite has no canonical JSON');
    return JSON.stringify(value);
  }
  if (typeof value === 'string') {
    if (!value.isWellFormed()) throw new TypeError('a string with a lone surrogate has no canonical JSON');
    return JSON.stringify(value);
  }
  throw new TypeError(`a ${typeof value} has no canonical JSON`);
}
