import type { JSX } from 'preact';
import { useMemo } from 'preact/hooks';
import { eventLoopOf, type EventLoop } from '../diagram/eventLoop.ts';
import { EventLoopLegend } from '../diagram/eventLoopLegend.tsx';
import { eventLoopScene } from '../diagram/eventLoopScene.ts';
import { describeLoop, loopState, loopTakeaway } from '../diagram/eventLoopWords.ts';
import { Picture } from '../diagram/picture.tsx';
import { LoopPlot } from '../plot/loopPlot.tsx';
import { beatMoments } from './beatMoments.ts';
import { SidesPlayer, sidesOf, type PlayerProps, type Side } from './sidesPlayer.tsx';

interface LoopSide extends Side {
  readonly loop: EventLoop;
}

/** One event loop: who waits for it, what it runs, who is away in I/O, moment by moment; under it what it ran over time. */
export function EventLoopPlayer({ name, traces, sentence }: PlayerProps): JSX.Element {
  const sides = useMemo(() => sidesOf(traces, (title, trace): LoopSide => ({ title, trace, loop: eventLoopOf(trace) })), [...traces]);
  const moments = useMemo(() => beatMoments(sides.map(({ trace, loop }) => ({ trace, beats: loop.beats }))), [sides]);
  const mostWaiting = Math.max(...sides.map(({ loop }) => loop.mostWaiting));
  const mostInIo = Math.max(...sides.map(({ loop }) => loop.mostInIo));

  return (
    <SidesPlayer
      name={name}
      sides={sides}
      moments={moments}
      widest={720}
      head={<p class="takeaway">{sentence ?? loopTakeaway((sides[0] as LoopSide).loop)}</p>}
      state={({ side: { loop }, row, timeNs }) => loopState(loop.at(row, timeNs), loop)}
      picture={({ side: { loop }, which, row, timeNs, width, controls }) => (
        <>
          <Picture id={`${name}-loop-${which}`} scene={eventLoopScene(loop.at(row, timeNs), loop, { width, mostWaiting, mostInIo })} hint="Point at a request, or focus the picture and use the arrow keys." />
          <LoopPlot id={`${name}-turns-${which}`} loop={loop} moments={moments} controls={controls} width={width} mostWaiting={mostWaiting} />
        </>
      )}
      legend={<EventLoopLegend />}
      words={describeLoop}
    />
  );
}
