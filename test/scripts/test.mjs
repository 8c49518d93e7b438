// `npm test`: sets up all that it needs, runs every suite (or those named as arguments), and ends with one line of counts.
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { must } from '../host/command.mjs';
import { fail, HumanError, say, seconds, step } from '../host/console.mjs';
import { ensureHost, ensurePackages, webBuildRunsHere } from '../host/install.mjs';
import { CHECKS, runCheck } from './checks.mjs';
import { runIntegration } from './integrationSuite.mjs';
import { judged, total } from './tally.mjs';
import { runVitest } from './vitestSuite.mjs';

const root = fileURLToPath(new URL('../..', import.meta.url));
const VITEST = ['unit', 'conformance', 'hostile', 'ui'];
const SUITES = [...Object.keys(CHECKS), 'unit', 'conformance', 'hostile', 'integration', 'ui'];
const IN_VSCODE = ['integration', 'ui'];

/** The named suites, in the order they run in. */
function chosen(names) {
  const unknown = names.filter((name) => !SUITES.includes(name));
  if (unknown.length > 0) throw new HumanError(`There is no suite called ${unknown.join(' or ')}: they are ${SUITES.join(', ')}.`);
  return SUITES.filter((suite) => names.length === 0 || names.includes(suite));
}

async function runSuite(suite) {
  if (suite in CHECKS) return runCheck(suite);
  return VITEST.includes(suite) ? runVitest(suite) : runIntegration();
}

/** Runs a suite and prints its line, and its details where it failed. */
async function report(suite, allowed) {
  const start = process.hrtime.bigint();
  if (process.stdout.isTTY) process.stdout.write(`… ${suite}\r`);
  const result = await runSuite(suite).catch((error) => ({ passed: 0, failed: 1, skipped: [], output: error instanceof HumanError ? error.message : String(error?.stack ?? error) }));
  const { problems, ...counts } = judged(suite, result, allowed);
  say(`${counts.failed === 0 ? 'ok  ' : 'FAIL'} ${suite.padEnd(12)} ${total([counts])}  (${seconds(start)})`);
  for (const text of counts.failed === 0 ? [] : [result.output, ...problems]) if (text) say(text.replace(/^/gm, '     '));
  return counts;
}

/** Reports suite after suite, taking each from the queue. */
async function reportAll(queue, allowed) {
  const results = [];
  for (let suite = queue.shift(); suite; suite = queue.shift()) results.push(await report(suite, allowed));
  return results;
}

const split = (suites) => ({ checks: suites.filter((suite) => suite in CHECKS), rest: suites.filter((suite) => !(suite in CHECKS)) });

async function setUp(suites) {
  await ensurePackages();
  if (suites.some((suite) => IN_VSCODE.includes(suite)) && webBuildRunsHere) {
    await ensureHost();
    await (await import('../host/browser.mjs')).ensureChromium();
  }
  await step('Building', () => must(process.execPath, ['esbuild.mjs'], { cwd: root })).catch((error) => say(error.message));
}

async function main() {
  const suites = chosen(process.argv.slice(2));
  const start = process.hrtime.bigint();
  const allowed = JSON.parse(readFileSync(new URL('../skips.json', import.meta.url), 'utf8'));
  await setUp(suites);
  const { checks, rest } = split(suites);
  // The static checks use one core each and measure nothing, so two of them run at a time; all else runs alone.
  const results = (await Promise.all([reportAll(checks, allowed), reportAll(checks, allowed)])).flat();
  results.push(...(await reportAll(rest, allowed)));
  say(`All of it took ${seconds(start)}.`);
  say(total(results));
  process.exitCode = results.every(({ failed }) => failed === 0) ? 0 : 1;
}

await main().catch(fail);
