import type { JSX } from 'preact';
import { useMemo } from 'preact/hooks';
import { coresOf, type Cores } from '../diagram/cores.ts';
import { CoresLegend } from '../diagram/coresLegend.tsx';
import { coresScene } from '../diagram/coresScene.ts';
import { coresState, coresTakeaway, describeCpu } from '../diagram/coresWords.ts';
import { Picture } from '../diagram/picture.tsx';
import { CoresPlot } from '../plot/coresPlot.tsx';
import { gutterOf } from '../plot/coresPlotScene.ts';
import { beatMoments } from './beatMoments.ts';
import { SidesPlayer, sidesOf, type PlayerProps, type Side } from './sidesPlayer.tsx';

interface CoresSide extends Side {
  readonly cores: Cores;
}

/** Which thread has a core, who is ready, what each process has in memory; under it who ran when. */
export function CoresPlayer({ name, traces, sentence }: PlayerProps): JSX.Element {
  const sides = useMemo(() => sidesOf(traces, (title, trace): CoresSide => ({ title, trace, cores: coresOf(trace) })), [...traces]);
  const moments = useMemo(() => beatMoments(sides.map(({ trace, cores }) => ({ trace, beats: cores.beats }))), [sides]);
  const gutter = gutterOf(sides.map(({ cores }) => cores));
  const longestQueue = Math.max(...sides.map(({ cores }) => cores.longestQueue));

  return (
    <SidesPlayer
      name={name}
      sides={sides}
      moments={moments}
      widest={720}
      head={<p class="takeaway">{sentence ?? coresTakeaway((sides[0] as CoresSide).cores)}</p>}
      state={({ side: { cores }, timeNs }) => coresState(cores, timeNs)}
      picture={({ side: { cores }, which, timeNs, width, controls }) => (
        <>
          <Picture id={`${name}-cores-${which}`} scene={coresScene(cores, { width, timeNs })} hint="Point at a core, a process or a thread, or focus the picture and use the arrow keys." />
          <CoresPlot id={`${name}-ran-${which}`} cores={cores} moments={moments} controls={controls} width={width} gutter={gutter} longestQueue={longestQueue} />
        </>
      )}
      legend={<CoresLegend />}
      words={describeCpu}
    />
  );
}
