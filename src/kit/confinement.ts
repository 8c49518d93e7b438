import { realpathSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { limitMarkKib } from '../runtime/limitMark.ts';
import type { ProgramSpec } from './programSpec.ts';

const HEAP_MB = 512;
/** An inspector at a port that is free, of which nothing is printed. */
const INSPECT = ['--inspect=127.0.0.1:0', '--inspect-publish-uid=http'];
/** Of one file; a learner's server writes far less. */
const FILE_CAP_BYTES = 1024 ** 3;
/** Of one process, above any exercise's time: what should outlive every sweep ends by itself. */
const CPU_SECONDS = 900;

/**
 * The command line that runs a program's process: with Node's permission model and the system's resource limits where there
 * are such, for a learner's program; plainly for a lab's own. docs/supervision.md says what each holds on which platform.
 */
export function programCommand(spec: ProgramSpec, runnerPath: string): { readonly command: string; readonly args: readonly string[] } {
  const node = [process.execPath, `--max-old-space-size=${HEAP_MB}`, ...(spec.debug ? INSPECT : [])];
  // By a path without links, which Node would have to read one by one to find what it starts.
  const script = [realpathSync(runnerPath), String(process.pid), JSON.stringify(spec)];
  const full = spec.kind !== 'server' ? [...limits(spec.runId), ...node, ...permissions(spec, runnerPath), ...script] : [...node, ...script];
  return { command: full[0] as string, args: full.slice(1) };
}

/** Folders of the run that are the program's own. The checks, and the run's own records, are beside them. */
const WRITABLE = ['home', 'tmp', 'learner'];

/** True where this Node can confine a program and still say where it hangs, which takes the inspector. */
function hasPermissionModel(): boolean {
  const flags = process.allowedNodeEnvironmentFlags;
  return flags.has('--permission') && flags.has('--allow-inspector');
}

function permissions({ folder, mayStartProcesses }: ProgramSpec, runnerPath: string): string[] {
  if (!hasPermissionModel()) return [];
  const read = [dirname(runnerPath), folder, ...(mayStartProcesses ? ['/proc'] : [])];
  return [
    '--permission',
    ...read.flatMap(withoutLinks).map((path) => `--allow-fs-read=${path}`),
    ...WRITABLE.flatMap((name) => withoutLinks(join(folder, name))).map((path) => `--allow-fs-write=${path}`),
    // Later versions of Node close the network too, which is what the exercises are about.
    ...['--allow-worker', '--allow-inspector', '--allow-net'].filter((flag) => process.allowedNodeEnvironmentFlags.has(flag)),
    ...(mayStartProcesses ? ['--allow-child-process'] : []),
    // It is about --allow-worker, of which the learner knows nothing.
    '--disable-warning=SecurityWarning',
  ];
}

/** The path, and where its links lead: an extension may be installed by a link, and Node asks for what it finds behind it. */
function withoutLinks(path: string): string[] {
  return [...new Set([path, realpathSync(path)])];
}

/** A shell that sets limits and becomes the program: no core files, no file above the cap, an end to processor time, and the run's mark. POSIX counts files in blocks of 512 bytes. */
function limits(runId: string): string[] {
  if (process.platform === 'win32') return [];
  const set = [['c', 0], ['f', FILE_CAP_BYTES / 512], ['t', CPU_SECONDS], ['m', limitMarkKib(runId)]].map(([name, value]) => `ulimit -${name ?? ''} ${value ?? ''} 2>/dev/null`);
  return ['/bin/sh', '-c', `${set.join('; ')}; exec "$@"`, 'sh'];
}
