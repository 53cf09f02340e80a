// One subscription with 1,000 vaults of 20 entries each, 5,000 principals and 10 groups that hold data roles, verified by the
// built program as a process of its own, against a sandbox that is another.
import { buildProgram, failure, measured, startSandbox } from './processes.mjs';

export const parameters = { vaults: 1000, entries: 20, people: 5000, groups: 10 };

export async function run(given) {
  const program = buildProgram();
  try {
    const sandbox = await startSandbox(program, scenario(given));
    try {
      await sandbox.resetMetrics();
      const ran = await measured(program, ['verify', '--subscription', subscriptionId, '--json', '--quiet'], sandbox.env);
      const { total } = await sandbox.metrics();
      const figures = {
        'verify.vaults': given.vaults,
        // All calls, further pages among them.
        'verify.calls': total,
        'verify.seconds': ran.seconds,
        'verify.cpuSeconds': ran.cpuSeconds,
        'verify.peakMiB': ran.peakMiB,
      };
      // Access through a group counts as lost without a decision (EA-53), so every vault has gaps; all of them are judged.
      if (ran.code !== 3) return { figures, failed: failure('verify', ran) };
      const states = new Set(JSON.parse(ran.out).vaults.map((vault) => vault.state));
      return states.size === 1 && states.has('gap') ? { figures } : { figures, failed: `verify says ${[...states].join(', ')}` };
    } finally {
      await sandbox.stop();
    }
  } finally {
    program.remove();
  }
}

const subscriptionId = '5b000000-0000-4000-8000-000000000001';

/** Every entry reads secrets, and every person is in one of the groups that hold Secrets User for the subscription. */
function scenario(sizes) {
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
