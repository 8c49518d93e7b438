import type { JSX } from 'preact';
import { useMemo } from 'preact/hooks';
import { rowsUntil, type Trace } from '../../src/shared/trace.ts';
import { buffersOf, type Buffers } from '../diagram/buffers.ts';
import { BuffersLegend } from '../diagram/buffersLegend.tsx';
import { buffersScene } from '../diagram/buffersScene.ts';
import { buffersState, buffersTakeaway } from '../diagram/buffersWords.ts';
import { Picture } from '../diagram/picture.tsx';
import { SequencePlot } from '../plot/sequencePlot.tsx';
import { highestOf } from '../plot/sequenceScene.ts';
import { connectionIds } from './fold.ts';
import { SidesPlayer, sidesOf, type PlayerProps, type Side } from './sidesPlayer.tsx';
import type { Moment } from './timeline.ts';

interface BuffersSide extends Side {
  readonly buffers: Buffers;
}

/** What two kernels hold of one connection's bytes, and the window between them, moment by moment; under it time against sequence. */
export function BuffersPlayer({ name, traces, sentence }: PlayerProps): JSX.Element {
  const sides = useMemo(() => {
    const conn = connectionIds(traces[0])[0] ?? '';
    return sidesOf(traces, (title, trace): BuffersSide => ({ title, trace, buffers: buffersOf(trace, conn) }));
  }, [...traces]);
  const moments = useMemo(() => bufferMoments(sides), [sides]);
  const room = Math.max(...sides.map(({ buffers }) => buffers.room));
  const highest = highestOf(sides.map(({ buffers }) => buffers));
  const { trace, buffers } = sides[0] as BuffersSide;

  return (
    <SidesPlayer
      name={name}
      sides={sides}
      moments={moments}
      widest={720}
      head={<p class="takeaway">{sentence ?? buffersTakeaway(buffers, buffers.at(trace.timeNs.length, trace.durationNs))}</p>}
      state={({ side, row, timeNs }) => buffersState(side.buffers.at(row, timeNs), side.buffers)}
      picture={({ side, which, row, timeNs, width, controls }) => (
        <>
          <Picture id={`${name}-buffers-${which}`} scene={buffersScene(side.buffers.at(row, timeNs), side.buffers, { width, room })} hint="Point at a part of a ruler, or focus the picture and use the arrow keys." />
          <SequencePlot id={`${name}-sequence-${which}`} buffers={side.buffers} moments={moments} controls={controls} width={width} highest={highest} />
        </>
      )}
      legend={<BuffersLegend />}
    />
  );
}

/** A moment for each beat of each side. */
export function bufferMoments(sides: readonly { readonly trace: Trace; readonly buffers: Buffers }[]): Moment[] {
  const moments: Moment[] = [{ timeNs: 0, rows: sides.map(() => 0) }];
  sides.forEach(({ trace, buffers }, which) => {
    for (const rows of buffers.beats) {
      const timeNs = trace.timeNs[rows - 1] as number;
      moments.push({ timeNs, rows: sides.map((other, index) => (index === which ? rows : rowsUntil(other.trace, timeNs))) });
    }
  });
  moments.sort((a, b) => a.timeNs - b.timeNs || total(a) - total(b));
  const durationNs = Math.max(...sides.map(({ trace }) => trace.durationNs));
  if (durationNs > (moments.at(-1) as Moment).timeNs) moments.push({ timeNs: durationNs, rows: sides.map(({ trace }) => trace.timeNs.length) });
  return moments;
}

function total({ rows }: Moment): number {
  return rows.reduce((sum, count) => sum + count, 0);
}
