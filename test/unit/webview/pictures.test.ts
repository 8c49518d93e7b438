import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { knowledgeOf, limitsOf } from '../../../webview/diagram/limits.ts';
import { acceptQueueScene } from '../../../webview/diagram/acceptQueueScene.ts';
import { createPlayer } from '../../../webview/player/player.ts';
import { momentsOf } from '../../../webview/player/timeline.ts';
import { neighbour } from '../../../webview/player/usePointing.ts';
import { connectScene } from '../../../webview/plot/connectScene.ts';
import { depthScene } from '../../../webview/plot/depthScene.ts';
import { guessScene } from '../../../webview/plot/guessScene.ts';
import { pictureAt } from './goldenScenes.ts';
import { outside, overlaps } from './sceneChecks.ts';
import { burstTrace, measuredFrom, type Burst } from './sampleTrace.ts';

const bursts: fc.Arbitrary<Burst> = fc.record({
  clients: fc.oneof(fc.integer({ min: 1, max: 20 }), fc.integer({ min: 21, max: 200 })),
  backlog: fc.oneof(fc.integer({ min: 1, max: 16 }), fc.integer({ min: 17, max: 511 })),
  delayMs: fc.constantFrom(0, 0.05, 10, 100),
  acceptAtMs: fc.constantFrom(null, 100, 1500),
  endMs: fc.constant(2500),
  lost: fc.constantFrom([], ['c1'], ['c1', 'c3']),
});
const widths = fc.oneof(fc.constant(296), fc.integer({ min: 296, max: 1200 }));
const share = fc.double({ min: 0, max: 1, noNaN: true });
const runs = { numRuns: 60 };

describe('the accept-queue picture', () => {
  it('stays inside its width, with no label on another', () => {
    fc.assert(
      fc.property(bursts, share, widths, (burst, part, width) => {
        const scene = pictureAt(burst, part, width);
        expect(outside(scene)).toEqual([]);
        expect(overlaps(scene)).toEqual([]);
      }),
      runs,
    );
  });

  it('stays inside its width, with no label on another, where it was measured', () => {
    fc.assert(
      fc.property(bursts, share, widths, (burst, part, width) => {
        const trace = measuredFrom(burstTrace(burst));
        const frame = createPlayer(trace).at(Math.round(part * trace.timeNs.length));
        const scene = acceptQueueScene(frame, { width, limits: limitsOf({ backlog: burst.backlog }, 4096), knows: knowledgeOf(trace), reasons: ['accept-queue-full'] });
        expect(outside(scene)).toEqual([]);
        expect(overlaps(scene)).toEqual([]);
      }),
      runs,
    );
  });

  it('shows every connection once: as a token, in a cell, or in a count', () => {
    fc.assert(
      fc.property(bursts, share, (burst, part) => {
        const trace = burstTrace(burst);
        const frame = createPlayer(trace).at(Math.round(part * trace.timeNs.length));
        const scene = acceptQueueScene(frame, { width: 400, limits: limitsOf({ backlog: burst.backlog }, 4096), knows: knowledgeOf(trace), reasons: ['accept-queue-full', 'syn-queue-full', 'lost'] });
        const waiting = frame.conns.filter((conn) => conn.server === 'half-open' || conn.server === 'queued').length;
        const tokens = scene.marks.filter((mark) => mark.id.startsWith('token-') && !mark.name.includes('was accepted')).length;
        const cells = scene.marks.filter((mark) => /^(syn|accept)-\d/.test(mark.id)).map((mark) => Number(/holds (\d+)/.exec(mark.name)?.[1]));
        expect(tokens + cells.reduce((sum, count) => sum + count, 0)).toBe(waiting);

        const accepted = frame.conns.filter((conn) => conn.server === 'accepted').length;
        const shown = scene.marks.filter((mark) => mark.name.includes('was accepted')).length;
        const more = Number(/^(\d+) more/.exec(scene.marks.find((mark) => mark.id === 'accepted-more')?.name ?? '')?.[1] ?? 0);
        expect(shown + more).toBe(accepted);
      }),
      runs,
    );
  });

  it('counts every drop of the trace in its tray', () => {
    fc.assert(
      fc.property(bursts, (burst) => {
        const trace = burstTrace(burst);
        const scene = pictureAt(burst, 1, 296);
        const tray = scene.marks.filter((mark) => mark.id.startsWith('tray-')).map((mark) => Number(/: ([\d,]+)\./.exec(mark.name)?.[1]?.replaceAll(',', '')));
        const lost = trace.details.filter((detail) => detail.dropped === 'lost').length;
        const dropped = trace.kind.filter((kind) => trace.kinds[kind] === 'syn-dropped').length;
        expect(tray.reduce((sum, count) => sum + count, 0)).toBe(lost + dropped);
      }),
      runs,
    );
  });

  it('gives every mark its own identity and a name', () => {
    fc.assert(
      fc.property(bursts, share, (burst, part) => {
        const { marks } = pictureAt(burst, part, 400);
        expect(new Set(marks.map((mark) => mark.id)).size).toBe(marks.length);
        expect(marks.filter((mark) => mark.name.trim() === '')).toEqual([]);
      }),
      runs,
    );
  });

  it('lets the arrow keys reach every mark', () => {
    const { marks } = pictureAt({ clients: 20, backlog: 4, delayMs: 10, acceptAtMs: 100, endMs: 2500 }, 0.5, 296);
    const reached = new Set<string>();
    let at = marks[0];
    while (at && !reached.has(at.id)) {
      reached.add(at.id);
      at = neighbour(marks, at, 'ArrowRight');
    }
    expect(reached.size).toBe(marks.length);
    expect(neighbour(marks, marks[0] as (typeof marks)[0], 'ArrowLeft')).toBe(marks.at(-1));
  });
});

describe('the plots', () => {
  it('stay inside their width, with no label on another', () => {
    fc.assert(
      fc.property(bursts, widths, fc.constantFrom('events' as const, 'time' as const), fc.boolean(), (burst, width, axis, both) => {
        const trace = burstTrace(burst);
        const measured = both ? measuredFrom(trace) : undefined;
        const moments = momentsOf(measured ? [trace, measured] : [trace]);
        const scenes = [depthScene([trace, measured], { width, limits: limitsOf({ backlog: burst.backlog }, 4096), moments, axis }).scene];
        if (measured) scenes.push(connectScene(trace, measured, width));
        for (const scene of scenes) {
          expect(outside(scene)).toEqual([]);
          expect(overlaps(scene)).toEqual([]);
        }
      }),
      runs,
    );
  });

  it('mark every drop, alone or in a count', () => {
    fc.assert(
      fc.property(bursts, widths, (burst, width) => {
        const trace = burstTrace(burst);
        const { marks } = depthScene([trace], { width, limits: limitsOf({ backlog: burst.backlog }, 4096), moments: momentsOf([trace]), axis: 'events' }).scene;
        const told = marks.filter((mark) => mark.id.startsWith('drops-')).map((mark) => Number(/^([\d,]+) drop/.exec(mark.name)?.[1]?.replaceAll(',', '')));
        expect(told.reduce((sum, count) => sum + count, 0)).toBe(trace.kind.filter((kind) => trace.kinds[kind] === 'syn-dropped').length);
      }),
      runs,
    );
  });

  it('keep a guess and what came inside their width', () => {
    const answers = fc.record({ said: fc.oneof(fc.constant('skipped' as const), fc.integer({ min: 0, max: 10_000 })), came: fc.integer({ min: -100, max: 12_000 }), width: fc.integer({ min: 200, max: 800 }) });
    fc.assert(
      fc.property(answers, ({ said, came, width }) => {
        const scene = guessScene({ id: 'g', question: '', unit: 'ms', minimum: 0, maximum: 10_000, said, recalled: { simulated: came, measured: came, because: '' } }, width);
        expect(outside(scene)).toEqual([]);
        expect(overlaps(scene)).toEqual([]);
      }),
      runs,
    );
  });
});
