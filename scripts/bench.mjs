// Figures that people ask for, measured on one core of this machine.
//   npm run bench              for reading
//   npm run bench -- --json    one JSON object
// Each module of scripts/bench/ that is named here exports run(), which answers with figures by name.
import { parseArgs } from 'node:util';

const benchmarks = ['map-entries', 'verify-estate'];

const { values } = parseArgs({ options: { json: { type: 'boolean' } } });
const figures = {};
for (const name of benchmarks) {
  const { run } = await import(`./bench/${name}.mjs`);
  Object.assign(figures, await run());
}
if (values.json) console.log(JSON.stringify(figures));
else for (const [name, figure] of Object.entries(figures)) console.log(`${name.padEnd(32)}${figure.toLocaleString('en').padStart(14)}`);
