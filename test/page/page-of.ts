import { execFileSync } from 'node:child_process';
import { mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { headOf, type Plan } from '../../src/formats/plan.ts';
import { reviewHtml } from '../../src/report/review-html.ts';
import { pageBook } from '../../src/review/page-book.ts';
import type { PageData } from '../../src/review/page-data.ts';
import { reviewBook } from '../../src/review/review-of.ts';

const root = path.resolve(import.meta.dirname, '../..');

/** The page without data, made anew from the sources. */
export async function makeTemplate(): Promise<string> {
  execFileSync(process.execPath, [path.join(root, 'scripts/page.mjs')]);
  return readFile(path.join(root, 'dist/review-page.html'), 'utf8');
}

export function dataOf(plan: Plan): PageData {
  const [book, page] = [reviewBook(headOf(plan), plan.digest), pageBook()];
  for (const vault of plan.vaults) {
    book.add(vault);
    page.add(vault, '0'.repeat(64));
  }
  return page.done(book.done(plan), 'plan.json');
}

/** Writes the page to a folder of its own. */
export async function pageFile(template: string, data: PageData): Promise<string> {
  const file = path.join(await mkdtemp(path.join(tmpdir(), 'keyturn-page-')), 'review.html');
  await writeFile(file, [...reviewHtml(template, data)].join(''));
  return file;
}

/** The same with every name, reason and sentence changed: what other people write. */
export function poison(data: PageData, change: (text: string) => string): PageData {
  const written = new Set(['name', 'reason', 'message', 'remedy', 'because', 'groupName', 'roleName', 'subject', 'condition', 'planFile']);
  const changed = (value: unknown, key: string): unknown => {
    if (typeof value === 'string') return written.has(key) ? change(value) : value;
    if (Array.isArray(value)) return value.map((one: unknown) => changed(one, key));
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, changed(one, name)]));
  };
  return changed(data, '') as PageData;
}
