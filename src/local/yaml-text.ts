import type { JsonPath } from '../base/json-place.ts';
import { KnownError } from '../base/known-error.ts';
import type { TextDocument } from '../base/text-document.ts';
import { parseUntrusted, type UntrustedFile } from '../base/untrusted-json.ts';

/**
 * YAML as the value that JSON would hold: no aliases, no tags of its own, one document. What comes out is held against the same limits as
 * JSON. The library is loaded here and not before.
 * @throws KnownError (usage) under the file's own code, with line and column.
 */
export async function yamlText(text: string, file: UntrustedFile): Promise<TextDocument> {
  const refuse = (why: string): KnownError => new KnownError('usage', file.code, `${file.what} cannot be read: ${why}`, file.remedy);
  if (text.length > file.limit) throw refuse(`it is larger than ${file.limit} characters`);
  const { LineCounter, isNode, parseDocument } = await import('yaml');
  const lines = new LineCounter();
  const at = (offset: number) => {
    const { line, col } = lines.linePos(offset);
    return { line, column: col };
  };
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, uniqueKeys: true, stringKeys: true, version: '1.2' });
  const fault = document.errors[0] ?? document.warnings[0];
  if (fault !== undefined) {
    const { line, column } = at(fault.pos[0]);
    throw refuse(`it is not valid YAML (line ${line}, column ${column}: ${fault.message})`);
  }
  let json: string;
  try {
    json = JSON.stringify(document.toJS({ maxAliasCount: 0 }));
  } catch {
    throw refuse('it uses aliases (`*name`), or is nested too deep');
  }
  const value = parseUntrusted(json, file);
  const placeOf = (path: JsonPath) => {
    for (let length = path.length; length >= 0; length--) {
      const node = length === 0 ? document.contents : document.getIn(path.slice(0, length), true);
      const start = isNode(node) ? node.range?.[0] : undefined;
      if (start !== undefined) return at(start);
    }
    return undefined;
  };
  return { value, placeOf };
}
