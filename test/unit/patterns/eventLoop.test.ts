import { describe, expect, it } from 'vitest';
import { evaluate } from '../../../src/shared/metric.ts';
import { parsePatternsScenario } from '../../../src/shared/scenario/patterns.ts';
import { events, type Trace } from '../../../src/shared/trace.ts';
import { simulatePatterns } from '../../../src/sim/patterns/simulate.ts';

const fixed = (mean: number): object => ({ dist: 'deterministic', mean });

/** A cheap request every 25, and one at 112 that computes for 300. */
const blocked = {
  kind: 'patterns',
  pattern: 'single',
  classes: [
    { name: 'cheap', cpu: fixed(1) },
    { name: 'heavy', cpu: fixed(300) },
  ],
  schedule: [
    { class: 'cheap', at: 0, every: 25, count: 40 },
    { class: 'heavy', at: 112, every: 0, count: 1 },
  ],
};

function run(change: object = {}): Trace {
  return simulatePatterns(parsePatternsScenario({ ...blocked, ...change })).trace;
}

/** `[time, entity]` of each event of a kind, in milliseconds. */
function when(trace: Trace, kind: string): [number, string][] {
  return [...events(trace)].filter((event) => event.kind === kind).map(({ timeNs, entity }) => [timeNs / 1e6, entity]);
}

describe('a schedule', () => {
  it('says who comes when, in order of time and then of the list', () => {
    const trace = run({
      schedule: [
        { class: 'cheap', at: 10, every: 5, count: 3 },
        { class: 'heavy', at: 15, every: 0, count: 1 },
      ],
    });
    const arrivals = [...events(trace)].filter(({ kind }) => kind === 'arrive').map(({ timeNs, entity, detail }) => [timeNs / 1e6, entity, detail?.class]);
    expect(arrivals).toEqual([
      [10, 'request:0', 'cheap'],
      [15, 'request:1', 'cheap'],
      [15, 'request:2', 'heavy'],
      [20, 'request:3', 'cheap'],
    ]);
  });

  it.each([
    [{ arrival: { dist: 'exponential', rate: 1 } }, '"arrival" must be left out where there is a "schedule"'],
    [{ requests: 5 }, '"requests" must be left out'],
    [{ classes: [{ name: 'cheap', share: 1, cpu: fixed(1) }, { name: 'heavy', cpu: fixed(1) }] }, '"classes.0.share" must be left out'],
    [{ schedule: [{ class: 'dear', at: 0, every: 1, count: 1 }] }, '"schedule.0.class" must be the name of a class: cheap, heavy (found "dear")'],
    [{ schedule: [{ class: 'cheap', at: 0, every: 1, count: 0 }] }, 'must add up to at least 1'],
    [{ schedule: undefined }, '"arrival" must be an object (it is missing, and so is "schedule")'],
  ])('%j is refused in one sentence', (change, sentence) => {
    expect(() => run(change)).toThrow(sentence);
  });
});

describe('one loop', () => {
  const slowest = { of: 'maximum', kind: 'depart', where: { class: 'cheap' }, per: 1e6 } as const;

  it('runs one callback at a time, to its end: who comes meanwhile waits', () => {
    const trace = run();
    // The next cheap one comes at 125; the loop is free at 412 and takes 1 for it.
    expect(evaluate(slowest, trace)).toBe(412 - 125 + 1);
    expect(evaluate({ of: 'maximum', kind: 'queue-length', entity: 'worker:0' }, trace)).toBe(12);
  });

  it('cheap requests wait for nobody where each has a thread', () => {
    expect(evaluate(slowest, run({ pattern: 'thread-pool', workers: 4, cores: 4 }))).toBe(1);
  });

  it('holds any number of requests in I/O', () => {
    const trace = run({ classes: [{ name: 'cheap', cpu: fixed(1), io: fixed(200), after: fixed(0.5) }, { name: 'heavy', cpu: fixed(1) }] });
    expect(evaluate(slowest, trace)).toBeLessThan(204);
  });

  it('runs what follows the I/O only when it is free, before those who have not begun', () => {
    const trace = run({
      classes: [{ name: 'cheap', cpu: fixed(1), io: fixed(20), after: fixed(2) }, { name: 'heavy', cpu: fixed(300) }],
      schedule: [{ class: 'cheap', at: 0, every: 15, count: 2 }, { class: 'heavy', at: 5, every: 0, count: 1 }],
    });
    expect(when(trace, 'ready')).toEqual([[21, 'request:0']]);
    expect(when(trace, 'resume')).toEqual([[305, 'request:0'], [328, 'request:2']]);
    expect(when(trace, 'start')).toEqual([[0, 'request:0'], [5, 'request:1'], [307, 'request:2']]);
    expect(when(trace, 'depart')).toEqual([[305, 'request:1'], [307, 'request:0'], [330, 'request:2']]);
  });

  it('a worker that blocks in I/O keeps it, with what follows', () => {
    const trace = run({ worker: 'blocking', classes: [{ name: 'cheap', cpu: fixed(1), io: fixed(20), after: fixed(2) }, { name: 'heavy', cpu: fixed(1) }], schedule: [{ class: 'cheap', at: 0, every: 1, count: 2 }] });
    expect(when(trace, 'depart')).toEqual([[23, 'request:0'], [46, 'request:1']]);
  });

  it('an idle worker of several is found by its own I/O and by nobody else meanwhile', () => {
    const trace = run({ pattern: 'shared-listener', workers: 1, worker: 'event-loop', classes: [{ name: 'cheap', cpu: fixed(1), io: fixed(10), after: fixed(5) }], schedule: [{ class: 'cheap', at: 0, every: 12, count: 2 }] });
    expect(when(trace, 'start')).toEqual([[0, 'request:0'], [16, 'request:1']]);
  });

  it('a crash takes those along whose callbacks wait', () => {
    const trace = run({
      classes: [{ name: 'cheap', cpu: fixed(1), io: fixed(20), after: fixed(2) }, { name: 'heavy', cpu: fixed(300) }],
      schedule: [{ class: 'cheap', at: 0, every: 1, count: 1 }, { class: 'heavy', at: 5, every: 0, count: 1 }],
      crash: { worker: 0, at: 100 },
    });
    expect(when(trace, 'lost').map(([, entity]) => entity).sort()).toEqual(['request:0', 'request:1']);
  });
});

describe('a handshake', () => {
  const slowest = { of: 'maximum', kind: 'connected', per: 1e6 } as const;
  const meanwhile = { of: 'count', kind: 'connected', after: { kind: 'start', where: { class: 'heavy' } }, before: { kind: 'depart', where: { class: 'heavy' } } } as const;

  it('is the kernel’s business: a blocked loop delays none', () => {
    const trace = run({ handshake: 'kernel' });
    expect(evaluate(slowest, trace)).toBe(0);
    expect(evaluate(meanwhile, trace)).toBe(12);
  });

  it('would wait for the program, if it were the program’s', () => {
    const trace = run({ handshake: 'program' });
    expect(evaluate(slowest, trace)).toBe(412 + 0 - 125);
    // The heavy one's own is complete as it is taken up.
    expect(evaluate(meanwhile, trace)).toBe(0);
  });

  it('is not told of unless asked for', () => {
    expect(when(run(), 'connected')).toEqual([]);
  });
});
