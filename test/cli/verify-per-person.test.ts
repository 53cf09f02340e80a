import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { verifyEstate } from '../../src/cli/verify-estate.ts';
import { plainLook } from '../../src/report/look.ts';
import type { PeopleReport, PersonRow } from '../../src/report/people-rows.ts';
import { verifyText } from '../../src/report/verify-report.ts';
import { anEstate, aSubscription, aVault, id, rawPolicy, rawVault, user } from '../builders/an-estate.ts';
import { catalogue } from '../builders/the-catalogue.ts';
import { type Served, served } from './served.ts';

interface Told extends Partial<PeopleReport> {
  readonly name: string;
  readonly state: string;
}

async function verified(site: Served, ...words: readonly string[]): Promise<Told> {
  const { out } = await site.run(['verify', ...words, '--json', '--quiet']);
  const [vault] = (JSON.parse(out) as { vaults: Told[] }).vaults;
  if (vault === undefined) throw new Error('no vault was verified');
  return vault;
}

/** `Bob Builder` of a report, or nobody. */
function row({ people }: Told, name: string): PersonRow | undefined {
  return people?.find(({ displayName }) => displayName === name);
}

const lost = (person: PersonRow | undefined) => person?.losses.flatMap(({ dataActions }) => dataActions.map((one) => one.dataAction));

describe('a vault that teams share, by person', () => {
  let site: Served;
  const directoryCalls = () => Object.entries(site.sandbox.metrics().operations).filter(([name]) => name.startsWith('graph '));
  const calls = async (...words: readonly string[]) => {
    const count = () => directoryCalls().reduce((sum, [, times]) => sum + times, 0);
    const before = count();
    await site.run(['verify', ...words, '--quiet']);
    return count() - before;
  };
  beforeAll(async () => {
    site = await served('shared-platform-vault');
  });
  afterAll(() => site.close());

  test('is not told, and nobody more is asked about, without the flag', async () => {
    expect((await verified(site)).people).toBeUndefined();
    const more = (await calls('--per-person')) - (await calls());
    // Two groups of policies that hold no role are opened, and all names asked for at once.
    expect(more).toBe(3);
  });

  test('names members of nested groups with what they lose and by which entry, worst first', async () => {
    const vault = await verified(site, '--per-person');
    expect(vault.people?.map(({ displayName }) => displayName)).toEqual([
      'Alice Admin',
      'Noor On-Call',
      'Bob Builder',
      'Petra Partner',
      'sp-ci-deploy',
      'id-billing-batch',
      'id-payments-api',
      'id-search-api',
      'Sven Search',
    ]);
    expect(row(vault, 'Petra Partner')).toMatchObject({ kind: 'guest', losses: [{ entries: [{ displayName: 'sec-payments' }] }] });
    expect(row(vault, 'Noor On-Call')?.gains).toMatchObject([
      { cause: 'flip', certain: true, roleName: 'Key Vault Secrets Officer', groupName: 'sec-platform-admins' },
    ]);
    expect(vault.membersUnknown).toEqual([]);
  });

  test('EA-5: whoever loses by one group and keeps by another is not told as losing', async () => {
    const vault = await verified(site, '--per-person');
    expect(lost(row(vault, 'Bob Builder'))).toContain('Microsoft.KeyVault/vaults/secrets/readMetadata/action');
    expect(row(vault, 'Sven Search')?.losses).toEqual([]);
  });

  test('fits 80 columns', async () => {
    const { out } = await site.run(['verify', '--per-person', '--quiet'], { terminal: true });
    expect(out.split('\n').filter((line) => line.length > 80)).toEqual([]);
    expect(out).toMatch(/^ +Noor On-Call \(user\) +23 +0 +0 +0 +1 \(A\)$/m);
  });

  test('in Markdown is a table with one row a person', async () => {
    const { out } = await site.run(['verify', '--per-person', '--markdown', '--quiet']);
    expect(out).toMatch(/^\| Sven Search &#40;user&#41; \| nothing \| nothing \| nothing \|$/m);
    expect(out).toMatch(/^\| Noor On-Call &#40;user&#41; \| loses .* \| nothing \| gains by the flip secrets\/purge/m);
  });

  test('what a plan will assign, and what it made, is told for each person as for the vault', async () => {
    await site.run(['plan', '-o', 'plan.json', '--quiet']);
    const planned = await verified(site, 'plan.json', '--per-person');
    expect(
      row(planned, 'Petra Partner')
        ?.losses.map(({ because }) => because)
        .join(),
    ).toContain('planned and not made yet');
    expect(row(planned, 'sp-ci-deploy')?.gains.map(({ cause }) => cause)).toContain('plan');
    expect((await site.run(['apply', 'plan.json', '--through', 'verify', '--yes', '--quiet'])).code).toBe(0);
    const made = await verified(site, 'plan.json', '--per-person');
    expect(made.state).toBe('covered');
    expect(made.people?.flatMap(({ losses }) => losses)).toEqual([]);
    expect(made.people?.filter(({ gains }) => gains.some(({ cause }) => cause === 'plan')).length).toBeGreaterThan(0);
  });
});

test('more people than one run tells of are left out vault by vault, and that is said', async () => {
  const vaults = ['kv-a', 'kv-b', 'kv-c'].map((name) => aVault(rawVault(name, [rawPolicy(id('1'), { secrets: ['get'] })])));
  const estate = anEstate(vaults, [user(id('1'), 'Ann')], aSubscription());
  const session = {
    catalogue,
    clock: { now: () => new Date('2026-11-24T09:00:00Z'), sleep: () => Promise.resolve(), turn: () => Promise.resolve() },
  };
  const report = await verifyEstate(estate, undefined, session, () => Promise.resolve(), { perPerson: true, mostPeople: 1 });
  expect(report.vaults.map((vault) => vault.people?.length)).toEqual([1, undefined, undefined]);
  expect(report.vaults.map((vault) => vault.state)).toEqual(['gap', 'gap', 'gap']);
  expect(report.peopleLeftOut).toBe(2);
  expect(verifyText(report, plainLook).at(-1)).toContain('people are not listed for 2 vaults');
});

test.each(['denied', 'idsOnly'])('EA-29: a directory that is %s leaves whoever is in a group unknown, never nobody', async (directory) => {
  const site = await served('shared-platform-vault', { scenario: (scenario) => ({ ...scenario, directory }) });
  try {
    const vault = await verified(site, '--per-person');
    const told = [...(vault.people ?? []), ...(vault.membersUnknown ?? [])];
    expect(told.filter(({ losses }) => losses.length === 0)).toEqual([]);
    expect(told.flatMap(({ losses }) => losses).filter((loss) => loss.certain && directory === 'denied')).toEqual([]);
  } finally {
    await site.close();
  }
});

test.each(['everything-wrong', 'estate', 'certificate-consumer', 'customer-managed-keys'])(
  '%s: a verdict by person changes no verdict of a vault, and leaves proofs that hold',
  async (scenario) => {
    const site = await served(scenario);
    try {
      const states = async (...words: readonly string[]) => {
        const { out } = await site.run(['verify', ...words, '--json', '--quiet']);
        return (JSON.parse(out) as { vaults: Told[] }).vaults.map(({ name, state }) => `${name} ${state}`);
      };
      expect(await states('--per-person')).toEqual(await states());
      await states('--per-person');
      const proofs = path.join(site.folder, '.keyturn/proofs');
      for (const proof of await readdir(proofs)) {
        expect((await site.run(['check-proof', path.join(proofs, proof)])).out, proof).toMatch(/^(proved|not ready)/);
      }
    } finally {
      await site.close();
    }
  },
);

test.each(['every-decision', 'everything-wrong', 'shared-platform-vault', 'one-app-one-developer'])(
  '%s: nobody loses at a vault that is covered, but by decision',
  async (scenario) => {
    const site = await served(scenario);
    try {
      const folder = path.resolve(import.meta.dirname, '../../fixtures/scenarios', scenario);
      const decided = (await readdir(folder)).includes('decisions.json') ? ['--decisions', path.join(folder, 'decisions.json')] : [];
      await site.run(['plan', '-o', 'plan.json', '--quiet', ...decided]);
      await site.run(['apply', 'plan.json', '--through', 'verify', '--yes', '--quiet']);
      const { out } = await site.run(['verify', 'plan.json', '--per-person', '--json', '--quiet']);
      const covered = (JSON.parse(out) as { vaults: Told[] }).vaults.filter((vault) => vault.state === 'covered');
      expect(covered.length).toBeGreaterThan(0);
      const losses = covered.flatMap((vault) => [...(vault.people ?? []), ...(vault.membersUnknown ?? [])].flatMap((one) => one.losses));
      expect(losses.filter((loss) => !loss.decided)).toEqual([]);
      if (scenario === 'every-decision') expect(losses.length).toBeGreaterThan(0);
    } finally {
      await site.close();
    }
  },
  60_000,
);
