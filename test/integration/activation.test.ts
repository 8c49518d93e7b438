import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { commands, env, extensions, type Extension } from 'vscode';

interface Manifest {
  readonly version: string;
  readonly contributes: { readonly commands: readonly { readonly command: string }[] };
}

/** The extension under test. */
function extension(): Extension<unknown> {
  const found = extensions.getExtension('backend-labs.backend-labs');
  assert.ok(found, 'the extension is not installed');
  return found;
}

describe('activation', () => {
  it('is tested in a VS Code that runTests of @vscode/test-electron started', () => {
    // Only its `extensionTestsEnv` brings this variable here, and only its `extensionTestsPath` this file.
    assert.ok(process.env.BACKEND_LABS_TEST_RESULTS);
    assert.ok(env.appName);
  });

  it('activates, from what ships', async () => {
    await extension().activate();
    assert.equal(extension().isActive, true);
    const manifest = JSON.parse(readFileSync(join(extension().extensionPath, 'package.json'), 'utf8')) as Manifest;
    assert.equal((extension().packageJSON as Manifest).version, manifest.version);
  });

  it('has a handler for every command that package.json names, and names every command it has', async () => {
    await extension().activate();
    const named = (extension().packageJSON as Manifest).contributes.commands.map(({ command }) => command).sort();
    const handled = (await commands.getCommands(true)).filter((command) => command.startsWith('backendLabs.')).sort();
    const generated = (command: string) => /\.(focus|open|resetViewLocation|removeView|toggleVisibility)$/.test(command);
    assert.deepEqual(named.filter((command) => !handled.includes(command)), [], 'named, but without a handler');
    assert.deepEqual(handled.filter((command) => !named.includes(command) && !generated(command)), [], 'handled, but not in package.json');
  });
});
