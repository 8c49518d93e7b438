import { randomBytes } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { gradeExercise } from '../../src/grading/gradeExercise.ts';
import type { RunnerHost } from '../../src/runtime/runnerHost.ts';
import type { Exercise } from '../../src/shared/lab.ts';
import type { ExerciseReport } from '../../src/shared/report.ts';
import { LoopWatch } from './loopWatch.ts';
import { processesWith } from './processesWith.ts';

/**
 * A host as the extension and the command line are, in a process of its own so that it can be another user's, and be killed.
 * Grades the programs named on its command line and says a line of JSON for each: what it came to and what was left.
 */

export interface Graded {
  readonly program: string;
  readonly report: ExerciseReport;
  readonly wallMs: number;
  /** Command lines of processes that were left. */
  readonly processes: readonly string[];
  /** Names in the temporary folder that were left. */
  readonly files: readonly string[];
  /** What still listened in the host's network namespace, be it the program's or not; and, where that was watched, the most that did at one time until then. */
  readonly listening: readonly string[];
  readonly mostListening: number;
  /** The longest that this host kept its own loop from turning, in milliseconds. */
  readonly heldUpMs: number;
}

interface Task {
  readonly runnerPath: string;
  readonly exerciseDir: string;
  readonly programs: readonly string[];
  readonly atOnce: number;
  /** For each program, when its grading is cancelled; never where missing. */
  readonly cancelAfterMs?: readonly number[];
  /** Look all the time at what listens, which takes long where much does. */
  readonly watchPorts?: boolean;
}

/** Marks the processes of one grading, in their environment or on their command line. */
const TOKEN = 'HOSTILE_TOKEN';

/** The loop as each grading under way watches it. */
const loops = new Set<LoopWatch>();

/** Looking for processes is the test's own work, and holds this loop up: nobody watches meanwhile. */
function leftOf(token: string): string[] {
  for (const loop of loops) loop.stop();
  const left = processesWith(token).map(({ commandLine }) => commandLine);
  for (const loop of loops) loop.start();
  return left;
}

/** Addresses of the TCP sockets of this network namespace that listen (st 0A, proc_net_tcp(5)). */
function listening(): string[] {
  const lines = ['tcp', 'tcp6'].flatMap((table) => readFileSync(`/proc/self/net/${table}`, 'latin1').trim().split('\n').slice(1));
  return lines.map((line) => line.trim().split(/\s+/)).flatMap(([, local = '', , state]) => (state === '0A' ? [local] : []));
}

async function grade(path: string, cancelAfterMs: number | undefined, { runnerPath, exerciseDir }: Task): Promise<Omit<Graded, 'listening' | 'mostListening'>> {
  const token = randomBytes(8).toString('hex');
  const host: RunnerHost = { execPath: process.execPath, runnerPath, env: { [TOKEN]: token } };
  const exercise = JSON.parse(readFileSync(join(exerciseDir, 'exercise.json'), 'utf8')) as Exercise;
  const loop = new LoopWatch();
  loop.start();
  loops.add(loop);
  const began = performance.now();
  const report = await gradeExercise({ exercise: { dir: exerciseDir, lab: '90-plain-answers', exercise }, source: readFileSync(path, 'utf8'), path, seed: 1 }, host, {
    signal: cancelAfterMs === undefined ? undefined : AbortSignal.timeout(cancelAfterMs),
    onProgress: () => console.log(JSON.stringify({ began: token })),
  });
  const wallMs = performance.now() - began;
  loops.delete(loop);
  loop.stop();
  const files = readdirSync(tmpdir()).filter((name) => name.startsWith('backend-labs-'));
  return { program: basename(path, '.ts'), report, wallMs, processes: leftOf(token), files, heldUpMs: loop.longestMs };
}

async function main(): Promise<void> {
  const task = JSON.parse(process.argv[2] as string) as Task;
  const queue = [...task.programs.entries()];
  let mostListening = 0;
  const watch = task.watchPorts ? setInterval(() => (mostListening = Math.max(mostListening, listening().length)), 20) : undefined;
  const work = async (): Promise<void> => {
    for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
      const [i, path] = next;
      console.log(JSON.stringify({ ...(await grade(path, task.cancelAfterMs?.[i], task)), listening: listening(), mostListening }));
    }
  };
  await Promise.all(Array.from({ length: task.atOnce }, work));
  clearInterval(watch);
}

process.env.TMPDIR = mkdtempSync(join(tmpdir(), 'hostile-'));
console.log(JSON.stringify({ folder: process.env.TMPDIR }));
await main();
rmSync(process.env.TMPDIR, { recursive: true, force: true });
