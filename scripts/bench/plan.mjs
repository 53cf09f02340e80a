// A plan of a large estate: how often Azure is asked, what the processor and memory give for it, and how large the plan is.
import { statSync } from 'node:fs';
import path from 'node:path';
import { estate } from './estate.mjs';
import { buildProgram, failure, measured, startSandbox } from './processes.mjs';

export const parameters = { vaults: 10_000, entries: 16, subscriptions: 20, inherited: 40, seed: 20_261_128, covered: 0.1 };
export const limits = {
  'plan.callsPerVault': { most: 0.1 },
  'plan.cpuSeconds': { most: 20 },
  'plan.peakMiB': { most: 1024 },
  'plan.bytesPerVault': { most: 12_288 },
};

export async function run(given) {
  const program = buildProgram();
  try {
    const sandbox = await startSandbox(program, estate(given));
    try {
      const ran = await measured(program, ['plan', '-o', 'plan.jsonl', '--quiet'], sandbox.env);
      const { total, statuses } = await sandbox.metrics();
      const figures = {
        'plan.seconds': ran.seconds,
        'plan.calls': total,
        'plan.callsThrottled': statuses['429'] ?? 0,
        'plan.callsPerVault': total / given.vaults,
        'plan.cpuSeconds': ran.cpuSeconds,
        'plan.peakMiB': ran.peakMiB,
      };
      // 3 says that some entries need a person.
      if (ran.code !== 0 && ran.code !== 3) return { figures, failed: failure('plan', ran) };
      return { figures: { ...figures, 'plan.bytesPerVault': statSync(path.join(program.folder, 'plan.jsonl')).size / given.vaults } };
    } finally {
      await sandbox.stop();
    }
  } finally {
    program.remove();
  }
}
