import type { z } from 'zod';
import { issueWords, pathWords } from './issue-words.ts';
import type { JsonObject } from './json.ts';
import { type JsonPath, placeOf, type TextPosition } from './json-place.ts';
import { KnownError } from './known-error.ts';
import { parseUntrusted, type UntrustedFile } from './untrusted-json.ts';

/** A file that people write, as a value, with the place in the text where each part of it stands. */
export interface TextDocument {
  readonly value: JsonObject;
  readonly placeOf: (path: JsonPath) => TextPosition | undefined;
}

/** @throws KnownError (usage) under the file's own code. */
export function jsonText(text: string, file: UntrustedFile): TextDocument {
  return { value: parseUntrusted(text, file), placeOf: (path) => placeOf(text, path) };
}

/**
 * What the document holds, by the schema.
 * @param members names that it knows, for those who misspell one.
 * @throws KnownError (usage) under the file's own code, with line and column of what is wrong.
 */
export function heldBy<Schema extends z.ZodType>(
  document: TextDocument,
  schema: Schema,
  { what, code, remedy, members }: Pick<UntrustedFile, 'what' | 'code' | 'remedy'> & { readonly members: readonly string[] },
): z.infer<Schema> {
  const parsed = schema.safeParse(document.value, { error: (issue) => issueWords(issue, members) });
  if (parsed.success) return parsed.data;
  const { issues } = parsed.error;
  // A name that nobody knows is most often the one that is missing, misspelt.
  const { path = [], message = 'is not what it should be' } = issues.find((one) => one.code === 'unrecognized_keys') ?? issues[0] ?? {};
  const place = document.placeOf(path.filter((step) => typeof step !== 'symbol'));
  const at = place === undefined ? '' : `line ${place.line}, column ${place.column}: `;
  throw new KnownError('usage', code, `${what} cannot be read: ${at}${pathWords(path)} ${message}`, remedy);
}
