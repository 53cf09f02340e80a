import { rm } from 'node:fs/promises';
import path from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import type { OpenScenario } from '../scenarios/open-scenario.ts';
import { changePolicies, flipElsewhere, removeVaultAssignments } from './drift.ts';
import { caseEstate, openCase } from './open-case.ts';

let opened: OpenScenario | undefined;
afterEach(() => opened?.close());

const plan = 'keyturn-plan.json';

async function flipped(): Promise<OpenScenario> {
  opened = await openCase(caseEstate());
  expect((await opened.keyturn('plan', 'kv-case')).code).toBe(0);
  expect((await opened.keyturn('apply', plan, '--yes')).code).toBe(0);
  return opened;
}

async function staged(): Promise<OpenScenario> {
  opened = await openCase(caseEstate());
  expect((await opened.keyturn('plan', 'kv-case')).code).toBe(0);
  expect((await opened.keyturn('apply', plan, '--through', 'verify', '--yes')).code).toBe(0);
  return opened;
}

/** Takes the word of a remedy and types it. */
async function follow(site: OpenScenario, text: string, command: RegExp, ...more: readonly string[]) {
  const [, words] = command.exec(text.replaceAll(/\s+/g, ' ')) ?? [];
  expect(words, text).toBeDefined();
  return site.keyturn(...(words ?? '').split(' ').slice(1), ...more);
}

// Azure/ARO-HCP#6938
describe('somebody removes the role assignments of a vault that was flipped, as a deletion and recovery does', { timeout: 120_000 }, () => {
  test('status asks Azure, and apply of the plan makes them again at once', async () => {
    const site = await flipped();
    expect((await site.keyturn('status', plan)).code).toBe(0);
    expect(removeVaultAssignments(site.sandbox)).toBe(1);
    const status = await site.keyturn('status', plan);
    expect(status.code).toBe(3);
    expect(status.stdout).toMatch(/kv-case +flipped +azureRbac +0 of 1/);
    expect(status.stdout).toMatch(/kv-case: 1 of the role assignments that were made is gone/);
    expect((await site.keyturn('verify', plan)).code).toBe(3);

    const before = site.sandbox.clock.now();
    const again = await follow(site, status.stderr, /`(keyturn apply keyturn-plan\.json)`/, '--yes');
    expect(again.code, again.stdout + again.stderr).toBe(0);
    expect(again.stdout).toMatch(/one role assignment that was missing was made a\s+moment ago/);
    expect(site.sandbox.clock.now() - before, 'nothing was waited for').toBeLessThan(60_000);
    const after = await site.keyturn('status', plan);
    expect(after.code, after.stdout).toBe(0);
    expect(after.stdout).toMatch(/1 of 1/);
    expect((await site.keyturn('apply', plan, '--yes')).stdout).toContain('nothing to do');
  });

  test('also on a machine that knows nothing of the flip', async () => {
    const site = await flipped();
    await rm(path.join(site.folder, '.keyturn'), { recursive: true });
    removeVaultAssignments(site.sandbox);
    const status = await site.keyturn('status', plan);
    expect(status.code).toBe(3);
    expect(status.stdout).toContain('holds no journal of it');
    expect(status.stdout).toMatch(/id-shop.* lacks secrets/);
    const applied = await site.keyturn('apply', plan, '--yes');
    expect(applied.code, applied.stdout).toBe(0);
    expect((await site.keyturn('status', plan)).code).toBe(0);
  });

  test('and a new plan repairs it too, where the first one is lost', async () => {
    const site = await flipped();
    removeVaultAssignments(site.sandbox);
    const verified = await site.keyturn('verify', 'kv-case');
    expect(verified.code).toBe(3);
    const planned = await follow(site, verified.stdout, /`(keyturn plan kv-case)`/, '-o', 'repair.json');
    expect(planned.stdout).toContain('to repair');
    const applied = await follow(site, planned.stderr, /`(keyturn apply repair\.json)`/, '--yes');
    expect(applied.code, applied.stdout).toBe(0);
    expect((await site.keyturn('status', plan)).code).toBe(0);
  });

  test('also when the stored policies are gone by then: the plan is the promise', async () => {
    const site = await flipped();
    changePolicies(site.sandbox, () => []);
    removeVaultAssignments(site.sandbox);
    expect((await site.keyturn('status', plan)).code).toBe(3);
    const verified = await site.keyturn('verify', plan);
    expect(verified.code).toBe(3);
    expect(verified.stdout).toContain('`keyturn apply` with the plan');
    expect((await site.keyturn('apply', plan, '--yes')).code).toBe(0);
    expect((await site.keyturn('status', plan)).code).toBe(0);
  });
});

describe('stored policies that were removed after the migration', { timeout: 120_000 }, () => {
  test('raise no alarm: verify, status and apply ask what the plan promised, and the proof of it is borne out', async () => {
    const site = await flipped();
    changePolicies(site.sandbox, () => []);
    const verified = await site.keyturn('verify', plan);
    expect(verified.code, verified.stdout).toBe(0);
    const proof = /\.keyturn\/proofs\/[^\s`]+\.json/.exec(verified.stderr)?.[0];
    expect((await site.keyturn('check-proof', proof ?? '')).code).toBe(0);
    expect((await site.keyturn('status', plan)).code).toBe(0);
    const applied = await site.keyturn('apply', plan, '--yes');
    expect(applied.code, applied.stdout).toBe(0);
    expect(applied.stdout).toContain('nothing to do');
    expect((await site.keyturn('plan', 'kv-case', '-o', 'again.json')).stdout).toContain('PLN-ALREADY-RBAC');
  });

  test('nor does somebody deleted since, or a role that somebody was given since', async () => {
    const site = await flipped();
    for (const one of site.sandbox.tenant.directory.values()) if (one.displayName === 'id-shop') one.deleted = true;
    const verified = await site.keyturn('verify', plan);
    expect(verified.code, verified.stdout).toBe(0);
    expect((await site.keyturn('status', plan)).code).toBe(0);
  });

  test('but a policy that somebody adds to a flipped vault gives nothing, which verify tells', async () => {
    const site = await flipped();
    changePolicies(site.sandbox, (policies) => [...policies, { ...policies[0], permissions: { keys: ['get', 'sign'] } }]);
    expect((await site.keyturn('verify', plan)).code).toBe(3);
    const applied = await site.keyturn('apply', plan, '--yes');
    expect(applied.code).toBe(3);
    const planned = await follow(site, applied.stdout, /`(keyturn plan kv-case)`/, '-o', 'repair.json');
    expect(planned.stdout).toContain('to repair');
    expect((await site.keyturn('apply', 'repair.json', '--yes')).code).toBe(0);
    expect((await site.keyturn('verify', 'kv-case')).stdout).not.toContain('no role assignment gives it');
  });
});

describe('somebody else flips a vault that was staged', { timeout: 120_000 }, () => {
  test('with all in place: status says so, and apply finds all covered', async () => {
    const site = await staged();
    flipElsewhere(site.sandbox);
    const status = await site.keyturn('status', plan);
    expect(status.code).toBe(3);
    expect(status.stdout).toContain('it was flipped elsewhere');
    const applied = await follow(site, status.stderr, /`(keyturn apply keyturn-plan\.json)`/, '--yes');
    expect(applied.code, applied.stdout).toBe(0);
    expect(applied.stdout).toContain('it was flipped elsewhere');
    expect((await site.keyturn('status', plan)).code).toBe(0);
    const back = await site.keyturn('rollback', plan, '--yes');
    expect(back.stdout).toContain('NOT_FLIPPED_BY_US');
  });

  test('before it was staged: apply makes what is missing at once', async () => {
    opened = await openCase(caseEstate());
    await opened.keyturn('plan', 'kv-case');
    flipElsewhere(opened.sandbox);
    const applied = await opened.keyturn('apply', plan, '--yes');
    expect(applied.code, applied.stdout).toBe(0);
    expect(applied.stdout).toMatch(/one role assignment that was missing was made/);
    expect((await opened.keyturn('verify', 'kv-case')).stdout).not.toContain('no role assignment gives it');
  });

  test('and changes its policies: apply refuses, and the command that it names leads to a repair', async () => {
    const site = await staged();
    flipElsewhere(site.sandbox);
    changePolicies(site.sandbox, (policies) => policies.map((policy) => ({ ...policy, permissions: { keys: ['get', 'sign'] } })));
    const applied = await site.keyturn('apply', plan, '--yes');
    expect(applied.code).toBe(3);
    expect(applied.stdout).toContain('PLAN_STALE');
    const planned = await follow(site, applied.stdout, /`(keyturn plan kv-case)`/, '-o', 'repair.json');
    expect(planned.stdout).toContain('to repair');
    expect((await site.keyturn('apply', 'repair.json', '--yes')).code).toBe(0);
  });

  test('and back, after our own flip: status tells it', async () => {
    const site = await flipped();
    flipElsewhere(site.sandbox, false);
    const status = await site.keyturn('status', plan);
    expect(status.code).toBe(3);
    expect(status.stdout).toContain('is on access policies again');
  });
});

test('status of a vault that is gone says so, and of one that cannot be read that nobody knows', { timeout: 120_000 }, async () => {
  const site = await flipped();
  const { vaults, roleAssignments } = site.sandbox.tenant;
  const kept = [...vaults];
  vaults.clear();
  const gone = await site.keyturn('status', plan);
  expect(gone.code, gone.stderr).toBe(3);
  expect(gone.stdout).toContain('Azure knows no such vault');
  for (const [key, vault] of kept) vaults.set(key, vault);
  roleAssignments.clear();
  const unread = await site.keyturn('status', plan);
  expect(unread.code, unread.stdout).toBe(4);
});
