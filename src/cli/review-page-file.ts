import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { writeOutput } from '../local/output-file.ts';
import { packageFolder } from '../local/package-folder.ts';
import { reviewHtml } from '../report/review-html.ts';
import type { PageData } from '../review/page-data.ts';

/** Writes the page of a review. Its template is made by the build, and read when a page is asked for. */
export async function writeReviewPage(data: PageData, place: string): Promise<void> {
  const template = await readFile(path.join(packageFolder(), 'dist', 'review-page.html'), 'utf8');
  await writeOutput(place, [...reviewHtml(template, data)].join(''), 0o644);
}
