import type { JSX } from 'preact';
import { useMemo } from 'preact/hooks';
import { buffersOf, type Buffers } from '../diagram/buffers.ts';
import { BuffersLegend } from '../diagram/buffersLegend.tsx';
import { buffersScene } from '../diagram/buffersScene.ts';
import { buffersState, buffersTakeaway } from '../diagram/buffersWords.ts';
import { Picture } from '../diagram/picture.tsx';
import { SequencePlot } from '../plot/sequencePlot.tsx';
import { highestOf } from '../plot/sequenceScene.ts';
import { beatMoments } from './beatMoments.ts';
import { connectionIds } from './fold.ts';
import { SidesPlayer, sidesOf, type PlayerProps, type Side } from './sidesPlayer.tsx';

interface BuffersSide extends Side {
  readonly buffers: Buffers;
}

/** What two kernels hold of one connection's bytes, and the window between them, moment by moment; under it time against sequence. */
export function BuffersPlayer({ name, traces, sentence }: PlayerProps): JSX.Element {
  const sides = useMemo(() => {
    const conn = connectionIds(traces[0])[0] ?? '';
    return sidesOf(traces, (title, trace): BuffersSide => ({ title, trace, buffers: buffersOf(trace, conn) }));
  }, [...traces]);
  const moments = useMemo(() => beatMoments(sides.map(({ trace, buffers }) => ({ trace, beats: buffers.beats }))), [sides]);
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
