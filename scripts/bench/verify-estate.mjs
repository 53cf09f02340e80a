// One subscription with 1,000 vaults of 20 entries each, 5,000 principals and 10 groups that hold data roles, verified by the
// built program as a process of its own, against a sandbox that is another.
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import https from 'node:https';
import path from 'node:path';
import { root } from './load-source.mjs';

const sizes = { vaults: 1000, entries: 20, people: 5000, groups: 10 };

export async function run() {
  mkdirSync(path.join(root, '.tmp'), { recursive: true });
  const folder = mkdtempSync(path.join(root, '.tmp', 'bench-verify-'));
  execFileSync(process.execPath, [path.join(root, 'scripts/build.mjs'), '--quiet', '--into', path.join(folder, 'dist')]);
  writeFileSync(path.join(folder, 'scenario.json'), JSON.stringify(scenario()));
  // The peak is the process's own, as the system counted it.
  const script = path.join(folder, 'dist', 'run.mjs');
  writeFileSync(
    script,
    [
      "import { writeFileSync } from 'node:fs';",
      "import { main } from './cli.js';",
      'process.exitCode = await main(process.argv.slice(2));',
      `writeFileSync(${JSON.stringify(path.join(folder, 'peak'))}, String(process.resourceUsage().maxRSS));`,
    ].join('\n'),
  );
  const sandbox = spawn(process.execPath, [script, 'sandbox', '--scenario', folder, '--json'], { stdio: ['ignore', 'pipe', 'inherit'] });
  try {
    const { origin, env } = await firstDocument(sandbox.stdout);
    await ask(origin, 'DELETE');
    const before = performance.now();
    const verify = spawn(process.execPath, [script, 'verify', '--subscription', subscriptionId, '--json', '--quiet'], {
      cwd: folder,
      env: { PATH: process.env.PATH, HOME: folder, ...env },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let report = '';
    verify.stdout.setEncoding('utf8').on('data', (text) => (report += text));
    const [code] = await once(verify, 'close');
    const seconds = (performance.now() - before) / 1000;
    const states = new Set(JSON.parse(report).vaults.map((vault) => vault.state));
    if (code !== 0 || states.size !== 1 || !states.has('covered')) throw new Error(`verify ended with ${code}: ${[...states]}`);
    // All calls, further pages among them.
    const { total } = await ask(origin, 'GET');
    return {
      'verify.vaults': sizes.vaults,
      'verify.calls': total,
      'verify.seconds': Math.round(seconds * 100) / 100,
      'verify.peakMiB': Math.round(Number(readFileSync(path.join(folder, 'peak'), 'utf8')) / 1024),
    };
  } finally {
    sandbox.kill('SIGINT');
    await once(sandbox, 'close');
    rmSync(folder, { recursive: true, force: true });
  }
}

const subscriptionId = '5b000000-0000-4000-8000-000000000001';

/** Every entry reads secrets, and every person is in one of the groups that hold Secrets User for the subscription. */
function scenario() {
  const people = Array.from({ length: sizes.people }, (_, n) => `person-${n}`);
  const groups = Array.from({ length: sizes.groups }, (_, n) => `team-${n}`);
  const vaults = Array.from({ length: sizes.vaults }, (_, v) => {
    const entries = Array.from({ length: sizes.entries }, (_, n) => ({
      principal: people[(v * sizes.entries + n * 7) % sizes.people],
      secrets: ['get', 'list'],
    }));
    return [`kv-bench-${v}`, { resourceGroup: 'rg-bench', accessPolicies: entries }];
  });
  return {
    formatVersion: 1,
    title: 'A large estate',
    story: 'Made for measuring.',
    tenant: { domain: 'bench.example' },
    subscriptions: { bench: { displayName: 'Bench', id: subscriptionId } },
    resourceGroups: { 'rg-bench': { subscription: 'bench', location: 'westeurope' } },
    principals: {
      runner: { kind: 'managedIdentity', displayName: 'id-runner', resourceGroup: 'rg-bench' },
      ...Object.fromEntries(people.map((name) => [name, { kind: 'user', displayName: name }])),
      ...Object.fromEntries(
        groups.map((name, g) => [name, { kind: 'group', displayName: name, members: people.filter((_, n) => n % sizes.groups === g) }]),
      ),
    },
    operator: 'runner',
    assignments: [
      { role: 'Owner', principal: 'runner', scope: 'subscriptions/bench' },
      ...groups.map((principal) => ({ role: 'Key Vault Secrets User', principal, scope: 'subscriptions/bench' })),
    ],
    vaults: Object.fromEntries(vaults),
  };
}

/** The first whole JSON document on a stream that stays open. */
async function firstDocument(stream) {
  let text = '';
  for await (const chunk of stream) {
    text += chunk;
    try {
      return JSON.parse(text);
    } catch {
      // more is to come
    }
  }
  throw new Error('the sandbox did not start');
}

/** The sandbox's own counters; its certificate is its own too, and nothing leaves this machine. */
async function ask(origin, method) {
  const request = https.request(`${origin}/_sandbox/metrics`, { method, rejectUnauthorized: false });
  request.end();
  const [response] = await once(request, 'response');
  let text = '';
  for await (const chunk of response) text += chunk;
  return text === '' ? undefined : JSON.parse(text);
}
