import { defineConfig } from 'vitest/config';

/** Sweeps over every set of permissions that there is: too long to run after each change, see `npm run test:exhaustive`. */
export default defineConfig({
  test: {
    include: ['test/exhaustive/**/*.exhaustive.ts'],
    globalSetup: ['test/choose-seed.ts'],
    setupFiles: ['test/seed-setup.ts'],
    testTimeout: 900_000,
    pool: 'forks',
    maxWorkers: 2,
  },
});
