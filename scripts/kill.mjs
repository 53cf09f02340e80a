// Kills a run over an estate after every event of its journal, finishes it, and holds the end against that of a run nobody killed.
//   npm run test:kill [-- --vaults N --points N --seed S --jobs N]
// All points unless fewer are asked for, which the seed then draws.
import { parseArgs } from 'node:util';
import { runShares } from './run-shares.mjs';

const { values } = parseArgs({
  options: {
    vaults: { type: 'string', default: '25' },
    points: { type: 'string', default: 'all' },
    seed: { type: 'string', default: String(Math.floor(Math.random() * 2 ** 31)) },
    jobs: { type: 'string', default: '2' },
  },
});
const { points, ...numbers } = values;
if (![...Object.values(numbers), points.replace('all', '1')].every((value) => /^[1-9]\d*$/.test(value))) {
  console.error('usage: npm run test:kill [-- --vaults N --points N --seed S --jobs N]');
  process.exit(2);
}

const jobs = Number(values.jobs);
const env = { KEYTURN_TEST_SEED: values.seed, KEYTURN_KILL_POINTS: points, KEYTURN_KILL_VAULTS: values.vaults };
console.log(`seed ${values.seed}`);
const said = await runShares({ folder: 'test/kill', prefix: 'KEYTURN_KILL', shares: jobs, env });
for (const failure of said.flatMap(({ failures }) => failures)) console.log(failure);
const sum = (name) => said.reduce((total, one) => total + one[name], 0);
const [stranded, duplicates, refused] = ['stranded', 'duplicates', 'refused'].map(sum);
if (said.length < jobs) console.log('the points did not all come to their end');
process.exitCode = said.length === jobs && stranded + duplicates + refused === 0 ? 0 : 1;
console.log(`${sum('points')} kill points, ${stranded} stranded, ${duplicates} duplicates, ${refused} workload calls refused`);
