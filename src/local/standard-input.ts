import process from 'node:process';
import { decodeChunks } from './decode-text.ts';

/** What is piped in, as text, chunk by chunk. */
export function standardInput(): AsyncIterable<string> {
  return decodeChunks(process.stdin as AsyncIterable<Buffer>);
}
