import { readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { gunzipSync } from 'node:zlib';
import type { ErrorCode } from '../base/error-codes.ts';
import { KnownError } from '../base/known-error.ts';
import { decodeText } from '../local/decode-text.ts';

/** In bytes: what is packed may be a thousand times as large as it looks. */
const mostUnpacked = 400_000_000;

/**
 * A file that the person named, gzipped or not, relative to where they stand.
 * @throws KnownError (usage) under the given code when it cannot be read.
 */
export async function readTextFile(file: string, cwd: string, what: string, code: ErrorCode): Promise<string> {
  const place = path.resolve(cwd, file);
  try {
    const bytes = await readFile(place);
    const packed = bytes[0] === 0x1f && bytes[1] === 0x8b;
    return decodeText(packed ? gunzipSync(bytes, { maxOutputLength: mostUnpacked }) : bytes);
  } catch (cause) {
    const reason = (cause as NodeJS.ErrnoException).code;
    const why = reason === 'ENOENT' ? 'it does not exist' : reason === 'EISDIR' ? 'it is a folder' : `the system says ${reason ?? 'no'}`;
    throw new KnownError('usage', code, `${what} \`${file}\` cannot be read: ${why}`, 'give the path of the file', { cause });
  }
}

export async function isFile(file: string): Promise<boolean> {
  const found = await stat(file).catch(() => undefined);
  return found?.isFile() === true;
}
