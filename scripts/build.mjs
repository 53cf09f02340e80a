// Bundles src/cli into dist/ with one lazily loaded chunk per command, so that `keyturn --help` loads no SDK, and writes the types of
// `keyturn/access` and the template of the page of a review.
//   node scripts/build.mjs [--quiet] [--into DIR] [--metafile FILE]
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { build } from 'esbuild';
import ts from 'typescript';
import { writePageTemplate } from './page.mjs';

const root = path.resolve(import.meta.dirname, '..');
const { values } = parseArgs({
  options: { quiet: { type: 'boolean' }, into: { type: 'string', default: path.join(root, 'dist') }, metafile: { type: 'string' } },
});
const { version } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8'));
if (values.into === path.join(root, 'dist')) rmSync(values.into, { recursive: true, force: true });
const result = await build({
  absWorkingDir: root,
  entryPoints: { cli: 'src/cli/main.ts', access: 'src/cli/open-access.ts' },
  outdir: values.into,
  bundle: true,
  splitting: true,
  format: 'esm',
  platform: 'node',
  target: 'node20',
  metafile: true,
  // Its CommonJS build would come out of a lazy chunk without its named exports.
  alias: { '@peculiar/x509': '@peculiar/x509/build/x509.es.js' },
  define: { KEYTURN_VERSION: JSON.stringify(version) },
  // Some dependencies are CommonJS and call require() for Node's own modules.
  banner: { js: "import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);" },
  logLevel: 'warning',
});
writeFileSync(path.join(values.into, 'access.d.ts'), accessTypes());
await writePageTemplate(values.into);
if (values.metafile !== undefined) writeFileSync(values.metafile, JSON.stringify(result.metafile));
if (!values.quiet) {
  const bytes = Object.values(result.metafile.outputs).reduce((sum, output) => sum + output.bytes, 0);
  console.log(`built dist/ (${Object.keys(result.metafile.outputs).length} files, ${Math.round(bytes / 1024)} KiB)`);
}

/** The declarations of one file, which must be whole without any other: nothing else of the sources is in the package. */
function accessTypes() {
  const source = readFileSync(path.join(root, 'src/cli/open-access.ts'), 'utf8');
  const { outputText, diagnostics } = ts.transpileDeclaration(source, {
    fileName: 'open-access.ts',
    reportDiagnostics: true,
    compilerOptions: { declaration: true, isolatedDeclarations: true, target: ts.ScriptTarget.ES2023, module: ts.ModuleKind.NodeNext },
  });
  const wrong = (diagnostics ?? []).map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, ' '));
  if (/\bimport\b/.test(outputText)) wrong.push('a type that open-access.ts exports stands on one of another file');
  if (wrong.length > 0) throw new Error(`the types of keyturn/access cannot be written: ${wrong.join('; ')}`);
  return outputText;
}
