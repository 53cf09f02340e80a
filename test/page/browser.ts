import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import axe from 'axe-core';
import { type Browser, chromium, type Page } from 'playwright-core';

const program = '/usr/bin/chromium';
/** Why no page can be opened here; `scripts/ensure-tools.mjs` installs what is missing. */
export const missing = existsSync(program) ? undefined : `${program} is missing`;

/** Contrast is what colours decide; everything else is the same in light and dark. */
type AxePart = 'contrast' | 'rest' | 'all';

const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
const axeOptions = {
  all: { runOnly: tags },
  contrast: { runOnly: { type: 'rule', values: ['color-contrast'] } },
  rest: { runOnly: tags, rules: { 'color-contrast': { enabled: false } } },
} as const;

export interface OpenPage {
  readonly page: Page;
  /** What must not happen: requests, errors, words on the console (a breach of the policy is one). */
  readonly trouble: readonly string[];
  /** Goes to a part of the page, as its links do. */
  readonly go: (route: string) => Promise<void>;
  /** Breaches of WCAG 2.2 AA that axe finds in what is shown, as `rule: element`. */
  readonly breaches: (part?: AxePart) => Promise<readonly string[]>;
  /** What the page hands over when the button is pressed. */
  readonly downloadBy: (button: string) => Promise<string>;
}

export async function openBrowser(): Promise<Browser> {
  // Without its sandbox: tests run as root in containers.
  return chromium.launch({ executablePath: program, args: ['--no-sandbox'] });
}

interface Look {
  readonly colorScheme?: 'light' | 'dark';
  readonly width?: number;
}

/** Opens the file as a reviewer does, from disk, and waits until all of it is read. */
export async function openPage(browser: Browser, file: string, { colorScheme = 'light', width = 1280 }: Look = {}): Promise<OpenPage> {
  const context = await browser.newContext({ colorScheme, viewport: { width, height: 900 }, acceptDownloads: true });
  const page = await context.newPage();
  const trouble: string[] = [];
  const address = pathToFileURL(file).href;
  page.on('request', (request) => {
    const own = request.url().startsWith(address) || /^(data|blob):/.test(request.url());
    if (!own) trouble.push(`asked for ${request.url()}`);
  });
  page.on('console', (message) => trouble.push(`${message.type()}: ${message.text()}`));
  page.on('pageerror', (error) => trouble.push(error.message));
  page.on('dialog', (dialog) => {
    trouble.push(`dialog: ${dialog.message()}`);
    void dialog.dismiss();
  });
  page.on('popup', (popup) => trouble.push(`opened ${popup.url()}`));
  await page.goto(address);
  await page.waitForSelector('html[data-ready]');
  return {
    page,
    trouble,
    async go(route) {
      await page.evaluate(`location.hash = ${JSON.stringify(`#/${route}`)}`);
      await page.waitForFunction(`document.querySelector('main h1') === document.activeElement`);
    },
    async breaches(part = 'all') {
      if (await page.evaluate(`typeof axe === 'undefined'`)) await page.evaluate(axe.source);
      return page.evaluate<readonly string[]>(
        `axe.run(document, ${JSON.stringify(axeOptions[part])})
          .then(({ violations }) => violations.flatMap(({ id, nodes }) => nodes.map(({ html, failureSummary }) => id + ': ' + html.slice(0, 200) + ' ' + failureSummary)))`,
      );
    },
    async downloadBy(button) {
      const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name: button }).click()]);
      return readFile(path.resolve(await download.path()), 'utf8');
    },
  };
}
