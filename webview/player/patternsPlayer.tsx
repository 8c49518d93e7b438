import type { JSX } from 'preact';
import { useMemo } from 'preact/hooks';
import { backendsOf, opposite, type Backend, type Backends } from '../diagram/patterns.ts';
import { PatternsLegend } from '../diagram/patternsLegend.tsx';
import { absentScene, patternsScene } from '../diagram/patternsScene.ts';
import { describePatterns, patternsState, patternsTakeaway } from '../diagram/patternsWords.ts';
import { Picture } from '../diagram/picture.tsx';
import { SceneView } from '../diagram/sceneView.tsx';
import { beatMoments } from './beatMoments.ts';
import { SidesPlayer, sidesOf, type PlayerProps, type Side } from './sidesPlayer.tsx';

interface PatternsSide extends Side {
  readonly all: Backends;
}

/** From this width on, two servers stand side by side. */
const TWO_PX = 608;
const GAP_PX = 16;

/** Small multiples: a picture for each server, one load, the same axes. */
export function PatternsPlayer({ name, traces, sentence }: PlayerProps): JSX.Element {
  const sides = useMemo(() => sameAxes(sidesOf(traces, (title, trace): PatternsSide => ({ title, trace, all: backendsOf(trace) }))), [...traces]);
  const rows = useMemo(() => opposite(sides.map(({ all }) => all)), [sides]);
  const moments = useMemo(() => beatMoments(sides.map(({ trace, all }) => ({ trace, beats: all.beats }))), [sides]);
  return (
    <SidesPlayer
      name={name}
      sides={sides}
      moments={moments}
      widest={720}
      head={<p class="takeaway">{sentence ?? patternsTakeaway((sides[0] as PatternsSide).all)}</p>}
      state={({ side: { all }, row }) => patternsState(all, row)}
      picture={({ side: { all }, which, row, timeNs, width }) => {
        const two = width >= TWO_PX;
        const each = two ? Math.floor((width - GAP_PX) / 2) : width;
        return (
          <div class={two ? 'multiples two' : 'multiples'}>
            {rows.map((backends, index) => {
              const backend = backends[which];
              const { id } = backends.find((one) => one !== undefined) as Backend;
              const room = Math.max(...backends.map((one) => one?.lanes ?? 0));
              const pictureId = `${name}-pattern-${which}-${id}`;
              if (!backend) return <Absent key={id} id={pictureId} twin={backends[1 - which] as Backend} width={each} />;
              return <Picture key={id} id={pictureId} scene={patternsScene(backend, all, { width: each, row, timeNs, room })} hint={index === 0 ? 'Point at a request, a lane or the latencies, or focus a picture and use the arrow keys.' : ''} />;
            })}
          </div>
        );
      }}
      legend={<PatternsLegend />}
      words={describePatterns}
    />
  );
}

/** Keeps the place of a server that this machine cannot run, so that those after it still stand opposite each other. */
function Absent({ id, twin, width }: { readonly id: string; readonly twin: Backend; readonly width: number }): JSX.Element {
  return (
    <div class="picture">
      <SceneView scene={absentScene(twin, width)} id={id} active={null} onPoint={() => undefined} />
      <p class="picture-card" />
    </div>
  );
}

/** Predicted and measured on the same scales. */
function sameAxes(sides: readonly PatternsSide[]): readonly PatternsSide[] {
  const most = (of: (all: Backends) => number): number => Math.max(...sides.map(({ all }) => of(all)));
  const scales = { durationNs: most(({ durationNs }) => durationNs), longestNs: most(({ longestNs }) => longestNs), mostWaiting: most(({ mostWaiting }) => mostWaiting) };
  return sides.map((side) => ({ ...side, all: { ...side.all, ...scales } }));
}
