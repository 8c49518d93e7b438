import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build, type Metafile } from 'esbuild';
import { describe, expect, it } from 'vitest';

const root = fileURLToPath(new URL('../../..', import.meta.url));
const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { engines: { vscode: string }; devDependencies: Record<string, string> };

/** Bundles `entry`. An import that nothing uses is left out by esbuild, so that what a bundle imports is used. */
async function bundle(entry: string, external: string[] = []): Promise<Metafile> {
  const { metafile } = await build({
    absWorkingDir: root,
    entryPoints: [entry],
    bundle: true,
    write: false,
    metafile: true,
    platform: entry.startsWith('webview/') ? 'browser' : 'node',
    format: 'esm',
    outdir: 'unwritten',
    external,
    jsx: 'automatic',
    jsxImportSource: 'preact',
    logLevel: 'silent',
  });
  return metafile;
}

/** What is left of an external package in the bundle of `entry`: the packages that the output imports. */
async function imports(entry: string, name: string): Promise<boolean> {
  const { outputs } = await bundle(entry, [name, 'vscode', '*.node']);
  return Object.values(outputs).some((output) => output.imports.some((each) => each.path === name && each.external === true));
}

const testsUnder = (folder: string) => readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.test.ts')).map((name) => join(folder, name));

describe('each named package is really used', () => {
  it('vscode: by the extension, with the types of the oldest version that it runs in', async () => {
    expect(await imports('src/extension.ts', 'vscode')).toBe(true);
    expect(`^${manifest.devDependencies['@types/vscode']}`).toBe(manifest.engines.vscode);
  });

  it('@vscode/webview-ui-toolkit: it is in the page of the panel, by way of webview/ui only', async () => {
    const { inputs, outputs } = await bundle('webview/main.tsx');
    const isToolkit = (path: string) => path.includes('node_modules/@vscode/webview-ui-toolkit/');
    const importers = Object.entries(inputs).filter(([path, { imports: each }]) => !path.includes('node_modules/') && each.some(({ path: to }) => isToolkit(to)));
    expect(importers.length).toBeGreaterThan(0);
    for (const [path] of importers) expect(path).toMatch(/^webview\/ui\//);
    const bytes = Object.values(outputs).flatMap((output) => Object.entries(output.inputs)).filter(([path]) => isToolkit(path)).reduce((sum, [, { bytesInOutput }]) => sum + bytesInOutput, 0);
    expect(bytes).toBeGreaterThan(10_000);
  });

  it('esbuild: it builds what ships', async () => {
    expect(await imports('esbuild.mjs', 'esbuild')).toBe(true);
  });

  it('@vscode/test-electron: its runTests starts the integration tests', async () => {
    expect(await imports('test/scripts/integration.mjs', '@vscode/test-electron')).toBe(true);
  });

  it('sinon: by tests', async () => {
    const users = [...testsUnder('test/unit'), ...testsUnder('test/integration')].filter((file) => /^import .* from 'sinon';$/m.test(readFileSync(join(root, file), 'utf8')));
    expect(users.length).toBeGreaterThan(0);
    for (const file of users) expect(await imports(file, 'sinon'), file).toBe(true);
  });
});
