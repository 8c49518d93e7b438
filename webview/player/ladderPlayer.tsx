import type { JSX } from 'preact';
import { useMemo, useState } from 'preact/hooks';
import { connectionTrace } from '../diagram/connectionTrace.ts';
import { ladderOf, type Ladder } from '../diagram/ladder.ts';
import { LadderLegend } from '../diagram/ladderLegend.tsx';
import { ladderScene } from '../diagram/ladderScene.ts';
import { ladderState, ladderTakeaway } from '../diagram/ladderWords.ts';
import { Picture } from '../diagram/picture.tsx';
import { Dropdown } from '../ui/controls.tsx';
import { connectionIds } from './fold.ts';
import { ladderMoments } from './ladderMoments.ts';
import { SidesPlayer, sidesOf, type PlayerProps, type Side } from './sidesPlayer.tsx';

interface LadderSide extends Side {
  readonly ladder: Ladder;
}

/** One connection at a time as a ladder: who wrote, what left, what waited for what. */
export function LadderPlayer({ name, traces, sentence }: PlayerProps): JSX.Element {
  const conns = useMemo(() => connectionIds(traces[0]), [traces[0]]);
  const [chosen, choose] = useState<string | null>(null);
  const conn = chosen !== null && conns.includes(chosen) ? chosen : (conns[0] ?? '');
  const sides = useMemo(
    () =>
      sidesOf(traces, (title, whole): LadderSide => {
        const trace = connectionTrace(whole, conn);
        return { title, trace, ladder: ladderOf(trace) };
      }),
    [conn, ...traces],
  );
  const moments = useMemo(() => ladderMoments(sides), [sides]);

  return (
    <SidesPlayer
      name={name}
      sides={sides}
      moments={moments}
      widest={560}
      head={
        <>
          {sentence !== undefined && <p class="takeaway">{sentence}</p>}
          <div class="ladder-choice">
            <span>Connection</span>
            <Dropdown label="Connection" options={conns} selected={conns.indexOf(conn)} onChange={(index) => choose(conns[index] ?? null)} />
          </div>
          <p class={sentence === undefined ? 'takeaway' : 'quiet'}>{ladderTakeaway(conn, (sides[0] as LadderSide).ladder)}</p>
        </>
      }
      state={({ side, timeNs, row }) => ladderState(side.ladder, timeNs, row)}
      picture={({ side, which, row, timeNs, width, controls }) => (
        <Picture id={`${name}-ladder-${which}`} scene={ladderScene(side.ladder, { width, conn, axis: controls.playback.axis, timeNs, row })} hint="Point at an arrow or a wait, or focus the picture and use the arrow keys." />
      )}
      legend={<LadderLegend />}
    />
  );
}
