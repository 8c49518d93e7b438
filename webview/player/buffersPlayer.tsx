import type { JSX } from 'preact';
import { useMemo, useRef } from 'preact/hooks';
import { rowsUntil, type Trace } from '../../src/shared/trace.ts';
import { useStore } from '../context.ts';
import { buffersOf, type Buffers } from '../diagram/buffers.ts';
import { BuffersLegend } from '../diagram/buffersLegend.tsx';
import { buffersScene } from '../diagram/buffersScene.ts';
import { buffersState, buffersTakeaway } from '../diagram/buffersWords.ts';
import { Picture } from '../diagram/picture.tsx';
import { SequencePlot } from '../plot/sequencePlot.tsx';
import { highestOf } from '../plot/sequenceScene.ts';
import type { PlayerName } from '../store.ts';
import { Button } from '../ui/controls.tsx';
import { EventTable } from './eventTable.tsx';
import { connectionIds } from './fold.ts';
import { momentAt, type Moment } from './timeline.ts';
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
  readonly buffers: Buffers;
}

/** From this width on (a panel of 640 px), predicted and measured stand side by side. */
const BESIDE_PX = 608;
const GAP_PX = 16;
const WIDEST = 720;

/** What two kernels hold of one connection's bytes, and the window between them, moment by moment; under it time against sequence. */
export function BuffersPlayer({ name, traces, sentence }: Props): JSX.Element {
  const store = useStore();
  const [first, second] = traces;
  const sides = useMemo(() => sidesOf(first, second), [first, second]);
  const moments = useMemo(() => bufferMoments(sides), [sides]);
  const controls = usePlayback(name, moments);
  const { playback, playing } = controls;
  const element = useRef<HTMLDivElement>(null);
  const width = useWidth(element, second ? 2 * WIDEST + GAP_PX : WIDEST);
  const beside = sides.length > 1 && width >= BESIDE_PX;
  const pictureWidth = Math.min(WIDEST, beside ? Math.floor((width - GAP_PX) / 2) : width);
  const room = Math.max(...sides.map(({ buffers }) => buffers.room));
  const highest = highestOf(sides.map(({ buffers }) => buffers));
  const table = store.get().local.table[name];
  const seekTime = (timeNs: number): void => controls.seek(playback.axis === 'time' ? timeNs : momentAt(moments, timeNs));
  const { trace, buffers } = sides[0] as Side;

  return (
    <div class={`trace-player${playing ? ' playing' : ''}`}>
      <p class="takeaway">{sentence ?? buffersTakeaway(buffers, buffers.at(trace.timeNs.length, trace.durationNs))}</p>
      <div ref={element}>
        <div class={beside ? 'beside' : 'stacked'}>
          {sides.map((side, which) => {
            const row = moments[playback.moment]?.rows[which] ?? 0;
            const state = side.buffers.at(row, playback.timeNs);
            return (
              <div key={which} class={second ? `side ${side.title.toLowerCase()}` : 'side'}>
                {second && <h4>{side.title}</h4>}
                <p class="state-line" aria-live={playing ? 'off' : 'polite'}>
                  {buffersState(state, side.buffers)}
                </p>
                {table ? (
                  <EventTable trace={side.trace} row={row} title={side.title} onSeek={seekTime} />
                ) : (
                  <>
                    <Picture id={`${name}-buffers-${which}`} scene={buffersScene(state, side.buffers, { width: pictureWidth, room })} hint="Point at a part of a ruler, or focus the picture and use the arrow keys." />
                    <SequencePlot id={`${name}-sequence-${which}`} buffers={side.buffers} moments={moments} controls={controls} width={pictureWidth} highest={highest} />
                  </>
                )}
              </div>
            );
          })}
        </div>
        <Transport controls={controls} moments={moments} />
        <div class="below-picture">
          {!table && <BuffersLegend />}
          <Button onClick={() => store.updateLocal({ table: { ...store.get().local.table, [name]: !table } })}>{table ? 'Show the picture' : 'Show all events as a table'}</Button>
        </div>
      </div>
    </div>
  );
}

function sidesOf(first: Trace, second: Trace | undefined): readonly Side[] {
  const conn = connectionIds(first)[0] ?? '';
  const side = (title: string, trace: Trace): Side => ({ title, trace, buffers: buffersOf(trace, conn) });
  return second ? [side('Predicted', first), side('Measured', second)] : [side('Simulated', first)];
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
