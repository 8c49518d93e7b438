// `npm run shots`: pictures of every step of each lab in every theme and width, and a contact sheet a lab, in shots/.
// `npm run shots -- 05-accept-queue` takes those of one lab.
import { spawn } from 'node:child_process';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { must } from '../host/command.mjs';
import { ensureChromium } from '../host/browser.mjs';
import { fail, step } from '../host/console.mjs';
import { ensureHost, ensurePackages } from '../host/install.mjs';
import { stageExtension } from '../host/stage.mjs';
import { chownTree, scratchFolder, testUser } from '../host/user.mjs';

const root = fileURLToPath(new URL('../..', import.meta.url));

async function main() {
  await ensurePackages();
  await ensureHost();
  await ensureChromium();
  await step('Building', () => must(process.execPath, ['esbuild.mjs'], { cwd: root }));
  const user = testUser();
  const scratch = scratchFolder('bl-ext-', user);
  try {
    const extension = join(scratch, 'extension');
    stageExtension(extension);
    if (user) chownTree(scratch, user);
    const child = spawn(process.execPath, ['--import', 'tsx', 'test/ui/takeShots.ts', extension, ...process.argv.slice(2)], { cwd: root, stdio: 'inherit' });
    process.exitCode = await new Promise((resolve) => child.on('exit', (code) => resolve(code ?? 1)));
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

await main().catch(fail);
