// Asks random questions of keyturn's judgement of access and of the sandbox's own, which share no code, and fails when they part.
//   npm run test:differential [-- --questions N --seed S]
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { build } from 'esbuild';

const { values } = parseArgs({ options: { questions: { type: 'string', default: '100000' }, seed: { type: 'string' } } });
const questions = Number(values.questions);
const seed = values.seed === undefined ? Math.floor(Math.random() * 2 ** 31) : Number(values.seed);
if (!Number.isSafeInteger(questions) || questions < 1 || !Number.isSafeInteger(seed)) {
  console.error('usage: npm run test:differential [-- --questions N --seed S]');
  process.exit(2);
}

const folder = mkdtempSync(path.join(tmpdir(), 'keyturn-differential-'));
try {
  const outfile = path.join(folder, 'differential.mjs');
  const entryPoints = [path.resolve(import.meta.dirname, '../test/differential/differential.ts')];
  await build({ entryPoints, outfile, bundle: true, format: 'esm', platform: 'node', target: 'node20', logLevel: 'warning' });
  const { differential } = await import(pathToFileURL(outfile).href);
  console.log(`seed ${seed}`);
  const { answers, unknownBy, settled, disagreements, smallest } = differential(questions, seed);
  console.log(`granted ${answers.granted}, not granted ${answers.notGranted}, unknown ${answers.unknown}`);
  console.log(`${settled} questions without an open point, none of them may be answered with unknown`);
  for (const [point, count] of [...unknownBy].sort()) console.log(`unknown where ${point}: ${count}`);
  if (smallest !== undefined) console.log(JSON.stringify(smallest, undefined, 2));
  console.log(`${questions} questions, ${disagreements} disagreements`);
  process.exitCode = disagreements === 0 ? 0 : 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}
