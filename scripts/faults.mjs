// Applies a plan again and again while calls are throttled, fail, hang or answer nonsense, and lists lag: every run ends done, or
// blocked with the vault untouched or safely staged, and the next run in good weather ends it.
//   npm run test:faults [-- --runs N --seed S --run R --jobs N]
// The seed is printed; with it, --run repeats a single run.
import { parseArgs } from 'node:util';
import { runShares } from './run-shares.mjs';

const { values } = parseArgs({
  options: {
    runs: { type: 'string', default: '100' },
    seed: { type: 'string', default: String(Math.floor(Math.random() * 2 ** 31)) },
    run: { type: 'string' },
    jobs: { type: 'string', default: '2' },
  },
});
if (!Object.values(values).every((value) => /^\d+$/.test(value)) || Number(values.jobs) < 1) {
  console.error('usage: npm run test:faults [-- --runs N --seed S --run R --jobs N]');
  process.exit(2);
}

const shares = values.run === undefined ? Number(values.jobs) : 1;
const env = {
  KEYTURN_TEST_SEED: values.seed,
  KEYTURN_FAULTS_RUNS: values.runs,
  ...(values.run !== undefined && { KEYTURN_FAULTS_RUN: values.run }),
};
console.log(`seed ${values.seed}`);
const said = await runShares({ folder: 'test/faults', prefix: 'KEYTURN_FAULTS', shares, env });
const failures = said.flatMap((one) => one.failures);
for (const failure of failures) console.log(failure);
const sum = (name) => said.reduce((total, one) => total + one[name], 0);
if (said.length < shares) console.log('the runs did not all come to their end');
process.exitCode = said.length === shares && failures.length === 0 ? 0 : 1;
console.log(`${sum('runs')} runs, ${sum('withoutCover')} flipped without cover, ${sum('refused')} workload calls refused`);
