import { parseBackendsScenario } from '../../../src/shared/scenario/backends.ts';
import { events, TraceBuilder, type Trace } from '../../../src/shared/trace.ts';
import { simulateBackends } from '../../../src/sim/patterns/backends.ts';

/** Five servers under one load, one of whose workers crashes. */
export function serversTrace(): Trace {
  return simulateBackends(
    parseBackendsScenario({
      kind: 'backends',
      common: {
        cores: 2,
        workers: 4,
        arrival: { dist: 'exponential', mean: 83 },
        requests: 24,
        seed: 203,
        accept_cost: 1.5,
        spawn_cost: 65,
        shared_kb: 16_000,
        worker_memory_kb: 16_000,
        classes: [
          { name: 'quick', share: 0.8, cpu: { dist: 'deterministic', mean: 8 }, io: { dist: 'deterministic', mean: 60 }, after: { dist: 'deterministic', mean: 0.5 } },
          { name: 'heavy', share: 0.2, cpu: { dist: 'deterministic', mean: 160 } },
        ],
        crash: { worker: 0, at: 1400, respawn_after: 0 },
      },
      backends: [
        { id: 'one-thread', title: 'One process, one thread', settings: { pattern: 'single' } },
        { id: 'primary', title: 'A primary hands out', settings: { pattern: 'primary', worker: 'event-loop', handoff: 'acknowledged' } },
        { id: 'per-connection', title: 'A process per connection', settings: { pattern: 'per-connection' } },
        { id: 'thread-pool', title: 'A pool of threads', settings: { pattern: 'thread-pool', one_process: true } },
        { id: 'reuseport', title: 'A socket each (SO_REUSEPORT)', settings: { pattern: 'reuseport', worker: 'event-loop' } },
      ],
    }),
  ).trace;
}

/** The same as if it was measured: told in another order, without the servers that this machine cannot run. */
export function measuredServers(without: readonly string[] = []): Trace {
  const predicted = serversTrace();
  const builder = new TraceBuilder('measured', predicted.model);
  const rows = [...events(predicted)].filter(({ entity }) => !without.includes(entity.split('/')[0] ?? ''));
  for (const { timeNs, kind, entity, value, detail } of rows.reverse().sort((a, b) => a.timeNs - b.timeNs)) builder.add(timeNs, kind, entity, value, detail);
  return builder.build(predicted.durationNs);
}
