import { describe, expect, it } from 'vitest';
import { NO_EVENT, Simulator, type SimulatorObserver } from '../../../src/sim/engine/simulator.ts';

/** A simulator and what ran in it, as `name@time`. */
function logged(): { simulator: Simulator; log: string[]; note: (name: string) => void } {
  const simulator = new Simulator();
  const log: string[] = [];
  return { simulator, log, note: (name) => log.push(`${name}@${simulator.now}`) };
}

describe('Simulator', () => {
  it('runs events of one time in the order in which they were scheduled, those of a handler for the present last', () => {
    const { simulator, log, note } = logged();
    simulator.schedule(5, () => {
      note('a');
      simulator.schedule(0, note, 'from a');
    });
    simulator.scheduleAt(5, note, 'b');
    simulator.schedule(1, note, 'early');
    expect(simulator.run()).toBe('empty');
    expect(log).toEqual(['early@1', 'a@5', 'b@5', 'from a@5']);
  });

  it('runs what lies at `until`, leaves what lies later, and goes on from there', () => {
    const { simulator, log, note } = logged();
    for (const time of [1, 2, 2.5, 3]) simulator.scheduleAt(time, note, 'x');
    expect(simulator.run(2)).toBe('until');
    expect(log).toEqual(['x@1', 'x@2']);
    expect([simulator.now, simulator.pending, simulator.executed]).toEqual([2, 2, 2]);
    expect(simulator.run(10)).toBe('empty');
    expect(log.slice(2)).toEqual(['x@2.5', 'x@3']);
    expect(simulator.now).toBe(10);
  });

  it('stops after `maxEvents` with the clock at the last of them', () => {
    const { simulator, log, note } = logged();
    for (const time of [1, 2, 3]) simulator.scheduleAt(time, note, 'x');
    expect(simulator.run(100, 2)).toBe('max-events');
    expect([log, simulator.now]).toEqual([['x@1', 'x@2'], 2]);
    expect(simulator.run(100, 0)).toBe('max-events');
    expect(simulator.run(100, 1)).toBe('empty');
  });

  it('stops after the handler that says so, and only then', () => {
    const { simulator, log, note } = logged();
    simulator.schedule(1, () => simulator.stop());
    simulator.schedule(2, note, 'later');
    expect(simulator.run(9)).toBe('stopped');
    expect([log, simulator.now]).toEqual([[], 1]);
    expect(simulator.run(9)).toBe('empty');
    expect(log).toEqual(['later@2']);
  });

  it('goes on after a handler has thrown', () => {
    const { simulator, log, note } = logged();
    simulator.schedule(1, () => {
      throw new Error('model');
    });
    simulator.schedule(1, note, 'next');
    expect(() => simulator.run()).toThrow('model');
    expect(simulator.run()).toBe('empty');
    expect(log).toEqual(['next@1']);
  });

  it('refuses delays, times and bounds that only a mistake can make', () => {
    const simulator = new Simulator();
    const nothing = (): void => undefined;
    simulator.schedule(5, nothing);
    simulator.run();
    for (const delay of [-1, -1e-300, NaN, Infinity, 1e301]) expect(() => simulator.schedule(delay, nothing)).toThrow(RangeError);
    for (const time of [4.999, -1, NaN, Infinity]) expect(() => simulator.scheduleAt(time, nothing)).toThrow(RangeError);
    for (const until of [4, NaN]) expect(() => simulator.run(until)).toThrow(RangeError);
    for (const most of [-1, 0.5, NaN]) expect(() => simulator.run(9, most)).toThrow(RangeError);
    expect([simulator.pending, simulator.run()]).toEqual([0, 'empty']);
  });

  it('refuses to run within a handler', () => {
    const simulator = new Simulator();
    simulator.schedule(1, () => simulator.run());
    expect(() => simulator.run()).toThrow('within a handler');
  });

  it('cancels once, and nothing with the handle of an event that has run or whose slot another event has', () => {
    const { simulator, log, note } = logged();
    const first = simulator.schedule(1, note, 'first');
    expect([simulator.cancel(first), simulator.cancel(first)]).toEqual([true, false]);
    const second = simulator.schedule(2, note, 'second');
    simulator.run();
    const handles = Array.from({ length: 100 }, (_, i) => simulator.schedule(i, note, 'third'));
    for (const stale of [first, second, NO_EVENT, -1, 1, 0.5, NaN, Infinity, 2 ** 60]) expect(simulator.cancel(stale)).toBe(false);
    expect(new Set([first, second, ...handles]).size).toBe(102);
    expect(simulator.pending).toBe(100);
    simulator.run();
    expect(log).toHaveLength(101);
    for (const handle of handles) expect(simulator.cancel(handle)).toBe(false);
  });

  it('tells an observer what it does, and no one once there is none', () => {
    const { simulator, note } = logged();
    const told: unknown[] = [];
    const observer: SimulatorObserver = {
      scheduled: (handle, time) => told.push(['scheduled', handle, time]),
      cancelled: (handle) => told.push(['cancelled', handle]),
      executing: (handle, time) => told.push(['executing', handle, time, simulator.pending]),
    };
    simulator.observe(observer);
    const kept = simulator.schedule(3, note, 'kept');
    const dropped = simulator.schedule(1, note, 'dropped');
    simulator.cancel(dropped);
    simulator.run();
    expect(told).toEqual([
      ['scheduled', kept, 3],
      ['scheduled', dropped, 1],
      ['cancelled', dropped],
      ['executing', kept, 3, 1],
    ]);
    simulator.observe(undefined);
    simulator.schedule(1, note, 'unseen');
    simulator.run();
    expect(told).toHaveLength(4);
  });
});
