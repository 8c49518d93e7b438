import { events, TraceBuilder, type Trace } from '../../../src/shared/trace.ts';
import { parsePatternsScenario } from '../../../src/shared/scenario/patterns.ts';
import { simulatePatterns } from '../../../src/sim/patterns/simulate.ts';

/** A load on one event loop; times in milliseconds. */
export interface Load {
  readonly every: number;
  readonly cheaps: number;
  readonly heavyMs: number;
  readonly heavies: number;
  readonly heavyEvery: number;
  readonly ioMs: number;
  readonly blocking?: boolean;
}

const fixed = (mean: number): object => ({ dist: 'deterministic', mean });

/** What lab 02 shows: cheap requests, and heavy ones among them. */
export function loopTrace({ every, cheaps, heavyMs, heavies, heavyEvery, ioMs, blocking = false }: Load): Trace {
  return simulatePatterns(
    parsePatternsScenario({
      kind: 'patterns',
      pattern: 'single',
      worker: blocking ? 'blocking' : 'event-loop',
      handshake: 'kernel',
      classes: [
        { name: 'cheap', cpu: fixed(1), io: ioMs > 0 ? fixed(ioMs) : null, after: fixed(0.2) },
        { name: 'heavy', cpu: fixed(heavyMs) },
      ],
      schedule: [
        { class: 'cheap', at: 10, every, count: cheaps },
        { class: 'heavy', at: 123, every: heavyEvery, count: heavies },
      ],
    }),
  ).trace;
}

/** The same as a run would have measured it: answers are seen at their clients, half a millisecond later, and of the loop only its turns. */
export function measuredLoop(trace: Trace): Trace {
  const rows = [...events(trace)]
    .filter(({ kind }) => kind !== 'busy')
    .map((event) => (event.kind === 'depart' ? { ...event, timeNs: event.timeNs + 5e5 } : event))
    .sort((a, b) => a.timeNs - b.timeNs);
  const builder = new TraceBuilder('measured', trace.model);
  for (const { timeNs, kind, entity, value, detail } of rows) builder.add(timeNs, kind, entity, value, detail);
  return builder.build(trace.durationNs + 1e6);
}
