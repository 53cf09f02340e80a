import { execFileSync } from 'node:child_process';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { main } from '../../src/cli/main.ts';
import { sealReader } from '../../src/formats/plan-file.ts';
import { openGains } from '../../src/plan/open-gains.ts';
import type { ScenarioFile } from '../../src/sandbox/scenario/scenario-schema.ts';
import { caseEstate, openCase } from '../field-cases/open-case.ts';
import type { OpenScenario } from '../scenarios/open-scenario.ts';
import { planIn } from '../scenarios/plan-in.ts';
import { testIo } from './test-io.ts';

const open: OpenScenario[] = [];
afterEach(() => Promise.all(open.splice(0).map((one) => one.close())));

const reviewer = { appId: 'eeeeeeee-0000-4000-8000-0000000000a1', id: 'eeeeeeee-0000-4000-8000-000000000001' };
const admin = 'eeeeeeee-0000-4000-8000-000000000002';
const team = 'eeeeeeee-0000-4000-8000-000000000003';

/** Two vaults; Ada is Key Vault Administrator of the subscription, which gives her nothing before a flip. */
function estate(changes: Partial<ScenarioFile> = {}): ScenarioFile {
  const vault = {
    resourceGroup: 'rg-app',
    accessPolicies: [{ principal: 'app', secrets: ['get', 'list'] }],
    objects: { secrets: { one: 'value' } },
  };
  return caseEstate({
    principals: {
      runner: { kind: 'managedIdentity', displayName: 'id-keyturn-runner' },
      app: { kind: 'managedIdentity', displayName: 'id-shop', id: 'aaaaaaaa-0000-4000-8000-000000000001' },
      reviewer: { kind: 'servicePrincipal', displayName: 'sp-review', ...reviewer },
      ada: { kind: 'user', displayName: 'Ada', id: admin },
      reviewers: { kind: 'group', displayName: 'Reviewers', id: team, members: ['reviewer'] },
    },
    vaults: { 'kv-case': vault, 'kv-next': vault },
    ...changes,
  });
}

const withGain = (): ScenarioFile =>
  estate({
    assignments: [
      { role: 'Owner', principal: 'runner', scope: 'subscriptions/prod' },
      { role: 'Key Vault Administrator', principal: 'ada', scope: 'subscriptions/prod' },
    ],
  });

async function start(scenario: ScenarioFile, files: Readonly<Record<string, unknown>> = {}): Promise<OpenScenario> {
  const site = await openCase(scenario, files);
  open.push(site);
  return site;
}

/** Runs keyturn as the reviewer, who is signed in as another application. */
async function asReviewer({ folder, env }: OpenScenario, ...words: readonly string[]) {
  const signIn = {
    AZURE_TENANT_ID: '11111111-2222-4333-8444-000000000001',
    AZURE_CLIENT_ID: reviewer.appId,
    AZURE_CLIENT_SECRET: env.IDENTITY_HEADER,
  };
  const io = testIo({ cwd: folder, env: { ...env, KEYTURN_AUTH: 'env', ...signIn, NO_COLOR: '1' } });
  const code = await main(words, io);
  return { code, stdout: io.stdout(), stderr: io.stderr() };
}

const approvalsIn = async ({ folder }: OpenScenario) => (await readdir(folder)).filter((name) => name.includes('.approval'));
const config = (approvals: object) => ({ 'keyturn.config.json': { formatVersion: 1, approvals } });
const verify = ['apply', 'keyturn-plan.json', '--through', 'verify', '--yes'] as const;

describe('where the config asks for the approval of each vault', () => {
  test('the plan is refused until somebody else approves it; the file beside it is found', async () => {
    const site = await start(estate(), config({ need: 'vault' }));
    await site.keyturn('plan');
    const before = site.state();
    const refused = await site.keyturn(...verify);
    expect(refused.code).toBe(3);
    expect(refused.stdout).toContain('NOT_APPROVED');
    expect(refused.stdout).toContain('`keyturn approve keyturn-plan.json --vault kv-case`');
    expect(site.state()).toBe(before);

    const mine = await site.keyturn('approve', 'keyturn-plan.json');
    expect(mine.code, mine.stderr).toBe(0);
    expect(mine.stdout).toContain('that is who made the plan');
    expect((await site.keyturn(...verify)).stdout).toContain('APPROVER_IS_AUTHOR');
    expect(site.state()).toBe(before);

    const theirs = await asReviewer(site, 'approve', 'keyturn-plan.json', '--vault', 'kv-next', '--note', 'as agreed on Monday');
    expect(theirs.code, theirs.stderr).toBe(0);
    expect(theirs.stdout).toContain(`by ${reviewer.id}`);
    const half = await site.keyturn(...verify, '--report', 'run.json');
    expect(half.code).toBe(3);
    const report = JSON.parse(await readFile(path.join(site.folder, 'run.json'), 'utf8')) as {
      vaults: { name: string; outcome: string; approvals?: object[] }[];
    };
    expect(report.vaults.map(({ name, outcome }) => [name, outcome])).toEqual([
      ['kv-case', 'blocked'],
      ['kv-next', 'done'],
    ]);
    expect(report.vaults[1]?.approvals).toEqual([expect.objectContaining({ approver: reviewer.id, note: 'as agreed on Monday' })]);
    await asReviewer(site, 'approve', 'keyturn-plan.json');
    expect((await site.keyturn(...verify)).code).toBe(0);
  });

  test('the rules are sealed into the plan: where they are no longer in the config, they hold all the same', async () => {
    const site = await start(estate(), config({ need: 'vault' }));
    await site.keyturn('plan');
    await writeFile(path.join(site.folder, 'keyturn.config.json'), '{"formatVersion":1}');
    expect((await site.keyturn(...verify)).stdout).toContain('NOT_APPROVED');
    await writeFile(
      path.join(site.folder, 'keyturn.config.json'),
      JSON.stringify(config({ need: 'none', selfApproval: true })['keyturn.config.json']),
    );
    await site.keyturn('approve', 'keyturn-plan.json');
    expect((await site.keyturn(...verify)).stdout).toContain('APPROVER_IS_AUTHOR');
  });

  test('an author who may approve their own plan is told of in the report of the run', async () => {
    const site = await start(estate(), config({ need: 'vault', selfApproval: true }));
    await site.keyturn('plan');
    await site.keyturn('approve', 'keyturn-plan.json');
    expect((await site.keyturn(...verify, '--report', 'run.md')).code).toBe(0);
    expect(await readFile(path.join(site.folder, 'run.md'), 'utf8')).toContain('who made the plan');
  });

  test('members of a group may approve where the group is named', async () => {
    const site = await start(estate(), config({ need: 'vault', by: [team] }));
    await site.keyturn('plan');
    await asReviewer(site, 'approve', 'keyturn-plan.json');
    const ran = await site.keyturn(...verify);
    expect(ran.code, ran.stdout).toBe(0);
  });

  test('an approval that somebody edited is refused, and so is one for vaults that were not approved', async () => {
    const site = await start(estate(), config({ need: 'vault' }));
    await site.keyturn('plan');
    await asReviewer(site, 'approve', 'keyturn-plan.json', '--vault', 'kv-case', '-o', 'yes.json');
    const file = path.join(site.folder, 'yes.json');
    const good = await readFile(file, 'utf8');
    await writeFile(file, good.replace(reviewer.id, admin));
    const edited = await site.keyturn(...verify, '--approval', 'yes.json');
    expect([edited.code, edited.stderr]).toEqual([3, expect.stringContaining('APPROVAL_EDITED')]);
    await writeFile(file, '{"format":"keyturn-approval"}');
    expect((await site.keyturn(...verify, '--approval', 'yes.json')).stderr).toContain('APPROVAL_UNREADABLE');
    await writeFile(file, good);
    expect((await site.keyturn(...verify, '--only', 'kv-case', '--approval', 'yes.json')).code).toBe(0);
  });

  test('a vault whose plan moved loses its approval, and no other vault does', async () => {
    const site = await start(estate(), config({ need: 'vault' }));
    await site.keyturn('plan');
    await asReviewer(site, 'approve', 'keyturn-plan.json');
    const decisions = {
      formatVersion: 1,
      decisions: [{ vault: 'kv-next', principal: 'aaaaaaaa-0000-4000-8000-000000000001', choice: 'drop', reason: 'gone' }],
    };
    await writeFile(path.join(site.folder, 'decisions.json'), JSON.stringify(decisions));
    await site.keyturn('plan', '--decisions', 'decisions.json');
    const ran = await site.keyturn(...verify, '--report', 'run.json');
    const report = JSON.parse(await readFile(path.join(site.folder, 'run.json'), 'utf8')) as { vaults: { name: string; code?: string }[] };
    expect(
      report.vaults.map(({ name, code }) => [name, code]),
      ran.stdout,
    ).toEqual([
      ['kv-case', undefined],
      ['kv-next', 'APPROVAL_STALE'],
    ]);
  });
});

describe('signed approvals', () => {
  const signedEstate = async () => {
    const site = await start(estate(), { ...config({ need: 'vault', signed: true, allowedSigners: 'signers' }), signers: '' });
    for (const key of ['key', 'stranger'])
      execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-C', 'test', '-f', path.join(site.folder, key)]);
    const publicKey = await readFile(path.join(site.folder, 'key.pub'), 'utf8');
    await writeFile(path.join(site.folder, 'signers'), `${reviewer.id} ${publicKey}`);
    await site.keyturn('plan');
    return site;
  };

  test('one with the signature of an allowed signer counts; without, or by another key, it does not', async () => {
    const site = await signedEstate();
    await asReviewer(site, 'approve', 'keyturn-plan.json', '-o', 'unsigned.json');
    await asReviewer(site, 'approve', 'keyturn-plan.json', '--sign', 'stranger', '-o', 'strange.json');
    const signed = await asReviewer(site, 'approve', 'keyturn-plan.json', '--sign', 'key', '-o', 'signed.json');
    expect(signed.stdout, signed.stderr).toContain(', signed');
    for (const file of ['unsigned.json', 'strange.json']) {
      const refused = await site.keyturn(...verify, '--approval', file);
      expect([refused.code, refused.stdout], file).toEqual([3, expect.stringContaining('SIGNATURE_BAD')]);
    }
    const ran = await site.keyturn(...verify, '--approval', 'signed.json');
    expect(ran.code, ran.stdout).toBe(0);
  });

  test('a signature under other words, and the approval of one person under the key of another, do not count', async () => {
    const site = await signedEstate();
    await asReviewer(site, 'approve', 'keyturn-plan.json', '--sign', 'key', '-o', 'signed.json');
    await asReviewer(site, 'approve', 'keyturn-plan.json', '--note', 'other words', '-o', 'other.json');
    const read = async (name: string) => JSON.parse(await readFile(path.join(site.folder, name), 'utf8')) as { signature?: string };
    const { signature } = await read('signed.json');
    await writeFile(path.join(site.folder, 'moved.json'), JSON.stringify({ ...(await read('other.json')), signature }));
    expect((await site.keyturn(...verify, '--approval', 'moved.json')).stdout).toContain('SIGNATURE_BAD');
    const publicKey = await readFile(path.join(site.folder, 'key.pub'), 'utf8');
    await writeFile(path.join(site.folder, 'signers'), `${admin} ${publicKey}`);
    expect((await site.keyturn(...verify, '--approval', 'signed.json')).stdout).toContain('SIGNATURE_BAD');
  });

  test('a key that is not there is told, and no approval is written', async () => {
    const site = await signedEstate();
    const ran = await asReviewer(site, 'approve', 'keyturn-plan.json', '--sign', 'nokey');
    expect([ran.code, ran.stderr]).toEqual([2, expect.stringContaining('SIGNATURE_FAILED')]);
    expect(await approvalsIn(site)).toEqual([]);
  });
});

describe('what takes effect at the flip', () => {
  test('verify needs nobody to accept it; a flip is refused before anything is written until somebody accepts it by name', async () => {
    const site = await start(withGain());
    await site.keyturn('plan');
    const before = site.state();
    const refused = await site.keyturn('apply', 'keyturn-plan.json', '--yes');
    expect([refused.code, refused.stdout]).toEqual([3, expect.stringContaining('GAIN_NOT_ACCEPTED')]);
    expect(refused.stdout).toContain(`Ada (${admin}) gains`);
    expect(site.state()).toBe(before);
    expect((await site.keyturn(...verify)).code).toBe(0);

    const [, assignment = ''] = /--accept-gain ([0-9a-f-]{36})/.exec(refused.stdout) ?? [];
    const wrong = await site.keyturn('approve', 'keyturn-plan.json', '--accept-gain', reviewer.id);
    expect([wrong.code, wrong.stderr]).toEqual([2, expect.stringContaining('GAIN_UNKNOWN')]);
    const accepted = await site.keyturn('approve', 'keyturn-plan.json', '--vault', 'kv-next', '--accept-gain', assignment);
    expect(accepted.code, accepted.stderr).toBe(0);
    const one = await site.keyturn('flip', 'keyturn-plan.json', '--yes', '--report', 'run.json');
    const report = JSON.parse(await readFile(path.join(site.folder, 'run.json'), 'utf8')) as { vaults: { name: string; code?: string }[] };
    expect(
      report.vaults.map(({ name, code }) => [name, code]),
      one.stdout,
    ).toEqual([
      ['kv-case', 'GAIN_NOT_ACCEPTED'],
      ['kv-next', undefined],
    ]);
  });

  test('a row of the decisions file accepts it in every vault, is kept by a plan after it, and a row without use is told', async () => {
    const site = await start(withGain());
    await site.keyturn('plan');
    const told = await site.keyturn('flip', 'keyturn-plan.json', '--yes');
    const [, assignment = ''] = /--accept-gain ([0-9a-f-]{36})/.exec(told.stdout) ?? [];
    const gains = [
      { assignment, vault: '*', reason: 'Ada is on call for all vaults' },
      { assignment: reviewer.id, vault: 'kv-case', reason: 'nothing of the kind' },
    ];
    await writeFile(path.join(site.folder, 'decisions.json'), JSON.stringify({ formatVersion: 1, gains }));
    const planned = await site.keyturn('plan', '--decisions', 'decisions.json');
    expect(planned.stdout).toContain(`the decisions file accepts a gain by assignment \`${reviewer.id}\``);
    await site.keyturn('plan', '--from-plan', 'keyturn-plan.json', '-o', 'next.json');
    const ran = await site.keyturn('apply', 'next.json', '--yes');
    expect(ran.code, ran.stdout).toBe(0);
  });

  test('where approvals are needed, what the author accepts counts for nothing', async () => {
    const site = await start(withGain(), config({ need: 'vault' }));
    await site.keyturn('plan');
    await asReviewer(site, 'approve', 'keyturn-plan.json');
    const told = await site.keyturn('flip', 'keyturn-plan.json', '--yes');
    const [, assignment = ''] = /--accept-gain ([0-9a-f-]{36})/.exec(told.stdout) ?? [];
    await site.keyturn('approve', 'keyturn-plan.json', '--accept-gain', assignment);
    expect((await site.keyturn('flip', 'keyturn-plan.json', '--yes')).stdout).toContain('GAIN_NOT_ACCEPTED');
    await asReviewer(site, 'approve', 'keyturn-plan.json', '--accept-gain', assignment);
    const ran = await site.keyturn('flip', 'keyturn-plan.json', '--yes');
    expect(ran.code, ran.stdout).toBe(0);
  });
});

describe('a draft from the page of a review', () => {
  test('is approved by who is signed in, with the gains that were chosen there; a vault that moved since is refused', async () => {
    const site = await start(withGain());
    await site.keyturn('plan');
    const { digest, vaults } = await planIn(site.folder);
    const reader = sealReader();
    for (const line of (await readFile(path.join(site.folder, 'keyturn-plan.json'), 'utf8')).trimEnd().split('\n')) reader.push(line);
    const chosen = reader.done().vaults.map(({ vaultId, digest: line }) => ({ vaultId, digest: line }));
    const gains = vaults
      .flatMap((vault) => openGains(vault).map(({ assignmentId, principalId }) => ({ assignmentId, principalId })))
      .slice(0, 1);
    const draft = { format: 'keyturn-approval-draft', formatVersion: 1, plan: digest, vaults: chosen, gains };
    await writeFile(path.join(site.folder, 'draft.json'), JSON.stringify({ ...draft, note: 'from the page' }));
    const approved = await asReviewer(site, 'approve', 'keyturn-plan.json', '--from', 'draft.json');
    expect(approved.stdout, approved.stderr).toContain('2 vaults approved: kv-case, kv-next');
    expect(approved.stdout).toContain(`accepted: what ${admin} gains at the flip`);
    expect(approved.stdout).toContain('note: from the page');
    const moved = { ...draft, vaults: chosen.map((one, at) => (at === 1 ? { ...one, digest: '0'.repeat(64) } : one)) };
    await writeFile(path.join(site.folder, 'draft.json'), JSON.stringify(moved));
    const stale = await asReviewer(site, 'approve', 'keyturn-plan.json', '--from', 'draft.json');
    expect([stale.code, stale.stderr]).toEqual([3, expect.stringContaining('APPROVAL_STALE')]);
    const stranger = { ...draft, gains: [{ assignmentId: gains[0]?.assignmentId, principalId: reviewer.id }] };
    await writeFile(path.join(site.folder, 'draft.json'), JSON.stringify(stranger));
    expect((await asReviewer(site, 'approve', 'keyturn-plan.json', '--from', 'draft.json')).stderr).toContain('GAIN_UNKNOWN');
  });
});

describe('the config', () => {
  test.each([
    ['{"formatVersion":1,"aprovals":{}}', 'line 1, column 1: the file has `aprovals` (did you mean `approvals`?), which are unknown there'],
    ['{"formatVersion":1,"approvals":{"need":"vaults"}}', '`approvals.need` is `vaults` (did you mean `vault`?)'],
    ['{"formatVersion":1,"approvals":{"need":"vault","by":["ops"]}}', '`approvals.by[0]` is not an id'],
  ])('%s is refused with its place', async (text, words) => {
    const site = await start(estate(), { 'keyturn.config.json': text });
    const { code, stderr } = await site.keyturn('plan');
    expect([code, stderr]).toEqual([2, expect.stringContaining(words)]);
    expect(stderr).toContain('CONFIG_UNREADABLE');
  });

  test('may be YAML; two of them are one too many, and another may be named', async () => {
    const yaml = '# what we agreed on\nformatVersion: 1\napprovals:\n  need: vault\n';
    const site = await start(estate(), { 'keyturn.config.yaml': yaml, 'other.yaml': 'formatVersion: 1\napprovals:\n  need: [vault\n' });
    await site.keyturn('plan');
    expect((await site.keyturn(...verify)).stdout).toContain('NOT_APPROVED');
    const wrong = await site.keyturn('plan', '--config', 'other.yaml');
    expect([wrong.code, wrong.stderr]).toEqual([2, expect.stringMatching(/not valid YAML \(line \d+, column \d+/)]);
    await writeFile(path.join(site.folder, 'keyturn.config.json'), '{"formatVersion":1}');
    expect((await site.keyturn('plan')).stderr).toContain('there are two configs here');
  });
});
