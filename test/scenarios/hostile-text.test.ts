import { execFileSync } from 'node:child_process';
import { chmod, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Served, served } from '../cli/served.ts';
import { scenariosFolder } from './open-scenario.ts';

const decisions = path.join(scenariosFolder, 'everything-wrong/decisions.json');
let site: Served;
beforeAll(async () => {
  site = await served('everything-wrong');
  expect((await site.run(['plan', '--decisions', decisions, '-o', 'plan.json', '--quiet'])).code).toBe(3);
});
afterAll(() => site.close());

/** Anything that could draw on a terminal: control characters but the newline, and what turns or hides text. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const drawing = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff]/u;

describe('P24: hostile names, tags and ids change nothing but the look of a cell', () => {
  test.each<[string, readonly string[]]>([
    ['inventory', ['inventory']],
    ['inventory --markdown', ['inventory', '--markdown']],
    ['plan', ['plan', '--decisions', decisions, '-o', 'again.json']],
    ['plan --markdown', ['plan', '--decisions', decisions, '-o', 'again.json', '--markdown']],
    ['review', ['review', 'plan.json']],
    ['review by vault', ['review', 'plan.json', '--by', 'vault']],
    ['review --markdown', ['review', 'plan.json', '--markdown']],
    ['diff', ['diff', 'plan.json', 'plan.json']],
    ['verify before', ['verify', 'kv-hostile']],
    ['apply', ['apply', 'plan.json', '--yes']],
    ['status', ['status', 'plan.json']],
    ['verify of the plan', ['verify', 'plan.json']],
    ['verify --markdown', ['verify', 'kv-hostile', '--markdown']],
    ['rollback', ['rollback', 'plan.json', '--yes', '--remove-assignments']],
    ['a refusal that names what was typed', ['inventory', 'kv-\u001b[31mred\u0007\u202e']],
  ])('%s', async (_, argv) => {
    const { out, err, code } = await site.run(argv);
    expect(code).not.toBe(70);
    expect(out + err).not.toBe('');
    const odd = drawing.exec(out + err);
    expect(odd === null ? '' : JSON.stringify((out + err).slice(Math.max(0, odd.index - 60), odd.index + 20))).toBe('');
  });

  test('every rollback.sh is shell, and calls nothing but az, with the words of its bundle', async () => {
    const bundles = path.join(site.folder, '.keyturn/bundles');
    const tools = path.join(site.folder, 'tools');
    await mkdir(tools);
    const calls = path.join(site.folder, 'calls.txt');
    await writeFile(
      path.join(tools, 'az'),
      `#!/bin/sh\nprintf '%s\\n' "$*" >> '${calls}'\ncase "$1" in account) echo ${site.sandbox.tenant.tenantId};; esac\n`,
    );
    await chmod(path.join(tools, 'az'), 0o700);
    const homes = await readdir(bundles);
    expect(homes.length).toBeGreaterThan(3);
    for (const home of homes) {
      const script = path.join(bundles, home, 'rollback.sh');
      expect(await readFile(script, 'utf8')).not.toMatch(drawing);
      execFileSync('sh', ['-n', script]);
      execFileSync('sh', [script], { cwd: site.folder, env: { PATH: `${tools}:${process.env.PATH ?? ''}` }, stdio: 'pipe' });
    }
    const called = (await readFile(calls, 'utf8')).trim().split('\n');
    expect(called.filter((line) => /^rest --method patch --url \S+\/vaults\/\S+ /.test(line))).toHaveLength(homes.length);
    expect(called.filter((line) => !/^(rest --method patch|account show) /.test(line))).toEqual([]);
    expect((await readdir(site.folder)).sort()).toEqual(['.keyturn', 'again.json', 'calls.txt', 'plan.json', 'tools']);
  });
});
