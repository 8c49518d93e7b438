// `npm test`: sets up all that it needs, runs every suite (or those named as arguments), and ends with one line of counts.
import { readFileSync } from 'node:fs';
import { fail, HumanError, say, seconds } from '../host/console.mjs';
import { ensureHost, ensurePackages, webBuildRunsHere } from '../host/install.mjs';
import { CHECKS, runCheck } from './checks.mjs';
import { runIntegration } from './integrationSuite.mjs';
import { judged, total } from './tally.mjs';
import { runVitest } from './vitestSuite.mjs';

const VITEST = ['unit', 'conformance', 'hostile', 'xray', 'ui'];
const SUITES = [...Object.keys(CHECKS), 'unit', 'conformance', 'hostile', 'xray', 'integration', 'ui'];
/** `npm test -- --again`: what failed of a suite with a real editor, real servers or real time runs once more. */
const AGAIN = '--again';
const IN_VSCODE = ['integration', 'ui'];
/** These use one core each and measure nothing, so two of them run at a time; all else runs alone. */
const SIDE_BY_SIDE = ['types', 'lint', 'imports', 'deadcode'];

/** The named suites, in the order they run in. The build comes before them, whatever is named. */
function chosen(names) {
  const unknown = names.filter((name) => !SUITES.includes(name));
  if (unknown.length > 0) throw new HumanError(`There is no suite called ${unknown.join(' or ')}: they are ${SUITES.join(', ')}.`);
  return SUITES.filter((suite) => suite !== 'build' && (names.length === 0 || names.includes(suite)));
}

/** Runs a suite; after an `earlier` report of vitest, only what failed in it. */
async function runSuite(suite, earlier) {
  if (suite in CHECKS) return runCheck(suite);
  if (suite === 'ui' && !webBuildRunsHere) return { passed: 0, failed: 0, skipped: ['all'], output: '' };
  return VITEST.includes(suite) ? runVitest(suite, earlier) : runIntegration();
}

/** Runs a suite and prints its line, and its details where it failed. */
async function report(suite, allowed, earlier) {
  const start = process.hrtime.bigint();
  if (process.stdout.isTTY) process.stdout.write(`… ${suite}\r`);
  const result = await runSuite(suite, earlier).catch((error) => ({ passed: 0, failed: 1, skipped: [], output: error instanceof HumanError ? error.message : String(error?.stack ?? error) }));
  const { problems, ...counts } = judged(suite, result, allowed);
  say(`${counts.failed === 0 ? 'ok  ' : 'FAIL'} ${suite.padEnd(12)} ${total([counts])}  (${seconds(start)})`);
  for (const text of counts.failed === 0 ? [] : [result.output, ...problems]) if (text) say(text.replace(/^/gm, '     '));
  return { suite, ...counts, report: result.report };
}

/** Reports suite after suite, taking each from the queue. */
async function reportAll(queue, allowed) {
  const results = [];
  for (let suite = queue.shift(); suite; suite = queue.shift()) results.push(await report(suite, allowed));
  return results;
}

async function setUp(suites) {
  await ensurePackages();
  if (suites.some((suite) => IN_VSCODE.includes(suite)) && webBuildRunsHere) {
    await ensureHost();
    await (await import('../host/browser.mjs')).ensureChromium();
  }
}

/** Runs what failed of the other suites once more, alone, and lets that count: a machine that was busy elsewhere is told from a fault. */
async function failedAgain(results, allowed) {
  const settled = [];
  for (const result of results) {
    const again = result.failed > 0 && !SIDE_BY_SIDE.includes(result.suite) && result.suite !== 'build';
    if (again) say(`What failed of ${result.suite} runs once more.`);
    settled.push(again ? await report(result.suite, allowed, result.report) : result);
  }
  return settled;
}

async function main() {
  const again = process.argv.includes(AGAIN);
  const suites = chosen(process.argv.slice(2).filter((argument) => argument !== AGAIN));
  const start = process.hrtime.bigint();
  const allowed = JSON.parse(readFileSync(new URL('../skips.json', import.meta.url), 'utf8'));
  await setUp(suites);
  let results = [await report('build', allowed)];
  const pairs = suites.filter((suite) => SIDE_BY_SIDE.includes(suite));
  results.push(...(await Promise.all([reportAll(pairs, allowed), reportAll(pairs, allowed)])).flat());
  results.push(...(await reportAll(suites.filter((suite) => !SIDE_BY_SIDE.includes(suite)), allowed)));
  if (again) results = await failedAgain(results, allowed);
  say(`All of it took ${seconds(start)}.`);
  say(total(results));
  process.exitCode = results.every(({ failed }) => failed === 0) ? 0 : 1;
}

// The programs under way end with this one, which an exit sees to and a signal would not.
process.on('SIGINT', () => process.exit(130));
process.on('SIGTERM', () => process.exit(143));
await main().catch(fail);
