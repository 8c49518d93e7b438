import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

const kit = fileURLToPath(new URL('./src/kit/kit.ts', import.meta.url));

export default defineConfig({
  resolve: { alias: { 'backend-labs/kit': kit } },
  test: {
    include: ['test/{unit,conformance}/**/*.test.{ts,tsx}'],
    pool: 'threads',
    poolOptions: { threads: { maxThreads: 2, minThreads: 1 } },
    testTimeout: 20_000,
  },
});
