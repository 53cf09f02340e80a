import { readFileSync, writeFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { approvalFile } from '../../src/formats/approval.ts';
import { bundleFile } from '../../src/formats/bundle.ts';
import { configFile } from '../../src/formats/config.ts';
import { decisionsFile } from '../../src/formats/decisions.ts';
import { journalLine } from '../../src/formats/journal.ts';
import { encodePlan, planLine } from '../../src/formats/plan-file.ts';
import { proofFile } from '../../src/formats/proof.ts';
import { runReportFile } from '../../src/formats/run-report.ts';
import { planMoves } from '../../src/review/plan-moves.ts';
import { review } from '../../src/review/review.ts';
import { aPlan } from '../builders/a-plan.ts';

const schemas = {
  'plan-line': planLine,
  decisions: decisionsFile,
  approval: approvalFile,
  config: configFile,
  'journal-line': journalLine,
  bundle: bundleFile,
  proof: proofFile,
  'run-report': runReportFile,
  review,
  'plan-moves': planMoves,
};

test.each(Object.entries(schemas))('the published schema of the %s file is the one the program reads by', (name, schema) => {
  const file = new URL(`../../docs/schemas/${name}.schema.json`, import.meta.url);
  const generated = {
    title: `keyturn ${name}, version ${name === 'plan-line' ? 2 : 1}`,
    ...z.toJSONSchema(schema, { io: 'input', reused: name === 'plan-line' ? 'ref' : 'inline' }),
  };
  // KEYTURN_WRITE_SCHEMAS=1 rewrites them after a change that was meant.
  if (process.env.KEYTURN_WRITE_SCHEMAS === '1') writeFileSync(file, `${JSON.stringify(generated, undefined, 2)}\n`);
  expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual(generated);
});

test('the published schema of the lines of a plan accepts a plan and refuses a line with a field nobody knows', () => {
  const file = new URL('../../docs/schemas/plan-line.schema.json', import.meta.url);
  const valid = new Ajv2020({ strict: false }).compile(JSON.parse(readFileSync(file, 'utf8')) as object);
  const lines = encodePlan(aPlan())
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as object);
  for (const line of lines) expect(valid(line), JSON.stringify(valid.errors)).toBe(true);
  expect(valid({ ...lines[0], force: true })).toBe(false);
});
