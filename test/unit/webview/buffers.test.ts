import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { buffersOf, type Buffers, type BufferState } from '../../../webview/diagram/buffers.ts';
import { buffersScene } from '../../../webview/diagram/buffersScene.ts';
import { allowance, buffersState, buffersTakeaway, formatBytes } from '../../../webview/diagram/buffersWords.ts';
import { beatMoments } from '../../../webview/player/beatMoments.ts';
import { highestOf, SEQUENCE_GUTTER, sequenceScene } from '../../../webview/plot/sequenceScene.ts';
import { timeScale } from '../../../webview/plot/timeScale.ts';
import { outside, overlaps } from './sceneChecks.ts';
import { stoppedReader, type Stopped } from './stoppedReader.ts';

const STOPPED: Stopped = { mss: 1000, buffer: 5000, written: 20_000, delayMs: 5, readSize: 600, readAtMs: 300, endMs: 500 };
const stops: fc.Arbitrary<Stopped> = fc.record({
  mss: fc.constantFrom(536, 1460, 65_483),
  buffer: fc.integer({ min: 0, max: 300_000 }),
  written: fc.integer({ min: 0, max: 3_000_000 }),
  delayMs: fc.constantFrom(0.003, 5, 50),
  readSize: fc.constantFrom(1, 1024, 100_000),
  readAtMs: fc.constantFrom(0, 100, 900),
  endMs: fc.constant(1000),
  lost: fc.constantFrom(0, 1, 3),
  blind: fc.boolean(),
});
const widths = fc.oneof(fc.constant(296), fc.integer({ min: 296, max: 1200 }));
const share = fc.double({ min: 0, max: 1, noNaN: true });
const runs = { numRuns: 60 };

function at(stopped: Stopped, ms: number): { state: BufferState; buffers: Buffers } {
  const buffers = buffersOf(stoppedReader(stopped), 'c1');
  return { state: buffers.at(Infinity, ms * 1e6), buffers };
}

describe('what the buffers hold', () => {
  it('is told from the writer, whichever end it is', () => {
    const { buffers } = at(STOPPED, 0);
    expect([buffers.writer, buffers.reader]).toEqual(['server', 'client']);
  });

  it('follows a reader that stops: acknowledged, unread, and a window that shuts', () => {
    expect(at(STOPPED, 0.5).state).toMatchObject({ written: 0, queued: 0, read: 0 });
    expect(at(STOPPED, 2).state).toMatchObject({ written: 20_000, acked: 0, sent: 5000, queued: 0 });
    const shut = at(STOPPED, 250).state;
    expect(shut).toMatchObject({ written: 20_000, acked: 5000, sent: 5000, queued: 5000, read: 0 });
    expect(allowance(shut)?.bytes).toBe(0);
  });

  it('opens the window when a segment fits, not at each read', () => {
    expect(at(STOPPED, 309).state).toMatchObject({ read: 600, sent: 5000 });
    expect(at(STOPPED, 316).state).toMatchObject({ read: 1200, sent: 6000, acked: 5000 });
  });

  it('knows of an ACK when it has arrived, not when it was sent', () => {
    expect(at(STOPPED, 6.1).state).toMatchObject({ queued: 5000, acked: 0 });
    expect(at(STOPPED, 11.1).state).toMatchObject({ queued: 5000, acked: 5000 });
  });

  it('takes the smaller of the two windows for the limit', () => {
    const state = { acked: 0, sent: 0, written: 0, queued: 0, read: 0, windowEnd: 5000, cwnd: 3000 };
    expect(allowance(state)).toEqual({ bytes: 3000, by: 'the congestion window' });
    expect(allowance({ ...state, cwnd: 9000 })).toEqual({ bytes: 5000, by: 'the receive window' });
    expect(allowance({ ...state, windowEnd: null })).toBeNull();
  });

  it('counts what was sent again as sent once', () => {
    const { buffers } = at({ ...STOPPED, lost: 2 }, 0);
    expect(buffers.segments.filter(({ again }) => again)).toHaveLength(1);
    expect(buffers.segments.filter(({ lost }) => lost)).toHaveLength(1);
  });

  it('is told without segments by the two queues alone', () => {
    const { state, buffers } = at({ ...STOPPED, blind: true }, 250);
    expect(buffers.seesSegments).toBe(false);
    expect(state).toMatchObject({ written: 20_000, acked: 5000, queued: 5000, read: 0, windowEnd: null });
    expect(buffersState(state, buffers)).toContain('not to be seen');
  });

  it('never has more read than come, more come than sent, more sent than written', () => {
    fc.assert(
      fc.property(stops, share, (stopped, part) => {
        const { state } = at(stopped, part * stopped.endMs);
        expect(state.read + state.queued).toBeLessThanOrEqual(state.written);
        expect(state.acked).toBeLessThanOrEqual(state.sent);
        expect(state.sent).toBeLessThanOrEqual(state.written);
        expect(state.written).toBeLessThanOrEqual(stopped.written);
      }),
      runs,
    );
  });
});

describe('the words', () => {
  it('say when the window shut and when it opened again', () => {
    const { state, buffers } = at(STOPPED, 500);
    expect(buffersTakeaway(buffers, state)).toBe('The stopped reader stops the writer: at 11 ms the window is shut, until 315 ms, and what the server wrote waits in its own kernel.');
  });

  it('give bytes in the unit that suits them', () => {
    expect([284, 1024, 95_232, 2_636_800].map(formatBytes)).toEqual(['284 B', '1 KiB', '93 KiB', '2.51 MiB']);
  });
});

describe('the pictures of the buffers', () => {
  it('stay inside their width, with no label on another', () => {
    fc.assert(
      fc.property(stops, share, widths, fc.constantFrom('events' as const, 'time' as const), (stopped, part, width, axis) => {
        const trace = stoppedReader(stopped);
        const buffers = buffersOf(trace, 'c1');
        const moments = beatMoments([{ trace, beats: buffers.beats }]);
        const moment = moments[Math.floor(part * (moments.length - 1))];
        const state = buffers.at(moment?.rows[0] ?? 0, moment?.timeNs ?? 0);
        const scale = timeScale(moments, axis, SEQUENCE_GUTTER, width - 8);
        const scenes = [buffersScene(state, buffers, { width, room: buffers.room }), sequenceScene(buffers, { width, scale, highest: highestOf([buffers]) })];
        for (const scene of scenes) {
          expect(outside(scene)).toEqual([]);
          expect(overlaps(scene)).toEqual([]);
          expect(new Set(scene.marks.map((mark) => mark.id)).size).toBe(scene.marks.length);
        }
      }),
      runs,
    );
  });

  it('draw or count every segment', () => {
    fc.assert(
      fc.property(stops, widths, (stopped, width) => {
        const trace = stoppedReader(stopped);
        const buffers = buffersOf(trace, 'c1');
        const scale = timeScale(beatMoments([{ trace, beats: buffers.beats }]), 'time', SEQUENCE_GUTTER, width - 8);
        const { marks } = sequenceScene(buffers, { width, scale, highest: highestOf([buffers]) });
        const told = marks.filter(({ id }) => id.startsWith('segment-')).map(({ name }) => Number(/: ([\d,]+) segments/.exec(name)?.[1]?.replaceAll(',', '') ?? 1));
        expect(told.reduce((sum, count) => sum + count, 0)).toBe(buffers.segments.length);
      }),
      runs,
    );
  });

  it('show a shut window as a bar that says so', () => {
    const { state, buffers } = at(STOPPED, 250);
    const { marks } = buffersScene(state, buffers, { width: 296, room: buffers.room });
    expect(marks.find(({ id }) => id === 'allowance')?.shapes).toContainEqual(expect.objectContaining({ role: 'window-shut' }));
  });
});
