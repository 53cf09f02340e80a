import { writeFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { KnownError } from '../../src/base/known-error.ts';
import type { Plan } from '../../src/formats/plan.ts';
import { encodePlan, readPlan } from '../../src/formats/plan-file.ts';
import { applyPlan } from '../../src/migrate/apply-plan.ts';
import { assertOwnWords } from '../../src/plan/assert-own-words.ts';
import { seededRandom } from '../differential/random.ts';
import { openBox } from './azure-box.ts';
import { damage } from './reseal-lines.ts';

const seed = Number(process.env.KEYTURN_TEST_SEED);
const cases = Number(process.env.KEYTURN_FUZZ_DAMAGED ?? 500);

/** The plan as keyturn reads it, or the refusal. */
function readOr(text: string): Plan | KnownError {
  try {
    const plan = readPlan(text);
    assertOwnWords(plan);
    return plan;
  } catch (error) {
    if (error instanceof KnownError) return error;
    throw error;
  }
}

test(
  'a damaged plan ends in a refusal with a code, before anything is written; what can be read is held against Azure',
  async () => {
    const box = await openBox('every-decision');
    try {
      const whole = encodePlan(box.plan);
      const other = encodePlan({ ...box.plan, tenantId: 'e0000000-0000-4000-8000-0000000000ff', toolVersion: '9.9.9' });
      const start = box.held();
      const counts = { refused: 0, whole: 0, differs: 0 };
      for (let number = 0; number < cases; number++) {
        const text = damage(whole, other, seededRandom(seed + number));
        const read = readOr(text);
        const name = `seed ${seed}, case ${number}`;
        if (read instanceof KnownError) {
          counts.refused += 1;
          expect(['usage', 'blocked'], name).toContain(read.outcome);
          expect(read.code, name).toMatch(/^PLAN_/);
          expect(read.message, name).not.toContain('\n');
        } else if (encodePlan(read).length === whole.length && read.vaults.length === box.plan.vaults.length) counts.whole += 1;
        else {
          counts.differs += 1;
          const ports = await box.ports({ entries: [], bundles: new Map() });
          const ended = await applyPlan(read, { through: 'stage', concurrency: 4 }, { ports, catalogue: box.catalogue }).catch(
            (error: unknown) => {
              if (error instanceof KnownError) return error;
              throw error;
            },
          );
          expect(ended, name).toBeDefined();
          box.restore(start);
        }
      }
      const told = `${cases} damaged plans: ${counts.refused} refused, ${counts.whole} as good as whole, ${counts.differs} held against Azure, 0 without a code`;
      process.stdout.write(`seed ${seed}; ${told}\n`);
      if (process.env.KEYTURN_FUZZ_SAYS !== undefined) writeFileSync(process.env.KEYTURN_FUZZ_SAYS, told);
      expect(counts.refused).toBeGreaterThan(cases / 2);
    } finally {
      await box.close();
    }
  },
  240 * 60_000,
);
