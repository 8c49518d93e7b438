import { execFileSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { ensureChromium } from '../host/browser.mjs';
import { ensureHost } from '../host/install.mjs';
import { stageExtension } from '../host/stage.mjs';
import { chownTree, scratchFolder, testUser } from '../host/user.mjs';

declare module 'vitest' {
  interface ProvidedContext {
    /** The folder with the extension as it ships. */
    extension: string;
  }
}

/** Builds the extension and lays out what ships, once for all UI tests. */
export default async function setup(project: TestProject): Promise<() => void> {
  execFileSync(process.execPath, ['esbuild.mjs'], { stdio: 'inherit' });
  await ensureHost();
  await ensureChromium();
  const user = testUser();
  const scratch = scratchFolder('bl-ext-', user);
  const folder = join(scratch, 'extension');
  stageExtension(folder);
  if (user) chownTree(scratch, user);
  project.provide('extension', folder);
  return () => rmSync(scratch, { recursive: true, force: true });
}
