// Asks random questions of keyturn's judgement of access and of the sandbox's own, which share no code, and fails when they part.
// With --mutants it breaks keyturn in one place at a time, in memory, and fails when they do not part within the questions.
//   npm run test:differential [-- --mutants [--known-seeds]] [--questions N] [--seed S]
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { importBundled, importMutated } from './differential/bundle.mjs';

const { values } = parseArgs({
  options: {
    questions: { type: 'string' },
    seed: { type: 'string' },
    mutants: { type: 'boolean', default: false },
    'known-seeds': { type: 'boolean', default: false },
  },
});
const questions = Number(values.questions ?? 100_000);
const seed = values.seed === undefined ? Math.floor(Math.random() * 2 ** 31) : Number(values.seed);
if (!Number.isSafeInteger(questions) || questions < 1 || !Number.isSafeInteger(seed)) {
  console.error('usage: npm run test:differential [-- --mutants [--known-seeds]] [--questions N] [--seed S]');
  process.exit(2);
}

const folder = mkdtempSync(path.join(tmpdir(), 'keyturn-differential-'));
try {
  console.log(values['known-seeds'] ? 'the seed of each mutant' : `seed ${seed}`);
  process.exitCode = (await (values.mutants ? askOfMutants() : ask())) ? 0 : 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}

async function ask() {
  const { differential } = await importBundled('differential', folder);
  const { answers, unknownBy, settled, disagreements, smallest } = differential(questions, seed);
  console.log(`granted ${answers.granted}, not granted ${answers.notGranted}, unknown ${answers.unknown}`);
  console.log(`${settled} questions without an open point, none of them may be answered with unknown`);
  for (const [point, count] of [...unknownBy].sort()) console.log(`unknown where ${point}: ${count}`);
  if (smallest !== undefined) console.log(JSON.stringify(smallest, undefined, 2));
  console.log(`${questions} questions, ${disagreements} disagreements`);
  return disagreements === 0;
}

async function askOfMutants() {
  const table = await importBundled('mutants', folder);
  let unnoticed = 0;
  for await (const [mutant, { questionsUntilNoticed }] of importMutated(table, folder)) {
    const { name } = mutant;
    const noticed = questionsUntilNoticed(questions, values['known-seeds'] ? mutant.seed : seed);
    if (noticed === undefined) unnoticed += 1;
    console.log(
      noticed === undefined ? `UNNOTICED in ${questions} questions: ${name}` : `after ${noticed.asked}: ${name} (${noticed.what})`,
    );
  }
  console.log(`${table.mutants.length} mutants, ${unnoticed} unnoticed`);
  return unnoticed === 0;
}
