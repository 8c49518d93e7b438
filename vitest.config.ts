import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

const kit = fileURLToPath(new URL('./src/kit/kit.ts', import.meta.url));
const vscode = fileURLToPath(new URL('./test/unit/vscode/vscodeFake.ts', import.meta.url));

/** One project a suite: `npx vitest run --project unit`. */
const suite = (name: string, more: object = {}) => ({
  extends: true as const,
  test: { name, include: [`test/${name}/**/*.test.{ts,tsx}`], ...more },
});

export default defineConfig({
  resolve: { alias: { 'backend-labs/kit': kit, vscode } },
  esbuild: { jsx: 'automatic', jsxImportSource: 'preact' },
  test: {
    pool: 'threads',
    poolOptions: { threads: { maxThreads: 2, minThreads: 1 }, forks: { maxForks: 2, minForks: 1 } },
    testTimeout: 20_000,
    projects: [
      suite('unit'),
      suite('conformance'),
      // What these start is real: one file at a time, so that no load but their own is measured.
      suite('hostile', { pool: 'forks', poolOptions: { forks: { singleFork: true } }, testTimeout: 60_000, hookTimeout: 60_000 }),
      suite('xray', { pool: 'forks', testTimeout: 60_000, hookTimeout: 60_000 }),
      // Two editors at a time: what they do is mostly waiting.
      suite('ui', { pool: 'forks', testTimeout: 60_000, hookTimeout: 120_000, globalSetup: ['test/ui/globalSetup.ts'] }),
    ],
  },
});
