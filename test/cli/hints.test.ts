import { readdirSync, readFileSync } from 'node:fs';
import { rename, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { buildProgram } from '../../src/cli/program.ts';
import { programName, runnable } from '../../src/cli/runnable.ts';
import { type Served, served } from './served.ts';
import { testIo } from './test-io.ts';

const decisions = path.resolve(import.meta.dirname, '../../fixtures/scenarios/one-app-one-developer/decisions.json');

/** Every command that a text asks to run, as its words. */
function hintsIn(text: string): readonly (readonly string[])[] {
  return [...text.matchAll(/`keyturn ([^`]+)`/g)].map(([, words = '']) =>
    [...words.matchAll(/'([^']*)'|(\S+)/g)].map(([, quoted, plain]) => quoted ?? plain ?? ''),
  );
}

async function hintsOf(site: Served, ...argv: readonly string[]) {
  const { out, err, code } = await site.run(argv);
  expect(code, err).not.toBe(2);
  return hintsIn(out + err);
}

test('every hint of a migration runs as it is printed, with the state folder, the cloud and the sign-in of the run that gave it', {
  timeout: 180_000,
}, async () => {
  const site = await served('one-app-one-developer', { env: { KEYTURN_CLOUD: '', KEYTURN_AUTH: '' } });
  try {
    await writeFile(path.join(site.folder, 'my cloud.json'), JSON.stringify(site.profile));
    const place = ['--state', 'my state', '--cloud', 'my cloud.json', '--auth', 'managed-identity'];
    const said: (readonly string[])[] = [];
    said.push(...(await hintsOf(site, 'inventory', ...place)));
    said.push(...(await hintsOf(site, 'plan', 'kv-shop', '--decisions', decisions, '-o', 'my plan.json', ...place)));
    const settled = await hintsOf(site, 'apply', 'my plan.json', '--through', 'stage', '--yes', ...place);
    said.push(
      ...settled,
      ...(await hintsOf(site, 'status', 'my plan.json', ...place)),
      ...(await hintsOf(site, 'verify', 'my plan.json', ...place)),
    );
    expect(said.map(([command]) => command)).toEqual(['plan', 'apply', 'rollback', 'apply', 'apply', 'check-proof']);
    for (const words of said) {
      const yes = ['apply', 'flip', 'rollback'].includes(words[0] ?? '') ? ['--yes'] : [];
      const { code, err } = await site.run([...words, ...yes]);
      expect([0, 3], `${words.join(' ')}: ${err}`).toContain(code);
      if (words[0] !== 'check-proof') expect(words.slice(-6)).toEqual(place);
    }
    // What is about to be done says how to go back, and its end what comes next.
    const flip = (await hintsOf(site, 'apply', 'my plan.json', '--through', 'verify', '--yes', ...place)).at(-1);
    const back = (await hintsOf(site, ...(flip ?? []), '--yes')).at(-1);
    const remove = (await hintsOf(site, ...(back ?? []), '--yes')).at(-1);
    expect([flip?.[0], back?.[0], remove?.slice(0, 3)]).toEqual(['flip', 'rollback', ['rollback', 'my plan.json', '--remove-assignments']]);
    expect((await site.run([...(remove ?? []), '--yes'])).code).toBe(0);
    // A refusal gives hints as well.
    await rename(path.join(site.folder, 'my plan.json'), path.join(site.folder, 'other.json'));
    const refused = await site.run(['status', 'other.json', '--state=elsewhere', ...place.slice(2)]);
    expect(refused.out).toContain('elsewhere holds no journal of it');
    expect(hintsIn(refused.err)[0]?.slice(2)).toEqual(expect.arrayContaining(['--state', 'elsewhere']));
  } finally {
    await site.close();
  }
});

describe('commands in a sentence', () => {
  test('are known with their options, and with all that they need once anything is said of them', () => {
    const program = buildProgram(testIo(), () => undefined);
    const src = path.resolve(import.meta.dirname, '../../src');
    const files = readdirSync(src, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts'));
    const said = files.flatMap((file) => [
      ...readFileSync(path.join(src, file), 'utf8').matchAll(/`keyturn ([a-z-]+)((?:\$\{(?:[^{}`]|`[^`]*`)*\}|[^`\\$])*)\\?`/g),
    ]);
    expect(said.length).toBeGreaterThan(60);
    const wrong = said.filter(([, name = '', rest = '']) => {
      const command = program.commands.find((one) => one.name() === name);
      const words = rest
        .replaceAll(/\$\{(?:[^{}`]|`[^`]*`)*\}/g, 'X')
        .split(' ')
        .filter((word) => word !== '');
      const flags = words.flatMap((word) => /^--[a-z-]+/.exec(word)?.[0] ?? []);
      if (command === undefined || flags.includes('--help')) return command === undefined && name !== '--help';
      if (flags.some((flag) => !command.options.some(({ long }) => long === flag))) return true;
      const needed = command.registeredArguments.filter(({ required }) => required).length;
      return words.length > 0 && words.filter((word) => !word.startsWith('-')).length < needed;
    });
    expect(wrong.map(([whole]) => whole)).toEqual([]);
  });

  test('are called as whoever started keyturn calls it, and bear what was said about place and sign-in', () => {
    const hint = runnable(['plan', '--state=a b', '--cloud', 'usgov'], { program: './bin/keyturn.js' });
    expect(hint('review it, then `keyturn apply p.json --through verify`')).toBe(
      "review it, then `./bin/keyturn.js apply p.json --through verify --state 'a b' --cloud usgov`",
    );
    expect(hint('see `keyturn plan --help`, `keyturn map` and `az login`')).toBe(
      'see `./bin/keyturn.js plan --help`, `./bin/keyturn.js map` and `az login`',
    );
    expect(runnable(['plan'], {})('run `keyturn plan` again')).toBe('run `keyturn plan` again');
  });

  test.each<[string, string | undefined, NodeJS.Platform, Record<string, string>, string]>([
    ['installed', '/usr/local/bin/keyturn', 'linux', {}, 'keyturn'],
    ['from a clone', '/home/a/clone/bin/keyturn.js', 'linux', {}, './bin/keyturn.js'],
    ['from a clone elsewhere', '/opt/clone/bin/keyturn.js', 'linux', {}, '/opt/clone/bin/keyturn.js'],
    ['from a clone on Windows', '/home/a/clone/bin/keyturn.js', 'win32', {}, 'node bin/keyturn.js'],
    ['as a dependency', '/home/a/clone/node_modules/keyturn/bin/keyturn.js', 'linux', {}, 'keyturn'],
    ['by npx', '/home/a/clone/node_modules/.bin/keyturn', 'linux', { npm_command: 'exec' }, 'npx keyturn'],
  ])('keyturn that was started %s', (_, script, platform, env, program) => {
    expect(programName(script, '/home/a/clone', platform, env)).toBe(program);
  });
});
