import { experiment, type ExperimentContext, type LoadPlan, type LoadRequest, type RunningServer } from 'backend-labs/kit';
import type { Turn } from './server.ts';

/** The scenario as far as the experiment goes by it; times in milliseconds. */
interface Scenario {
  readonly classes: readonly { readonly name: string; readonly cpu: { readonly dist: 'deterministic'; readonly mean: number } }[];
  readonly schedule: readonly { readonly class: string; readonly at: number; readonly every: number; readonly count: number }[];
}

/** The loop, as the model names it. */
const LOOP = 'worker:0';
/** Between two looks at the accept queue. */
const SAMPLE_MS = 5;
/** Between now and time 0: for what is being set up. */
const LEAD_MS = 20;
const TIMEOUT_MS = 60_000;
/** Requests before the run, twice: the first run the code in, the second are measured. */
const WARM_UPS = 40;
/** A run in which the server was kept from its processor for longer is made again, so many times in all. */
const FIT_MS = 10;
/** As late may a timer be on an idle loop: Node counts whole milliseconds. */
const TIMER_MS = 2;
const RUNS = 4;

/**
 * A server with a cheap and a heavy route in a process of its own, and a client for each request of the scenario, at its time. The
 * prediction takes what Node.js itself does for a request costs here, measured before the run.
 */
export default experiment(
  async (lab) => {
    const { classes, schedule } = lab.scenario as unknown as Scenario;
    lab.progress('Starting the server; finding out how much computing is a millisecond here', 0);
    const server = await lab.startServer();
    const costMs = await usualCostMs(lab, server);
    for (const [i, { cpu }] of classes.entries()) lab.found(`/classes/${i}/cpu/mean`, cpu.mean + costMs);
    const load: LoadPlan['load'] = { classes: [...classes], schedule: [...schedule], requests: schedule.reduce((sum, { count }) => sum + count, 0) };
    for (let run = 1; run <= RUNS; run++) {
      lab.progress(`${load.requests} requests, each at its time`, run / (RUNS + 1));
      const keptMs = await measure(lab, server, load);
      if (keptMs <= FIT_MS) break;
      if (run === RUNS) lab.lacks('processors', `This machine was too busy to decide: in each of ${RUNS} runs other work kept the server or a client from a processor, in the last for ${Math.round(keptMs)} ms. Run it again when less is running.`);
    }
    await server.stop();
  },
  { model: 'patterns' },
);

/** What Node.js itself does for a request, in milliseconds of CPU time: the mean of requests that compute nothing. */
async function usualCostMs(lab: ExperimentContext, server: RunningServer): Promise<number> {
  const classes: LoadPlan['load']['classes'] = [{ name: 'cheap', cpu: { dist: 'deterministic', mean: 1 } }];
  const schedule = [{ class: 'cheap', at: 0, every: 4, count: WARM_UPS }];
  const cpuMs = async (): Promise<number> => {
    lab.start();
    await lab.openLoopLoad({ port: server.port, load: { classes, schedule, requests: WARM_UPS }, ask: () => ({ path: '/cheap?cpu=0' }) });
    return (await server.call('cpu-ms')) as number;
  };
  const before = await cpuMs();
  return ((await cpuMs()) - before) / WARM_UPS;
}

/** Makes the scenario's requests and records what became of them. Gives for how long, at the worst, a processor was not there at once: for the server's turn, or for a client. */
async function measure(lab: ExperimentContext, server: RunningServer, load: LoadPlan['load']): Promise<number> {
  await server.call('forget');
  lab.trace.forget();
  lab.start();
  lab.start(lab.trace.startNs + LEAD_MS * 1e6);
  const sampling = lab.sampleListenQueue(server.port, SAMPLE_MS, { kind: 'queue-length', entity: LOOP });
  const results = await lab.openLoopLoad({ port: server.port, load, ask: askFor });
  sampling.stop();
  const turns = (await server.call('turns')) as Turn[];
  recordTurns(lab, turns, results.map(({ request }) => request));
  return Math.max(...turns.map(({ overMs }) => overMs), ...results.map(({ lateMs }) => lateMs));
}

function askFor({ index, className, cpuMs, ioMs }: LoadRequest): { readonly path: string; readonly timeoutMs: number } {
  return { path: `/${className}?n=${index}&cpu=${cpuMs}&io=${ioMs}`, timeoutMs: TIMEOUT_MS };
}

/** What the loop ran when, from the server's own clock readings. */
function recordTurns(lab: ExperimentContext, turns: readonly Turn[], requests: readonly LoadRequest[]): void {
  for (const { index, part, fromNs, untilNs, waits, dueNs } of turns) {
    const entity = `request:${index}`;
    if (dueNs !== null && fromNs - dueNs > TIMER_MS * 1e6) lab.trace.add('ready', entity, 0, undefined, dueNs);
    lab.trace.add(part, entity, 0, part === 'start' ? { class: requests[index]?.className ?? '' } : undefined, fromNs);
    if (waits) lab.trace.add('io', entity, 0, undefined, untilNs);
  }
}
