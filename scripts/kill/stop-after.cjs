// Loaded into a keyturn process that is to be killed: when so many lines of its journals are on disk it says so and stops, as if
// time stood still. The kill itself comes from outside.
const { readdirSync, readFileSync, writeSync } = require('node:fs');
const { open } = require('node:fs/promises');
const path = require('node:path');

const { KEYTURN_STOP_AFTER: after, KEYTURN_STOP_JOURNALS: folder, KEYTURN_STOP_WORD: word } = process.env;

function lines() {
  try {
    const files = readdirSync(folder, { recursive: true }).filter((name) => name.endsWith('.jsonl'));
    return files.reduce((sum, name) => sum + readFileSync(path.join(folder, name), 'utf8').split('\n').length - 1, 0);
  } catch {
    return 0;
  }
}

module.exports = open(__filename).then(async (file) => {
  const prototype = Object.getPrototypeOf(file);
  await file.close();
  for (const name of ['sync', 'datasync']) {
    const original = prototype[name];
    prototype[name] = async function durable() {
      await original.call(this);
      if (lines() < Number(after)) return;
      writeSync(2, word);
      process.kill(process.pid, 'SIGSTOP');
    };
  }
});
