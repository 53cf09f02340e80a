// Takes the pictures of the page of a review for docs/, and notes what they were made of: a test says when they are older than the page.
import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { chromium } from 'playwright-core';
import { buildProgram, failure, measured, startSandbox } from './bench/processes.mjs';
import { writePageTemplate } from './page.mjs';

const root = path.resolve(import.meta.dirname, '..');
const pictures = path.join(root, 'docs/pictures');
const scenario = 'fixtures/review/thirty-vaults/scenario.json';

/** Pixels differ with the fonts of a machine; what the page is drawn from does not. */
export function madeOf() {
  const sources = readdirSync(path.join(root, 'src/page'), { recursive: true, encoding: 'utf8' })
    .map((name) => `src/page/${name.split(path.sep).join('/')}`)
    .filter((name) => /\.(ts|css|html)$/.test(name));
  const digest = createHash('sha256');
  for (const name of [...sources, scenario].sort()) digest.update(`${name}\n${readFileSync(path.join(root, name), 'utf8')}`);
  return digest.digest('hex');
}

const shots = [
  { file: 'review-overview.png', route: 'overview', colorScheme: 'light', width: 1280, height: 900 },
  { file: 'review-vault.png', route: 'vault/kv-search-stage', colorScheme: 'light', width: 1280, height: 1500 },
  { file: 'review-vault-dark.png', route: 'vault/kv-search-stage', colorScheme: 'dark', width: 1280, height: 900 },
  { file: 'review-phone.png', route: 'vaults', colorScheme: 'light', width: 390, height: 844 },
];

async function take(review) {
  const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox'] });
  try {
    for (const { file, route, colorScheme, width, height } of shots) {
      const page = await browser.newPage({ colorScheme, viewport: { width, height } });
      await page.goto(`${pathToFileURL(review).href}#/${route}`);
      await page.waitForSelector('html[data-ready]');
      await page.screenshot({ path: path.join(pictures, file) });
      await page.close();
    }
  } finally {
    await browser.close();
  }
}

async function main() {
  await writePageTemplate(path.join(root, 'dist'));
  mkdirSync(pictures, { recursive: true });
  const program = buildProgram();
  try {
    const sandbox = await startSandbox(program, JSON.parse(readFileSync(path.join(root, scenario), 'utf8')));
    try {
      for (const words of [
        ['plan', '-o', 'plan.json', '--quiet'],
        ['review', 'plan.json', '--html', 'review.html'],
      ]) {
        const ran = await measured(program, words, sandbox.env);
        // 3 says that some entries need a person.
        if (ran.code !== 0 && ran.code !== 3) throw new Error(failure(words[0], ran));
      }
      await take(path.join(program.folder, 'review.html'));
    } finally {
      await sandbox.stop();
    }
  } finally {
    program.remove();
  }
  writeFileSync(path.join(pictures, 'made-of.txt'), `${madeOf()}\n`);
}

if (process.argv[2] === '--made-of') process.stdout.write(`${madeOf()}\n`);
else await main();
