// How many entries a second `keyturn map --json` answers on one core: from chunks of the input's text to lines of JSON.
// Seconds are those of the processor, over all threads of the process: neighbours on the machine do not count.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { loadSource, root } from './load-source.mjs';
import { numbersFrom } from './numbers.mjs';

const objectTypes = ['secrets', 'keys', 'certificates'];
const chunkSize = 64 * 1024;

export async function run() {
  const source = await loadSource(`
    export { parseCatalogue } from './src/model/catalogue.ts';
    export { offlineMapping } from './src/mapping/map-permissions.ts';
    export { itemTexts, lineAnswerer } from './src/cli/map-items.ts';
  `);
  const [dataActions, roles, permissions, services] = ['data-actions', 'roles', 'permissions', 'services'].map((name) =>
    JSON.parse(readFileSync(path.join(root, 'mappings', `${name}.json`), 'utf8')),
  );
  const catalogue = source.parseCatalogue({ dataActions, roles, permissions, services });
  const answerAll = async (texts) => {
    const answer = source.lineAnswerer(source.offlineMapping(catalogue));
    const chunks = chunksOf(`[${texts.join(',')}]`);
    const start = process.cpuUsage();
    let [count, characters] = [0, 0];
    for await (const items of source.itemTexts(chunks)) {
      for (const item of items) characters += answer(item, count++).lines.length;
    }
    const { user, system } = process.cpuUsage(start);
    if (count !== texts.length || characters < count * 100) throw new Error('not every entry was answered');
    return Math.round(count / ((user + system) / 1e6));
  };
  const random = numbersFrom(20261124);
  const words = permissions.permissions.filter((row) => objectTypes.includes(row.objectType));
  const differing = [...distinctSets(words, 150_000, random)];
  // An estate of half a million entries repeats a few hundred sets, some of them far more often than others.
  const few = differing.slice(0, 400);
  const repeating = Array.from({ length: 500_000 }, () => few[Math.floor(few.length * random() ** 3)]);
  const bestOf = async (texts) => Math.max(...(await inTurn(3, () => answerAll(texts))));
  await answerAll(differing.slice(0, 5000));
  return { figures: { 'map.entriesPerSecond': await bestOf(repeating), 'map.entriesPerSecondDistinct': await bestOf(differing) } };
}

/** Texts of permission sets of one to five permissions over three object types, no two alike. */
function distinctSets(words, wanted, random) {
  const texts = new Set();
  while (texts.size < wanted) {
    const picked = new Set(Array.from({ length: 1 + Math.floor(random() * 5) }, () => words[Math.floor(random() * words.length)]));
    const lists = objectTypes.map((type) => [
      type,
      words.filter((row) => row.objectType === type && picked.has(row)).map((row) => row.permission),
    ]);
    texts.add(JSON.stringify(Object.fromEntries(lists)));
  }
  return texts;
}

function chunksOf(text) {
  return Array.from({ length: Math.ceil(text.length / chunkSize) }, (_, at) => text.slice(at * chunkSize, (at + 1) * chunkSize));
}

async function inTurn(times, act) {
  const results = [];
  for (let time = 0; time < times; time++) results.push(await act());
  return results;
}
