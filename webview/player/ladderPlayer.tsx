import type { JSX } from 'preact';
import { useMemo, useRef, useState } from 'preact/hooks';
import type { Trace } from '../../src/shared/trace.ts';
import { useStore } from '../context.ts';
import { connectionTrace } from '../diagram/connectionTrace.ts';
import { ladderOf, type Ladder } from '../diagram/ladder.ts';
import { LadderLegend } from '../diagram/ladderLegend.tsx';
import { ladderScene } from '../diagram/ladderScene.ts';
import { ladderState, ladderTakeaway } from '../diagram/ladderWords.ts';
import { Picture } from '../diagram/picture.tsx';
import type { PlayerName } from '../store.ts';
import { Button, Dropdown } from '../ui/controls.tsx';
import { EventTable } from './eventTable.tsx';
import { connectionIds } from './fold.ts';
import { ladderMoments } from './ladderMoments.ts';
import { momentAt } from './timeline.ts';
import { Transport } from './transport.tsx';
import { usePlayback } from './usePlayback.ts';
import { useWidth } from './useWidth.ts';

interface Props {
  readonly name: PlayerName;
  /** One simulated trace, or the predicted and the measured one. */
  readonly traces: readonly [Trace, Trace?];
  /** The sentence to remember, where the connection's own is not it. */
  readonly sentence?: string;
}

interface Side {
  readonly title: string;
  readonly trace: Trace;
  readonly ladder: Ladder;
}

/** From this width on (a panel of 640 px), predicted and measured stand side by side. */
const BESIDE_PX = 608;
const GAP_PX = 16;
const WIDEST = 560;

/** One connection at a time as a ladder: who wrote, what left, what waited for what. */
export function LadderPlayer({ name, traces, sentence }: Props): JSX.Element {
  const store = useStore();
  const [first, second] = traces;
  const conns = useMemo(() => connectionIds(first), [first]);
  const [chosen, choose] = useState<string | null>(null);
  const conn = chosen !== null && conns.includes(chosen) ? chosen : (conns[0] ?? '');
  const sides = useMemo(() => sidesOf(conn, first, second), [conn, first, second]);
  const moments = useMemo(() => ladderMoments(sides), [sides]);
  const controls = usePlayback(name, moments);
  const { playback, playing } = controls;
  const element = useRef<HTMLDivElement>(null);
  const width = useWidth(element, second ? 2 * WIDEST + GAP_PX : WIDEST);
  const beside = sides.length > 1 && width >= BESIDE_PX;
  const pictureWidth = Math.min(WIDEST, beside ? Math.floor((width - GAP_PX) / 2) : width);
  const table = store.get().local.table[name];
  const seekTime = (timeNs: number): void => controls.seek(playback.axis === 'time' ? timeNs : momentAt(moments, timeNs));

  return (
    <div class={`trace-player${playing ? ' playing' : ''}`}>
      {sentence !== undefined && <p class="takeaway">{sentence}</p>}
      <div class="ladder-choice">
        <span>Connection</span>
        <Dropdown label="Connection" options={conns} selected={conns.indexOf(conn)} onChange={(index) => choose(conns[index] ?? null)} />
      </div>
      <p class={sentence === undefined ? 'takeaway' : 'quiet'}>{ladderTakeaway(conn, (sides[0] as Side).ladder)}</p>
      <div ref={element}>
        <div class={beside ? 'beside' : 'stacked'}>
          {sides.map(({ title, trace, ladder }, which) => {
            const row = moments[playback.moment]?.rows[which] ?? 0;
            const { timeNs, axis } = playback;
            return (
              <div key={which} class={second ? `side ${title.toLowerCase()}` : 'side'}>
                {second && <h4>{title}</h4>}
                <p class="state-line" aria-live={playing ? 'off' : 'polite'}>
                  {ladderState(ladder, timeNs, row)}
                </p>
                {table ? (
                  <EventTable trace={trace} row={row} title={title} onSeek={seekTime} />
                ) : (
                  <Picture id={`${name}-ladder-${which}`} scene={ladderScene(ladder, { width: pictureWidth, conn, axis, timeNs, row })} hint="Point at an arrow or a wait, or focus the picture and use the arrow keys." />
                )}
              </div>
            );
          })}
        </div>
        <Transport controls={controls} moments={moments} />
        <div class="below-picture">
          {!table && <LadderLegend />}
          <Button onClick={() => store.updateLocal({ table: { ...store.get().local.table, [name]: !table } })}>{table ? 'Show the picture' : 'Show all events as a table'}</Button>
        </div>
      </div>
    </div>
  );
}

function sidesOf(conn: string, first: Trace, second: Trace | undefined): readonly Side[] {
  const side = (title: string, whole: Trace): Side => {
    const trace = connectionTrace(whole, conn);
    return { title, trace, ladder: ladderOf(trace) };
  };
  return second ? [side('Predicted', first), side('Measured', second)] : [side('Simulated', first)];
}
