// Builds everything that ships into dist/. `--watch` builds again on change, `--production` minifies.
import { chmodSync, cpSync, existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
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

/** What is built from what: each has one entry point. */
const targets = [
  { entryPoints: ['src/extension.ts'], outfile: 'dist/extension.cjs', external: ['vscode'], ...node() },
  // What takes the types out of learners' files lies beside the runner: most of its processes never load it.
  { entryPoints: ['src/runner.ts'], outfile: 'dist/runner.cjs', alias: { '@swc/wasm-typescript': './strip-types.cjs' }, external: ['./strip-types.cjs'], ...node() },
  { entryPoints: ['@swc/wasm-typescript'], outfile: 'dist/strip-types.cjs', ...node() },
  { entryPoints: ['src/cli.ts'], outfile: 'dist/cli.cjs', ...node('#!/usr/bin/env node\n') },
  { entryPoints: ['src/kit/kit.ts'], outfile: 'dist/kit.mjs', platform: 'node', target: 'node20', format: 'esm' },
  {
    entryPoints: ['webview/main.tsx'],
    outfile: 'dist/webview/main.js',
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
  ['scenario', 'src/shared/scenario.ts', 'Scenario'],
];

const isThere = (file) => existsSync(join(root, file)) || existsSync(join(root, 'node_modules', file));

/** Publishes the schemas that editors check lab.json, quiz.json and scenario files against. */
async function writeSchemas() {
  mkdirSync(join(root, 'dist/schemas'), { recursive: true });
  for (const [name, file, exported] of schemas.filter(([, module]) => isThere(module))) {
    const schema = (await load(file))[exported];
    if (!schema) throw new Error(`${file} exports no schema ${exported}, which dist/schemas/${name}.schema.json is made from.`);
    const published = { $schema: 'http://json-schema.org/draft-07/schema#', title: `Backend Labs: ${name}`, ...schema };
    writeFileSync(join(root, `dist/schemas/${name}.schema.json`), `${JSON.stringify(published, null, 2)}\n`);
  }
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

/** Node's types, which the editor needs for learner files on a machine that has no Node project and no network. */
function copyNodeTypes() {
  for (const name of ['@types/node', 'undici-types']) {
    const to = join(root, 'dist/types', name);
    rmSync(to, { recursive: true, force: true });
    mkdirSync(dirname(to), { recursive: true });
    cpSync(join(root, 'node_modules', name), to, { recursive: true });
  }
}

const missing = targets.filter((target) => !isThere(target.entryPoints[0]));
if (missing.length > 0) {
  console.error(`Not built, because the source is missing: ${missing.map((target) => target.entryPoints[0]).join(', ')}`);
}
const present = targets.filter((target) => !missing.includes(target)).map((target) => ({ ...common, ...target }));

await writeSchemas();
copyNodeTypes();
if (watch) {
  const contexts = await Promise.all(present.map((target) => context({ ...target, logLevel: 'info' })));
  await Promise.all(contexts.map((each) => each.watch()));
} else {
  await Promise.all(present.map((target) => build(target)));
  if (isThere('dist/cli.cjs')) chmodSync(join(root, 'dist/cli.cjs'), 0o755);
}
