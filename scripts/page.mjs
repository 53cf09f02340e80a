// Makes the template of the page of a review: one HTML file with its script and its style inside, and a policy that lets it run
// these two and ask for nothing. The data of a review is put into it by `keyturn review --html`.
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { build } from 'esbuild';

const root = path.resolve(import.meta.dirname, '..');
const sources = path.join(root, 'src/page');

async function bundled(entry, options) {
  const { outputFiles } = await build({
    absWorkingDir: root,
    entryPoints: [path.join(sources, entry)],
    bundle: true,
    minify: true,
    write: false,
    charset: 'ascii',
    legalComments: 'none',
    logLevel: 'warning',
    ...options,
  });
  return outputFiles[0].text.trim();
}

const hash = (text) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;

export async function pageTemplate() {
  const script = await bundled('main.ts', { platform: 'browser', format: 'iife', target: ['chrome123', 'firefox120', 'safari17.5'] });
  const skeleton = readFileSync(path.join(sources, 'page.html'), 'utf8');
  const style = await bundled('page.css', { target: ['chrome123', 'firefox120', 'safari17.5'] });
  if (/<\/|<!--/.test(script + style)) throw new Error('the script or the style of the page would end the element that it stands in');
  for (const place of ['POLICY', '<!--style-->', '<!--data-->', '<!--script-->'])
    if (!skeleton.includes(place)) throw new Error(`page.html has no ${place}`);
  const policy = [
    "default-src 'none'",
    `script-src ${hash(script)}`,
    `style-src ${hash(style)}`,
    'img-src data:',
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ');
  // Replaced by functions: a script may hold `$&`.
  return skeleton
    .replace('POLICY', () => policy)
    .replace('<!--style-->', () => `<style>${style}</style>`)
    .replace('<!--script-->', () => `<script>${script}</script>`);
}

/** Under another name first: two test files may make it at once. */
export async function writePageTemplate(folder) {
  const file = path.join(folder, 'review-page.html');
  mkdirSync(folder, { recursive: true });
  writeFileSync(`${file}.${process.pid}`, await pageTemplate());
  renameSync(`${file}.${process.pid}`, file);
  return file;
}

if (process.argv[1] === import.meta.filename) await writePageTemplate(path.join(root, 'dist'));
