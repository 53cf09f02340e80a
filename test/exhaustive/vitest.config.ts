import path from 'node:path';
import { defineConfig } from 'vitest/config';

/** Sweeps over every set of permissions that there is: too long to run after each change, see `npm run test:exhaustive`. */
// biome-ignore lint/style/noDefaultExport: vitest asks for one
export default defineConfig({
  root: path.resolve(import.meta.dirname, '../..'),
  test: {
    include: ['test/exhaustive/**/*.exhaustive.ts'],
    globalSetup: ['test/choose-seed.ts'],
    setupFiles: ['test/seed-setup.ts'],
    testTimeout: 900_000,
    pool: 'forks',
    maxWorkers: 2,
  },
});
