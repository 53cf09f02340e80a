import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { build, context } from 'esbuild';

const root = path.resolve(import.meta.dirname, '../..');
const settings = { bundle: true, format: 'esm', platform: 'node', target: 'node20', logLevel: 'warning' };

/** Bundles a file of test/differential into the folder and imports it. */
export async function importBundled(name, folder) {
  const outfile = path.join(folder, `${name}.mjs`);
  await build({ ...settings, entryPoints: [path.join(root, 'test/differential', `${name}.ts`)], outfile });
  return import(pathToFileURL(outfile).href);
}

/**
 * Imports the differential test once for each mutant, with its fault worked in while the file is read: nothing in the work tree changes.
 * @yields the mutant and the module
 */
export async function* importMutated({ mutants, broken }, folder) {
  let current;
  const files = new Set(mutants.map(({ file }) => path.join(root, file)));
  const plugin = {
    name: 'mutant',
    setup(wired) {
      wired.onLoad({ filter: /\.ts$/, namespace: 'file' }, async ({ path: file }) => {
        if (!files.has(file)) return undefined;
        const source = await readFile(file, 'utf8');
        return { contents: file === path.join(root, current.file) ? broken(source, current) : source, loader: 'ts' };
      });
    },
  };
  const entryPoints = [path.join(root, 'test/differential/differential.ts')];
  const outfile = path.join(folder, 'mutant.mjs');
  const bundler = await context({ ...settings, entryPoints, plugins: [plugin], outfile });
  try {
    for (const mutant of mutants) {
      current = mutant;
      await bundler.rebuild();
      // Node keeps what it imported by its address.
      yield [mutant, await import(`${pathToFileURL(outfile).href}?${encodeURIComponent(mutant.name)}`)];
    }
  } finally {
    await bundler.dispose();
  }
}
