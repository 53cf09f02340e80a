import { stat } from 'node:fs/promises';
import path from 'node:path';
import { KnownError } from '../base/known-error.ts';
import type { RunReport } from '../formats/run-report.ts';
import { assertFolder, writeOutput } from '../local/output-file.ts';
import { plainText } from '../report/plain-text.ts';
import { runReportMarkdown, runReportText } from '../report/run-report.ts';
import { jsonDocument } from './output/json.ts';

const kinds: Readonly<Record<string, (report: RunReport) => string>> = {
  '.json': (report) => jsonDocument(report).join(''),
  '.md': (report) => `${runReportMarkdown(report).join('\n')}\n`,
  '.txt': (report) => `${runReportText(report).join('\n')}\n`,
};

/** Where the report of a run goes; what can be wrong with it is found before the run. */
export interface RunReportFile {
  /** @returns what to say of it. @throws KnownError DISK (failed). */
  write(report: RunReport): Promise<string>;
}

/** @throws KnownError USAGE for another ending or for the plan itself, OUTPUT_FOLDER (usage). */
export async function runReportFile(file: string, plan: string, cwd: string): Promise<RunReportFile> {
  const draw = kinds[path.extname(file).toLowerCase()];
  const place = path.resolve(cwd, file);
  if (draw === undefined)
    throw new KnownError('usage', 'USAGE', `\`${file}\` does not say how to write the report`, 'let its name end in .md, .txt or .json');
  if (place === path.resolve(cwd, plan))
    throw new KnownError('usage', 'USAGE', 'the report would replace the plan', 'give it another name than the plan has');
  await assertFolder(place);
  return {
    async write(report) {
      const replaced = (await stat(place).catch(() => undefined))?.isFile() === true;
      await writeOutput(place, draw(report), 0o644);
      return `report written to ${plainText(file)}${replaced ? ', in place of the file that was there' : ''}`;
    },
  };
}
