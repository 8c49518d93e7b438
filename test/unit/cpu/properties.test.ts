import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CPU_KIND } from '../../../src/shared/cpuTrace.ts';
import { parseCpuScenario, threadsOf, type CpuPolicyName, type CpuScenario } from '../../../src/shared/scenario/cpu.ts';
import { events, type Trace } from '../../../src/shared/trace.ts';
import { simulateCpu } from '../../../src/sim/cpu/simulate.ts';

const MS = 1e6;
const policies: CpuPolicyName[] = ['fifo', 'sjf', 'stcf', 'round-robin', 'mlfq', 'fair'];

const bursts = fc
  .array(fc.oneof(fc.record({ cpu: fc.integer({ min: 1, max: 12 }) }), fc.record({ io: fc.integer({ min: 1, max: 9 }) })), { maxLength: 4 })
  .chain((list) => fc.integer({ min: 1, max: 12 }).map((cpu) => [{ cpu }, ...list]));

const machine = fc.record({
  cores: fc.integer({ min: 1, max: 3 }),
  policy: fc.constantFrom(...policies),
  quantum: fc.integer({ min: 1, max: 6 }),
  quanta: fc.constant([2, 3, 5]),
  allotments: fc.constantFrom([1, 1, 1], [2, 1, 3]),
  boost: fc.constantFrom(null, 7, 20),
  context_switch: fc.constantFrom({ process: 0, thread: 0 }, { process: 2, thread: 1 }, { process: 0.5, thread: 0.1 }),
});

const processes = fc
  .array(fc.record({ arrival: fc.integer({ min: 0, max: 20 }), threads: fc.array(bursts, { minLength: 1, maxLength: 3 }) }), { minLength: 1, maxLength: 4 })
  .map((list) =>
    list.map(({ arrival, threads }, p) => ({ name: `P${p}`, arrival, threads: threads.map((each, t) => ({ name: `P${p}t${t}`, bursts: each })) })),
  );

const scenarios: fc.Arbitrary<CpuScenario> = fc.tuple(machine, processes).map(([fields, list]) => parseCpuScenario({ kind: 'cpu', ...fields, processes: list }));

const total = (scenario: CpuScenario, kind: 'cpu' | 'io', name?: string): number =>
  scenario.processes
    .flatMap(threadsOf)
    .filter((thread) => name === undefined || thread.name === name)
    .flatMap((thread) => thread.bursts)
    .reduce((sum, burst) => sum + (kind in burst ? (burst as Record<string, number>)[kind] ?? 0 : 0), 0);

/** What the trace says each thread did, in milliseconds, and whether a core ever had nothing to do while a thread was ready. */
function told(trace: Trace, cores: number): { ready: Map<string, number>; idleWhileReady: boolean } {
  const ready = new Map<string, number>();
  const readySince = new Map<string, number>();
  const switching = new Set<string>();
  const occupied = new Set<string>();
  let idleWhileReady = false;
  let now = 0;
  for (const { timeNs, kind, entity, detail } of events(trace)) {
    if (timeNs > now) idleWhileReady ||= readySince.size - switching.size > 0 && occupied.size < cores;
    now = timeNs;
    const name = kind.startsWith('dispatch') || kind === CPU_KIND.switch ? String(detail?.thread) : entity.slice('thread:'.length);
    // One that lost its core while it was being switched in has been ready all the while.
    if (kind === CPU_KIND.ready && !readySince.has(name)) readySince.set(name, timeNs);
    if (kind === CPU_KIND.preempt) switching.delete(String(detail?.thread));
    if (kind === CPU_KIND.switch) {
      switching.add(name);
      occupied.add(entity);
    }
    if (kind === CPU_KIND.dispatch) {
      ready.set(name, (ready.get(name) ?? 0) + (timeNs - (readySince.get(name) ?? NaN)) / MS);
      readySince.delete(name);
      switching.delete(name);
      occupied.add(entity);
    }
    if (kind === CPU_KIND.idle) occupied.delete(entity);
  }
  return { ready, idleWhileReady };
}

describe('any schedule', () => {
  it('runs every thread for just its CPU time, on one core at a time, each core one thread at a time', () => {
    fc.assert(
      fc.property(scenarios, (scenario) => {
        const { timeline, cores } = simulateCpu(scenario).output;
        for (const thread of scenario.processes.flatMap(threadsOf)) {
          const slices = timeline.filter((slice) => slice.thread === thread.name);
          expect(slices.reduce((sum, { from, to }) => sum + to - from, 0)).toBeCloseTo(total(scenario, 'cpu', thread.name), 6);
          for (const [i, slice] of slices.entries()) expect(slice.from).toBeGreaterThanOrEqual(slices[i - 1]?.to ?? 0);
        }
        for (const { core } of cores) {
          const slices = timeline.filter((slice) => slice.core === core);
          for (const [i, slice] of slices.entries()) {
            const before = slices[i - 1];
            expect(slice.to).toBeGreaterThan(slice.from);
            if (!before) continue;
            expect(slice.from).toBeGreaterThanOrEqual(before.to);
            expect(slice.thread === before.thread && slice.from === before.to, 'adjacent slices of one thread are merged').toBe(false);
          }
        }
      }),
    );
  });

  it('never leaves a core idle while a thread is ready', () => {
    fc.assert(
      fc.property(scenarios, (scenario) => {
        expect(told(simulateCpu(scenario).trace, scenario.cores ?? 1).idleWhileReady).toBe(false);
      }),
    );
  });

  it('makes turnaround of wait, run and I/O, where wait is the time spent ready', () => {
    fc.assert(
      fc.property(scenarios, (scenario) => {
        const { output, trace } = simulateCpu(scenario);
        const { ready } = told(trace, scenario.cores ?? 1);
        for (const { thread, response, turnaround, wait } of output.threads) {
          expect(turnaround).toBeCloseTo(wait + total(scenario, 'cpu', thread) + total(scenario, 'io', thread), 6);
          expect(wait).toBeCloseTo(ready.get(thread) ?? NaN, 6);
          expect(response).toBeGreaterThanOrEqual(0);
        }
      }),
    );
  });

  it('counts utilization and switches as the timeline shows them', () => {
    fc.assert(
      fc.property(scenarios, (scenario) => {
        const { timeline, threads, cores } = simulateCpu(scenario).output;
        const arrival = new Map(scenario.processes.flatMap((process) => threadsOf(process).map(({ name }) => [name, process.arrival ?? 0] as const)));
        const end = Math.max(...threads.map(({ thread, turnaround }) => turnaround + (arrival.get(thread) ?? 0)));
        for (const { core, utilization, switches } of cores) {
          const slices = timeline.filter((slice) => slice.core === core);
          expect(utilization).toBeCloseTo(slices.reduce((sum, { from, to }) => sum + to - from, 0) / end, 9);
          const changes = slices.filter((slice, i) => i > 0 && slice.thread !== slices[i - 1]?.thread).length;
          // A thread may lose its core while it is being switched in; that switch shows in no slice.
          expect(switches).toBeGreaterThanOrEqual(changes);
          if (scenario.context_switch?.process === 0) expect(switches).toBe(changes);
        }
      }),
    );
  });

  it('conserves work: with free switches and no I/O one core is busy just as long under every policy', () => {
    fc.assert(
      fc.property(scenarios, (scenario) => {
        const computing = scenario.processes.map((process) => ({ ...process, threads: threadsOf(process).map(({ name, bursts: list }) => ({ name, bursts: list.filter((each) => 'cpu' in each) })) }));
        const busy = policies.map((policy) => {
          const { timeline } = simulateCpu({ ...scenario, policy, cores: 1, context_switch: { process: 0, thread: 0 }, processes: computing }).output;
          return timeline.map(({ from, to }) => [from, to]).reduce<number[][]>((merged, [from = 0, to = 0]) => {
            const last = merged.at(-1);
            if (last && last[1] === from) last[1] = to;
            else merged.push([from, to]);
            return merged;
          }, []);
        });
        for (const each of busy) expect(each).toEqual(busy[0]);
      }),
    );
  });

  it('has no smaller mean turnaround than stcf on one core, without I/O and with free switches', () => {
    fc.assert(
      fc.property(scenarios, (scenario) => {
        const computing = scenario.processes.map((process) => ({ ...process, threads: threadsOf(process).map(({ name, bursts: list }) => ({ name, bursts: list.filter((each) => 'cpu' in each) })) }));
        const turnaround = (policy: CpuPolicyName): number =>
          simulateCpu({ ...scenario, policy, cores: 1, context_switch: { process: 0, thread: 0 }, processes: computing }).output.threads.reduce((sum, thread) => sum + thread.turnaround, 0);
        const best = turnaround('stcf');
        for (const policy of policies) expect(turnaround(policy)).toBeGreaterThanOrEqual(best);
      }),
    );
  });

  it('is the same for the same scenario, and its trace never goes back', () => {
    fc.assert(
      fc.property(scenarios, (scenario) => {
        const first = simulateCpu(scenario);
        expect(simulateCpu(scenario)).toEqual(first);
        for (const [i, time] of first.trace.timeNs.entries()) expect(time).toBeGreaterThanOrEqual(first.trace.timeNs[i - 1] ?? 0);
        expect(first.trace.timeNs.at(-1)).toBeLessThanOrEqual(first.trace.durationNs);
      }),
    );
  });
});
