import process from 'node:process';

/** What is piped in, as text, chunk by chunk. */
export function standardInput(): AsyncIterable<string> {
  return process.stdin.setEncoding('utf8') as AsyncIterable<string>;
}
