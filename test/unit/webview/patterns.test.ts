import { describe, expect, it } from 'vitest';
import { PATTERNS_KIND } from '../../../src/shared/patternsTrace.ts';
import { events } from '../../../src/shared/trace.ts';
import { backendsOf, latencyOf, opposite, waitingCounts, whereIs, type Backend } from '../../../webview/diagram/patterns.ts';
import { absentScene, patternsScene } from '../../../webview/diagram/patternsScene.ts';
import { describePatterns, diedOf, figures, laneName, patternsState, patternsTakeaway, sharesOf } from '../../../webview/diagram/patternsWords.ts';
import type { Scene } from '../../../webview/diagram/scene.ts';
import { measuredServers, serversTrace } from './serversTrace.ts';
import { outside, overlaps } from './sceneChecks.ts';

const trace = serversTrace();
const all = backendsOf(trace);
const byId = (id: string): Backend => all.backends.find((backend) => backend.id === id)!;

function scene(id: string, width: number, share: number): Scene {
  const row = Math.round(share * trace.timeNs.length);
  return patternsScene(byId(id), all, { width, row, timeNs: trace.timeNs[Math.max(0, row - 1)] ?? 0 });
}

describe('what happened at several servers', () => {
  it('is told apart by server, with every request of each', () => {
    expect(all.backends.map(({ id, lanes }) => [id, lanes > 0])).toEqual([['one-thread', true], ['primary', true], ['per-connection', true], ['thread-pool', true], ['reuseport', true]]);
    for (const { requests } of all.backends) expect(requests).toHaveLength(24);
    expect(byId('primary').lanes).toBe(4);
  });

  it('has the latencies that the trace has, and their ranks', () => {
    const rows = [...events(trace)].filter(({ entity }) => entity.startsWith('primary/'));
    const departs = rows.filter(({ kind }) => kind === PATTERNS_KIND.depart);
    const { requests, tail } = byId('primary');
    expect(requests.map(latencyOf).filter((ns) => ns !== null).sort((a, b) => a - b)).toEqual(departs.map(({ value }) => value).sort((a, b) => a - b));
    // What a heavy request takes is mostly its own: the tail is that of the others.
    const quick = new Set(rows.filter(({ kind, value }) => kind === PATTERNS_KIND.arrive && value === 0).map(({ entity }) => entity));
    const told = departs.filter(({ entity }) => quick.has(entity)).map(({ value }) => value).sort((a, b) => a - b);
    expect(told.length).toBeLessThan(departs.length);
    expect(tail).toEqual({ className: 'quick', count: told.length, p50Ns: told[Math.ceil(told.length / 2) - 1], p90Ns: told[Math.ceil(told.length * 0.9) - 1], slowestNs: told.at(-1) });
  });

  it('counts who waits: none below 0, and at the end those whom nobody ever took', () => {
    for (const { requests } of all.backends) {
      const counts = waitingCounts(requests).map(([, count]) => count);
      expect(Math.min(...counts)).toBeGreaterThanOrEqual(0);
      expect(counts.at(-1)).toBe(0);
    }
    expect(Math.max(...waitingCounts(byId('one-thread').requests).map(([, count]) => count))).toBeGreaterThan(1);
  });

  it('knows where each request is at any moment', () => {
    for (const { requests } of all.backends) {
      for (const request of requests) {
        const { arrive, start, io, depart, lost } = request;
        expect(whereIs(request, arrive.row)).toBeNull();
        if (start) expect(whereIs(request, start.row + 1)).toBe('computing');
        if (io) expect(whereIs(request, io.row + 1)).toBe('io');
        expect(whereIs(request, ((depart ?? lost)?.row ?? 0) + 1)).toBeNull();
      }
    }
  });

  it('gives processes that are made for a request lanes that do not overlap', () => {
    const { requests, lanes } = byId('per-connection');
    for (let lane = 0; lane < lanes; lane++) {
      const own = requests.filter((request) => request.lane === lane).sort((a, b) => a.start!.timeNs - b.start!.timeNs);
      own.slice(1).forEach((request, i) => expect(request.start!.timeNs).toBeGreaterThanOrEqual((own[i]!.depart ?? own[i]!.lost)!.timeNs));
    }
  });

  it('tells who died with a worker from who was refused', () => {
    const rows = [...events(trace)].filter(({ kind, entity }) => kind === PATTERNS_KIND.lost && entity.startsWith('thread-pool/'));
    expect(diedOf(byId('thread-pool'))).toBe(rows.filter(({ value }) => value >= 0).length);
    expect(diedOf(byId('primary'))).toBeLessThan(diedOf(byId('thread-pool')));
  });
});

describe('predicted and measured servers', () => {
  const rowsOf = (...without: string[]): (readonly (string | undefined)[])[] => opposite([all, backendsOf(measuredServers(without))]).map((row) => row.map((backend) => backend?.id));
  const ids = all.backends.map(({ id }) => id);

  it('stand opposite each other, in the predicted order, in whatever order the run tells of them', () => {
    expect(backendsOf(measuredServers()).backends.map(({ id }) => id)).not.toEqual(ids);
    expect(rowsOf()).toEqual(ids.map((id) => [id, id]));
  });

  it('leave the place of one that could not be run', () => {
    expect(rowsOf('per-connection')).toEqual(ids.map((id) => [id, id === 'per-connection' ? undefined : id]));
  });

  it.each([296, 344, 640])('are as high as each other at %d px, also where one had fewer processes at once or is not there', (width) => {
    const backend = byId('per-connection');
    const options = { width, row: Infinity, timeNs: trace.durationNs };
    const { height } = patternsScene(backend, all, options);
    const fewer = { ...backend, lanes: 1, memoryBytes: null };
    expect(patternsScene(fewer, all, options).height).toBeLessThan(height);
    expect(patternsScene(fewer, all, { ...options, room: backend.lanes }).height).toBe(height);
    const absent = absentScene(backend, width);
    expect(absent.height).toBe(height);
    expect(outside(absent)).toEqual([]);
    expect(overlaps(absent)).toEqual([]);
  });
});

describe('the picture of a server', () => {
  const shown = all.backends.flatMap(({ id }) => [296, 344, 640].flatMap((width) => [0, 0.3, 0.55, 0.7, 1].map((share) => [id, width, share] as const)));

  it.each(shown)('%s at %d px after %d of all rows: nothing outside, no labels over each other', (id, width, share) => {
    const drawn = scene(id, width, share);
    expect(outside(drawn)).toEqual([]);
    expect(overlaps(drawn)).toEqual([]);
    expect(new Set(drawn.marks.map((mark) => mark.id)).size).toBe(drawn.marks.length);
  });

  it('shows or counts every request that is at the server', () => {
    for (const { id, requests } of all.backends) {
      for (let row = 0; row <= trace.timeNs.length; row += 7) {
        const { marks } = patternsScene(byId(id), all, { width: 296, row, timeNs: trace.timeNs[Math.max(0, row - 1)]! });
        const tokens = marks.filter((mark) => mark.id.startsWith('request-')).length;
        const counted = marks.filter((mark) => mark.id.startsWith('more-')).reduce((sum, mark) => sum + Number(/^\d+/.exec(mark.name)?.[0]), 0);
        expect(tokens + counted).toBe(requests.filter((request) => whereIs(request, row) !== null).length);
      }
    }
  });

  it('has the same time and latency axes for each server', () => {
    const heights = all.backends.map(({ id }) => scene(id, 296, 1)).map(({ shapes }) => shapes.filter((shape) => shape.kind === 'text' && / m?s$/.test(shape.text) && !shape.text.includes('within')).map((shape) => shape.kind === 'text' && shape.text));
    for (const ends of heights) expect(ends).toEqual(heights[0]);
  });

  it('has all that is in it named', () => {
    for (const mark of scene('thread-pool', 296, 0.55).marks) expect(mark.name).toMatch(/\.$/);
  });
});

describe('the words', () => {
  it('say who has the longest tail, and whom the crash cost most', () => {
    expect(patternsTakeaway(all)).toMatch(/^Under one load, nine in ten quick requests are answered within .* by “.*” and within .* by “One process, one thread”\. One crash took down up to \d+ requests \(“.*”\)\.$/);
  });

  it('say who waits where', () => {
    expect(patternsState(all, 0)).toBe('Nobody waits.');
    const { start, ready, resume } = byId('one-thread').requests.find(({ ready: back }) => back !== null)!;
    expect(start && ready && resume).toBeTruthy();
    const alone = { ...all, backends: [{ ...byId('one-thread'), requests: byId('one-thread').requests.filter((request) => request.ready === ready) }, { ...byId('primary'), requests: [] }] };
    expect(patternsState(alone, ready!.row + 1)).toBe('Waiting: 1 at “One process, one thread”; nobody elsewhere.');
    expect(patternsState(alone, resume!.row + 1)).toBe('Nobody waits.');
  });

  it('give the figures of a server, and of a lane', () => {
    expect(figures(byId('primary'))[0]).toMatch(/^\d+ quick answered: half within [\d.]+ ms,$/);
    expect(figures(byId('primary'))[1]).toMatch(/^9 in 10 within [\d.]+ ms, all within [\d.]+ ms$/);
    expect(figures(byId('primary'))[2]).toMatch(/MiB, \d died$/);
    expect(laneName(byId('primary'), 0)).toMatch(/^Process 1 started on \d requests and answered \d; it crashed at .*\.$/);
  });

  it('tell who died apart from who was refused: together they are all that got no answer', () => {
    for (const backend of all.backends) {
      const [, died = 0] = /(\d+) died/.exec(figures(backend).join(' ')) ?? [];
      const [, refused = 0] = /(\d+) refused/.exec(figures(backend).join(' ')) ?? [];
      expect(Number(died)).toBe(diedOf(backend));
      expect(Number(died) + Number(refused)).toBe(backend.requests.filter(({ depart }) => !depart).length);
    }
  });

  it('tell how evenly the workers were given requests', () => {
    expect(sharesOf(byId('primary'))).toBe('6 requests each');
    expect(sharesOf(byId('reuseport'))).toMatch(/^\d+ to \d+ requests each$/);
  });

  it('tell each event as a sentence', () => {
    const told = [...events(trace)].map(describePatterns);
    for (const sentence of told) expect(sentence).toMatch(/^[a-z-]+: \S.+/);
    for (const kind of Object.values(PATTERNS_KIND)) expect(told).not.toContain(`primary: ${kind}`);
    expect(told.some((sentence) => /^primary: worker 1 crashes$/.test(sentence))).toBe(true);
  });
});
