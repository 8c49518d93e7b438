// Runs one vitest project and counts its tests.
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { capture } from '../host/command.mjs';

const root = fileURLToPath(new URL('../..', import.meta.url));

/**
 * Runs the vitest project `name`; what fails is in `output`. After an `earlier` run, only the files that failed in it run, one
 * after another, and the result is that of both runs together.
 * @param {string} name
 * @param {any} [earlier] the `report` of that run
 * @returns {Promise<{ passed: number, failed: number, skipped: string[], output: string, report: any }>}
 */
export async function runVitest(name, earlier) {
  const file = join(root, '.cache/test', `${name}.json`);
  mkdirSync(join(file, '..'), { recursive: true });
  rmSync(file, { force: true });
  const args = ['node_modules/vitest/vitest.mjs', 'run', '--project', name, '--reporter=default', '--reporter=json', `--outputFile.json=${file}`];
  if (earlier) args.push(...failedFiles(earlier).map((path) => relative(root, path)), '--no-file-parallelism');
  const { code, output } = await capture(process.execPath, args, { cwd: root, timeoutMs: 1_200_000, env: { ...process.env, NO_COLOR: '1' } });
  const all = earlier ? together(earlier, report(file)) : report(file);
  return { ...count(all, code, output), report: all };
}

function report(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return undefined; // vitest ended before it could write one
  }
}

const failedFiles = (report) => report.testResults.filter(({ status }) => status === 'failed').map(({ name }) => name);

/** Two reports as one: of a file that is in both, the `later` one counts. */
export function together(earlier, later) {
  if (!later) return undefined;
  const anew = new Set(later.testResults.map(({ name }) => name));
  return { testResults: [...earlier.testResults.filter(({ name }) => !anew.has(name)), ...later.testResults] };
}

/**
 * What a report of vitest says; a file that did not load, or an error beside the tests, is one more failure.
 * @param {any} report
 * @param {number} code
 * @param {string} output
 */
export function count(report, code, output) {
  if (!report) return { passed: 0, failed: 1, skipped: [], output };
  const tests = report.testResults.flatMap((file) => file.assertionResults);
  const of = (...states) => tests.filter(({ status }) => states.includes(status));
  const broken = report.testResults.filter((file) => file.status === 'failed' && file.assertionResults.every(({ status }) => status !== 'failed'));
  const failed = of('failed').length + broken.length;
  return {
    passed: of('passed').length,
    failed: failed === 0 && code !== 0 ? 1 : failed,
    skipped: of('skipped', 'pending', 'todo').map(({ fullName }) => fullName.trim()),
    output: failed > 0 || code !== 0 ? failures(output) : '',
  };
}

/** From the first failure on, where there is one: the list of passed files before it says nothing. */
function failures(output) {
  const at = output.search(/⎯+ (Failed|Unhandled|Startup)/);
  return (at < 0 ? output : output.slice(at)).trimEnd();
}
