import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { ensureChromium } from '../host/browser.mjs';
import { ensureHost } from '../host/install.mjs';
import { stageExtension } from '../host/stage.mjs';
import { chownTree, scratchFolder, testUser } from '../host/user.mjs';
import { Workbench } from '../ui/workbench.ts';

/** What the extension costs the extension host at its start, by VS Code's own *Developer: Startup Performance*: load code and call activate, in several windows. */
const WINDOWS = Number(process.env.BACKEND_LABS_WINDOWS ?? 7);
const LIMIT_MS = 50;

await ensureHost();
await ensureChromium();
const user = testUser();
const scratch = scratchFolder('bl-ext-', user);
const extension = join(scratch, 'extension');
stageExtension(extension);
if (user) chownTree(scratch, user);

const costs: { loadMs: number; activateMs: number }[] = [];
for (let i = 0; i < WINDOWS; i++) costs.push(await costInNewWindow());
rmSync(scratch, { recursive: true, force: true });
const sums = costs.map(({ loadMs, activateMs }) => loadMs + activateMs).sort((a, b) => a - b);
const medianMs = sums[sums.length >> 1] as number;
process.exitCode = medianMs < LIMIT_MS ? 0 : 1;
console.log(JSON.stringify({ medianMs, smallestMs: sums[0], largestMs: sums.at(-1), windows: costs }));

async function costInNewWindow(): Promise<{ loadMs: number; activateMs: number }> {
  // A learner's file in the folder activates the extension with the window.
  const bench = await Workbench.open({ extension, files: { 'backend-labs/05-accept-queue/shed-load.ts': '// mine\n' } });
  try {
    await bench.treeItem(/How a connection/);
    await bench.command('Developer: Startup Performance');
    const editor = bench.page.locator('.editor-instance .monaco-editor').first();
    await editor.getByText('System Info').first().waitFor();
    await editor.click();
    await bench.page.keyboard.press('Control+A');
    await bench.page.keyboard.press('Control+C');
    const text = await bench.page.evaluate(() => navigator.clipboard.readText());
    const cells = text.split('\n').find((line) => /^\|\s*backend-labs\.backend-labs\s*\|/.test(line))?.split('|').map((cell) => cell.trim());
    if (!cells) throw new Error(`Startup Performance does not list the extension:\n${text.slice(0, 2000)}`);
    return { loadMs: Number(cells[3]), activateMs: Number(cells[4]) };
  } finally {
    await bench.close();
  }
}
