import path from 'node:path';
import { defineConfig } from 'vitest/config';

/** The tests that mutants of the judgement of access have to get past, see `npm run test:mutation`. */
// biome-ignore lint/style/noDefaultExport: vitest asks for one
export default defineConfig({
  root: path.resolve(import.meta.dirname, '../..'),
  test: {
    include: ['test/access/**/*.test.ts'],
    // Thousands of mutants meet these tests, and what the random ones find the others have to find by themselves.
    exclude: ['test/access/*properties.test.ts'],
    globalSetup: ['test/choose-seed.ts'],
    setupFiles: ['test/seed-setup.ts'],
    testTimeout: 30_000,
    pool: 'forks',
  },
});
