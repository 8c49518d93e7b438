import { describe, expect, it } from 'vitest';
import { Simulator } from '../../../src/sim/engine/simulator.ts';
import { receivedTailroom, receivedTruesize } from '../../../src/sim/tcp/buffers.ts';
import { TimerWheel, wheelTimer } from '../../../src/sim/tcp/wheel.ts';
import { likeliestPhase } from '../../../src/sim/tcp/wheelPhase.ts';

const MS = 1_000_000;

describe('the timer wheel', () => {
  const fired = (arm: (wheel: TimerWheel, at: (name: string) => ReturnType<typeof wheelTimer>) => void): [string, number][] => {
    const simulator = new Simulator();
    const wheel = new TimerWheel(simulator);
    const log: [string, number][] = [];
    arm(wheel, (name) => wheelTimer(() => void log.push([name, simulator.now / MS]), undefined));
    simulator.run(1e12);
    return log;
  };

  it('fires never early, and late by less than its level is wide', () => {
    for (const [jiffies, width] of [[10, 4], [62, 4], [63, 32], [250, 32], [503, 32], [504, 256], [4000, 256]] as const) {
      const [[, at]] = fired((wheel, timer) => wheel.arm(timer('a'), wheel.jiffies + jiffies)) as [[string, number]];
      expect(at).toBeGreaterThanOrEqual(jiffies * 4);
      expect(at).toBeLessThanOrEqual(jiffies * 4 + width + 4);
    }
  });

  it('fires the last armed of one boundary first', () => {
    const log = fired((wheel, timer) => ['a', 'b', 'c'].forEach((name) => wheel.arm(timer(name), wheel.jiffies + 250)));
    expect(log.map(([name]) => name)).toEqual(['c', 'b', 'a']);
    expect(new Set(log.map(([, at]) => at)).size).toBe(1);
  });

  it('keeps to its boundaries once one was seen: a second later is 1024 ms', () => {
    const simulator = new Simulator();
    const wheel = new TimerWheel(simulator);
    const times: number[] = [];
    const timer = wheelTimer(() => {
      times.push(simulator.now / MS);
      if (times.length < 4) wheel.arm(timer, wheel.jiffies + 250);
    }, undefined);
    wheel.arm(timer, wheel.jiffies + 250);
    simulator.run(1e11);
    expect(times.slice(1).map((time, i) => time - (times[i] as number))).toEqual([1024, 1024, 1024]);
  });

  it('does not fire what was disarmed', () => {
    expect(fired((wheel, timer) => {
      const a = timer('a');
      wheel.arm(a, wheel.jiffies + 5);
      wheel.disarm(a);
    })).toEqual([]);
  });
});

it('takes boundaries to lie in the widest gap, where known ones allow', () => {
  expect(likeliestPhase([0, 5, 10], 32, undefined)).toBe(21);
  expect(likeliestPhase([0], 32, undefined)).toBe(16);
  expect(likeliestPhase([0, 5, 10], 32, { unitNs: 4, boundaryNs: 3 }) % 4).toBe(3);
});

it('charges whole allocations for a packet, as recordings show', () => {
  expect(receivedTruesize(1500)).toBe(2304);
  expect(receivedTruesize(140)).toBe(832);
  expect(receivedTruesize(9000)).toBe(12_544);
  expect(receivedTailroom(140)).toBe(52);
});
