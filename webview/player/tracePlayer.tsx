import type { JSX } from 'preact';
import { useMemo, useRef } from 'preact/hooks';
import type { SynDropReason } from '../../src/shared/tcpTrace.ts';
import type { Trace } from '../../src/shared/trace.ts';
import { useStore } from '../context.ts';
import { acceptQueueScene } from '../diagram/acceptQueueScene.ts';
import { Legend } from '../diagram/legend.tsx';
import { knowledgeOf, type Limits } from '../diagram/limits.ts';
import { Picture } from '../diagram/picture.tsx';
import { depthScene } from '../plot/depthScene.ts';
import type { PlayerName } from '../store.ts';
import { Button } from '../ui/controls.tsx';
import { EventTable } from './eventTable.tsx';
import { createPlayer } from './player.ts';
import { takeaway } from './takeaway.ts';
import { momentAt, momentsOf } from './timeline.ts';
import { Transport } from './transport.tsx';
import { usePlayback } from './usePlayback.ts';
import { useWidth } from './useWidth.ts';
import { stateLine } from './words.ts';

interface Props {
  readonly name: PlayerName;
  /** One simulated trace, or the predicted and the measured one. */
  readonly traces: readonly [Trace, Trace?];
  readonly limits: Limits;
  /** False where the lab has no picture of its own: plot and table only. */
  readonly diagram: boolean;
}

/** From this width on, predicted and measured stand side by side. */
const BESIDE_PX = 640;
const GAP_PX = 24;
const WIDEST = 620;

/** A takeaway, a line of state, the picture, the transport, the plot, and the same as a table. */
export function TracePlayer({ name, traces, limits, diagram }: Props): JSX.Element {
  const store = useStore();
  const [first, second] = traces;
  const both = second !== undefined;
  const present = useMemo(() => (second ? [first, second] : [first]), [first, second]);
  const moments = useMemo(() => momentsOf(present), [present]);
  const players = useMemo(() => present.map(createPlayer), [present]);
  const sentence = useMemo(() => takeaway(second ?? first, limits), [first, second, limits]);
  const controls = usePlayback(name, moments);
  const { playback, playing } = controls;
  const frame = useRef<HTMLDivElement>(null);
  const width = useWidth(frame, both ? 1200 : WIDEST);
  const beside = both && width >= BESIDE_PX;
  const pictureWidth = beside ? Math.min(WIDEST, (width - GAP_PX) / 2) : Math.min(WIDEST, width);
  const plot = useMemo(() => depthScene(traces, { width, limits, moments, axis: playback.axis }), [first, second, width, limits, moments, playback.axis]);
  const reasons = useMemo(() => reasonsOf(players.map((player) => player.at(player.trace.timeNs.length).dropped)), [players]);
  const frames = players.map((player, which) => player.at((moments[playback.moment]?.rows[which] as number) ?? 0, playback.timeNs));
  const x = plot.scale.x(playback.moment, playback.fraction);
  const table = store.get().local.table[name];
  const words = frames.map((each, which) => `${both ? (which === 0 ? 'Predicted, ' : 'Measured, ') : ''}${stateLine((players[which] as { trace: Trace }).trace, each)}`);

  return (
    <div class="trace-player" ref={frame}>
      <p class="takeaway">{sentence}</p>
      <div class="state-lines" aria-live={playing ? 'off' : 'polite'}>
        {words.map((line) => (
          <p key={line.slice(0, 9)}>{line}</p>
        ))}
      </div>
      {table ? (
        <div class={beside ? 'beside' : 'stacked'}>
          {players.map((player, which) => (
            <EventTable key={which} trace={player.trace} row={(frames[which] as { row: number }).row} title={both ? (which === 0 ? 'predicted' : 'measured') : 'simulated'} onSeek={(timeNs) => controls.seek(playback.axis === 'time' ? timeNs : momentAt(moments, timeNs))} />
          ))}
        </div>
      ) : (
        diagram && (
          <div class={beside ? 'beside' : 'stacked'}>
            {frames.map((each, which) => (
              <div key={which} class={both ? (which === 0 ? 'side predicted' : 'side measured') : 'side'}>
                {both && <h4>{which === 0 ? 'Predicted' : 'Measured'}</h4>}
                <Picture
                  id={`${name}-diagram-${which}`}
                  scene={acceptQueueScene(each, { width: pictureWidth, limits, knows: knowledgeOf((players[which] as { trace: Trace }).trace), reasons })}
                  hint="Point at a part, or focus the picture and use the arrow keys."
                />
              </div>
            ))}
          </div>
        )
      )}
      <Transport controls={controls} moments={moments} />
      <Picture id={`${name}-plot`} scene={plot.scene} hint={both ? '- - predicted, — measured (dots are samples), ✕ turned away in the prediction.' : 'Dashed line: what a queue holds. ✕: turned away.'}>
        <line class="s-cursor" x1={x} x2={x} y1={0} y2={plot.scene.height - 38} />
      </Picture>
      <div class="below-picture">
        {diagram && !table && <Legend />}
        <Button onClick={() => store.updateLocal({ table: { ...store.get().local.table, [name]: !table } })}>{table ? 'Show the picture' : 'Show all events as a table'}</Button>
      </div>
    </div>
  );
}

/** Which lines the tray needs; the accept queue's is always there. */
function reasonsOf(totals: readonly Readonly<Record<SynDropReason, number>>[]): SynDropReason[] {
  const order: readonly SynDropReason[] = ['accept-queue-full', 'syn-queue-full', 'lost'];
  return order.filter((reason) => reason === 'accept-queue-full' || totals.some((total) => total[reason] > 0));
}

