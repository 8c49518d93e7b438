import { experiment } from 'backend-labs/kit';
import type { Job } from './adder.ts';
import { MeasuredFamily } from './measuredFamily.ts';
import { recordRun } from './recordRun.ts';
import type { Round } from './server.ts';

interface Work {
  readonly name: string;
  readonly count?: number;
  readonly bursts: readonly [{ readonly cpu: number }];
  readonly adds?: number;
}

/** The scenario: the parent with a long thread and some short ones, and processes with one short thread each. */
interface Scenario {
  readonly cores: number;
  readonly processes: readonly [{ readonly threads: readonly [Work, Work] }, Work];
}

/** From the message that says when to begin to that moment: all have it by then, and wait. */
const AHEAD_NS = 100e6;

/**
 * A parent process starts threads that share its x and processes that have their own. Each is looked at in memory as it comes
 * to be; then all are bound to few cores, become ready at one moment, compute, add to the x that they see, and say what they read.
 */
export default experiment(
  async (lab) => {
    const { cores: wanted, processes } = lab.scenario as unknown as Scenario;
    const [{ threads: [long, short] }, child] = processes;
    lab.progress('Starting the parent', 0);
    const server = await lab.startServer({ ...lab.values, onDemand: 1 });
    const family = new MeasuredFamily(lab, server);
    // What one costs here, for the prediction; those that are compared with it come after. The first thread costs more than others.
    family.pilot('/processes/0', family.parentKb);
    family.pilot('/processes/0/threads/0', await family.startThread(long.name));
    family.pilot('/processes/0/threads/1', await family.startThread('idle'));
    family.pilot('/processes/1', await family.startProcess('pilot'));
    await family.stop('pilot');
    lab.progress('Starting threads', 0.3);
    for (const name of namesOf(short)) await family.startThread(name);
    lab.progress('Starting processes', 0.5);
    for (const name of namesOf(child)) await family.startProcess(name);

    lab.progress('All of them compute', 0.8);
    const cores = await lab.bindToCores([server.pid, ...family.childPids()], wanted);
    lab.found('/cores', cores?.length ?? lab.machine.cores);
    if (cores && cores.length < wanted) lab.note(`This machine has ${cores.length} of the ${wanted} cores that were asked for; the prediction is for those.`);
    const atNs = Number(process.hrtime.bigint()) + AHEAD_NS;
    const jobs = [long, short, child].flatMap((work) => namesOf(work).map((name): [string, Job] => [name, { atNs, cpuMs: work.bursts[0].cpu, adds: work.adds ?? 0 }]));
    const round = (await server.call('run', Object.fromEntries(jobs))) as Round;
    await server.stop();

    const runners = family.members.flatMap((member) => {
      const done = round.done[member.name];
      return done ? [{ member, done }] : [];
    });
    family.tell();
    recordRun(lab, { runners, memory: family.memory, parentReads: round.parentReads, atNs, cores });
  },
  { model: 'cpu' },
);

function namesOf({ name, count }: Work): string[] {
  return count === undefined ? [name] : Array.from({ length: count }, (_, i) => `${name}${i + 1}`);
}
