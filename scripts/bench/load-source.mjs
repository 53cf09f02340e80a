// Bundles sources for a benchmark, as the build does for the command line, and loads them.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';

export const root = path.resolve(import.meta.dirname, '../..');

/** @param contents a module that exports what the benchmark wants, with paths from the root. */
export async function loadSource(contents) {
  const folder = mkdtempSync(path.join(tmpdir(), 'keyturn-bench-'));
  const outfile = path.join(folder, 'source.mjs');
  try {
    const stdin = { contents, resolveDir: root, loader: 'ts' };
    await build({ stdin, outfile, bundle: true, format: 'esm', platform: 'node', target: 'node20', logLevel: 'warning' });
    return await import(pathToFileURL(outfile).href);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
