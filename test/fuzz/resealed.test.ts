import { writeFileSync } from 'node:fs';
import { afterAll, expect, test } from 'vitest';
import { type AzureBox, openBox } from './azure-box.ts';
import { fuzzBundles, fuzzPlans, noCounts } from './resealed.ts';

const scenarios = ['one-app-one-developer', 'every-decision'] as const;
const seed = Number(process.env.KEYTURN_TEST_SEED);
const perScenario = (total: string | undefined): number => Math.ceil(Number(total ?? 200) / scenarios.length);
const plans = perScenario(process.env.KEYTURN_FUZZ_PLANS);
const bundles = perScenario(process.env.KEYTURN_FUZZ_BUNDLES);
const minutes = 60_000;

const counts = { plans: noCounts(), bundles: noCounts() };
let box: AzureBox | undefined;
afterAll(() => box?.close());

test.each(scenarios)(
  'plans and bundles of %s that somebody changed and sealed again do no harm',
  async (scenario) => {
    await box?.close();
    box = await openBox(scenario);
    await fuzzPlans(box, plans, seed, counts.plans);
    await fuzzBundles(box, bundles, seed, counts.bundles);
    for (const one of Object.values(counts)) expect(one.complaints, `seed ${seed}`).toEqual([]);
  },
  240 * minutes,
);

test('and so many that it says something: most are refused, and some are carried out', () => {
  const sum = (what: 'cases' | 'refusedByUs' | 'workloadCallsRefused' | 'policiesReplaced' | 'bugs' | 'foreignWrites') =>
    counts.plans[what] + counts.bundles[what];
  const told = [
    `${counts.plans.cases} plans, ${counts.bundles.cases} bundles: ${sum('workloadCallsRefused')} workload calls refused`,
    `${sum('policiesReplaced')} policies replaced unasked`,
    `${sum('bugs')} exit 70`,
    `${sum('foreignWrites')} writes that keyturn would not plan`,
  ].join(', ');
  process.stdout.write(`seed ${seed}; ${sum('refusedByUs')} of ${sum('cases')} refused by keyturn\n${told}\n`);
  if (process.env.KEYTURN_FUZZ_SAYS !== undefined) writeFileSync(process.env.KEYTURN_FUZZ_SAYS, told);
  expect(counts.plans.refusedByUs).toBeGreaterThan(counts.plans.cases / 2);
  expect(counts.plans.refusedByUs).toBeLessThan(counts.plans.cases);
});
