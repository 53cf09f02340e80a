import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import type { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip, createGzip } from 'node:zlib';
import type { Written } from './atomic-write.ts';
import { decodeChunks } from './decode-text.ts';

/** Lines with their ends, gzipped where the file's name ends in `.gz`. */
export function linesForFile(file: string, lines: AsyncIterable<string> | Iterable<string>): Written {
  const text = withEnds(lines);
  return isGzipName(file) ? through(createGzip(), text) : text;
}

/** What comes out of a stream when the source goes in; a failure of the source is one of the answer. */
async function* through(stream: Transform, source: AsyncIterable<string | Uint8Array>): AsyncGenerator<Uint8Array> {
  const feeding = pipeline(source, stream);
  // It is heard below, once what came before it was taken.
  feeding.catch(() => undefined);
  yield* stream as AsyncIterable<Uint8Array>;
  await feeding;
}

async function* withEnds(lines: AsyncIterable<string> | Iterable<string>): AsyncGenerator<string> {
  let text = '';
  for await (const line of lines) {
    text += `${line}\n`;
    if (text.length < 65_536) continue;
    yield text;
    text = '';
  }
  if (text !== '') yield text;
}

/**
 * The lines of a text file, without their ends, one after the other; of a gzipped one, whatever its name, those of what it holds.
 * @throws Error of the system, or of the unpacking, when it cannot be read.
 */
export async function* linesOfFile(file: string): AsyncGenerator<string> {
  const packed = await isGzipped(file);
  const stream = createReadStream(file);
  let rest = '';
  let begun = false;
  for await (const piece of decodeChunks(packed ? through(createGunzip(), stream) : stream)) {
    const text = begun ? piece : piece.replace(/^\uFEFF/, '');
    begun ||= piece !== '';
    const lines = (rest + text).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) yield line.endsWith('\r') ? line.slice(0, -1) : line;
  }
  if (rest !== '') yield rest;
}

async function isGzipped(file: string): Promise<boolean> {
  const handle = await open(file, 'r');
  try {
    const { buffer, bytesRead } = await handle.read(new Uint8Array(2), 0, 2, 0);
    return bytesRead === 2 && buffer[0] === 0x1f && buffer[1] === 0x8b;
  } finally {
    await handle.close();
  }
}

function isGzipName(file: string): boolean {
  return /\.gz$/i.test(file);
}
