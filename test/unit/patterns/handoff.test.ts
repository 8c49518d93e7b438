import { describe, expect, it } from 'vitest';
import { PATTERNS_KIND } from '../../../src/shared/patternsTrace.ts';
import { parsePatternsScenario } from '../../../src/shared/scenario/patterns.ts';
import { events } from '../../../src/shared/trace.ts';
import { simulatePatterns } from '../../../src/sim/patterns/simulate.ts';

/** A long request and then short ones, one a time unit, for two workers on two cores. */
const oneLong = {
  kind: 'patterns',
  pattern: 'primary',
  workers: 2,
  cores: 2,
  classes: [
    { name: 'long', cpu: { dist: 'deterministic', mean: 10.5 } },
    { name: 'short', cpu: { dist: 'deterministic', mean: 0.25 } },
  ],
  schedule: [
    { class: 'long', at: 0, every: 0, count: 1 },
    { class: 'short', at: 1, every: 1, count: 9 },
  ],
};

/** Who served each request, in order of arrival. */
function workersOf(change: object): number[] {
  const { trace } = simulatePatterns(parsePatternsScenario({ ...oneLong, ...change }));
  const rows = [...events(trace)].filter(({ kind }) => kind === PATTERNS_KIND.start);
  return rows.sort((a, b) => Number(a.entity.split(':')[1]) - Number(b.entity.split(':')[1])).map(({ value }) => value);
}

describe('what a primary hands out', () => {
  it('goes to each in turn where nobody answers, and waits behind the long one', () => {
    expect(workersOf({ handoff: 'blind' })).toEqual([0, 1, 0, 1, 0, 1, 0, 1, 0, 1]);
    expect(workersOf({})).toEqual(workersOf({ handoff: 'blind' }));
  });

  it('passes over who has not yet taken up the last one: a single request waits behind the long one', () => {
    expect(workersOf({ handoff: 'acknowledged' })).toEqual([0, 1, 0, 1, 1, 1, 1, 1, 1, 1]);
  });

  it('waits at the primary while each has one that it has not taken up, and goes to the first who has', () => {
    const burst = { schedule: [{ class: 'long', at: 0, every: 0, count: 1 }, { class: 'short', at: 1, every: 0, count: 6 }] };
    // At 1: one to the idle worker, one behind each, three wait; the short ones are through before the long one.
    expect(workersOf({ ...burst, handoff: 'acknowledged' })).toEqual([0, 1, 0, 1, 1, 1, 1]);
  });

  it('is not lost with a worker that has not got it, nor given to the dead', () => {
    const { output } = simulatePatterns(parsePatternsScenario({ ...oneLong, handoff: 'acknowledged', crash: { worker: 0, at: 5.5, respawn_after: null } }));
    // With the long one and the short one behind it.
    expect(output.lost).toBe(2);
    // It comes back at 6.5 and stands in line behind the other: of those at 7, 8 and 9 it gets the second.
    const back = simulatePatterns(parsePatternsScenario({ ...oneLong, handoff: 'acknowledged', crash: { worker: 0, at: 5.5, respawn_after: 1 } }));
    expect(back.output.per_worker.map(({ requests }) => requests)).toEqual([1, 7]);
  });

  it('is served in turn as before where nobody is ever busy', () => {
    expect(workersOf({ handoff: 'acknowledged', schedule: [{ class: 'short', at: 1, every: 1, count: 6 }] })).toEqual([0, 1, 0, 1, 0, 1]);
  });
});
