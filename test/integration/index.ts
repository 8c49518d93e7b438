import { writeFileSync } from 'node:fs';
import Mocha from 'mocha';

/** What the integration suite tells whoever started VS Code, as JSON in the file that BACKEND_LABS_TEST_RESULTS names. */
export interface IntegrationResults {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: readonly string[];
}

/**
 * Runs the test files that `load` imports, in the extension host, with Mocha's BDD interface (`describe`, `it`). Rejects when
 * one fails or when there was none.
 */
export async function runTests(load: readonly (() => Promise<unknown>)[]): Promise<void> {
  const mocha = new Mocha({ ui: 'bdd', reporter: 'spec', color: false, timeout: 30_000 });
  mocha.suite.emit('pre-require', globalThis, '', mocha);
  for (const file of load) await file();

  const skipped: string[] = [];
  const stats = await new Promise<Mocha.Stats>((resolve) => {
    const runner = mocha.run(() => resolve(runner.stats as Mocha.Stats));
    runner.on('pending', (test) => skipped.push(test.fullTitle()));
  });
  const results: IntegrationResults = { passed: stats.passes, failed: stats.failures, skipped };
  const file = process.env.BACKEND_LABS_TEST_RESULTS;
  if (file) writeFileSync(file, JSON.stringify(results));
  if (stats.failures > 0) throw new Error(`${stats.failures} integration tests failed`);
  if (stats.passes === 0) throw new Error('No integration test ran.');
}
