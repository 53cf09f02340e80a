/** Chooses the seed of all property tests once a run, prints it, and takes it from KEYTURN_TEST_SEED to repeat a run. */
export function setup(): void {
  process.env.KEYTURN_TEST_SEED ??= String(Math.floor(Math.random() * 2 ** 31));
  process.stdout.write(
    `property tests: seed ${process.env.KEYTURN_TEST_SEED} (repeat with KEYTURN_TEST_SEED=${process.env.KEYTURN_TEST_SEED})\n`,
  );
}
