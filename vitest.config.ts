import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['sim/**/*.test.ts', 'src/**/*.test.ts'],
    // No test measures time; a busy machine must not fail one that plays many runs.
    testTimeout: 120_000,
  },
});
