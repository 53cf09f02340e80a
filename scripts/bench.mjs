// Figures that people ask for, measured on this machine.
//   npm run bench                              for reading
//   npm run bench -- --json                    one JSON object: figures by name, `parameters` and `failed` by module
//   npm run bench -- --only plan,stage         some modules: map, verify, plan, stage, flip
//   npm run bench -- --only plan --vaults 500  a smaller estate; also --entries, --subscriptions, --inherited, --seed, --latency
// Each module of scripts/bench/ that is named here exports run(parameters), which answers with `figures` by name and, where a command
// failed, with what it said in `failed`; its own `parameters`; and the `limits` that the figures are to keep with them.
// Ends with 1 when a module could not give its figures.
import { parseArgs } from 'node:util';

const modules = { map: 'map-entries', verify: 'verify-estate', plan: 'plan', stage: 'stage', flip: 'flip' };
const numbers = ['vaults', 'entries', 'subscriptions', 'inherited', 'seed', 'latency'];

const { values } = parseArgs({
  options: {
    json: { type: 'boolean' },
    only: { type: 'string' },
    ...Object.fromEntries(numbers.map((name) => [name, { type: 'string' }])),
  },
});
const wanted = values.only?.split(',') ?? Object.keys(modules);
const asked = Object.fromEntries(numbers.filter((name) => values[name] !== undefined).map((name) => [name, Number(values[name])]));
if (
  !wanted.every((name) => Object.hasOwn(modules, name)) ||
  !Object.values(asked).every((value) => Number.isSafeInteger(value) && value >= 0)
) {
  console.error(
    `usage: npm run bench [-- --json] [--only ${Object.keys(modules).join(',')}] [--vaults N] [--entries N] [--subscriptions N]`,
  );
  console.error('                     [--inherited N] [--seed N] [--latency MILLISECONDS]');
  process.exit(2);
}

const report = { parameters: {}, failed: {} };
for (const name of wanted) {
  const { run, parameters = {}, limits = {} } = await import(`./bench/${modules[name]}.mjs`);
  const given = { ...parameters, ...Object.fromEntries(Object.entries(asked).filter(([key]) => Object.hasOwn(parameters, key))) };
  const { figures, failed } = await run(given);
  report.parameters[name] = given;
  if (failed !== undefined) report.failed[name] = failed;
  Object.assign(report, figures);
  if (!values.json) show(name, { given, figures, failed, limits });
}
if (values.json) console.log(JSON.stringify(report));
process.exitCode = Object.keys(report.failed).length === 0 ? 0 : 1;

function show(name, { given, figures, failed, limits }) {
  const words = Object.entries(given).map(([key, value]) => `${key} ${value}`);
  console.log(words.length === 0 ? name : `${name}: ${words.join(', ')}`);
  for (const figure of new Set([...Object.keys(figures), ...Object.keys(limits)]))
    console.log(`  ${figure.padEnd(30)}${shown(figures[figure]).padStart(14)}  ${verdict(figures[figure], limits[figure])}`.trimEnd());
  if (failed !== undefined) console.log(`  FAILED: ${failed}`);
}

function shown(figure) {
  return figure === undefined ? 'none' : figure.toLocaleString('en', { maximumFractionDigits: Math.abs(figure) < 10 ? 3 : 1 });
}

/** Limits are for the estate that a module measures when nothing else is asked for. */
function verdict(figure, limit) {
  if (limit === undefined || Object.keys(asked).length > 0) return '';
  const words = limit.most === undefined ? `at least ${limit.least}` : `at most ${limit.most.toLocaleString('en')}`;
  const kept = figure !== undefined && figure <= (limit.most ?? Infinity) && figure >= (limit.least ?? -Infinity);
  return `${words}: ${kept ? 'kept' : 'MISSED'}`;
}
