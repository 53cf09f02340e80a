import fc from 'fast-check';

/** Every property test of a run starts from the seed that the run printed. */
fc.configureGlobal({ seed: Number(process.env.KEYTURN_TEST_SEED) });
