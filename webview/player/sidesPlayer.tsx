import type { ComponentChildren, JSX } from 'preact';
import { useRef } from 'preact/hooks';
import type { Trace, TraceEvent } from '../../src/shared/trace.ts';
import { useStore } from '../context.ts';
import type { PlayerName } from '../store.ts';
import { Button } from '../ui/controls.tsx';
import { EventTable } from './eventTable.tsx';
import { momentAt, type Moment } from './timeline.ts';
import { Transport } from './transport.tsx';
import { usePlayback, type Controls } from './usePlayback.ts';
import { useWidth } from './useWidth.ts';

/** What every diagram's player is given. */
export interface PlayerProps {
  readonly name: PlayerName;
  /** One simulated trace, or the predicted and the measured one. */
  readonly traces: readonly [Trace, Trace?];
  /** The sentence to remember, where the diagram's own is not it. */
  readonly sentence?: string;
}

/** One trace in a player: the simulated, the predicted or the measured one. */
export interface Side {
  readonly title: string;
  readonly trace: Trace;
}

/** Where a side stands: its rows so far, the time, and the room that its picture has. */
export interface Place<S extends Side> {
  readonly side: S;
  readonly which: number;
  readonly row: number;
  readonly timeNs: number;
  /** In CSS pixels. */
  readonly width: number;
  readonly controls: Controls;
}

interface Props<S extends Side> {
  readonly name: PlayerName;
  readonly sides: readonly S[];
  readonly moments: readonly Moment[];
  /** The widest that one picture is drawn, in CSS pixels. */
  readonly widest: number;
  /** The takeaway, and what is to be chosen above the pictures. */
  readonly head: ComponentChildren;
  /** The state in words, read to those who do not see the picture. */
  readonly state: (place: Place<S>) => string;
  readonly picture: (place: Place<S>) => ComponentChildren;
  /** Below the transport, over the whole width: what both sides share. */
  readonly shared?: (controls: Controls, width: number) => ComponentChildren;
  readonly legend: ComponentChildren;
  /** Its events have an order and no times. */
  readonly timeless?: boolean;
  /** An event as a sentence, for the table; of a TCP trace unless given. */
  readonly words?: (event: TraceEvent) => string;
}

/** From this width on (a panel of 640 px), predicted and measured stand side by side. */
const BESIDE_PX = 608;
const GAP_PX = 16;

/** What every player has, whatever it draws: one picture or two twins under one cursor, the state in words, the transport, and all events as a table. */
export function SidesPlayer<S extends Side>({ name, sides, moments, widest, head, state, picture, shared, legend, timeless, words }: Props<S>): JSX.Element {
  const store = useStore();
  const controls = usePlayback(name, moments);
  const { playback, playing } = controls;
  const element = useRef<HTMLDivElement>(null);
  const twins = sides.length > 1;
  const room = useWidth(element, twins ? 2 * widest + GAP_PX : widest);
  const beside = twins && room >= BESIDE_PX;
  const width = Math.min(widest, beside ? Math.floor((room - GAP_PX) / 2) : room);
  const table = store.get().local.table[name];
  const seekTime = (timeNs: number): void => controls.seek(playback.axis === 'time' ? timeNs : momentAt(moments, timeNs));

  return (
    <div class={`trace-player${playing ? ' playing' : ''}`}>
      {head}
      <div ref={element}>
        <div class={beside ? 'beside' : 'stacked'}>
          {sides.map((side, which) => {
            const row = moments[playback.moment]?.rows[which] ?? 0;
            const place = { side, which, row, timeNs: playback.timeNs, width, controls };
            return (
              <div key={which} class={twins ? `side ${side.title.toLowerCase()}` : 'side'}>
                {twins && <h4>{side.title}</h4>}
                <p class="state-line" aria-live={playing ? 'off' : 'polite'}>
                  {state(place)}
                </p>
                <div>{table ? <EventTable trace={side.trace} row={row} title={side.title} onSeek={seekTime} words={words} /> : picture(place)}</div>
              </div>
            );
          })}
        </div>
        <Transport controls={controls} moments={moments} timeless={timeless} />
        {shared?.(controls, room)}
        <div class="below-picture">
          {!table && legend}
          <Button onClick={() => store.updateLocal({ table: { ...store.get().local.table, [name]: !table } })}>{table ? 'Show the picture' : 'Show all events as a table'}</Button>
        </div>
      </div>
    </div>
  );
}

/** The sides of a player, each made of its title and its trace. */
export function sidesOf<S extends Side>([first, second]: readonly [Trace, Trace?], make: (title: string, trace: Trace) => S): readonly S[] {
  return second ? [make('Predicted', first), make('Measured', second)] : [make(first.source === 'measured' ? 'Measured' : 'Simulated', first)];
}
