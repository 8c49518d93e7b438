import type { JSX } from 'preact';
import { useMemo, useRef } from 'preact/hooks';
import type { SynDropReason } from '../../src/shared/tcpTrace.ts';
import type { Trace } from '../../src/shared/trace.ts';
import { useStore } from '../context.ts';
import { acceptQueueScene } from '../diagram/acceptQueueScene.ts';
import { Legend } from '../diagram/legend.tsx';
import { knowledgeOf, type Knowledge, type Limits } from '../diagram/limits.ts';
import { withGhosts } from '../diagram/ghosts.ts';
import { Picture } from '../diagram/picture.tsx';
import type { Scene } from '../diagram/scene.ts';
import { DepthPlot } from '../plot/depthPlot.tsx';
import type { PlayerName } from '../store.ts';
import { Button } from '../ui/controls.tsx';
import { EventTable } from './eventTable.tsx';
import { connectionIds } from './fold.ts';
import type { Frame } from './frame.ts';
import { createPlayer, type Player } from './player.ts';
import { takeaway } from './takeaway.ts';
import { momentAt, momentsOf } from './timeline.ts';
import { Transport } from './transport.tsx';
import { usePlayback } from './usePlayback.ts';
import { useReducedMotion } from './useReducedMotion.ts';
import { useWidth } from './useWidth.ts';
import { stateLine } from './words.ts';

interface Props {
  readonly name: PlayerName;
  /** One simulated trace, or the predicted and the measured one. */
  readonly traces: readonly [Trace, Trace?];
  readonly limits: Limits;
  /** The sentence to remember, where the first trace's own is not it. */
  readonly sentence?: string;
  /** False where the lab has no picture of its own: plot and table only. */
  readonly diagram: boolean;
}

/** From this width on (a panel of 640 px), predicted and measured stand side by side. */
const BESIDE_PX = 608;
const GAP_PX = 16;
const WIDEST = 720;

interface Side {
  readonly title: string;
  readonly player: Player;
  readonly knows: Knowledge;
}

/** A takeaway, a line of state, the picture, the transport, the plot, and the same as a table. */
export function TracePlayer({ name, traces, limits, sentence, diagram }: Props): JSX.Element {
  const store = useStore();
  const [first, second] = traces;
  const sides = useMemo(() => sidesOf(first, second), [first, second]);
  const moments = useMemo(() => momentsOf(sides.map(({ player }) => player.trace)), [sides]);
  const remember = useMemo(() => sentence ?? takeaway(first, limits), [sentence, first, limits]);
  const reasons = useMemo(() => reasonsOf(sides), [sides]);
  const controls = usePlayback(name, moments);
  const { playback, playing } = controls;
  const element = useRef<HTMLDivElement>(null);
  const width = useWidth(element, second ? 1200 : WIDEST);
  const beside = sides.length > 1 && width >= BESIDE_PX;
  const pictureWidth = Math.min(WIDEST, beside ? Math.floor((width - GAP_PX) / 2) : width);
  const still = useReducedMotion();
  const draw = (frame: Frame, knows: Knowledge): Scene => acceptQueueScene(frame, { width: pictureWidth, limits, knows, reasons });
  const before = moments[playback.moment - 1];
  const frames = sides.map(({ player }, which) => player.at(moments[playback.moment]?.rows[which] ?? 0, playback.timeNs));
  const table = store.get().local.table[name];
  const seekTime = (timeNs: number): void => controls.seek(playback.axis === 'time' ? timeNs : momentAt(moments, timeNs));

  return (
    <div class={`trace-player${playing ? ' playing' : ''}`}>
      <p class="takeaway">{remember}</p>
      <div ref={element}>
        <div class={beside ? 'beside' : 'stacked'}>
          {frames.map((frame, which) => {
            const { title, player, knows } = sides[which] as Side;
            return (
              <div key={which} class={second ? `side ${title.toLowerCase()}` : 'side'}>
                {second && <h4>{title}</h4>}
                <p class="state-line" aria-live={playing ? 'off' : 'polite'}>
                  {stateLine(player.trace, frame, moments[playback.moment - 1]?.rows[which] ?? 0)}
                </p>
                {table && <EventTable trace={player.trace} row={frame.row} title={title} onSeek={seekTime} />}
                {!table && diagram && (
                  <Picture id={`${name}-diagram-${which}`} scene={still && before && !playing ? withGhosts(draw(player.at(before.rows[which] ?? 0), knows), draw(frame, knows)) : draw(frame, knows)} hint="Point at a part, or focus the picture and use the arrow keys." />
                )}
              </div>
            );
          })}
        </div>
        <Transport controls={controls} moments={moments} />
        <DepthPlot name={name} traces={traces} limits={limits} moments={moments} controls={controls} width={width} />
        <div class="below-picture">
          {diagram && !table && <Legend />}
          <Button onClick={() => store.updateLocal({ table: { ...store.get().local.table, [name]: !table } })}>{table ? 'Show the picture' : 'Show all events as a table'}</Button>
        </div>
      </div>
    </div>
  );
}

/** Both sides tell of the same connections, also where a measurement never met one of them. */
function sidesOf(first: Trace, second: Trace | undefined): readonly Side[] {
  const ids = [...new Set([...connectionIds(first), ...(second ? connectionIds(second) : [])])];
  const side = (title: string, trace: Trace): Side => ({ title, player: createPlayer(trace, ids), knows: knowledgeOf(trace) });
  return second ? [side('Predicted', first), side('Measured', second)] : [side('Simulated', first)];
}

/** Which lines the tray needs; the accept queue's is always there. */
function reasonsOf(sides: readonly Side[]): SynDropReason[] {
  const totals = sides.map(({ player }) => player.at(player.trace.timeNs.length).dropped);
  const order: readonly SynDropReason[] = ['accept-queue-full', 'syn-queue-full', 'lost'];
  return order.filter((reason) => reason === 'accept-queue-full' || totals.some((total) => total[reason] > 0));
}
