import { describe, expect, it } from 'vitest';
import { MeasuredTrace } from '../../../src/kit/measuredTrace.ts';
import { monotonicNs } from '../../../src/runtime/monotonicNs.ts';
import { events } from '../../../src/shared/trace.ts';

describe('a measured trace', () => {
  it('is in order of time, whoever reported late, and of report where times are equal', () => {
    const trace = new MeasuredTrace('tcp');
    trace.start();
    const now = monotonicNs();
    trace.add('late', 'server', 1, undefined, now + 2000);
    trace.add('first', 'server', 2, undefined, now + 1000);
    trace.add('second', 'server', 3, { why: 'equal' }, now + 1000);
    trace.add('before', 'server', 4, undefined, now - 1e9);
    const built = trace.build();
    expect([...events(built)].map(({ kind, detail }) => [kind, detail?.why])).toEqual([['before', undefined], ['first', undefined], ['second', 'equal'], ['late', undefined]]);
    expect(built.timeNs[0]).toBe(0);
    expect((built.timeNs[3] as number) - (built.timeNs[1] as number)).toBe(1000);
    expect(built).toMatchObject({ source: 'measured', model: 'tcp', version: 1 });
  });

  it('draws runs beside each other, each from its own time 0', () => {
    const trace = new MeasuredTrace('patterns');
    const now = monotonicNs() - 10e9;
    trace.start(now);
    trace.add('arrive', 'a/request:0', 0, undefined, now + 3000);
    trace.startBeside(now + 1e9);
    trace.add('arrive', 'b/request:0', 0, undefined, now + 1e9 + 2000);
    trace.startBeside(now + 5e9);
    trace.add('arrive', 'c/request:0', 0, undefined, now + 5e9 + 4000);
    expect([...events(trace.build())].map(({ timeNs, entity }) => [timeNs, entity])).toEqual([[2000, 'b/request:0'], [3000, 'a/request:0'], [4000, 'c/request:0']]);
  });

  it('ends no sooner than the longest of them', () => {
    const trace = new MeasuredTrace('patterns');
    const now = monotonicNs();
    trace.start(now - 60e9);
    trace.add('depart', 'a/request:0');
    trace.startBeside(now);
    expect(trace.build().durationNs).toBeGreaterThanOrEqual(60e9);
  });
});
