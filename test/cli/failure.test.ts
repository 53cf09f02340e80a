import { describe, expect, test } from 'vitest';
import { KnownError } from '../../src/base/known-error.ts';
import { commandShape, reportFailure } from '../../src/cli/failure.ts';
import { testIo } from './test-io.ts';

describe('an error that a person can act on', () => {
  test.each([
    ['failed', 1],
    ['usage', 2],
    ['blocked', 3],
    ['undetermined', 4],
  ] as const)('%s ends with exit code %i, one line of what and one of what to do', (outcome, code) => {
    const io = testIo();
    expect(reportFailure(new KnownError(outcome, 'VAULT_GONE', 'vault `kv` is not there', 'look for it'), [], io)).toBe(code);
    expect(io.stderr()).toBe('error VAULT_GONE: vault `kv` is not there\n  next: look for it\n');
    expect(io.stdout()).toBe('');
  });

  test('stays two lines when the vault has a name of control characters', () => {
    const io = testIo();
    reportFailure(new KnownError('failed', 'VAULT_GONE', 'vault `a\n\u001b[2Jb`', 'look\rfor it'), [], io);
    expect(io.stderr()).toBe('error VAULT_GONE: vault `a b`\n  next: look for it\n');
  });

  test('is broken at blanks on a terminal, and set in where it goes on', () => {
    const io = testIo({ terminal: true });
    reportFailure(new KnownError('failed', 'VAULT_GONE', 'word '.repeat(20).trim(), 'look '.repeat(20).trim()), [], io);
    const lines = io.stderr().trimEnd().split('\n');
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(80);
    expect(lines.map((line) => /^ */.exec(line)?.[0].length)).toEqual([0, 2, 2, 4]);
  });

  test('shows its stack with --debug only', () => {
    const io = testIo();
    reportFailure(new KnownError('failed', 'VAULT_GONE', 'what', 'next', { cause: new Error('the cause') }), ['plan', '--debug'], io);
    expect(io.stderr()).toContain('failure.test.ts');
    expect(io.stderr()).toContain('the cause');
  });
});

describe('anything else', () => {
  const argv = ['apply', '/home/alice/plan.json', '--state=/secret/place', '--yes'];

  test('is a bug: exit code 70, the version, and the command without what the person wrote', () => {
    const io = testIo();
    expect(reportFailure(new TypeError('x is not a function'), argv, io)).toBe(70);
    expect(io.stderr()).toContain('error BUG: ');
    expect(io.stderr()).toContain('version: ');
    expect(io.stderr()).toContain('command: keyturn apply … --state=… --yes');
    expect(io.stderr()).not.toContain('alice');
    expect(io.stderr()).not.toContain('at ');
  });

  test('never prints what looks like a token, not even in a stack', () => {
    const token = 'eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJhbGljZSJ9.c2lnbmF0dXJl';
    const io = testIo();
    reportFailure(new Error(`401 for Bearer ${token} at https://h/?sig=abc%2Fdef&x=1`), ['plan', '--debug'], io);
    expect(io.stderr()).not.toContain(token);
    expect(io.stderr()).not.toContain('abc%2Fdef');
  });

  test('may be thrown as anything', () => {
    const io = testIo();
    expect(reportFailure('a string', [], io)).toBe(70);
  });
});

describe('Ctrl-C', () => {
  test('ends with 130, says that nothing was changed, and reports no bug', () => {
    const io = testIo();
    io.interrupt();
    expect(reportFailure(new DOMException('aborted', 'AbortError'), ['apply', 'p'], io)).toBe(130);
    expect(io.stderr()).toBe('interrupted: nothing was changed\n');
  });

  test('counts in a question too', () => {
    expect(reportFailure(Object.assign(new Error('closed'), { name: 'ExitPromptError' }), [], testIo())).toBe(130);
  });
});

test('the shape of a command shows flags and the command, never values', () => {
  expect(commandShape(['plan', 'kv-payroll', '--tag', 'owner=bob', '--from=x.txt', '-o', 'x'])).toBe('keyturn plan … --tag … --from=… … …');
});
