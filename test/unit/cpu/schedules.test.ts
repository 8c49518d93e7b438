import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { CpuPolicyName } from '../../../src/shared/scenario/cpu.ts';
import { column, gantt, outputOf } from './helpers.ts';

interface Figures {
  readonly response: number;
  readonly turnaround: number;
  readonly wait: number;
}

interface JobSet {
  readonly id: string;
  readonly input: { readonly policy: string; readonly quantum: number | null; readonly jobs: readonly number[] };
  readonly expected: { readonly jobs: readonly (Figures & { readonly job: number })[]; readonly average: Figures };
}

interface ProcessRun {
  readonly id: string;
  readonly input: { readonly processes: string; readonly io_length: number };
  readonly expected: { readonly trace: readonly { readonly cells: readonly string[] }[]; readonly stats: Readonly<Record<string, string>> };
}

const reference = JSON.parse(readFileSync(new URL('../../conformance/reference/schedules.json', import.meta.url), 'utf8')) as { id: string }[];
const jobSets = reference.filter(({ id }) => id.startsWith('sched-')) as unknown as JobSet[];
const processRuns = reference.filter(({ id }) => id.startsWith('process-run-')) as unknown as ProcessRun[];
const policies: Readonly<Record<string, CpuPolicyName>> = { FIFO: 'fifo', SJF: 'sjf', RR: 'round-robin' };

describe('what the OSTEP scheduler prints', () => {
  it.each(jobSets)('$id', ({ input, expected }) => {
    const policy = policies[input.policy] as CpuPolicyName;
    const processes = input.jobs.map((cpu, job) => ({ name: String(job), bursts: [{ cpu }] }));
    const { threads } = outputOf({ policy, quantum: input.quantum, processes });
    expect(expected.jobs.length).toBe(threads.length);
    for (const { job, ...figures } of expected.jobs) expect(threads[job]).toEqual({ thread: String(job), ...figures });
    for (const figure of ['response', 'turnaround', 'wait'] as const) {
      const mean = threads.reduce((sum, thread) => sum + thread[figure], 0) / threads.length;
      expect(mean).toBeCloseTo(expected.average[figure], 9);
    }
  });
});

/**
 * There, `5:100` is five instructions of a tick, and `1:0` one I/O: a tick of CPU to issue it, five without, a tick to handle its
 * end. Both policies it shows switch only at I/O or at the end, in the listed order: fifo.
 */
describe('what the OSTEP process simulator prints', () => {
  it.each(processRuns)('$id', ({ input, expected }) => {
    const processes = input.processes.split(',').map((text, i) => {
      const [length, percent] = text.split(':').map(Number) as [number, number];
      const bursts = percent === 100 ? [{ cpu: length }] : [{ cpu: 1 }, { io: input.io_length }, { cpu: 1 }];
      return { name: `P${i}`, bursts };
    });
    const { timeline, threads, cores } = outputOf({ policy: 'fifo', processes });
    const total = Number(expected.stats['Total Time']);
    expect(Math.max(...threads.map(({ turnaround }) => turnaround))).toBe(total);
    const busyTicks = Number.parseInt(expected.stats['CPU Busy'] as string, 10);
    expect((cores[0]?.utilization ?? 0) * total).toBeCloseTo(busyTicks, 9);
    for (const [tick, { cells }] of expected.trace.entries()) {
      const running = timeline.find(({ from, to }) => from <= tick && tick < to)?.thread;
      const expectedRunning = processes.findIndex((_, i) => cells[i]?.startsWith('RUN'));
      expect(running, `tick ${tick + 1}`).toBe(processes[expectedRunning]?.name);
    }
  });
});

/**
 * KERNEL-FACTS.md: a 200 ms job and five of 5 ms behind it; an event loop finishes the short ones at 205 to 225 ms, threads at 77
 * to 80 ms. The short ones come while the long one runs, here after 50 ms: six equal shares then end them by 50 + 6 × 5 = 80.
 */
describe('what the kernel did with a long job before five short ones', () => {
  const processes = [
    { name: 'long', bursts: [{ cpu: 200 }] },
    ...[1, 2, 3, 4, 5].map((i) => ({ name: `short${i}`, arrival: 50, bursts: [{ cpu: 5 }] })),
  ];
  const ends = (output: ReturnType<typeof outputOf>): number[] => column(output, 'turnaround').slice(1).map((each) => each + 50);

  it('one event loop ends them after the long one', () => {
    expect(ends(outputOf({ policy: 'fifo', processes }))).toEqual([205, 210, 215, 220, 225]);
  });

  it('threads that share the core fairly end them together', () => {
    const output = outputOf({ policy: 'fair', quantum: 0.75, processes });
    for (const end of ends(output)) {
      expect(end).toBeGreaterThanOrEqual(77);
      expect(end).toBeLessThanOrEqual(80);
    }
    expect(column(output, 'turnaround')[0]).toBe(225);
  });
});

describe('job sets worked out by hand', () => {
  const job = (name: string, cpu: number, arrival = 0) => ({ name, arrival, bursts: [{ cpu }] });

  it('fifo serves in order of arrival', () => {
    const output = outputOf({ policy: 'fifo', processes: [job('A', 8), job('B', 4, 1), job('C', 2, 2)] });
    expect(gantt(output)).toBe('A0-8 B8-12 C12-14');
    expect(column(output, 'wait')).toEqual([0, 7, 10]);
  });

  it('fifo lets others run during I/O', () => {
    const processes = [{ name: 'A', bursts: [{ cpu: 3 }, { io: 4 }, { cpu: 2 }] }, job('B', 6)];
    const output = outputOf({ policy: 'fifo', processes });
    expect(gantt(output)).toBe('A0-3 B3-9 A9-11');
    expect(column(output, 'wait')).toEqual([2, 3]);
  });

  it('sjf goes by length', () => {
    const output = outputOf({ policy: 'sjf', processes: [job('A', 6), job('B', 8), job('C', 7), job('D', 3)] });
    expect(gantt(output)).toBe('D0-3 A3-9 C9-16 B16-24');
    expect(column(output, 'wait')).toEqual([3, 16, 9, 0]);
  });

  it('stcf preempts on arrival', () => {
    const output = outputOf({ policy: 'stcf', processes: [job('A', 8), job('B', 4, 1), job('C', 9, 2), job('D', 5, 3)] });
    expect(gantt(output)).toBe('A0-1 B1-5 D5-10 A10-17 C17-26');
    expect(column(output, 'wait')).toEqual([9, 0, 15, 2]);
  });

  it('stcf takes the core of the thread with most left', () => {
    const output = outputOf({ policy: 'stcf', cores: 2, processes: [job('A', 10), job('B', 6), job('C', 3, 2)] });
    expect(gantt(output)).toBe('B0-6@0 A0-2@1 C2-5@1 A5-13@1');
  });

  it('round robin gives quanta in turn', () => {
    const output = outputOf({ policy: 'round-robin', quantum: 4, processes: [job('A', 24), job('B', 3), job('C', 3)] });
    expect(gantt(output)).toBe('A0-4 B4-7 C7-10 A10-30');
    expect(column(output, 'wait')).toEqual([6, 4, 7]);
  });

  it('round robin puts a thread whose quantum ends behind one that arrives then', () => {
    const output = outputOf({ policy: 'round-robin', quantum: 2, processes: [job('A', 4), job('B', 1, 2)] });
    expect(gantt(output)).toBe('A0-2 B2-3 A3-5');
  });

  it('round robin pays for switches: more between processes than between threads', () => {
    const processes = [
      { name: 'P', threads: [{ name: 'p1', bursts: [{ cpu: 3 }] }, { name: 'p2', bursts: [{ cpu: 2 }] }] },
      { name: 'Q', threads: [{ name: 'q', bursts: [{ cpu: 2 }] }] },
    ];
    const output = outputOf({ policy: 'round-robin', quantum: 2, context_switch: { process: 2, thread: 1 }, processes });
    expect(gantt(output)).toBe('p10-2 p23-5 q7-9 p111-12');
    expect(column(output, 'wait')).toEqual([9, 3, 7]);
    expect(column(output, 'response')).toEqual([0, 3, 7]);
    expect(output.cores).toEqual([{ core: 0, utilization: 7 / 12, switches: 3 }]);
  });

  it('two cores take from one queue, the lowest idle one first', () => {
    const output = outputOf({ policy: 'fifo', cores: 2, processes: [job('A', 4), job('B', 2), job('C', 3), job('D', 1)] });
    expect(gantt(output)).toBe('A0-4@0 B0-2@1 C2-5@1 D4-5@0');
  });

  it('mlfq lowers who used its allotment and prefers who did not', () => {
    const output = outputOf({ policy: 'mlfq', quanta: [2, 4], allotments: [1, 1], boost: null, processes: [job('A', 7), job('B', 3, 3)] });
    expect(gantt(output)).toBe('A0-3 B3-5 A5-8 B8-9 A9-10');
    expect(column(output, 'response')).toEqual([0, 0]);
  });

  it('mlfq lifts everyone at a boost, who runs goes on with a new quantum', () => {
    const output = outputOf({ policy: 'mlfq', quanta: [1, 2], allotments: [1, 1], boost: 5, processes: [job('A', 6), job('B', 6)] });
    expect(gantt(output)).toBe('A0-1 B1-2 A2-4 B4-6 A6-7 B7-9 A9-11 B11-12');
  });

  it('mlfq adds up the parts of an allotment that bursts before I/O have used', () => {
    const processes = [{ name: 'A', bursts: [{ cpu: 3 }, { io: 1 }, { cpu: 2 }] }, job('B', 9)];
    const output = outputOf({ policy: 'mlfq', quanta: [4, 8], processes });
    // A is back at 4 with 1 of its 4 left, behind B, which is lowered at 7; A uses its last from 7 to 8 and is then behind B again.
    expect(gantt(output)).toBe('A0-3 B3-7 A7-8 B8-13 A13-14');
  });

  it('fair starts a new thread at the smallest virtual run time', () => {
    const output = outputOf({ policy: 'fair', quantum: 3, processes: [job('A', 9), job('B', 3, 4)] });
    expect(gantt(output)).toBe('A0-6 B6-9 A9-12');
  });

  it('fair starts a waking thread at the smallest virtual run time', () => {
    const processes = [job('A', 9), { name: 'B', bursts: [{ cpu: 1 }, { io: 4 }, { cpu: 2 }] }];
    expect(gantt(outputOf({ policy: 'fair', quantum: 3, processes }))).toBe('A0-3 B3-4 A4-10 B10-12');
  });

  it('sums of tenths are exact', () => {
    const output = outputOf({ policy: 'round-robin', quantum: 0.1, processes: [job('A', 0.3), job('B', 0.3)] });
    expect(gantt(output)).toBe('A0-0.1 B0.1-0.2 A0.2-0.3 B0.3-0.4 A0.4-0.5 B0.5-0.6');
  });

  it('a thread that is alone keeps its core over the ends of quanta', () => {
    const output = outputOf({ policy: 'round-robin', quantum: 2, cores: 2, context_switch: { process: 1, thread: 1 }, processes: [job('A', 3), job('B', 9)] });
    expect(gantt(output)).toBe('A0-3@0 B0-9@1');
    expect(output.cores.map(({ switches }) => switches)).toEqual([0, 0]);
  });
});
