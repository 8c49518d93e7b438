import { join } from 'node:path';
import { inject, test } from 'vitest';
import { failuresFolder, Workbench, type WorkbenchOptions } from './workbench.ts';

/**
 * A test function whose tests share one VS Code in their file, in order: `const it = uiTest(); it('…', async ({ bench }) => …)`.
 * When one fails, a picture of the window and the logs are named in the failure.
 */
export function uiTest(options: Omit<WorkbenchOptions, 'extension'> = {}) {
  return test.extend<{ shared: Workbench; bench: Workbench }>({
    shared: [
      // eslint-disable-next-line no-empty-pattern -- vitest reads the pattern to know what a fixture needs
      async ({}, use) => {
        const bench = await Workbench.open({ ...options, extension: inject('extension') });
        await use(bench);
        await bench.close();
      },
      { scope: 'file' },
    ],
    bench: async ({ shared, task, onTestFailed }, use) => {
      onTestFailed(async () => {
        const file = join(failuresFolder, `${[task.suite?.name ?? '', task.name].join(' ').replace(/[^\w]+/g, '-').slice(0, 80)}.png`);
        await shared.screenshot(file);
        console.error(`${task.name}: ${task.result?.errors?.[0]?.message ?? 'failed'}\nThe window as it was: ${file}\n${shared.log()}`);
      });
      await use(shared);
    },
  });
}
