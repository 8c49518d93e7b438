import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { evaluate, type Metric } from '../../../src/shared/metric.ts';
import { TraceBuilder } from '../../../src/shared/trace.ts';

const builder = new TraceBuilder('simulated', 'tcp');
builder.add(0, 'connected', 'client:c1');
builder.add(1e6, 'accept-queue', 'server', 1);
builder.add(2e6, 'accept-queue', 'server', 3);
builder.add(5e6, 'syn-dropped', 'client:c2', 0, { reason: 'lost' });
builder.add(6e6, 'accept-queue', 'server', 0);
builder.add(9e6, 'connected', 'client:c2');
for (const [ns, orders] of [[9e6, 18], [9e6, '12'], [9e6, null]] as const) builder.add(ns, 'run', 'program', 7, { orders });
const trace = builder.build(10e6);

const cases: [string, Metric, number | null][] = [
  ['counts', { of: 'count', kind: 'connected' }, 2],
  ['counts before a time, exclusive', { of: 'count', kind: 'connected', toMs: 9 }, 1],
  ['counts from a time on, inclusive', { of: 'count', kind: 'connected', fromMs: 9 }, 1],
  ['counts by entity', { of: 'count', kind: 'connected', entity: 'client:c2' }, 1],
  ['counts by the beginning of an entity', { of: 'count', kind: 'connected', entity: 'client:*' }, 2],
  ['counts by detail', { of: 'count', kind: 'syn-dropped', where: { reason: 'lost' } }, 1],
  ['counts nothing as 0', { of: 'count', kind: 'syn-dropped', where: { reason: 'accept-queue-full' } }, 0],
  ['counts values above a bound', { of: 'count', kind: 'accept-queue', above: 1 }, 1],
  ['takes the minimum above a bound', { of: 'minimum', kind: 'accept-queue', above: 0 }, 1],
  ['takes the maximum', { of: 'maximum', kind: 'accept-queue' }, 3],
  ['takes the minimum', { of: 'minimum', kind: 'accept-queue' }, 0],
  ['takes the mean of the values', { of: 'mean', kind: 'accept-queue' }, 4 / 3],
  ['takes the sum of the values', { of: 'sum', kind: 'accept-queue' }, 4],
  ['takes a number of the detail, also as a text, in place of the value', { of: 'sum', kind: 'run', field: 'orders' }, 30],
  ['has nothing where no event has that number', { of: 'sum', kind: 'run', field: 'none' }, null],
  ['takes the last', { of: 'last', kind: 'accept-queue' }, 0],
  ['takes the first time', { of: 'firstMs', kind: 'accept-queue' }, 1],
  ['takes the last time', { of: 'lastMs', kind: 'connected' }, 9],
  ['counts per second, from time 0 to the last', { of: 'perSecond', kind: 'connected' }, 2 / 0.009],
  ['leaves out what comes after another event, and the event itself', { of: 'count', kind: 'accept-queue', before: { kind: 'accept-queue', above: 2 } }, 1],
  ['is null without the event that it ends with', { of: 'count', kind: 'connected', before: { kind: 'accepted' } }, null],
  ['leaves out what came up to another event, and the event itself', { of: 'count', kind: 'accept-queue', after: { kind: 'accept-queue', above: 2 } }, 1],
  ['is null without the event that it begins with', { of: 'count', kind: 'connected', after: { kind: 'accepted' } }, null],
  ['reads the value in force', { of: 'at', kind: 'accept-queue', atMs: 5.9 }, 3],
  ['reads 0 before any', { of: 'at', kind: 'accept-queue', atMs: 0.5 }, 0],
  ['takes the nearest rank', { of: 'percentile', kind: 'accept-queue', percentile: 50 }, 1],
  ['takes the share of the most frequent value', { of: 'largestShare', kind: 'accept-queue' }, 100 / 3],
  ['takes the share of the only value', { of: 'largestShare', kind: 'connected' }, 100],
  ['divides', { of: 'maximum', kind: 'accept-queue', per: 2 }, 1.5],
  ['has no rate of nothing', { of: 'perSecond', kind: 'window' }, null],
  ['has no maximum of nothing', { of: 'maximum', kind: 'window' }, null],
];

describe('a metric of a trace', () => {
  it.each(cases)('%s', (_, metric, expected) => {
    expect(evaluate(metric, trace)).toBe(expected);
  });

  it('has every percentile between minimum and maximum, rising', () => {
    fc.assert(
      fc.property(fc.array(fc.double({ noNaN: true, min: -1e6, max: 1e6 }), { minLength: 1, maxLength: 50 }), (values) => {
        const filled = new TraceBuilder('measured', 'tcp');
        values.forEach((value, i) => filled.add(i, 'x', 'e', value));
        const of = (percentile: number): number => evaluate({ of: 'percentile', kind: 'x', percentile }, filled.build(values.length)) as number;
        const ranks = [0, 25, 50, 75, 100].map(of);
        expect(ranks).toEqual([...ranks].sort((a, b) => a - b));
        expect([ranks[0], ranks[4]]).toEqual([Math.min(...values), Math.max(...values)]);
      }),
    );
  });
});
