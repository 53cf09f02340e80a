import { describe, expect, test } from 'vitest';
import { main } from '../../src/cli/main.ts';
import { testIo } from './test-io.ts';

async function help(...words: readonly string[]) {
  const io = testIo();
  const code = await main(['help', ...words], io);
  return { code, stdout: io.stdout(), stderr: io.stderr() };
}

describe('keyturn help explains a code', () => {
  test.each(['PLAN_STALE', 'plan_stale', 'Plan_Stale'])('of an error, as %s, with its exit code', async (word) => {
    const { code, stdout, stderr } = await help(word);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(
      /^PLAN_STALE: error, exit code 3 \(blocked\)\n {2}cause: .+\n {2}consequence: .+\n {2}next: .*`keyturn plan`.*\n$/,
    );
  });

  test('of a finding, with how severe it can be', async () => {
    const { code, stdout } = await help('inv-unread');
    expect(code).toBe(0);
    expect(stdout).toMatch(/^INV-UNREAD: finding, blocker or warning\n/);
  });

  test('broken to the width of a terminal', async () => {
    const io = testIo({ terminal: true });
    expect(await main(['help', 'PLN-DENY-CONTROL'], io)).toBe(0);
    const lines = io.stdout().trimEnd().split('\n');
    expect(lines.length).toBeGreaterThan(6);
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(80);
  });

  test('as JSON', async () => {
    const error = JSON.parse((await help('azure_forbidden', '--json')).stdout) as unknown;
    expect(error).toMatchObject({
      format: 'keyturn-code-help',
      code: 'AZURE_FORBIDDEN',
      kind: 'error',
      exits: [
        { outcome: 'undetermined', exitCode: 4 },
        { outcome: 'blocked', exitCode: 3 },
      ],
    });
    const finding = JSON.parse((await help('--json', 'map-purge')).stdout) as unknown;
    expect(finding).toMatchObject({ code: 'MAP-PURGE', kind: 'finding', severities: ['warning'], remedy: expect.any(String) as string });
  });
});

describe('keyturn help', () => {
  test('without a word lists the commands', async () => {
    const { code, stdout } = await help();
    expect(code).toBe(0);
    expect(stdout).toContain('Usage: keyturn [options] [command]');
    expect(stdout).toContain('help [options] [topic]');
  });

  test.each(['check-proof', 'CHECK-PROOF'])('prints the help of a command, as %s', async (word) => {
    const { code, stdout } = await help(word);
    expect(code).toBe(0);
    expect(stdout).toContain('Usage: keyturn check-proof [options] <file>');
  });

  test.each([
    ['PLAN_STAEL', '`PLAN_STALE`'],
    ['map-purg', '`MAP-PURGE`'],
    ['pln_limit', '`PLN-LIMIT`'],
    ['invntory', '`inventory`'],
  ])('refuses %s, and names what is near', async (word, near) => {
    const { code, stdout, stderr } = await help(word);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain(`error HELP_UNKNOWN: \`${word}\` is neither a command nor a code`);
    expect(stderr).toMatch(new RegExp(`next: did you mean .*${near}`));
  });

  test('refuses a word that is near nothing, and names where the codes are listed', async () => {
    const { code, stderr } = await help('zzzzzzzz\u001b[2J');
    expect(code).toBe(2);
    expect(stderr).toBe(
      'error HELP_UNKNOWN: `zzzzzzzz` is neither a command nor a code of a finding or an error\n' +
        '  next: run `keyturn help` for the commands; docs/findings.md and docs/errors.md list the codes\n',
    );
  });
});
