// Runs the integration tests in a process of their own and counts them.
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { capture } from '../host/command.mjs';

const root = fileURLToPath(new URL('../..', import.meta.url));

/**
 * Runs the tests of test/integration, or of `folder`, inside VS Code; what they printed is in `output`.
 * @param {{ folder?: string }} [options]
 * @returns {Promise<{ passed: number, failed: number, skipped: string[], output: string }>}
 */
export async function runIntegration({ folder } = {}) {
  const results = join(root, '.cache/test', `integration-${process.pid}.json`);
  mkdirSync(join(results, '..'), { recursive: true });
  rmSync(results, { force: true });
  const args = ['test/scripts/integration.mjs', '--results', results, ...(folder ? ['--folder', folder] : [])];
  const { code, output } = await capture(process.execPath, args, { cwd: root, timeoutMs: 420_000 });
  try {
    const counts = JSON.parse(readFileSync(results, 'utf8'));
    // Tests that all passed in a VS Code that then failed are no success.
    return { ...counts, failed: counts.failed === 0 && code !== 0 ? 1 : counts.failed, output };
  } catch {
    return { passed: 0, failed: 1, skipped: [], output };
  } finally {
    rmSync(results, { force: true });
  }
}
