import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { TraceBuilder, type Trace } from '../../../src/shared/trace.ts';
import { Fold } from '../../../webview/player/fold.ts';
import type { Frame } from '../../../webview/player/frame.ts';
import { createPlayer } from '../../../webview/player/player.ts';
import { momentAt, momentsOf, positionOf, refit, seek, step, timeOf } from '../../../webview/player/timeline.ts';
import { STOPPED, type Playback } from '../../../webview/player/playback.ts';
import { burstTrace, measuredFrom } from './sampleTrace.ts';

const TRACE = burstTrace({ clients: 8, backlog: 4, delayMs: 10, acceptAtMs: 1500, endMs: 4000, lost: ['c2'] });
const LONG = burstTrace({ clients: 400, backlog: 50, delayMs: 0.05, acceptAtMs: 300, endMs: 2500 });

function folded(trace: Trace, rows: number): Frame {
  const fold = new Fold(trace);
  for (let row = 0; row < rows; row++) fold.advance();
  return fold.frame(trace.timeNs[rows - 1] ?? 0);
}

describe('a player', () => {
  it('gives at any row what folding from the start gives', () => {
    expect(LONG.timeNs.length).toBeGreaterThan(3000);
    fc.assert(
      fc.property(fc.integer({ min: 0, max: LONG.timeNs.length }), (row) => {
        expect(player.at(row)).toEqual(folded(LONG, row));
      }),
      { numRuns: 40 },
    );
  });
  const player = createPlayer(LONG);

  it('gives the same frame whatever was looked at before', () => {
    const before = player.at(1500);
    player.at(LONG.timeNs.length);
    player.at(3);
    expect(player.at(1500)).toEqual(before);
  });

  it('follows a connection from SYN to descriptor', () => {
    const short = createPlayer(TRACE);
    const places = new Set<string>();
    for (let row = 0; row <= TRACE.timeNs.length; row++) places.add(short.at(row).conns.find((conn) => conn.id === 'c1')?.server ?? '');
    expect([...places]).toEqual(['none', 'half-open', 'queued', 'accepted']);
    expect(short.at(TRACE.timeNs.length).conns.find((conn) => conn.id === 'c1')?.descriptor).toBe(20);
  });

  it('holds never more than backlog + 1 in the accept queue, and the count is that of the connections in it', () => {
    const short = createPlayer(TRACE);
    for (const { rows } of momentsOf([TRACE])) {
      const frame = short.at(rows[0] as number);
      const queued = frame.conns.filter((conn) => conn.server === 'queued').length;
      expect(queued).toBeLessThanOrEqual(5);
      expect(queued).toBe(frame.acceptQueue);
    }
  });

  it('brings a segment across, and keeps a lost one for a while', () => {
    const short = createPlayer(TRACE);
    const halfway = short.atTime(5e6).flights;
    expect(halfway.filter((flight) => flight.label === 'SYN')).toHaveLength(8);
    expect(halfway.find((flight) => flight.conn === 'c2')?.arriveNs).toBeNull();
    expect(short.atTime(30.5e6).flights.some((flight) => flight.conn === 'c2')).toBe(false);
  });

  it('counts a drop of which only a counter tells', () => {
    const builder = new TraceBuilder('measured', 'tcp');
    builder.add(5, 'connected', 'client:c1');
    builder.add(9, 'syn-dropped', 'client', 0, { reason: 'accept-queue-full' });
    const frame = createPlayer(builder.build(10)).at(2);
    expect(frame.dropped['accept-queue-full']).toBe(1);
    expect(frame.pile).toEqual([{ row: 1, conn: null, reason: 'accept-queue-full' }]);
  });

  it('takes the SYN-ACK timer for a half-open connection that has no socket yet', () => {
    const builder = new TraceBuilder('simulated', 'tcp');
    builder.add(1, 'timer-set', 'server:c1', 1e9, { timer: 'synack' });
    builder.add(2, 'timer-cancelled', 'server:c1', 0, { timer: 'synack' });
    builder.add(2, 'state', 'server:c1', 0, { state: 'ESTABLISHED' });
    const short = createPlayer(builder.build(3));
    expect(short.at(1).conns[0]?.server).toBe('half-open');
    expect(short.at(3).conns[0]?.server).toBe('queued');
  });
});

describe('the moments of traces', () => {
  const measured = measuredFrom(TRACE);

  it.each([
    ['one trace', [TRACE]],
    ['two traces', [TRACE, measured]],
  ])('cover every row of %s, in order', (_, traces) => {
    const moments = momentsOf(traces);
    expect(moments[0]).toEqual({ timeNs: 0, rows: traces.map(() => 0) });
    expect(moments.at(-1)?.rows).toEqual(traces.map((trace) => trace.timeNs.length));
    for (let i = 1; i < moments.length; i++) {
      const [before, now] = [moments[i - 1], moments[i]];
      expect(now?.timeNs).toBeGreaterThanOrEqual(before?.timeNs as number);
      now?.rows.forEach((rows, which) => expect(rows).toBeGreaterThanOrEqual(before?.rows[which] as number));
    }
  });

  it('step by segment, drop, connect and accept, also where several come at one time', () => {
    const builder = new TraceBuilder('simulated', 'tcp');
    for (const conn of ['c1', 'c2']) {
      builder.add(7, 'accept-queue', 'server', conn === 'c1' ? 1 : 0);
      builder.add(7, 'accepted', `server:${conn}`, 4);
      builder.add(7, 'descriptors', 'server', 1);
    }
    expect(momentsOf([builder.build(7)]).map(({ rows }) => rows[0])).toEqual([0, 3, 6]);
  });

  it('are all reached by stepping, forwards and back', () => {
    const moments = momentsOf([TRACE]);
    let playback: Playback = STOPPED;
    const forwards = [playback.moment];
    while (playback.moment < moments.length - 1) forwards.push((playback = step(moments, playback, 1)).moment);
    expect(forwards).toEqual(moments.map((_, i) => i));
    for (let i = moments.length - 2; i >= 0; i--) expect((playback = step(moments, playback, -1)).moment).toBe(i);
    expect(step(moments, playback, -1).moment).toBe(0);
  });

  it('are found again where they were left, on either axis', () => {
    const moments = momentsOf([TRACE, measured]);
    fc.assert(
      fc.property(fc.double({ min: 0, max: moments.length - 1, noNaN: true }), (position) => {
        const there = seek(moments, STOPPED, position, 'events');
        expect(positionOf(there)).toBeCloseTo(position, 6);
        expect(timeOf(moments, there)).toBeCloseTo(there.timeNs, 3);
        const byTime = seek(moments, { ...there, axis: 'time' }, there.timeNs);
        expect(byTime.timeNs).toBeCloseTo(there.timeNs, 3);
        expect(refit(moments, there)).toBe(there);
      }),
    );
  });

  it('keep the time when a slider makes another trace', () => {
    const other = momentsOf([burstTrace({ clients: 3, backlog: 4, delayMs: 40, acceptAtMs: 100, endMs: 4000 })]);
    const there = seek(momentsOf([TRACE]), STOPPED, 1200e6, 'time');
    const again = refit(other, there);
    expect(again.timeNs).toBeCloseTo(1200e6, 0);
    expect(again.moment).toBe(momentAt(other, 1200e6));
  });

  it('end where the trace ends, and not beyond', () => {
    const moments = momentsOf([TRACE]);
    expect(seek(moments, STOPPED, 1e15, 'time').timeNs).toBe(TRACE.durationNs);
    expect(seek(moments, STOPPED, -5, 'events').moment).toBe(0);
  });
});
