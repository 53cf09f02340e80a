// Runs every scenario end to end and writes its exchanges with Resource Manager, one JSON object a line, so that anyone can
// hold them against Microsoft's published OpenAPI contract.
//   npm run record -- FILE
// Reads that the contracts of Microsoft.KeyVault and Microsoft.Authorization do not describe go to FILE.other: diagnostic
// settings (another provider's), the caller's own permissions, Azure Policy, the effects of deny assignments, names of secrets and
// keys (they have contract files of their own, `secrets.json` and `keys.json`).
import { spawnSync } from 'node:child_process';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import process from 'node:process';

const [target] = process.argv.slice(2);
if (target === undefined) {
  console.error('usage: npm run record -- FILE');
  process.exit(2);
}
const file = resolve(target);
const raw = `${file}.all`;
rmSync(raw, { force: true });
const { status } = spawnSync('npx', ['vitest', 'run', 'test/scenarios/lifecycle.test.ts'], {
  cwd: new URL('..', import.meta.url).pathname,
  stdio: ['ignore', 'inherit', 'inherit'],
  env: { ...process.env, KEYTURN_RECORD: raw },
});
if (status !== 0) process.exit(status ?? 1);
const undescribed =
  /\/providers\/microsoft\.insights\/|\/providers\/microsoft\.authorization\/(permissions|policy(assignments|exemptions|definitions|setdefinitions))(\/|\?|$)|\/denyassignments\?.*api-version=2024-07-01-preview|\/vaults\/[^/]+\/(secrets|keys)\?/i;
const lines = readFileSync(raw, 'utf8')
  .split('\n')
  .filter((line) => line !== '');
const [described, other] = [[], []];
for (const line of lines) (undescribed.test(JSON.parse(line).url) ? other : described).push(line);
writeFileSync(file, described.map((line) => `${line}\n`).join(''));
writeFileSync(`${file}.other`, other.map((line) => `${line}\n`).join(''));
rmSync(raw);
console.log(`${described.length} exchanges in ${target}, ${other.length} in ${target}.other`);
