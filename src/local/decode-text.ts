import { TextDecoder } from 'node:util';

/**
 * The text of a file that a person named, whatever wrote it: UTF-8, or UTF-16 as `>` writes it in Windows PowerShell. A byte
 * order mark is no part of the text.
 */
export function decodeText(bytes: Uint8Array): string {
  return new TextDecoder(encodingOf(bytes)).decode(bytes);
}

/** The same for what comes in pieces. */
export async function* decodeChunks(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  let decoder: TextDecoder | undefined;
  let first: Uint8Array = new Uint8Array();
  for await (const chunk of chunks) {
    if (decoder !== undefined) {
      yield decoder.decode(chunk, { stream: true });
      continue;
    }
    first = Buffer.concat([first, chunk]);
    if (first.length < 2) continue;
    decoder = new TextDecoder(encodingOf(first));
    yield decoder.decode(first, { stream: true });
  }
  yield decoder === undefined ? decodeText(first) : decoder.decode();
}

/** By the byte order mark; without one by the zero byte that every ASCII letter has in UTF-16 and none has in UTF-8. */
function encodingOf([first, second]: Uint8Array): 'utf-8' | 'utf-16le' | 'utf-16be' {
  if ((first === 0xff && second === 0xfe) || (first !== 0 && second === 0)) return 'utf-16le';
  if ((first === 0xfe && second === 0xff) || (first === 0 && second !== 0 && second !== undefined)) return 'utf-16be';
  return 'utf-8';
}
