// Bundles the integration tests and runs them inside VS Code, through @vscode/test-electron: in the web build where that runs
// (Linux x64), else, or with BACKEND_LABS_VSCODE=desktop, in desktop VS Code, which is downloaded. BACKEND_LABS_VSCODE may also
// be the path of a VS Code executable. Arguments: names of test files (all, where there is none); `--results FILE` to write the
// counts to; `--folder FOLDER` to take the test files from.
import { chmodSync, cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { runTests } from '@vscode/test-electron';
import { build } from 'esbuild';
import { fail, HumanError } from '../host/console.mjs';
import { webBuildRunsHere } from '../host/install.mjs';
import { stageExtension } from '../host/stage.mjs';
import { chownTree, scratchFolder, testUser } from '../host/user.mjs';

const integration = fileURLToPath(new URL('../integration', import.meta.url));
const shim = fileURLToPath(new URL('../host/code.mjs', import.meta.url));

/** Runs the test files of `folder` called `names` (all, where none is) and returns `{ passed, failed, skipped }`. */
async function runIntegration(folder, names) {
  const files = readdirSync(folder).filter((name) => name.endsWith('.test.ts') && (names.length === 0 || names.some((each) => name.includes(each))));
  if (files.length === 0) throw new HumanError(`There is no integration test called ${names.join(' or ')} in ${folder}.`);
  const user = testUser();
  const scratch = scratchFolder('bl-it-', user);
  const at = (name) => join(scratch, name);
  try {
    stageExtension(at('extension'));
    await bundle(files.map((name) => join(folder, name)), tests(at));
    cpSync(join(integration, 'workspace'), at('workspace'), { recursive: true });
    mkdirSync(at('data'), { recursive: true });
    if (user) chownTree(scratch, user);
    const error = await start(at).then(() => undefined, (thrown) => thrown);
    if (!existsSync(at('results.json'))) throw new HumanError(`The integration tests did not come to an end: ${error?.message ?? 'VS Code ended early'}.`);
    return JSON.parse(readFileSync(at('results.json'), 'utf8'));
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

/** One CommonJS file with all tests, Mocha and what they import; `vscode` is the host's. */
async function bundle(files, outfile) {
  const load = files.map((name) => `() => import(${JSON.stringify(name)})`).join(', ');
  await build({
    stdin: { contents: `import { runTests } from './index.ts';\nexport const run = () => runTests([${load}]);`, resolveDir: integration, loader: 'ts' },
    outfile,
    bundle: true,
    platform: 'node',
    target: 'node20',
    format: 'cjs',
    external: ['vscode'],
    sourcemap: 'inline',
    define: { 'import.meta.url': 'importMetaUrl' },
    banner: { js: "const importMetaUrl = require('node:url').pathToFileURL(__filename).href;" },
    logLevel: 'error',
  });
  chmodSync(outfile, 0o644);
}

/** Inside the extension's folder, so that the host hands both the same `vscode`, whose dialogs a test may answer. */
const tests = (at) => at('extension/tests/index.cjs');

async function start(at) {
  const asked = process.env.BACKEND_LABS_VSCODE;
  const web = !asked && webBuildRunsHere;
  await runTests({
    ...(web ? { vscodeExecutablePath: shim } : asked && asked !== 'desktop' ? { vscodeExecutablePath: asked } : {}),
    extensionDevelopmentPath: at('extension'),
    extensionTestsPath: tests(at),
    extensionTestsEnv: { BACKEND_LABS_TEST_RESULTS: at('results.json'), BACKEND_LABS_TEST_WORKSPACE: at('workspace'), NODE_OPTIONS: undefined },
    launchArgs: [at('workspace'), '--disable-extensions', '--disable-workspace-trust', `--user-data-dir=${at('data')}`, `--extensions-dir=${at('extensions')}`],
  });
}

async function main() {
  const { values, positionals } = parseArgs({ allowPositionals: true, options: { results: { type: 'string' }, folder: { type: 'string', default: integration } } });
  const results = await runIntegration(resolve(values.folder), positionals);
  if (values.results) writeFileSync(values.results, JSON.stringify(results));
  process.exitCode = results.failed === 0 ? 0 : 1;
}

await main().catch(fail);
