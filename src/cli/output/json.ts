import { plainJson } from '../../base/plain-json.ts';

/** A whole answer: one indented value. */
export function jsonDocument(value: unknown): readonly string[] {
  return [`${plainJson(JSON.stringify(value, undefined, 2))}\n`];
}

/** One of many: a value a line. */
export function jsonLine(value: unknown): string {
  return `${plainJson(JSON.stringify(value))}\n`;
}
