import { describe, expect, test } from 'vitest';
import { main } from '../../src/cli/main.ts';
import { testIo } from './test-io.ts';

const run = async (...argv: string[]) => {
  const io = testIo();
  const code = await main(argv, io);
  return { code, out: io.stdout(), err: io.stderr() };
};

describe('the command line', () => {
  test('help names every command, on stdout, and ends with 0', async () => {
    const { code, out, err } = await run('--help');
    expect(code).toBe(0);
    expect(err).toBe('');
    for (const name of ['inventory', 'plan', 'apply', 'stage', 'verify', 'flip', 'rollback', 'status', 'migrate', 'demo', 'sandbox']) {
      expect(out).toMatch(new RegExp(`^  ${name}\\b`, 'm'));
    }
  });

  test('every command takes the common options, and those that look at vaults the same selection', async () => {
    for (const name of ['inventory', 'plan', 'verify', 'migrate']) {
      const { out } = await run(name, '--help');
      for (const option of ['--subscription', '--resource-group', '--management-group', '--tag', '--from'])
        expect(out, name).toContain(option);
    }
    for (const name of ['inventory', 'plan', 'apply', 'stage', 'verify', 'flip', 'rollback', 'status', 'migrate', 'demo', 'sandbox']) {
      const { out, code } = await run(name, '--help');
      expect(code).toBe(0);
      for (const option of ['--json', '--quiet', '--no-color', '--debug', '--cloud', '--auth', '--state', '--concurrency'])
        expect(out, name).toContain(option);
    }
  });

  test('the version is printed alone', async () => {
    expect(await run('--version')).toEqual({ code: 0, out: '0.0.0-test\n', err: '' });
  });

  test.each([
    ['no command', []],
    ['an unknown command', ['fly']],
    ['an unknown option', ['plan', '--force']],
    ['a missing argument', ['apply']],
    ['a phase that there is not', ['apply', 'plan.json', '--through', 'everything']],
    ['a way to sign in that there is not', ['inventory', '--auth', 'magic']],
    ['no requests at once', ['inventory', '--concurrency', '0']],
    ['a number of requests that is none', ['inventory', '--concurrency', '1e3']],
    ['a missing option', ['sandbox']],
  ])('%s is a usage error: exit code 2, what on one line and what to do on the next, nothing on stdout', async (_what, argv) => {
    const { code, out, err } = await run(...argv);
    expect(code).toBe(2);
    expect(out).toBe('');
    if (argv.length > 0) expect(err).toMatch(/^error USAGE: .+\n+ {2}next: .+\n$/);
  });

  test('an argument with control characters cannot draw on the terminal', async () => {
    const { err } = await run('fl\u001b[2Jy\u202e');
    // biome-ignore lint/suspicious/noControlCharactersInRegex: that they are gone is what is tested
    expect(err).not.toMatch(/[\u001b\u202e]/);
  });

  test('there is no --force anywhere', async () => {
    for (const name of ['apply', 'flip', 'stage', 'migrate']) expect((await run(name, '--help')).out).not.toContain('force');
  });
});

describe('what cannot be read', () => {
  test.each([
    ['a plan that is not there', ['apply', 'no-such-plan.json', '--yes'], 'PLAN_UNREADABLE'],
    ['a plan that is something else', ['apply', 'package.json', '--yes'], 'PLAN_UNREADABLE'],
    ['a list of vaults that is not there', ['inventory', '--from', 'no-such-list'], 'LIST_UNREADABLE'],
    ['a cloud that is not there', ['inventory', '--cloud', 'mars'], 'CLOUD_PROFILE'],
    ['decisions that are not there', ['plan', 'kv', '--decisions', 'no-such-file'], 'DECISIONS_UNREADABLE'],
    ['a bundle that is something else', ['rollback', 'package.json', '--yes'], 'BUNDLE_UNREADABLE'],
    ['a vault that was never flipped', ['rollback', 'kv-never', '--yes'], 'BUNDLE_MISSING'],
    ['a Managed HSM', ['inventory', '/subscriptions/s/resourceGroups/g/providers/Microsoft.KeyVault/managedHSMs/hsm'], 'MANAGED_HSM'],
  ])('%s is refused with exit code 2 and what to do, before anybody signs in', async (_what, argv, code) => {
    const result = await run(...argv);
    expect(result.err).toMatch(new RegExp(`^error ${code}: .+\\n {2}next: .+\\n$`));
    expect(result.code).toBe(2);
    expect(result.out).toBe('');
  });
});

test('a cloud that is nearly one is met with its name', async () => {
  const { code, err } = await run('inventory', '--cloud', 'pubic');
  expect({ code, err }).toEqual({
    code: 2,
    err: 'error CLOUD_PROFILE: there is no cloud `pubic`, and no file of that name\n  next: did you mean `public`?\n',
  });
});

test('a file that is not a cloud profile is told in plain words what it lacks', async () => {
  const { code, err } = await run('inventory', '--cloud', 'tsconfig.json');
  expect(code).toBe(2);
  expect(err).toMatch(/it lacks `name`, `resourceManager`, .*; unknown `/);
  expect(err).not.toMatch(/expected|received|Invalid|Unrecognized/);
});
