import { join } from 'node:path';
import type { RunnerHost } from './runnerHost.ts';

/** The variable that marks every process of a run, by which those that left its process group are found. */
export const RUN_MARK = 'BACKEND_LABS_RUN';

/**
 * What is handed on. Everything else stays behind: an editor's environment holds tokens, proxies with passwords, NODE_OPTIONS
 * and sockets of agents, none of which a learner's server needs. The last line is what Windows cannot start a process without.
 */
const HANDED_ON = ['PATH', 'LANG', 'LANGUAGE', 'LC_ALL', 'LC_CTYPE', 'TZ', 'SystemRoot', 'windir', 'SystemDrive', 'ComSpec', 'PATHEXT'];

/** The environment of a run's processes: `folder` stands in for the home and the temporary folder. */
export function runEnvironment(host: RunnerHost, runId: string, folder: string, inherited: NodeJS.ProcessEnv = process.env): Record<string, string> {
  const environment: Record<string, string> = {};
  for (const name of HANDED_ON) {
    const value = inherited[name];
    if (value !== undefined) environment[name] = value;
  }
  const home = join(folder, 'home');
  const temporary = join(folder, 'tmp');
  return {
    ...environment,
    HOME: home,
    USERPROFILE: home,
    TMPDIR: temporary,
    TMP: temporary,
    TEMP: temporary,
    // On the desktop execPath is Electron; elsewhere this does nothing.
    ELECTRON_RUN_AS_NODE: '1',
    ...host.env,
    [RUN_MARK]: runId,
  };
}
