import { readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import type { ErrorCode } from '../base/error-codes.ts';
import { KnownError } from '../base/known-error.ts';
import { decodeText } from '../local/decode-text.ts';

/**
 * A file that the person named, relative to where they stand.
 * @throws KnownError (usage) under the given code when it cannot be read.
 */
export async function readTextFile(file: string, cwd: string, what: string, code: ErrorCode): Promise<string> {
  const place = path.resolve(cwd, file);
  try {
    return decodeText(await readFile(place));
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
