import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { TraceBuilder } from '../../../src/shared/trace.ts';
import { connectionTrace } from '../../../webview/diagram/connectionTrace.ts';
import { ladderOf, type Ladder } from '../../../webview/diagram/ladder.ts';
import { ladderScene } from '../../../webview/diagram/ladderScene.ts';
import { ladderState, ladderTakeaway } from '../../../webview/diagram/ladderWords.ts';
import { ladderMoments } from '../../../webview/player/ladderMoments.ts';
import { latencyScene } from '../../../webview/plot/latencyScene.ts';
import { talkTrace, type Talk } from './ladderTrace.ts';
import { outside, overlaps } from './sceneChecks.ts';

const PIECES: Talk = { writes: [100, 900], count: 4 };
const FIVE_THOUSAND: Talk = { writes: [5000], count: 2, delayMs: 10 };

const dataFrom = (ladder: Ladder, host: string): number[] => ladder.rungs.flatMap((rung) => (rung.kind === 'segment' && rung.host === host && rung.lengthBytes > 0 ? [rung.lengthBytes] : []));
const held = (ladder: Ladder): readonly { lengthBytes: number; ms: number }[] =>
  ladder.waits.filter(({ what }) => what === 'held').map(({ lengthBytes, fromNs, toNs }) => ({ lengthBytes, ms: Math.round(((toNs ?? Infinity) - fromNs) / 1e6) }));

describe('one connection of a trace', () => {
  it('is without the others, and its clock starts with its first write', () => {
    const trace = talkTrace(PIECES);
    expect(trace.timeNs[0]).toBe(0);
    expect(trace.entities.every((entity) => entity.endsWith(':talk'))).toBe(true);
    expect(trace.kinds).not.toContain('cwnd');
    const first = trace.details.find((detail) => typeof detail.arriveNs === 'number');
    expect(first?.arriveNs).toBeLessThan(1e6);
    expect(trace.details.some(({ flags }) => typeof flags === 'string' && flags.includes('S'))).toBe(false);
  });

  it('that is not there is empty', () => {
    expect(connectionTrace(talkTrace(PIECES), 'nobody').timeNs).toEqual([]);
  });
});

describe('a ladder', () => {
  it('has a write before the segments that it sends', () => {
    for (const loopback of [false, true]) {
      const { rungs } = ladderOf(talkTrace({ ...PIECES, loopback }));
      const first = rungs.findIndex((rung) => rung.kind === 'write');
      const data = rungs.findIndex((rung) => rung.kind === 'segment' && rung.lengthBytes > 0);
      expect(first).toBe(0);
      expect(first).toBeLessThan(data);
    }
  });

  it('shows the second write held until the delayed ACK, and how both end', () => {
    const ladder = ladderOf(talkTrace(PIECES));
    expect(dataFrom(ladder, 'client')).toEqual([100, 900, 100, 900, 100, 900, 100, 900]);
    const [first, ...later] = held(ladder);
    expect(first).toEqual({ lengthBytes: 900, ms: 0 });
    for (const { lengthBytes, ms } of later) {
      expect(lengthBytes).toBe(900);
      expect(ms).toBeGreaterThanOrEqual(40);
      expect(ms).toBeLessThanOrEqual(44);
    }
    const waits = ladder.waits.filter(({ what, toNs, fromNs }) => what === 'held' && (toNs ?? 0) - fromNs > 1e6);
    for (const { toRung } of waits) expect(ladder.rungs[toRung]).toMatchObject({ kind: 'segment', host: 'client', lengthBytes: 900 });
    expect(ladder.rungs.some((rung) => rung.kind === 'timer' && rung.host === 'server')).toBe(true);
  });

  it('shows nothing held with no delay', () => {
    const ladder = ladderOf(talkTrace({ ...PIECES, noDelay: true }));
    expect(held(ladder)).toEqual([]);
    expect(ladderTakeaway('talk', ladder)).toContain('Nothing was held for as long as a millisecond');
  });

  it('tells RFC 896 from Minshall by the last part of 5000 bytes', () => {
    expect(held(ladderOf(talkTrace(FIVE_THOUSAND)))).toEqual([]);
    const textbook = ladderOf(talkTrace({ ...FIVE_THOUSAND, rule: 'rfc896' }));
    expect(dataFrom(textbook, 'client')).toEqual([1460, 1460, 1460, 620, 1460, 1460, 1460, 620]);
    expect(held(textbook).map(({ lengthBytes }) => lengthBytes)).toEqual([620, 620]);
    for (const { ms } of held(textbook)) expect(ms).toBeGreaterThanOrEqual(20);
    expect(ladderTakeaway('talk', textbook)).toMatch(/620 bytes were held for/);
  });

  it('ends a held write by the segment that has its bytes, not by one that was on its way', () => {
    const builder = new TraceBuilder('simulated', 'tcp');
    builder.add(0, 'event', 'client:c', 100, { event: 'sent' });
    builder.add(0, 'held', 'client:c', 900, { by: 'nagle' });
    builder.add(0, 'event', 'client:c', 900, { event: 'sent' });
    const segment = (seq: number, len: number) => ({ flags: 'P.', seq, ack: 1, len, win: 1, arriveNs: null, dropped: null });
    builder.add(1e6, 'segment', 'client:c', 100, segment(1, 100));
    builder.add(41e6, 'segment', 'client:c', 900, segment(101, 900));
    expect(held(ladderOf(builder.build(50e6)))).toEqual([{ lengthBytes: 900, ms: 41 }]);
  });

  it('says what waits now', () => {
    const trace = talkTrace(PIECES);
    const ladder = ladderOf(trace);
    const wait = ladder.waits.find(({ what, toNs, fromNs }) => what === 'held' && (toNs ?? 0) - fromNs > 1e6);
    const at = (wait?.fromNs ?? 0) + 5e6;
    const row = ladder.rungs.findLast((rung) => rung.timeNs <= at)?.row ?? 0;
    expect(ladderState(ladder, at, row)).toMatch(/900 bytes wait at the client\. The server’s ACK is put off\./);
    expect(ladderState(ladder, 0, 0)).toBe('Nothing has happened yet.');
  });

  it('tells of writes and reads where no segments were seen', () => {
    const builder = new TraceBuilder('measured', 'tcp');
    builder.add(0, 'connected', 'client:c');
    builder.add(1e6, 'event', 'client:c', 1000, { event: 'sent' });
    builder.add(2e6, 'event', 'server:c', 1000, { event: 'received' });
    builder.add(3e6, 'event', 'server:c', 100, { event: 'sent' });
    builder.add(4e6, 'response', 'client:c', 3e6);
    expect(ladderOf(builder.build(5e6)).rungs.map(({ kind, host }) => `${host} ${kind}`)).toEqual(['client write', 'server read', 'server write', 'client answer']);
  });
});

const talks: fc.Arbitrary<Talk> = fc.record({
  writes: fc.array(fc.oneof(fc.integer({ min: 1, max: 2000 }), fc.constant(65_000)), { minLength: 1, maxLength: 6 }),
  count: fc.integer({ min: 1, max: 8 }),
  noDelay: fc.boolean(),
  rule: fc.constantFrom('minshall' as const, 'rfc896' as const),
  delayMs: fc.constantFrom(0, 0.1, 10, 100),
  loopback: fc.boolean(),
  lost: fc.constantFrom([], [2], [1, 3]),
});
const widths = fc.oneof(fc.constant(296), fc.integer({ min: 296, max: 900 }));
const runs = { numRuns: 60 };

describe('the ladder’s picture', () => {
  it('stays inside its width, with no label on another, at every moment', () => {
    fc.assert(
      fc.property(talks, widths, fc.double({ min: 0, max: 1, noNaN: true }), fc.constantFrom('events' as const, 'time' as const), (talk, width, share, axis) => {
        const trace = talkTrace(talk);
        const ladder = ladderOf(trace);
        const moments = ladderMoments([{ trace, ladder }]);
        const { timeNs, rows } = moments[Math.round(share * (moments.length - 1))] ?? { timeNs: 0, rows: [0] };
        const scene = ladderScene(ladder, { width, conn: 'talk', axis, timeNs, row: rows[0] ?? 0 });
        expect(outside(scene)).toEqual([]);
        expect(overlaps(scene)).toEqual([]);
        expect(new Set(scene.marks.map((mark) => mark.id)).size).toBe(scene.marks.length);
        expect(scene.marks.filter((mark) => mark.name.trim() === '')).toEqual([]);
      }),
      runs,
    );
  });

  it('shows each rung at the moment that it happens', () => {
    fc.assert(
      fc.property(talks, (talk) => {
        const trace = talkTrace(talk);
        const ladder = ladderOf(trace);
        const moments = ladderMoments([{ trace, ladder }]);
        expect(moments).toHaveLength(ladder.rungs.length + 1);
        moments.slice(1).forEach(({ timeNs, rows }, index) => {
          const scene = ladderScene(ladder, { width: 400, conn: 'talk', axis: 'events', timeNs, row: rows[0] ?? 0 });
          expect(scene.marks.map((mark) => mark.id)).toContain(`rung-${index}`);
        });
      }),
      { numRuns: 20 },
    );
  });
});

describe('the picture of latencies', () => {
  const row = (id: string, predicted: number, measured: number | null, wrong: number) => ({ quantity: id, label: `a quantity called ${id}, with a label that is long`, unit: 'ms', predicted, measured, error: null, tolerance: 8, outcome: 'agrees' as const, why: 'It could not be had.', wrongModel: { name: 'another rule', predicted: wrong, exposed: true } });

  const ms = fc.integer({ min: 0, max: 300_000 }).map((us) => us / 1000);

  it('stays inside its width, with no label on another', () => {
    fc.assert(
      fc.property(widths, fc.array(fc.record({ predicted: ms, measured: fc.option(ms), wrong: ms }), { minLength: 1, maxLength: 7 }), (width, values) => {
        const scene = latencyScene(values.map(({ predicted, measured, wrong }, index) => row(`q${index}`, predicted, measured, wrong)), width);
        expect(outside(scene)).toEqual([]);
        expect(overlaps(scene)).toEqual([]);
      }),
      runs,
    );
  });

  it('names all three sides of a row, and leaves out what is no latency', () => {
    const { marks } = latencyScene([row('five-thousand', 0.03, 0.2, 42), { ...row('segments', 24, 24, 12), unit: 'segments' }], 500);
    expect(marks.map((mark) => mark.id)).toEqual(['latency-five-thousand']);
    expect(marks[0]?.name).toContain('predicted 0.03 ms, measured 0.2 ms. “another rule” would make it 42 ms.');
  });
});
