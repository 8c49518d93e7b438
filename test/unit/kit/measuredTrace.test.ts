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
});
