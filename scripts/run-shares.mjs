import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

const root = path.resolve(import.meta.dirname, '..');

/**
 * Runs the tests of a folder in several processes at once, each of which does its share and says what came of it: one JSON object in
 * the file that `{prefix}_SAYS` names; which share is its own, `{prefix}_SHARE` tells as `0/2`.
 * @returns what each said; fewer where a process came to no end
 */
export async function runShares({ folder, prefix, shares, env }) {
  const home = mkdtempSync(path.join(tmpdir(), 'keyturn-shares-'));
  try {
    const runs = Array.from({ length: shares }, async (_, share) => {
      const says = path.join(home, String(share));
      const own = { [`${prefix}_SHARE`]: `${share}/${shares}`, [`${prefix}_SAYS`]: says };
      const child = spawn(process.execPath, [path.join(root, 'node_modules/vitest/vitest.mjs'), 'run', folder], {
        cwd: root,
        env: { ...process.env, ...env, ...own },
        stdio: ['ignore', 'pipe', 'pipe'],
      });
      let said = '';
      for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text) => (said += text));
      await once(child, 'close');
      if (existsSync(says)) return [JSON.parse(readFileSync(says, 'utf8'))];
      console.error(said);
      return [];
    });
    return (await Promise.all(runs)).flat();
  } finally {
    rmSync(home, { recursive: true, force: true });
  }
}
