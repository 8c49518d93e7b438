import { join } from 'node:path';
import type { RunnerHost } from '../runtime/runnerHost.ts';

/** The runner on VS Code's own Node, so that a learner needs none: on the desktop that is Electron, told to be Node. */
export function runnerHost(extensionPath: string): RunnerHost {
  return { execPath: process.execPath, runnerPath: join(extensionPath, 'dist', 'runner.cjs'), env: { ELECTRON_RUN_AS_NODE: '1' } };
}
