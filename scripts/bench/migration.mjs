// The estate that stage and flip are measured on, and how: one process each for keyturn and for Azure, 150 ms a call, ARM's buckets.
import path from 'node:path';
import { estate } from './estate.mjs';
import { applicationSets } from './permission-sets.mjs';
import { buildProgram, failure, measured, startSandbox } from './processes.mjs';

/** 400 vaults of seven entries, each of which becomes one assignment: 2,800, 700 of them in each subscription. */
export const parameters = { vaults: 400, entries: 7, subscriptions: 4, inherited: 40, seed: 20_261_128, latency: 150 };

/** What ARM gives a principal in one subscription: calls at once, and more each second. */
export const writes = { capacity: 200, perSecond: 10 };
/** Nothing is throttled while things are made ready. */
const unlimited = Object.fromEntries(['reads', 'writes', 'deletes'].map((kind) => [kind, { capacity: 1_000_000, perSecond: 1_000_000 }]));

/** Sets that one role reproduces, and that need no word of a person: so that a vault has as many assignments as entries. */
const oneRoleEach = applicationSets.filter(([, set]) => Object.values(set).filter((words) => words.length > 0).length === 1);

/** Hands a planned estate to `work`; `make(words)` runs keyturn on it without being measured, `bench(words)` with. */
export async function migrating(given, work) {
  const program = buildProgram();
  try {
    const sets = { application: oneRoleEach, people: oneRoleEach };
    const sandbox = await startSandbox(program, estate({ ...given, covered: 0, dataRoles: 0, sets }));
    try {
      const make = async (words) => {
        await sandbox.throttle(unlimited);
        await sandbox.latency({});
        const ran = await measured(program, [...words, '--quiet'], sandbox.env);
        if (ran.code !== 0) throw new Failed(failure(words[0], ran));
      };
      const bench = async (words, env) => {
        await sandbox.throttle({});
        await sandbox.latency({ milliseconds: given.latency });
        await sandbox.resetMetrics();
        const ran = await measured(program, [...words, '--quiet'], env);
        return { ...ran, ...(await sandbox.metrics()), failed: ran.code === 0 ? undefined : failure(words[0], ran) };
      };
      await make(['plan', '-o', 'plan.jsonl']);
      return await work({ sandbox, make, bench });
    } finally {
      await sandbox.stop();
    }
  } catch (error) {
    if (error instanceof Failed) return { figures: {}, failed: error.message };
    throw error;
  } finally {
    program.remove();
  }
}

/** A command that had to make something ready and did not. */
class Failed extends Error {}

/** How many role assignments there are, by subscription. */
export async function assignmentsBySubscription(sandbox) {
  const { roleAssignments } = await sandbox.state();
  const counts = {};
  for (const id of Object.keys(roleAssignments)) {
    const subscription = path.posix.normalize(id).split('/').slice(0, 3).join('/');
    if (subscription.startsWith('/subscriptions/')) counts[subscription] = (counts[subscription] ?? 0) + 1;
  }
  return counts;
}

/** How many vaults are on Azure RBAC. */
export async function flipped(sandbox) {
  const { vaults } = await sandbox.state();
  return Object.values(vaults).filter(({ properties }) => properties.enableRbacAuthorization === true).length;
}
