// Builds everything that ships into dist/. `--watch` builds again on change, `--production` minifies.
import { chmodSync, cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { dirname, join } from 'node:path';
import { build, context } from 'esbuild';

const root = fileURLToPath(new URL('.', import.meta.url));
const watch = process.argv.includes('--watch');
const production = process.argv.includes('--production');

const common = {
  absWorkingDir: root,
  bundle: true,
  sourcemap: production ? false : 'linked',
  sourcesContent: false,
  minify: production,
  legalComments: 'none',
  logLevel: 'warning',
  define: { 'process.env.NODE_ENV': production ? '"production"' : '"development"' },
};

/** CommonJS has no import.meta.url; the same sources also run unbundled, where it is all there is. */
const node = (shebang = '') => ({
  platform: 'node',
  target: 'node20',
  format: 'cjs',
  define: { ...common.define, 'import.meta.url': 'importMetaUrl' },
  banner: { js: `${shebang}const importMetaUrl = require('node:url').pathToFileURL(__filename).href;` },
});

/** Leaves a dynamic import of one of our modules to its own bundle, which then is loaded when it is needed and not before. */
const apart = (module, bundle) => ({
  name: `apart ${module}`,
  setup: ({ onResolve }) => {
    onResolve({ filter: new RegExp(`/${module}\\.ts$`) }, ({ kind }) => (kind === 'dynamic-import' ? { path: bundle, external: true } : undefined));
  },
});

/** The database of labs and learners: SQLite in WebAssembly, on files of its own, with the locks of src/kit/sqlite/fileSystem.ts. */
const sqlite = { entryPoints: ['src/kit/sqlite/sqlite.ts'], outfile: 'dist/sqlite.cjs', alias: { 'node:fs': './src/kit/sqlite/fileSystem.ts' }, ...node() };

/** What is built from what. */
const targets = [
  // Without dynamic imports they become require(), which is all that an extension host patches for 'vscode'.
  { entryPoints: ['src/extension.ts'], outfile: 'dist/extension.cjs', external: ['vscode'], plugins: [apart('engine', './engine.cjs')], supported: { 'dynamic-import': false }, ...node() },
  { entryPoints: ['src/vscode/engine.ts'], outfile: 'dist/engine.cjs', external: ['vscode'], ...node() },
  // What takes the types out of learners' files lies beside the runner: most of its processes never load it.
  { entryPoints: ['src/runner.ts'], outfile: 'dist/runner.cjs', alias: { '@swc/wasm-typescript': './strip-types.cjs' }, external: ['./strip-types.cjs'], ...node() },
  { entryPoints: ['@swc/wasm-typescript'], outfile: 'dist/strip-types.cjs', ...node() },
  sqlite,
  { entryPoints: ['src/cli.ts'], outfile: 'dist/cli.cjs', ...node('#!/usr/bin/env node\n') },
  { entryPoints: ['src/kit/kit.ts'], outfile: 'dist/kit.mjs', platform: 'node', target: 'node20', format: 'esm' },
  {
    entryPoints: ['webview/main.tsx', 'webview/xray.tsx'],
    outdir: 'dist/webview',
    platform: 'browser',
    target: 'chrome120',
    format: 'iife',
    jsx: 'automatic',
    jsxImportSource: 'preact',
  },
];

/** TypeBox schemas whose JSON form is published: file name, module, export. */
const schemas = [
  ['lab', 'src/shared/lab.ts', 'Lab'],
  ['exercise', 'src/shared/lab.ts', 'Exercise'],
  ['quiz', 'src/shared/lab.ts', 'Quiz'],
];

/** Scenarios have one published schema, in which `kind` picks one of these: kind, module, export. */
const scenarioSchemas = [
  ['tcp', 'src/shared/scenario/tcp.ts', 'tcpScenarioSchema'],
  ['queue', 'src/shared/scenario/queue.ts', 'QueueScenarioSchema'],
  ['patterns', 'src/shared/scenario/patterns.ts', 'PatternsScenarioSchema'],
  ['backends', 'src/shared/scenario/backends.ts', 'BackendsScenarioSchema'],
  ['cpu', 'src/shared/scenario/cpu.ts', 'cpuScenarioSchema'],
  ['threads', 'src/shared/scenario/threads.ts', 'threadsScenarioSchema'],
  ['fork', 'src/shared/scenario/fork.ts', 'forkScenarioSchema'],
  ['retry', 'src/shared/scenario/retry.ts', 'RetryScenarioSchema'],
];

/** Publishes the schemas that editors check lab.json, quiz.json and scenario files against. */
async function writeSchemas() {
  mkdirSync(join(root, 'dist/schemas'), { recursive: true });
  const publish = (name, schema) =>
    writeFileSync(join(root, `dist/schemas/${name}.schema.json`), `${JSON.stringify({ $schema: 'http://json-schema.org/draft-07/schema#', title: `Backend Labs: ${name}`, ...schema }, null, 2)}\n`);
  for (const [name, file, exported] of schemas) publish(name, await schemaOf(file, exported));

  const kinds = scenarioSchemas.map(([kind]) => kind);
  const branches = await Promise.all(
    scenarioSchemas.map(async ([kind, file, exported]) => ({
      // A scenario without a kind is one of the first.
      if: { properties: { kind: { const: kind } }, ...(kind !== kinds[0] && { required: ['kind'] }) },
      then: await schemaOf(file, exported),
    })),
  );
  publish('scenario', { type: 'object', properties: { kind: { enum: kinds } }, allOf: branches });
}

async function schemaOf(file, exported) {
  const schema = (await load(file))[exported];
  if (!schema) throw new Error(`${file} exports no ${exported}, which dist/schemas is made from.`);
  return schema;
}

/** Bundles a module of ours and imports it. */
async function load(file) {
  const outfile = join(root, 'dist/schemas', `${file.replaceAll('/', '-')}.${process.pid}.mjs`);
  await build({ ...common, sourcemap: false, entryPoints: [file], outfile, platform: 'node', format: 'esm' });
  try {
    return await import(pathToFileURL(outfile).href);
  } finally {
    rmSync(outfile);
  }
}

/** The database's own code, which is WebAssembly, beside its bundle. */
function copyDatabase() {
  cpSync(join(root, 'node_modules/node-sqlite3-wasm/dist/node-sqlite3-wasm.wasm'), join(root, 'dist/node-sqlite3-wasm.wasm'));
}

/** The types that the editor needs for learner files on a machine that has no Node project and no network: Node's and the database's. */
async function writeLearnerTypes() {
  for (const [name, folder] of [['@types/node', 'node'], ['undici-types', 'undici-types']]) {
    const to = join(root, 'dist/types/@types', folder);
    rmSync(to, { recursive: true, force: true });
    mkdirSync(dirname(to), { recursive: true });
    cpSync(join(root, 'node_modules', name), to, { recursive: true });
  }
  const { default: typescript } = await import('typescript');
  const [source] = sqlite.entryPoints;
  const { outputText } = typescript.transpileDeclaration(readFileSync(join(root, source), 'utf8'), { fileName: source, compilerOptions: { target: typescript.ScriptTarget.ES2022 } });
  mkdirSync(join(root, 'dist/types/@types/backend-labs'), { recursive: true });
  writeFileSync(join(root, 'dist/types/@types/backend-labs/sqlite.d.ts'), outputText);
}

const options = targets.map((target) => ({ ...common, ...target }));

await writeSchemas();
await writeLearnerTypes();
copyDatabase();
if (watch) {
  const contexts = await Promise.all(options.map((target) => context({ ...target, logLevel: 'info' })));
  await Promise.all(contexts.map((each) => each.watch()));
} else {
  await Promise.all(options.map((target) => build(target)));
  chmodSync(join(root, 'dist/cli.cjs'), 0o755);
}
