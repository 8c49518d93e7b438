import { execFileSync } from 'node:child_process';
import type { ExperimentContext, ProcessMemory } from 'backend-labs/kit';
import type { Forker } from './forker.ts';
import { exclusivePages, filledRegion, minorFaults, type Region } from './pages.ts';
import { startPython } from './python.ts';
import { startRedis } from './redis.ts';

/** The scenario, as far as the experiment goes by it. */
interface ForkScenario {
  readonly pages: number;
  readonly page_bytes: number;
}

const BATCHES = 20;
/** As many parts of the memory as the model counts in. */
const RUNS = 64;
/** Until a child that has nothing to do has come to rest. */
const SETTLE_MS = 50;
const NO_FORKER = 'Neither redis-server nor python3 is on the PATH here, and Node.js has no fork(2): nothing real stands beside the copy-on-write model.';

/** Lets a real process fork and write what the model writes, and records what the kernel says of both processes' memory. */
export async function runSnapshot(lab: ExperimentContext): Promise<void> {
  const { pages, page_bytes: modelBytes } = lab.scenario as unknown as ForkScenario;
  const bytes = pages * modelBytes;
  const pageBytes = kernelPageBytes() ?? modelBytes;
  lab.found('/page_bytes', pageBytes);
  lab.found('/pages', bytes / pageBytes);
  const scenario = { ...lab.scenario, pages: bytes / pageBytes, page_bytes: pageBytes };
  lab.progress('Filling the memory of a process that can fork', 0);
  const forker = lab.machine.platform === 'linux' ? ((await startRedis(bytes, pageBytes)) ?? (await startPython(scenario.pages))) : null;
  if (!forker) {
    lab.lacks('fork', lab.machine.platform === 'linux' ? NO_FORKER : 'What fork() shares and copies is seen in /proc, which only Linux has.');
    return;
  }
  try {
    await recordSnapshot(lab, forker, lab.plannedWrites(scenario), scenario);
    lab.note(`What forked: ${forker.name}.`);
  } finally {
    forker.end();
  }
}

async function recordSnapshot(lab: ExperimentContext, forker: Forker, writes: readonly number[], { pages, page_bytes: pageBytes }: ForkScenario): Promise<void> {
  lab.progress('Forking', 0.05);
  const child = await forker.fork();
  const region = filledRegion(forker.pid, pageBytes);
  await new Promise((resolve) => setTimeout(resolve, SETTLE_MS));
  const before = look(lab, forker.pid, child);
  lab.start();
  lab.trace.add('fork', 'parent', pages, { children: 1, pageBytes, writes: writes.length });
  const perBatch = Math.max(1, Math.ceil(writes.length / BATCHES));
  for (let done = 0; done < writes.length; ) {
    lab.progress('Writing while the child holds its snapshot', 0.1 + (0.2 * done) / writes.length);
    await forker.write(writes.slice(done, done + perBatch));
    done = Math.min(writes.length, done + perBatch);
    const now = look(lab, forker.pid, child);
    lab.trace.add('writes', 'parent', done);
    lab.trace.add('faults', 'parent', now.faults - before.faults);
    lab.trace.add('copied', 'memory', Math.round((now.child.privateDirty - before.child.privateDirty) / pageBytes));
    lab.trace.add('extra', 'memory', together(now) - together(before));
    if (region) recordRuns(lab, forker.pid, region, pages);
  }
}

interface Look {
  readonly parent: ProcessMemory;
  readonly child: ProcessMemory;
  readonly faults: number;
}

function look(lab: ExperimentContext, pid: number, childPid: number): Look {
  const [parent, child] = [lab.memory(pid), lab.memory(childPid)];
  if (!parent || !child) throw new Error('A process ended while it was measured.');
  return { parent, child, faults: minorFaults(pid) };
}

/**
 * What both take together, of pages that were ever written: their PSS without files. Files are shared with other programs too, whose
 * coming and going would change the shares.
 */
function together({ parent, child }: Look): number {
  return parent.privateDirty + child.privateDirty + (parent.sharedDirty + child.sharedDirty) / 2;
}

/** Under the names that the model gives these pages. */
function recordRuns(lab: ExperimentContext, pid: number, region: Region, pages: number): void {
  const runLength = Math.ceil(pages / RUNS);
  const runs = Math.ceil(pages / runLength);
  exclusivePages(pid, region, runs).forEach((count, run) => {
    const first = run * runLength;
    const last = Math.min(pages, first + runLength) - 1;
    lab.trace.add('copied-pages', `pages:${first}-${last}`, Math.min(count, last - first + 1));
  });
}

/** Null where nobody says. */
function kernelPageBytes(): number | null {
  try {
    return Number(execFileSync('getconf', ['PAGESIZE'], { encoding: 'utf8' })) || null;
  } catch {
    return null;
  }
}
