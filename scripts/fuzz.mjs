// Changes plans and rollback bundles, seals them again, and carries them out on an embedded sandbox as far as keyturn lets them.
//   npm run test:fuzz [-- --plans N --bundles N --seed S]
//   npm run test:fuzz -- --damaged N    plans that were cut off, put into another order, mixed with another or changed; sealed again or not
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';

const { values } = parseArgs({
  options: {
    plans: { type: 'string', default: '2000' },
    bundles: { type: 'string', default: '2000' },
    damaged: { type: 'string' },
    seed: { type: 'string', default: String(Math.floor(Math.random() * 2 ** 31)) },
  },
});
if (!Object.values(values).every((value) => /^\d+$/.test(value))) {
  console.error('usage: npm run test:fuzz [-- --plans N --bundles N --seed S] or [-- --damaged N --seed S]');
  process.exit(2);
}

const root = path.resolve(import.meta.dirname, '..');
const folder = mkdtempSync(path.join(tmpdir(), 'keyturn-fuzz-'));
try {
  const says = path.join(folder, 'says');
  const chosen = { KEYTURN_TEST_SEED: values.seed, KEYTURN_FUZZ_PLANS: values.plans, KEYTURN_FUZZ_BUNDLES: values.bundles };
  const damaged = values.damaged === undefined ? {} : { KEYTURN_FUZZ_DAMAGED: values.damaged };
  const env = { ...process.env, ...chosen, ...damaged, KEYTURN_FUZZ_SAYS: says };
  const tests = values.damaged === undefined ? 'test/fuzz/resealed.test.ts' : 'test/fuzz/damaged-plans.test.ts';
  const vitest = path.join(root, 'node_modules/vitest/vitest.mjs');
  const { status } = spawnSync(process.execPath, [vitest, 'run', tests], { cwd: root, env, stdio: 'inherit' });
  console.log(`seed ${values.seed}`);
  console.log(existsSync(says) ? readFileSync(says, 'utf8') : 'the cases did not come to their end');
  process.exitCode = status ?? 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}
